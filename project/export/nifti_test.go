package export

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// asymmetric returns a small volume in which no two voxels are alike, no two axes have one size or spacing.
func asymmetric(t testing.TB, i, j mgl64.Vec3, p volume.Pixel) *volume.Volume {
	t.Helper()
	v, err := volume.New(volume.Geometry{
		Size: [3]int{5, 4, 3}, Spacing: mgl64.Vec3{0.5, 1.25, 3}, Origin: volume.Point{-12.5, 40, 7.75},
		Direction: mgl64.Mat3FromCols(i, j, i.Cross(j).Normalize()), FrameOfReference: "1.2.3",
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Voxels() {
		switch p {
		case volume.Uint8:
			v.Uint8[n] = uint8(3 * n)
		case volume.Int16:
			v.Int16[n] = int16(701*n - 20000)
		case volume.Uint16:
			v.Uint16[n] = uint16(1000*n + 5)
		case volume.Float32:
			v.Float32[n] = float32(n) / 7
		case volume.RGB8:
			copy(v.RGB[3*n:], []byte{uint8(n), uint8(2 * n), uint8(255 - n)})
		}
	}
	v.ArriveAll()
	return v
}

// axisPairs are the 24 right-handed ways to lay i and j along the patient's axes.
func axisPairs() (pairs [][2]mgl64.Vec3) {
	for a := range 3 {
		for b := range 3 {
			for _, sign := range [][2]float64{{1, 1}, {1, -1}, {-1, 1}, {-1, -1}} {
				if a == b {
					continue
				}
				var i, j mgl64.Vec3
				i[a], j[b] = sign[0], sign[1]
				pairs = append(pairs, [2]mgl64.Vec3{i, j})
			}
		}
	}
	return pairs
}

func oblique(seed uint64) (i, j mgl64.Vec3) {
	r := rand.New(rand.NewPCG(seed, 1))
	m := mgl64.Quat{W: r.NormFloat64(), V: mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}}.Normalize().Mat4().Mat3()
	return m.Col(0), m.Col(1)
}

func write(t testing.TB, v *volume.Volume, name string, o Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	save := WriteNIfTI
	if strings.HasSuffix(name, ".nrrd") {
		save = WriteNRRD
	}
	if err := save(path, v, o); err != nil {
		t.Fatal(err)
	}
	return path
}

// A sagittal grid by hand: i to the back (+y), j down (-z), so k to the right (-x). In RAS: i = (0,-1,0), j = (0,0,-1), k = (+1,0,0).
func TestNIfTIHeaderByHand(t *testing.T) {
	v := asymmetric(t, mgl64.Vec3{0, 1, 0}, mgl64.Vec3{0, 0, -1}, volume.Int16)
	v.Slope, v.Intercept, v.Unit = 2, -1024, "HU"
	raw, err := os.ReadFile(write(t, v, "v.nii", Options{}))
	if err != nil {
		t.Fatal(err)
	}
	var h niftiHeader
	if err := binary.Read(bytes.NewReader(raw), binary.LittleEndian, &h); err != nil {
		t.Fatal(err)
	}
	if want := [3][4]float32{{0, 0, 3, 12.5}, {-0.5, 0, 0, -40}, {0, -1.25, 0, 7.75}}; h.Srow != want {
		t.Errorf("sform %v, want %v", h.Srow, want)
	}
	if h.QformCode != 1 || h.SformCode != 1 || h.Pixdim[0] != 1 || h.Qoffset != [3]float32{12.5, -40, 7.75} {
		t.Errorf("qform %d sform %d qfac %v offset %v", h.QformCode, h.SformCode, h.Pixdim[0], h.Qoffset)
	}
	if h.Dim != [8]int16{3, 5, 4, 3, 1, 1, 1, 1} || h.Datatype != niftiInt16 || h.Bitpix != 16 || h.SclSlope != 2 || h.SclInter != -1024 || h.VoxOffset != 352 {
		t.Errorf("%+v", h)
	}
	if len(raw) != 352+2*60 || int16(binary.LittleEndian.Uint16(raw[352+2*7:])) != 701*7-20000 {
		t.Errorf("%d bytes; voxel 7 is not where it should be", len(raw))
	}
}

func TestNIfTIKeepsStoredIntegersWhereExact(t *testing.T) {
	for name, c := range map[string]struct {
		pixel            volume.Pixel
		slope, intercept float64
		want             int16
	}{
		"bytes":                            {volume.Uint8, 1, 0, niftiUint8},
		"signed with an exact slope":       {volume.Int16, 0.5, -1024, niftiInt16},
		"unsigned":                         {volume.Uint16, 1, 0, niftiUint16},
		"a slope that float32 cannot hold": {volume.Uint16, 21.2764346764346, 0, niftiFloat32},
		"an intercept float32 cannot hold": {volume.Int16, 1, 0.1, niftiFloat32},
		"float values":                     {volume.Float32, 1, 0, niftiFloat32},
		"colour":                           {volume.RGB8, 1, 0, niftiRGB24},
	} {
		v := asymmetric(t, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, c.pixel)
		v.Slope, v.Intercept = c.slope, c.intercept
		raw, err := os.ReadFile(write(t, v, "v.nii", Options{}))
		if err != nil {
			t.Fatal(err)
		}
		var h niftiHeader
		binary.Read(bytes.NewReader(raw), binary.LittleEndian, &h)
		if h.Datatype != c.want {
			t.Errorf("%s: data type %d, want %d", name, h.Datatype, c.want)
		}
		if c.want == niftiFloat32 {
			got := math.Float32frombits(binary.LittleEndian.Uint32(raw[352+4*11:]))
			if want := float32(v.Rescale(v.StoredAt(11))); got != want || h.SclSlope != 1 || h.SclInter != 0 {
				t.Errorf("%s: voxel 11 is %v, want %v, slope %v", name, got, want, h.SclSlope)
			}
		}
	}
}

func TestStackAndPictureAreHonest(t *testing.T) {
	v := asymmetric(t, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, volume.Int16)
	v.PlaneOrigins = []volume.Point{{0, 0, 0}, {0, 1, 3}, {0, 2, 6}}
	raw, _ := os.ReadFile(write(t, v, "v.nii", Options{Warnings: []project.Warning{{Code: project.WarnGantryTilt, Text: "Tilted 18.4°."}}}))
	var h niftiHeader
	binary.Read(bytes.NewReader(raw), binary.LittleEndian, &h)
	if h.QformCode != 0 || h.SformCode != 1 || h.Srow != [3][4]float32{{-0.5, 0, 0, 0}, {0, -1.25, -1, 0}, {0, 0, 3, 0}} {
		t.Errorf("a tilted stack: qform %d sform %d %v", h.QformCode, h.SformCode, h.Srow)
	}
	for _, want := range []string{"warning gantry_tilt: Tilted 18.4°.\n", "plane 1 origin LPS mm: 0 1 3\n"} {
		if !bytes.Contains(raw[352:int(h.VoxOffset)], []byte(want)) {
			t.Errorf("the comment lacks %q", want)
		}
	}
	if (int(h.VoxOffset)-352)%16 != 0 || raw[348] != 1 {
		t.Errorf("the extension ends at %v", h.VoxOffset)
	}
	v.PlaneOrigins, v.NoPosition, v.Uncalibrated = nil, true, true
	raw, _ = os.ReadFile(write(t, v, "v.nii", Options{}))
	binary.Read(bytes.NewReader(raw), binary.LittleEndian, &h)
	if h.QformCode != 0 || h.SformCode != 0 || h.XyztUnits != 0 {
		t.Errorf("a picture without a place: qform %d sform %d units %d", h.QformCode, h.SformCode, h.XyztUnits)
	}
}

func TestNothingIsLeftBehindAfterAFailure(t *testing.T) {
	v := asymmetric(t, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, volume.Int16)
	dir := t.TempDir()
	old := filepath.Join(dir, "old.nii")
	os.WriteFile(old, []byte("old"), 0o600)
	partly, _ := volume.New(v.Geometry, volume.Int16)
	partly.Arrive(1)
	for _, save := range []func(string, *volume.Volume, Options) error{WriteNIfTI, WriteNRRD} {
		if err := save(old, partly, Options{}); project.KindOf(err) != project.Invalid || !strings.Contains(err.Error(), "2 of 3 slices") {
			t.Errorf("an incomplete volume: %v", err)
		}
		if err := save(filepath.Join(dir, "no", "such"), v, Options{}); err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("no such folder: %v", err)
		}
		if err := save(dir, v, Options{}); err == nil { // a folder cannot be replaced by a file
			t.Error("a folder in the way")
		}
	}
	if err := replace(old, 0, func(io.Writer) error { return fmt.Errorf("disk full") }); err == nil {
		t.Error("the write's own error is lost")
	}
	names, _ := os.ReadDir(dir)
	if raw, _ := os.ReadFile(old); string(raw) != "old" || len(names) != 1 {
		t.Errorf("%d files, the old one holds %q", len(names), raw)
	}
}

// Both forms must give every voxel its true place: a program written by others reads ours, in all 24 ways to lay the axes and in oblique ones.
func TestNibabelReadsVoxelsAndPlaces(t *testing.T) {
	python := pythonWith(t, "nibabel")
	script := `
import sys, json, nibabel, numpy as np
out = []
for p in sys.argv[1:]:
    m = nibabel.load(p)
    q, qc = m.header.get_qform(coded=True); s, sc = m.header.get_sform(coded=True)
    d = np.asarray(m.dataobj)
    if d.dtype.names: d = d['R']
    out.append([int(qc), int(sc), q.flatten().tolist() if qc else [], s.flatten().tolist(), np.ascontiguousarray(d.astype(float).T).flatten().tolist()])
json.dump(out, sys.stdout)
`
	var vs []*volume.Volume
	var paths []string
	pairs := axisPairs()
	for seed := range uint64(8) {
		i, j := oblique(seed)
		pairs = append(pairs, [2]mgl64.Vec3{i, j})
	}
	for n, p := range pairs {
		v := asymmetric(t, p[0], p[1], []volume.Pixel{volume.Int16, volume.Uint16, volume.Float32, volume.Uint8, volume.RGB8}[n%5])
		if v.Pixel == volume.Int16 {
			v.Slope, v.Intercept = 0.1, 3
		}
		vs, paths = append(vs, v), append(paths, write(t, v, "v.nii.gz", Options{Warnings: []project.Warning{{Code: "gap", Text: "one"}}}))
	}
	var got [][]any
	runJSON(t, exec.Command(python, append([]string{"-c", script}, paths...)...), &got)
	for n, v := range vs {
		for form, row := range map[string][]any{"qform": got[n][2].([]any), "sform": got[n][3].([]any)} {
			for trial := range 20 {
				i, j, k := float64(trial%5), float64(trial%4), float64(trial%3)
				want := v.ToPatient(volume.Index{i, j, k})
				for r := range 3 {
					at := row[4*r].(float64)*i + row[4*r+1].(float64)*j + row[4*r+2].(float64)*k + row[4*r+3].(float64)
					if lps := at * []float64{-1, -1, 1}[r]; math.Abs(lps-want[r]) > 1e-4 {
						t.Fatalf("case %d, %s: voxel %v %v %v is at %v on axis %d, want %v", n, form, i, j, k, lps, r, want[r])
					}
				}
			}
		}
		for x, value := range got[n][4].([]any) {
			want := 0.0
			if v.Pixel == volume.RGB8 {
				want = float64(v.RGB[3*x])
			} else {
				want = v.Rescale(v.StoredAt(x))
			}
			if math.Abs(value.(float64)-want) > 1e-6*max(1, math.Abs(want)) {
				t.Fatalf("case %d (%s): value %d is %v, want %v", n, v.Pixel, x, value, want)
			}
		}
	}
	t.Logf("nibabel agrees on %d grids, qform and sform, and on all their values", len(vs))
}

func TestLabelsRoundTrip(t *testing.T) {
	pairs := axisPairs()
	for seed := range uint64(20) {
		i, j := oblique(seed)
		pairs = append(pairs, [2]mgl64.Vec3{i, j})
	}
	for n, p := range pairs {
		for _, pixel := range []volume.Pixel{volume.Uint8, volume.Uint16} {
			v := asymmetric(t, p[0], p[1], pixel)
			got, err := ReadNIfTILabels(write(t, v, []string{"v.nii", "v.nii.gz"}[n%2], Options{}))
			if err != nil {
				t.Fatal(err)
			}
			got.Geometry.FrameOfReference = v.FrameOfReference // the format has no place for it
			if !got.Geometry.SameGrid(&v.Geometry, 1e-4) || got.Geometry.IsStack() {
				t.Fatalf("case %d: grid %+v, want %+v", n, got.Geometry, v.Geometry)
			}
			for x, value := range got.Values {
				if float64(value) != v.StoredAt(x) {
					t.Fatalf("case %d: label %d is %d, want %v", n, x, value, v.StoredAt(x))
				}
			}
		}
	}
}

func TestLabelsOfATiltedStack(t *testing.T) {
	v := asymmetric(t, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, volume.Uint8)
	v.PlaneOrigins = []volume.Point{{0, 0, 0}, {0, 1, 3}, {0, 2, 6}}
	v.Origin = v.PlaneOrigins[0]
	got, err := ReadNIfTILabels(write(t, v, "v.nii.gz", Options{}))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Geometry.PlaneOrigins, v.PlaneOrigins) || math.Abs(got.Geometry.Spacing[2]-3) > 1e-6 {
		t.Errorf("%+v", got.Geometry)
	}
}

// A left-handed file (dcm2niix writes the rows of axial images from back to front) keeps each label at its place; the slices turn round.
func TestLeftHandedLabelsKeepTheirPlaces(t *testing.T) {
	v := asymmetric(t, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, volume.Uint8)
	raw, _ := os.ReadFile(write(t, v, "v.nii", Options{}))
	var h niftiHeader
	binary.Read(bytes.NewReader(raw), binary.LittleEndian, &h)
	h.Srow[1][1] = -h.Srow[1][1] // j runs to the front now
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, &h)
	copy(raw, b.Bytes())
	got, err := DecodeNIfTILabels(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	// Voxel (1, 2, 0) of the file: RAS = (-0.5*1+12.5, 1.25*2-40, 7.75).
	at := got.Geometry.ToIndex(volume.Point{-12, 37.5 + 0, 7.75}).Voxel()
	if at != [3]int{1, 2, 2} {
		t.Fatalf("the voxel is at %v, want 1 2 2: slices are turned round", at)
	}
	if value := got.Values[(at[2]*4+at[1])*5+at[0]]; float64(value) != v.StoredAt(v.Offset(1, 2, 0)) {
		t.Errorf("label %d, want %v", value, v.StoredAt(v.Offset(1, 2, 0)))
	}
}
