package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed peers
var peerSources embed.FS

// peers finds the other programs, and builds those that have no command line for this.
type peers struct {
	dir    string // for their sources and binaries
	data   *data
	python string
	found  map[string]string // package or binary to version, "" if it is not there
}

func newPeers(dir string, d *data) (*peers, error) {
	p := &peers{dir: filepath.Join(dir, "peers"), data: d, found: map[string]string{}}
	// Debian's modules belong to Debian's interpreter, which need not be the first one.
	for _, candidate := range []string{"/usr/bin/python3", "python3", "python"} {
		if path, err := exec.LookPath(candidate); err == nil {
			p.python = path
			break
		}
	}
	return p, p.unpack()
}

func (p *peers) unpack() error {
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return err
	}
	names, err := fs.Glob(peerSources, "peers/*")
	if err != nil {
		return err
	}
	for _, name := range names {
		b, err := peerSources.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(p.dir, filepath.Base(name)), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// withEnv runs argv with the grid and the number of threads in its environment.
func (p *peers) withEnv(argv ...string) []string {
	env := append([]string{"env", fmt.Sprintf("THREADS=%d", runtime.GOMAXPROCS(0)), "PYTHONDONTWRITEBYTECODE=1"}, p.data.env()...)
	return append(env, argv...)
}

// module is a peer in Python: label as printed, module as imported, version the expression that gives it.
type module struct{ label, name, version, install, script string }

var (
	vtk     = module{"VTK", "vtkmodules.vtkCommonCore", "vtkmodules.vtkCommonCore.vtkVersion.GetVTKVersion()", "apt-get install python3-vtk9 python3-numpy", "vtk_peer.py"}
	numpy   = module{"numpy", "numpy", "numpy.__version__", "apt-get install python3-numpy", "numpy_peer.py"}
	pydicom = module{"pydicom", "pydicom", "pydicom.__version__", "apt-get install python3-pydicom python3-numpy", "pydicom_peer.py"}
	// pydicom decodes RLE itself; for the rest it needs pylibjpeg.
	pylibjpeg = module{"pydicom with pylibjpeg", "pylibjpeg", "pylibjpeg.__version__", "pip install pylibjpeg[all]", "pydicom_peer.py"}
	sqlite    = module{"SQLite", "sqlite3", "sqlite3.sqlite_version", "apt-get install python3", "sqlite_peer.py"}
	scipy     = module{"scipy (border voxels)", "scipy.ndimage", "__import__('scipy').__version__", "apt-get install python3-scipy", "scipy_peer.py"}
	sklearn   = module{"scikit-learn", "sklearn.metrics", "__import__('sklearn').__version__", "apt-get install python3-sklearn", "sklearn_peer.py"}
	// surfaceDistance is not in Debian.
	surfaceDistance = module{"surface-distance", "surface_distance", "getattr(surface_distance, '__version__', '(no version)')", "pip install surface-distance", "scipy_peer.py"}
)

// script returns a rival that runs a module's script; goal is ours over theirs, 0 for none.
func (p *peers) script(m module, goal float64, args ...string) rival {
	version, known := p.found[m.name]
	if !known {
		version = p.importable(m)
		p.found[m.name] = version
	}
	if version == "" {
		return rival{name: m.label, lacks: m.install, goal: goal}
	}
	argv := append([]string{p.python, filepath.Join(p.dir, m.script)}, args...)
	return rival{name: m.label + " " + version, argv: p.withEnv(argv...), goal: goal}
}

func (p *peers) importable(m module) string {
	if p.python == "" {
		return ""
	}
	out, err := exec.Command(p.python, "-c", fmt.Sprintf("import %s; print(%s)", m.name, m.version)).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// restic is driven by this program, which runs it once a turn.
func (p *peers) restic(goal float64, args ...string) rival {
	path, err := exec.LookPath("restic")
	if err != nil {
		return rival{name: "restic", lacks: "apt-get install restic", goal: goal}
	}
	name := "restic"
	if out, err := exec.Command(path, "version").Output(); err == nil {
		if words := strings.Fields(string(out)); len(words) > 1 {
			name += " " + words[1]
		}
	}
	return rival{name: name, argv: ours("restic", args...), goal: goal, driven: true}
}

// library is a peer in C++: header tells that its development files are there, and may be a pattern.
type library struct{ label, source, header, install string }

var (
	dcmtk     = library{"DCMTK", "dcmtk_peer.cpp", "/usr/include/dcmtk/config/osconfig.h", "apt-get install g++ libdcmtk-dev"}
	itk       = library{"ITK", "itk_peer.cpp", "/usr/include/ITK-*/itkImage.h", "apt-get install g++ libinsighttoolkit5-dev"}
	gdcm      = library{"GDCM", "gdcm_peer.cpp", "/usr/include/gdcm-*/gdcmImageReader.h", "apt-get install g++ libgdcm-dev"}
	openjpeg  = library{"OpenJPEG", "openjpeg_peer.cpp", "/usr/include/openjpeg-2.[2-9]/openjpeg.h", "apt-get install g++ libopenjp2-7-dev"}
	itkStaple = library{"ITK", "itk_staple_peer.cpp", "/usr/include/ITK-*/itkSTAPLEImageFilter.h", "apt-get install g++ libinsighttoolkit5-dev"}
)

// flags are what the compiler needs beside the source.
func (l library) flags(header string) []string {
	include := filepath.Dir(header)
	switch l.label {
	case "DCMTK":
		return []string{"-ldcmjpls", "-ldcmjpeg", "-ldcmimgle", "-ldcmdata", "-loflog", "-lofstd", "-lpthread"}
	case "OpenJPEG":
		return []string{"-I" + include, "-lopenjp2"}
	case "GDCM":
		return []string{"-I" + include, "-lgdcmMSFF", "-lgdcmDSED", "-lgdcmCommon", "-lpthread"}
	}
	v := strings.TrimPrefix(filepath.Base(include), "ITK-")
	return []string{"-I" + include, "-lITKIOGDCM-" + v, "-lITKIOImageBase-" + v, "-lITKTransform-" + v, "-lITKCommon-" + v, "-litksys-" + v, "-litkvnl_algo-" + v, "-litkvnl-" + v, "-lpthread"}
}

// program returns a rival that is compiled here, once.
func (p *peers) program(l library, goal float64, args ...string) rival {
	binary := filepath.Join(p.dir, strings.TrimSuffix(l.source, ".cpp"))
	version, known := p.found[l.source]
	if !known {
		var err error
		if version, err = p.compile(l, binary); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", l.label, err)
		}
		p.found[l.source] = version
	}
	if version == "" {
		return rival{name: l.label, lacks: l.install, goal: goal}
	}
	return rival{name: version, argv: p.withEnv(append([]string{binary}, args...)...), goal: goal}
}

func (p *peers) compile(l library, binary string) (version string, err error) {
	headers, _ := filepath.Glob(l.header)
	compiler, err := exec.LookPath("g++")
	if err != nil || len(headers) == 0 {
		return "", nil
	}
	source := filepath.Join(p.dir, l.source)
	argv := append([]string{"-O3", "-DNDEBUG", "-std=c++17", source, "-o", binary}, l.flags(headers[0])...)
	if out, err := exec.Command(compiler, argv...).CombinedOutput(); err != nil {
		return "", errors.New("does not compile: " + strings.TrimSpace(string(out)))
	}
	return l.label + l.versionOf(headers[0]), nil
}

func (l library) versionOf(header string) string {
	if l.label != "DCMTK" {
		_, version, _ := strings.Cut(filepath.Base(filepath.Dir(header)), "-")
		return " " + version
	}
	b, err := os.ReadFile(header)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "#define PACKAGE_VERSION "); ok {
			return " " + strings.Trim(strings.TrimSpace(rest), `"`)
		}
	}
	return ""
}
