package mpr_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/ingest"
	"hotlight/project/volume"
	"hotlight/render/mpr"
)

// TestValuesAgreeWithSciPy cuts 50 planes of each of these series, half of them orthogonal, half oblique, and has pydicom and scipy read the files and
// cut the same planes. Pixels at least a voxel inside agree within 1 for integers and within 1e-4 of the range for floats; what is found is printed.
func TestValuesAgreeWithSciPy(t *testing.T) {
	vol := filepath.Join(sharedData(t), "vol")
	python := secondOpinion(t)
	for _, name := range []string{"ct-chest-lidc", "ct-head-small", "mr-wrist-coronal", "mr-phantom-axial-philips", "mr-double-oblique-hitachi",
		"mr-adc-prostate", "mr-nonsquare-pixels", "pet-torso"} {
		t.Run(name, func(t *testing.T) {
			series, v := load(t, filepath.Join(vol, name))
			r := rand.New(rand.NewPCG(50, 1))
			planes := make([]volume.Plane, 50)
			for n := range planes {
				planes[n] = somePlane(r, v, n)
			}
			compareWith(t, python, filepath.Join(vol, name), string(series.UID), v, planes)
		})
	}
}

const side = 64

// somePlane passes through the middle half of the volume; even ones are axial, coronal or sagittal.
func somePlane(r *rand.Rand, v *volume.Volume, n int) volume.Plane {
	at := func(a int) float64 { return (0.25 + 0.5*r.Float64()) * float64(v.Size[a]-1) }
	centre := v.ToPatient(volume.Index{at(0), at(1), at(2)})
	if n%2 == 0 {
		o := []volume.Orientation{volume.Axial, volume.Coronal, volume.Sagittal}[n/2%3]
		p, err := volume.NewPlane(o, centre, v.Spacing[0]*(0.3+r.Float64()))
		if err != nil {
			panic(err)
		}
		return p
	}
	random := func() mgl64.Vec3 { return mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()} }
	p, err := volume.ObliquePlane(random(), random(), centre, v.Spacing[0]*(0.3+r.Float64()))
	if err != nil {
		panic(err)
	}
	return p
}

func compareWith(t *testing.T, python, dir, series string, v *volume.Volume, planes []volume.Plane) {
	want := bytes.NewReader(askSciPy(t, python, dir, series, planes))
	theirs := make([]float32, side*side)
	compared, worst, sum, lo, hi := 0, 0.0, 0.0, math.Inf(1), math.Inf(-1)
	for n, p := range planes {
		ours, err := mpr.Values(context.Background(), v, p, side, side, mpr.Linear, mpr.Slab{})
		if err != nil {
			t.Fatal(err)
		}
		if err := binary.Read(want, binary.LittleEndian, theirs); err != nil {
			t.Fatal(err)
		}
		for at, b := range theirs {
			if b != b {
				continue
			}
			a := ours[at]
			d := math.Abs(float64(a) - float64(b))
			if !(d <= 1e300) {
				t.Fatalf("plane %d, pixel %d: we say %v, scipy %v", n, at, a, b)
			}
			compared++
			sum += d
			worst, lo, hi = max(worst, d), min(lo, float64(b)), max(hi, float64(b))
		}
	}
	allowed := 1.0
	if v.Pixel == volume.Float32 {
		allowed = 1e-4 * (hi - lo)
	}
	t.Logf("%v, %v: %d planes, %d pixels inside, values %.4g to %.4g: worst difference %.3g, mean %.3g, allowed %.3g",
		v.Pixel, v.Size, len(planes), compared, lo, hi, worst, sum/float64(max(compared, 1)), allowed)
	if compared < 1000 {
		t.Errorf("only %d pixels were compared", compared)
	}
	if worst > allowed {
		t.Errorf("the worst pixel differs by %v", worst)
	}
}

func askSciPy(t *testing.T, python, dir, series string, planes []volume.Plane) []byte {
	type plane struct {
		Centre volume.Point `json:"centre"`
		Right  mgl64.Vec3   `json:"right"`
		Down   mgl64.Vec3   `json:"down"`
		MM     float64      `json:"mm"`
		W      int          `json:"w"`
		H      int          `json:"h"`
	}
	var job struct {
		Dir    string  `json:"dir"`
		Series string  `json:"series"`
		Planes []plane `json:"planes"`
	}
	job.Dir, job.Series = dir, series
	for _, p := range planes {
		job.Planes = append(job.Planes, plane{p.Centre, p.Right, p.Down, p.MMPerPixel, side, side})
	}
	in, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/planes.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// secondOpinion returns a python3 that has numpy, scipy and pydicom, or skips the test.
func secondOpinion(t *testing.T) string {
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import numpy, scipy.ndimage, pydicom").Run() == nil {
			return python
		}
	}
	t.Skip("python3 with numpy, scipy and pydicom is not here, so there is no second opinion")
	return ""
}

func load(t *testing.T, dir string) (*ingest.Series, *volume.Volume) {
	found, err := ingest.Scan(context.Background(), []string{dir}, ingest.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Studies) != 1 || len(found.Studies[0].Series) != 1 || len(found.Studies[0].Series[0].Volumes) != 1 {
		t.Fatalf("%d studies, not one volume", len(found.Studies))
	}
	series := found.Studies[0].Series[0]
	l, err := ingest.Load(context.Background(), series.Volumes[0], ingest.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	return series, l.Volume()
}

// sharedData returns the folder of test images beside the repository, or skips the test.
func sharedData(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		data := filepath.Join(filepath.Dir(dir), "shared", "data")
		if _, err := os.Stat(filepath.Join(data, "GEOMETRY.tsv")); err == nil {
			return data
		}
	}
	t.Skip("the test images (shared/data) are not beside the repository here")
	return ""
}
