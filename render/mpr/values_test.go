package mpr

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// ramp is 4 x 3 x 2 voxels of 2 x 3 x 5 mm with value 100k + 10j + i, on the patient's axes, first centre at (10, 20, 30).
func ramp(t testing.TB) *volume.Volume {
	g := volume.Geometry{Size: [3]int{4, 3, 2}, Spacing: mgl64.Vec3{2, 3, 5}, Origin: volume.Point{10, 20, 30}, Direction: mgl64.Ident3()}
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 2 {
		for j := range 3 {
			for i := range 4 {
				v.Int16[v.Offset(i, j, k)] = int16(100*k + 10*j + i)
			}
		}
	}
	v.ArriveAll()
	return v
}

func TestSampleByHand(t *testing.T) {
	v := ramp(t)
	for _, c := range []struct {
		name string
		at   volume.Point
		in   Interpolation
		want float64
		ok   bool
	}{
		{"a voxel's centre is its value", volume.Point{14, 23, 35}, Linear, 112, true},
		{"halfway along i", volume.Point{11, 20, 30}, Linear, 0.5, true},
		{"a third along j", volume.Point{10, 21, 30}, Linear, 10.0 / 3, true},
		{"a fifth along k", volume.Point{10, 20, 31}, Linear, 20, true},
		{"all three", volume.Point{11, 21, 31}, Linear, 0.5 + 10.0/3 + 20, true},
		{"nearest rounds halves up", volume.Point{11, 20, 30}, Nearest, 1, true},
		{"the border's half voxel holds the outermost value", volume.Point{9.5, 20, 30}, Linear, 0, true},
		{"beyond the far border's half voxel", volume.Point{17.1, 20, 30}, Linear, 0, false},
		{"beyond the near border", volume.Point{8.9, 20, 30}, Linear, 0, false},
		{"above the stack of slices", volume.Point{10, 20, 37.6}, Linear, 0, false},
	} {
		got, ok := Sample(v, c.at, c.in)
		if ok != c.ok || ok && math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: got %v, %v; want %v, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

func TestValuesOfAnAxialPlane(t *testing.T) {
	v := ramp(t)
	v.Slope, v.Intercept = 2, -7
	p, _ := volume.NewPlane(volume.Axial, v.Centre(), 2)
	got, err := Values(context.Background(), v, p, 6, 1, Linear, Slab{})
	if err != nil {
		t.Fatal(err)
	}
	// The centre lies between slices (50), on row 1 (10), and between columns 1 and 2; pixels are a column apart.
	want := []float32{float32(math.NaN()), 2*60 - 7, 2*61 - 7, 2*62 - 7, 2*63 - 7, float32(math.NaN())}
	for x := range want {
		if got[x] != want[x] && !(got[x] != got[x] && want[x] != want[x]) {
			t.Errorf("pixel %d: got %v, want %v", x, got[x], want[x])
		}
	}
}

func TestSlabModes(t *testing.T) {
	v := ramp(t)
	p, _ := volume.NewPlane(volume.Axial, volume.Point{10, 20, 32.5}, 1)
	for _, c := range []struct {
		mode SlabMode
		want float32
	}{{MIP, 100}, {MinIP, 0}, {Mean, 50}, {"", 100}} {
		got, err := Values(context.Background(), v, p, 1, 1, Linear, Slab{ThicknessMM: 5, Mode: c.mode})
		if err != nil || got[0] != c.want {
			t.Errorf("mode %q: got %v, %v; want %v", c.mode, got, err, c.want)
		}
		// A slab that reaches beyond the volume counts what is inside.
		got, err = Values(context.Background(), v, p, 1, 1, Linear, Slab{ThicknessMM: 55, Mode: c.mode})
		if err != nil || got[0] != c.want {
			t.Errorf("mode %q, 55 mm: got %v, %v; want %v", c.mode, got, err, c.want)
		}
	}
}

func TestSlabSamplesAreNoFurtherApartThanVoxels(t *testing.T) {
	g := volume.Geometry{Size: [3]int{9, 9, 99}, Spacing: mgl64.Vec3{0.7, 0.7, 1}, Direction: mgl64.Ident3()}
	p, _ := volume.NewPlane(volume.Axial, volume.Point{}, 1)
	if n := len((Slab{ThicknessMM: 20}).Offsets(&g, p)); n != 21 {
		t.Errorf("20 mm of 1 mm slices: %d samples, want 21", n)
	}
	p, _ = volume.NewPlane(volume.Sagittal, volume.Point{}, 1)
	if n := len((Slab{ThicknessMM: 7}).Offsets(&g, p)); n != 11 {
		t.Errorf("7 mm of 0.7 mm columns: %d samples, want 11", n)
	}
}

// tilted is three planes of a stack, each shifted along j.
func tilted(t testing.TB) *volume.Volume {
	g := volume.Geometry{Size: [3]int{4, 4, 3}, Spacing: mgl64.Vec3{1, 1, 4}, Direction: mgl64.Ident3(),
		PlaneOrigins: []volume.Point{{0, 0, 0}, {0, 1, 4}, {0, 2, 9}}}
	v, err := volume.New(g, volume.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Uint8 {
		v.Uint8[n] = uint8(n)
	}
	v.ArriveAll()
	return v
}

func TestStacksAreExactOnTheirOwnPlanesOnly(t *testing.T) {
	v := tilted(t)
	ctx := context.Background()
	for k := range 3 {
		got, err := Values(ctx, v, volume.AcquiredPlane(&v.Geometry, k, 1), 4, 4, Linear, Slab{})
		if err != nil {
			t.Fatalf("plane %d: %v", k, err)
		}
		for n := range got {
			if want := float32(16*k + n); got[n] != want {
				t.Errorf("plane %d, pixel %d: got %v, want %v", k, n, got[n], want)
			}
		}
	}
	between := volume.AcquiredPlane(&v.Geometry, 1, 1)
	between.Centre = between.Centre.Add(mgl64.Vec3{0, 0, 1})
	coronal, _ := volume.NewPlane(volume.Coronal, v.Centre(), 1)
	for name, p := range map[string]volume.Plane{"between planes": between, "coronal": coronal} {
		if _, err := Values(ctx, v, p, 4, 4, Linear, Slab{}); !errors.Is(err, ErrStack) {
			t.Errorf("%s: got %v, want ErrStack", name, err)
		}
	}
	if _, err := Values(ctx, v, volume.AcquiredPlane(&v.Geometry, 1, 1), 4, 4, Linear, Slab{ThicknessMM: 3}); !errors.Is(err, ErrStack) {
		t.Errorf("slab: got %v, want ErrStack", err)
	}
	snapped, k, ok := SnapToStack(&v.Geometry, between)
	if _, err := Values(ctx, v, snapped, 4, 4, Linear, Slab{}); !ok || k != 1 || err != nil {
		t.Errorf("snapped: plane %d, %v, %v; want 1", k, ok, err)
	}
}

func TestSlicesThatHaveNotArrivedAreOutside(t *testing.T) {
	full := ramp(t)
	v, err := volume.New(full.Geometry, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	copy(v.Int16, full.Int16)
	v.Arrive(0)
	for _, c := range []struct {
		name string
		z    float64
		ok   bool
	}{{"on the slice that is here", 30, true}, {"between the two", 31, false}, {"on the other", 35, false}} {
		if _, ok := Sample(v, volume.Point{10, 20, c.z}, Linear); ok != c.ok {
			t.Errorf("%s: ok = %v", c.name, ok)
		}
	}
}

func TestImpossiblePlanesAreRefused(t *testing.T) {
	v := ramp(t)
	good, _ := volume.NewPlane(volume.Axial, v.Centre(), 1)
	skewed, flatPlane := good, good
	skewed.Down = mgl64.Vec3{1, 0, 0}
	flatPlane.MMPerPixel = 0
	for name, c := range map[string]struct {
		p    volume.Plane
		w, h int
		in   Interpolation
		slab Slab
	}{
		"parallel axes":         {skewed, 4, 4, Linear, Slab{}},
		"no size of pixel":      {flatPlane, 4, 4, Linear, Slab{}},
		"no pixels":             {good, 0, 4, Linear, Slab{}},
		"unknown interpolation": {good, 4, 4, "cubic", Slab{}},
		"negative slab":         {good, 4, 4, Linear, Slab{ThicknessMM: -1}},
		"unknown slab mode":     {good, 4, 4, Linear, Slab{ThicknessMM: 1, Mode: "median"}},
	} {
		var e *project.Error
		if _, err := Values(context.Background(), v, c.p, c.w, c.h, c.in, c.slab); !errors.As(err, &e) || e.Kind != project.Invalid {
			t.Errorf("%s: got %v, want an error of kind invalid", name, err)
		}
	}
}

func TestCancelledContextStops(t *testing.T) {
	v := ramp(t)
	p, _ := volume.NewPlane(volume.Axial, v.Centre(), 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Values(ctx, v, p, 64, 64, Linear, Slab{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Values: %v", err)
	}
	var c Cutter
	if err := c.Cut(ctx, v, p, 64, 64, Linear, Slab{}, &Cut{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Cut: %v", err)
	}
}

// Direction cosines with few digits are a little off the right angle; the acquired plane is still the voxels themselves.
func TestAcquiredPlaneOfRoundedCosines(t *testing.T) {
	g := volume.Geometry{Size: [3]int{50, 40, 3}, Spacing: mgl64.Vec3{0.7031, 0.7031, 3}, Origin: volume.Point{-90.0225, -108.462, -43.9748}}
	row, column := mgl64.Vec3{0.999981, 0.00479144, 0.0038759}, mgl64.Vec3{-0.00540165, 0.984755, 0.173861}
	g.Direction = mgl64.Mat3FromCols(row, column, row.Cross(column).Normalize())
	v, err := volume.New(g, volume.Uint16)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Uint16 {
		v.Uint16[n] = uint16(n * 40503)
	}
	v.ArriveAll()
	got, err := Values(context.Background(), v, volume.AcquiredPlane(&v.Geometry, 1, 0.7031), 50, 40, Linear, Slab{})
	if err != nil {
		t.Fatal(err)
	}
	for n, x := range got {
		if want := float64(v.Uint16[2000+n]); math.Abs(float64(x)-want) > 0.1 {
			t.Fatalf("pixel %d: %v, want %v", n, x, want)
		}
	}
}
