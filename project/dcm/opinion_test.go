package dcm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/suyashkumar/dicom"
)

// ourElements lists what this package finds, in the form of testdata/elements.py.
func ourElements(out map[string][]any, prefix string, d *DataSet) {
	for _, t := range d.Tags() {
		path := fmt.Sprintf("%s%08X", prefix, uint32(t))
		vr := d.VR(t)
		if e := d.find(t); e != nil {
			vr = d.numberVR(e)
		}
		var list []any
		switch b, _ := d.Bytes(t); {
		case vr == SQ:
			list = append(list, float64(len(d.Items(t))))
			for n, item := range d.Items(t) {
				ourElements(out, fmt.Sprintf("%s/%d/", path, n), item)
			}
		case vr == DS || vr.is(vrFloating):
			for _, v := range d.Floats(t) {
				list = append(list, v)
			}
		case vr == IS || vr.is(vrInteger) || vr == AT:
			for _, v := range d.Ints(t) {
				list = append(list, float64(v))
			}
		case vr.is(vrText):
			for _, v := range d.Strings(t) {
				list = append(list, v)
			}
		case len(b) > 0:
			list = append(list, float64(len(b)), float64(crc32.ChecksumIEEE(b)))
		}
		out[path] = append([]any{vr.String()}, list...)
	}
}

// opinionFiles are all files of dir that may be DICOM. Slices of one series are written alike: without HOTLIGHT_SOAK=1 only the first of each is taken, and
// none over 600 kB.
func opinionFiles(t testing.TB, dir string) (names []string) {
	seen := map[string]int{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".tsv", ".md", ".age", ".gz":
			return nil
		}
		folder := filepath.Dir(path)
		series := strings.HasPrefix(folder, filepath.Join(dir, "vol")) || strings.HasPrefix(folder, filepath.Join(dir, "media", "dicomdirtests", "9"))
		if seen[folder]++; series && seen[folder] > 1 && os.Getenv("HOTLIGHT_SOAK") != "1" {
			return nil
		}
		if info, err := entry.Info(); err != nil || info.Size() > 600_000 && os.Getenv("HOTLIGHT_SOAK") != "1" {
			return err
		}
		names = append(names, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// cutFiles end within their data set. pydicom gives what there is and says nothing; DCMTK refuses them, and so do we, with this reason.
var cutFiles = map[string]string{
	"bad/gen-cut-in-dataset.dcm": "6 are left", "bad/gen-cut-in-meta.dcm": "are left", "bad/rtplan_truncated.dcm": "711 are left",
	"bad/gen-not-dicom-png.dcm": "not a DICOM file", "bad/gen-not-dicom-text.dcm": "not a DICOM file", // it was told to read these
}

// TestSecondOpinion compares every element of some files with pydicom.
func TestSecondOpinion(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import pydicom").Run() != nil {
		t.Skip("pydicom is not installed")
	}
	data := sharedData(t)
	names := opinionFiles(t, data)
	cmd := exec.Command(python, filepath.Join("testdata", "elements.py"))
	cmd.Stdin = strings.NewReader(strings.Join(names, "\n") + "\n")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	files, same, skipped := map[string]map[string][]any{}, 0, 0
	for line := range strings.Lines(string(out)) {
		column := strings.Split(strings.TrimRight(line, "\n"), "\t")
		name, path, vr := column[0], column[1], column[2]
		if files[name] == nil {
			files[name] = map[string][]any{}
			f, err := Open(name, Options{})
			if err == nil {
				ourElements(files[name], "", f.Data)
				f.Close()
			} else if reason := cutFiles[strings.TrimPrefix(name, data+"/")]; reason == "" || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s: pydicom reads it, we do not: %v", name, err)
			}
		}
		var theirs []any
		if err := json.Unmarshal([]byte(column[3]), &theirs); err != nil {
			continue // NaN is not JSON
		}
		ours, has := files[name][path]
		short := strings.TrimPrefix(name, data+"/")
		switch {
		case cutFiles[short] != "":
		case strings.Contains(line, `\u001b`): // pydicom left an escape undecoded
			skipped++
		case strings.HasSuffix(name, "/no_meta.dcm"), strings.HasSuffix(name, "/no_preamble_dicm_in_data.dcm"): // pydicom is made to read them and reads rubbish
			skipped++
		case len(ours) == 3 && ours[0] == "UN" && len(column) > 4 && column[4] == fmt.Sprintf("[%.0f, %.0f]", ours[1], ours[2]):
			same++ // pydicom's dictionary has private elements; the bytes are the same
		case len(ours) == 1 && ours[0] == "UN" && len(theirs) == 0:
			same++
		case vr == "??" || strings.HasSuffix(vr, "UN") || strings.Contains(vr, " ") || len(ours) > 0 && ours[0] == "UN":
			skipped++
			if os.Getenv("HOTLIGHT_SOAK") == "1" {
				t.Logf("not compared: %s %s %s: %.60q and %.60q", short, path, vr, fmt.Sprint(ours), fmt.Sprint(theirs))
			}
		case !has:
			t.Errorf("%s %s: pydicom has it, we do not", short, path)
		case !sameValues(ours[1:], theirs):
			t.Errorf("%s %s %v: we have %.200q, pydicom %s %.200q", short, path, ours[0], fmt.Sprint(ours[1:]), vr, fmt.Sprint(theirs))
		default:
			same++
		}
	}
	t.Logf("%d elements of %d files are the same, %d were not compared", same, len(files), skipped)
	if same < 5000 {
		t.Errorf("only %d elements were compared", same)
	}
}

func sameValues(a, b []any) bool {
	return slices.EqualFunc(a, b, func(x, y any) bool {
		if v, ok := x.(float64); ok {
			w, ok := y.(float64)
			return ok && (v == w || math.Abs(v-w) <= 1e-12*math.Abs(v) || math.IsNaN(v) && math.IsNaN(w))
		}
		v, okV := x.(string)
		w, okW := y.(string)
		return okV && okW && strings.Trim(v, " =\x00") == strings.Trim(w, " =\x00")
	})
}

// TestLibraryReadsWhatWeWrite is the second opinion on the writer: the DICOM library itself.
func TestLibraryReadsWhatWeWrite(t *testing.T) {
	d := testSlice(8, 8)
	for _, syntax := range []string{ExplicitLittleEndian, ImplicitLittleEndian} {
		b := written(t, d, syntax)
		set, err := dicom.Parse(bytes.NewReader(b), int64(len(b)), nil, dicom.SkipProcessingPixelDataValue())
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range d.Tags() {
			e, err := set.FindElementByTag(libraryTag(tag))
			if err != nil {
				t.Errorf("%v: %v", tag, err)
				continue
			}
			if s, ok := e.Value.GetValue().([]string); ok && d.VR(tag).is(vrText) && len(s) > 0 && s[0] != "" {
				if want := d.Strings(tag); !slices.Equal(s, want) {
					t.Errorf("%v is %q, want %q", tag, s, want)
				}
			}
		}
	}
}
