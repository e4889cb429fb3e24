package report

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/definition"
)

// The names in a folder of reads, and the schemas of its files.
const (
	DefinitionName = "definition.yaml"
	PanelName      = "panel.json"
	ReadsFolder    = "reads"
	PanelSchema    = "hotlight.panel/1"
	ReadSchema     = "hotlight.read/1"
)

// maxJSON is the largest JSON file that is read, in bytes: a read with hundreds of marks has some tens of kilobytes.
const maxJSON = 64 << 20

// IsFolder reports whether dir looks like a folder of reads.
func IsFolder(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, PanelName))
	return err == nil
}

// Load reads a folder of reads. Every field is checked against the definition and the panel; masks are checked when Build needs them. Errors are Invalid or Unsupported and
// begin with the file's name within the folder, whose names are pseudonyms, and the field. progress, which may be nil, is called after each read.
func Load(ctx context.Context, dir string, progress func(done, total int)) (*Input, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	l := &loader{root: root.FS(), dir: dir}
	defer root.Close()
	in := &Input{Source: "a folder of reads", Digested: "the project file"}
	if err := l.definition(in); err != nil {
		return nil, err
	}
	if err := l.decode(PanelName, &in.Panel); err != nil {
		return nil, err
	}
	if err := in.checkPanel(); err != nil {
		return nil, at(PanelName, err)
	}
	if err := l.images(in); err != nil {
		return nil, err
	}
	names, err := fs.Glob(l.root, ReadsFolder+"/*.json")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for n, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := l.read(in, name)
		if err != nil {
			return nil, at(name, err)
		}
		in.Reads = append(in.Reads, r)
		if progress != nil {
			progress(n+1, len(names))
		}
	}
	if len(in.Reads) == 0 {
		return nil, project.Errorf(project.NotFound, "%s: there is no read", ReadsFolder)
	}
	slices.SortFunc(l.files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	in.Files = slices.CompactFunc(l.files, func(a, b File) bool { return a.Name == b.Name })
	return in, in.order()
}

// Check checks an input that was not loaded from a folder, and puts its reads in order.
func (in *Input) Check() error {
	if err := in.checkPanel(); err != nil {
		return err
	}
	for _, r := range in.Reads {
		if err := in.place(r); err != nil {
			return at(r.Name, err)
		}
	}
	return in.order()
}

func (in *Input) order() error {
	slices.SortStableFunc(in.Reads, byPlace)
	return in.checkReads()
}

func byPlace(a, b *Read) int {
	return cmp.Or(cmp.Compare(a.Study, b.Study), cmp.Compare(a.Reader, b.Reader), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Repeat, b.Repeat))
}

// at names the file where an error is.
func at(name string, err error) error {
	if err == nil {
		return nil
	}
	return project.Errorf(cmp.Or(project.KindOf(err), project.Invalid), "%s: %w", name, err)
}

// loader reads files and remembers their digests.
type loader struct {
	root  fs.FS
	dir   string
	files []File
}

func (l *loader) definition(in *Input) error {
	b, err := l.bytes(DefinitionName, definition.MaxSize)
	if err != nil {
		return err
	}
	in.Hash = project.HashOf(b)
	if in.Definition, err = definition.ParseTemplate(bytes.NewReader(b)); err != nil {
		return at(DefinitionName, err)
	}
	return nil
}

// bytes reads a whole file of at most limit bytes and notes its digest.
func (l *loader) bytes(name string, limit int64) ([]byte, error) {
	f, err := l.root.Open(name)
	if err != nil {
		return nil, at(name, bare(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, at(name, bare(err))
	}
	if int64(len(b)) > limit {
		return nil, project.Errorf(project.Invalid, "%s: is larger than %d bytes", name, limit)
	}
	l.files = append(l.files, File{name, int64(len(b)), project.HashOf(b)})
	return b, nil
}

// digest notes the digest of a file of any size.
func (l *loader) digest(name string) (project.Hash, error) {
	f, err := l.root.Open(name)
	if err != nil {
		return project.Hash{}, bare(err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return project.Hash{}, bare(err)
	}
	sum := project.Hash(h.Sum(nil))
	l.files = append(l.files, File{name, n, sum})
	return sum, nil
}

// decode reads one JSON document without unknown fields.
func (l *loader) decode(name string, v any) error {
	b, err := l.bytes(name, maxJSON)
	if err != nil {
		return err
	}
	return at(name, decode(b, v))
}

// decode reads one JSON document without unknown fields.
func decode(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return project.Errorf(project.Invalid, "%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return project.Errorf(project.Invalid, "there is something after the document")
	}
	return nil
}

// bare takes the path out of an error of the file system: the name is said already, as the folder's user wrote it.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// inside refuses a name that leaves the folder or is not written as its form says.
func inside(name string) error {
	if !fs.ValidPath(name) || name == "." || path.Clean(name) != name || strings.Contains(name, "\\") {
		return project.Errorf(project.Invalid, "%q is not a path within the folder, with / between", name)
	}
	return nil
}
