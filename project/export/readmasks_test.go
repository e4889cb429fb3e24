package export

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// segmentations returns the folder of segmentations beside the repository, or skips the test.
func segmentations(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "data", "obj", "seg")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("the segmentations (shared/data/obj/seg) are not beside the repository here")
	return ""
}

// Voxels of each segment as pydicom counts them: pixel_array summed over the frames of each ReferencedSegmentNumber.
func TestSegmentationsHoldWhatPydicomCounts(t *testing.T) {
	dir := segmentations(t)
	for name, want := range map[string]map[string]int64{
		"label-23x38x3.dcm":               {"Liver": 322},
		"liver.dcm":                       {"Liver": 107098},
		"partial_overlaps.dcm":            {"GREEN": 9602, "ORANGE": 11888, "PURPLE": 10743, "LIGHT_BLUE": 6693, "DARK_BLUE": 4713},
		"pet-tumour-seg.dcm":              {"Neoplasm, Primary": 795},
		"seg_image_ct_binary.dcm":         {"first segment": 638},
		"seg_image_ct_binary_overlap.dcm": {"first segment": 64, "second segment": 16},
	} {
		s, err := ReadSegmentation(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(s.Segments) != len(want) {
			t.Errorf("%s: %d segments", name, len(s.Segments))
		}
		for _, one := range s.Segments {
			if got := one.Mask.Count(); got != want[one.Name] {
				t.Errorf("%s: %s has %d voxels, want %d", name, one.Name, got, want[one.Name])
			}
		}
	}
	for _, name := range []string{"seg_image_cr_binary.dcm", "seg_image_ct_true_fractional.dcm", "seg_image_sm_control_labelmap.dcm"} {
		if _, err := ReadSegmentation(filepath.Join(dir, name)); project.KindOf(err) != project.Unsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Frames of 5x7 pixels follow each other without padding: highdicom's and dcmqi's bytes.
func TestBitsArePackedAcrossFrames(t *testing.T) {
	b := segmentation.NewBuilder(segmentation.NewMask([3]int{7, 5, 3}))
	for _, at := range [][3]int{{0, 0, 0}, {6, 4, 0}, {1, 0, 1}, {3, 2, 1}, {0, 0, 2}, {5, 4, 2}, {6, 4, 2}} {
		b.Set(at[0], at[1], at[2])
	}
	want := []byte{0x01, 0, 0, 0, 0x14, 0, 0x10, 0, 0x40, 0, 0, 0, 0x80, 0x01}
	if got := PackBits(b.Mask()); !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

// What WriteNRRD writes comes back, values and place.
func TestNRRDLabelsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	g := volume.Geometry{Size: [3]int{7, 5, 4}, Spacing: mgl64.Vec3{0.5, 0.7, 3}, Origin: volume.Point{-10, 20, 30},
		Direction: mgl64.Mat3FromCols(mgl64.Vec3{0, 1, 0}, mgl64.Vec3{0, 0, -1}, mgl64.Vec3{-1, 0, 0})}
	v, err := volume.New(g, volume.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]uint16, len(v.Uint8))
	for n := range v.Uint8 {
		v.Uint8[n] = uint8(r.IntN(4))
		want[n] = uint16(v.Uint8[n])
	}
	v.ArriveAll()
	path := filepath.Join(t.TempDir(), "labels.nrrd")
	if err := WriteNRRD(path, v, Options{}); err != nil {
		t.Fatal(err)
	}
	l, err := ReadNRRDLabels(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.Values, want) || !l.Geometry.SameGrid(&g, 1e-9) {
		t.Errorf("other values, or another place: %v", l.Geometry)
	}
	if yes, err := IsNRRD(path); !yes || err != nil {
		t.Errorf("not known as NRRD: %v", err)
	}
}

const smallNRRD = "NRRD0004\n# by hand\ntype: short\ndimension: 3\nspace: right-anterior-superior\nsizes: 2 1 2\n" +
	"space directions: (-1,0,0) (0,-2,0) (0,0,-3)\nkinds: domain domain domain\nendian: little\nencoding: raw\nspace origin: (1,2,3)\nnote:=x\n\n"

// The slices run downwards in the file; ours run upwards.
func TestNRRDInAnotherSpace(t *testing.T) {
	l, err := DecodeNRRDLabels(bytes.NewReader(append([]byte(smallNRRD), 1, 0, 2, 0, 3, 0, 0, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.Values, []uint16{3, 256, 1, 2}) {
		t.Errorf("values %v", l.Values)
	}
	if got := l.Geometry.ToPatient(volume.Index{1, 0, 1}); got != (volume.Point{0, -2, 3}) { // first slice of the file, second column
		t.Errorf("placed at %v", got)
	}
}

func TestNRRDThatIsNoLabelMap(t *testing.T) {
	data := []byte{1, 0, 2, 0, 3, 0, 0, 1}
	for name, c := range map[string]struct {
		from, to string
		want     project.Kind
	}{
		"four axes":           {"dimension: 3", "dimension: 4", project.Unsupported},
		"no space":            {"space: right-anterior-superior\n", "", project.Unsupported},
		"scanner space":       {"right-anterior-superior", "scanner-xyz", project.Unsupported},
		"bzip2":               {"raw", "bzip2", project.Unsupported},
		"detached":            {"encoding", "data file: x.raw\nencoding", project.Unsupported},
		"a block type":        {"type: short", "type: block", project.Unsupported},
		"no byte order":       {"endian: little\n", "", project.Invalid},
		"no sizes":            {"sizes: 2 1 2\n", "", project.Invalid},
		"a size of zero":      {"2 1 2", "2 0 2", project.Invalid},
		"more than there is":  {"2 1 2", "30000 30000 30000", project.Invalid},
		"directions in a row": {"(0,-2,0)", "(1,0,0)", project.Unsupported},
		"a direction of none": {"(0,-2,0)", "none", project.Invalid},
		"not gzip":            {"raw", "gzip", project.Invalid},
		"no end":              {"note:=x\n\n", "note:=x\n", project.Invalid},
		"negative labels":     {"endian: little", "endian: little\ntype: int8", project.Other},
	} {
		text := bytes.Replace([]byte(smallNRRD), []byte(c.from), []byte(c.to), 1)
		_, err := DecodeNRRDLabels(bytes.NewReader(append(text, data...)))
		if c.want == project.Other && err == nil {
			continue // it may be read; it must not panic
		}
		if c.want != project.Other && project.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzNRRDLabels(f *testing.F) {
	f.Add(append([]byte(smallNRRD), 1, 0, 2, 0, 3, 0, 0, 1))
	f.Add([]byte("NRRD0005\ntype: uchar\ndimension: 3\nspace: LPS\nsizes: 1 1 1\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nencoding: raw\nspace origin: (0,0,0)\n\n\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := DecodeNRRDLabels(bytes.NewReader(b))
		if err == nil && len(l.Values) != l.Geometry.Voxels() {
			t.Errorf("%d values for %d voxels", len(l.Values), l.Geometry.Voxels())
		}
	})
}
