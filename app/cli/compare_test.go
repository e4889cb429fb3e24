package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/export"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// labelFile writes a label map of boxes: labels[n] fills columns lo[0] to hi[0] and so on, both inclusive.
func labelFile(t *testing.T, name string, g volume.Geometry, boxes map[uint8][2][3]int) string {
	t.Helper()
	v, err := volume.New(g, volume.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	for label, box := range boxes {
		for k := box[0][2]; k <= box[1][2]; k++ {
			for j := box[0][1]; j <= box[1][1]; j++ {
				for i := box[0][0]; i <= box[1][0]; i++ {
					v.Uint8[v.Offset(i, j, k)] = label
				}
			}
		}
	}
	v.ArriveAll()
	path := filepath.Join(t.TempDir(), name)
	write := export.WriteNIfTI
	if strings.HasSuffix(name, ".nrrd") {
		write = export.WriteNRRD
	}
	if err := write(path, v, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return path
}

func gridOf(slices int) volume.Geometry {
	return volume.Geometry{Size: [3]int{20, 16, slices}, Spacing: mgl64.Vec3{0.5, 1, 2}, Origin: volume.Point{1, 2, 3}, Direction: mgl64.Ident3()}
}

// runJSON runs one command and returns its exit status and its document.
func runJSON(t *testing.T, into any, args ...string) (status int, complaint string) {
	t.Helper()
	var out, err bytes.Buffer
	status = Run(append(args, "--json"), Streams{In: strings.NewReader(""), Out: &out, Err: &err}, nil)
	if out.Len() > 0 {
		if e := json.Unmarshal(out.Bytes(), into); e != nil {
			t.Fatalf("%v: %s", e, out.Bytes())
		}
	}
	return status, err.String()
}

type compareDocument struct {
	Segments []struct {
		Name          string
		Dice, Jaccard *float64
		VolumeML      [2]*float64 `json:"volume_ml"`
		Hausdorff     *float64    `json:"hausdorff_mm"`
		HD95          *float64    `json:"hd95_mm"`
		ASSD          *float64    `json:"assd_mm"`
		NSD           *float64
		Status        string
	}
	Surface  string
	Warnings []string
}

// A box of 4x4x4 voxels (64 mm³) and the same one slice, 2 mm, higher; one label only in the first file, one only in the second.
func TestCompareLabelMapsByHand(t *testing.T) {
	a := map[uint8][2][3]int{1: {{2, 2, 2}, {5, 5, 5}}, 2: {{10, 10, 1}, {11, 11, 2}}}
	b := map[uint8][2][3]int{1: {{2, 2, 3}, {5, 5, 6}}, 3: {{15, 1, 1}, {15, 1, 1}}}
	for _, files := range [][2]string{{"a.nii.gz", "b.nii"}, {"a.nrrd", "b.nii.gz"}} {
		var d compareDocument
		status, complaint := runJSON(t, &d, "compare", labelFile(t, files[0], gridOf(12), a), labelFile(t, files[1], gridOf(12), b), "--tolerance-mm", "2")
		if status != Done || len(d.Segments) != 3 || d.Surface != "surfel_area" {
			t.Fatalf("status %d, %d segments: %s", status, len(d.Segments), complaint)
		}
		one := d.Segments[0]
		for what, x := range map[string][2]float64{"Dice": {*one.Dice, 0.75}, "Jaccard": {*one.Jaccard, 0.6}, "ml": {*one.VolumeML[0], 0.064},
			"Hausdorff": {*one.Hausdorff, 2}, "NSD": {*one.NSD, 1}} {
			if math.Abs(x[0]-x[1]) > 1e-9 {
				t.Errorf("%s is %v, want %v", what, x[0], x[1])
			}
		}
		if s := d.Segments[1]; s.Name != "2" || s.Status != "test_empty" || *s.Dice != 0 || s.Hausdorff != nil {
			t.Errorf("a label that only the first has: %+v", s)
		}
		if s := d.Segments[2]; s.Status != "ref_empty" {
			t.Errorf("a label that only the second has: %+v", s)
		}
	}
}

func TestCompareRefusesWhatIsNotComparable(t *testing.T) {
	box := map[uint8][2][3]int{1: {{2, 2, 2}, {5, 5, 5}}}
	moved := gridOf(12)
	moved.Origin[0] += 0.25
	text := filepath.Join(t.TempDir(), "text.nii")
	if err := os.WriteFile(text, []byte("not an image"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := labelFile(t, "a.nii", gridOf(12), box)
	for name, args := range map[string][]string{
		"another grid":    {good, labelFile(t, "b.nii", moved, box)},
		"another size":    {good, labelFile(t, "b.nii", volume.Geometry{Size: [3]int{21, 16, 12}, Spacing: mgl64.Vec3{0.5, 1, 2}, Direction: mgl64.Ident3()}, box)},
		"no label map":    {good, text},
		"no such file":    {good, filepath.Join(t.TempDir(), "none.nii")},
		"a folder":        {good, t.TempDir()},
		"a cut label map": {good, cut(t, good)},
	} {
		var d compareDocument
		status, complaint := runJSON(t, &d, append([]string{"compare"}, args...)...)
		if status != Failed || len(d.Segments) != 0 || complaint == "" {
			t.Errorf("%s: status %d, %q", name, status, complaint)
		}
		if strings.Contains(complaint, "/") && strings.Contains(complaint, t.Name()) {
			t.Errorf("%s: the complaint holds a path: %s", name, complaint)
		}
	}
	var d compareDocument
	if status, _ := runJSON(t, &d, "compare", good, good, "--tolerance-mm", "-1"); status != BadUsage {
		t.Errorf("a negative tolerance: status %d", status)
	}
}

func cut(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "cut.nii")
	if err := os.WriteFile(out, b[:len(b)-100], 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// A file that holds fewer slices of the same grid is compared on all slices of both.
func TestCompareAlignsSlices(t *testing.T) {
	whole := labelFile(t, "a.nii", gridOf(12), map[uint8][2][3]int{1: {{2, 2, 4}, {5, 5, 7}}})
	part := gridOf(5)
	part.Origin[2] += 2 * 4
	var d compareDocument
	status, complaint := runJSON(t, &d, "compare", whole, labelFile(t, "b.nii", part, map[uint8][2][3]int{1: {{2, 2, 0}, {5, 5, 3}}}))
	if status != Done || *d.Segments[0].Dice != 1 || *d.Segments[0].Hausdorff != 0 {
		t.Errorf("status %d, %+v: %s", status, d.Segments, complaint)
	}
}

// Real segmentations equal themselves, and one without a slice does not.
func TestCompareSegmentations(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "data", "obj", "seg", "partial_overlaps.dcm")
		if _, err := os.Stat(path); err != nil {
			continue
		}
		var d compareDocument
		status, complaint := runJSON(t, &d, "compare", path, path)
		if status != Done || len(d.Segments) != 5 {
			t.Fatalf("status %d, %d segments: %s", status, len(d.Segments), complaint)
		}
		for _, s := range d.Segments {
			if *s.Dice != 1 || *s.Hausdorff != 0 || *s.NSD != 1 || s.Status != "ok" {
				t.Errorf("%+v", s)
			}
		}
		return
	}
	t.Skip("the segmentations (shared/data/obj/seg) are not beside the repository here")
}

func TestALabelMapTakesTheNamesOfASegmentation(t *testing.T) {
	empty := segmentation.NewMask([3]int{2, 2, 2})
	labels := &masks{byName: map[string]*segmentation.Mask{"1": empty, "7": empty}}
	named := segmentMasks(&export.Segmented{Segments: []export.NamedMask{{Number: 1, Name: "Liver", Mask: empty}, {Number: 2, Name: "", Mask: empty}}})
	labels.nameLike(named)
	if got := strings.Join(namesOf(labels, named), " "); got != "2 7 Liver" {
		t.Errorf("names %q", got)
	}
}

func TestSetWordsSetsEveryBit(t *testing.T) {
	b := segmentation.NewBuilder(segmentation.NewMask([3]int{130, 2, 2}))
	setWords(b, []uint64{1 | 1<<63, 1 << 5, 2}, 1, 1)
	m := b.Mask()
	for _, i := range []int{0, 63, 69, 129} {
		if !m.At(i, 1, 1) {
			t.Errorf("column %d is not set", i)
		}
	}
	if m.Count() != 4 {
		t.Errorf("%d voxels", m.Count())
	}
}

func TestSelftestCommand(t *testing.T) {
	var d struct {
		Vectors []struct{ ID, Verdict string }
		Passed  int
	}
	if status, complaint := runJSON(t, &d, "selftest"); status != Done || d.Passed != 99 || len(d.Vectors) != 99 {
		t.Errorf("status %d, %d of %d pass: %s", status, d.Passed, len(d.Vectors), complaint)
	}
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"a wrong number":     {`{"schema":"hotlight.metric-vectors/1","vectors":[{"id":"x","metric":"proportion_ci95","input":{"x":1,"n":2},"expected":{"value":0.6},"tol":0.01}]}`, "fail"},
		"an unknown metric":  {`{"schema":"hotlight.metric-vectors/1","vectors":[{"id":"x","metric":"charm","input":{},"expected":{"value":1}}]}`, "unsupported"},
		"not a file of ours": {`{}`, ""},
	} {
		path := filepath.Join(t.TempDir(), "v.json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		d.Vectors = nil
		status, _ := runJSON(t, &d, "selftest", "--vectors", path)
		if status != Failed || c.want != "" && (len(d.Vectors) != 1 || d.Vectors[0].Verdict != c.want) {
			t.Errorf("%s: status %d, %v", name, status, d.Vectors)
		}
	}
}
