package volume

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"
)

func TestLetters(t *testing.T) {
	for _, c := range []struct {
		v    mgl64.Vec3
		want string
	}{
		{mgl64.Vec3{1, 0, 0}, "L"},
		{mgl64.Vec3{-1, 0, 0}, "R"},
		{mgl64.Vec3{0, 2, 0}, "P"},
		{mgl64.Vec3{0, -1, 0}, "A"},
		{mgl64.Vec3{0, 0, 5}, "S"},
		{mgl64.Vec3{0, 0, -1}, "I"},
		{mgl64.Vec3{0.9, 0.3, 0}, "LP"},
		{mgl64.Vec3{-0.3, -0.9, 0.2}, "ARS"},
		{mgl64.Vec3{0.99, 0.05, -0.05}, "L"},
		{mgl64.Vec3{}, ""},
		{mgl64.Vec3{math.NaN(), 0, 0}, ""},
	} {
		if got := Letters(c.v); got != c.want {
			t.Errorf("%v is %q, want %q", c.v, got, c.want)
		}
	}
}

func TestOrthogonalPlanesAsRadiologistsSeeThem(t *testing.T) {
	for o, want := range map[Orientation][3]string{Axial: {"L", "P", "S"}, Coronal: {"L", "I", "P"}, Sagittal: {"P", "I", "R"}} {
		p, err := NewPlane(o, Point{1, 2, 3}, 0.5)
		if err != nil {
			t.Fatal(err)
		}
		if got := [3]string{Letters(p.Right), Letters(p.Down), Letters(p.Normal())}; got != want {
			t.Errorf("%s: right, down and away are %v, want %v", o, got, want)
		}
	}
	if _, err := NewPlane("diagonal", Point{}, 1); err == nil {
		t.Error("diagonal is no plane")
	}
}

func TestPlaneByHand(t *testing.T) {
	p, _ := NewPlane(Coronal, Point{10, 20, 30}, 0.5)
	// A picture of 5 x 3: its centre is pixel (2, 1). One pixel right is +0.5 x, one down is -0.5 z.
	for _, c := range []struct {
		x, y float64
		want Point
	}{
		{2, 1, Point{10, 20, 30}},
		{3, 1, Point{10.5, 20, 30}},
		{2, 2, Point{10, 20, 29.5}},
		{0, 0, Point{9, 20, 30.5}},
	} {
		if got := p.At(c.x, c.y, 5, 3); got != c.want {
			t.Errorf("(%v, %v) is at %v, want %v", c.x, c.y, got, c.want)
		}
	}
	if x, y, behind := p.Project(Point{9, 27, 30.5}, 5, 3); x != 0 || y != 0 || behind != 7 {
		t.Errorf("seven millimetres further back: (%v, %v) behind %v", x, y, behind)
	}
}

func TestObliquePlane(t *testing.T) {
	p, err := ObliquePlane(mgl64.Vec3{0, 0, 3}, mgl64.Vec3{0, -2, 1}, Point{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	axial, _ := NewPlane(Axial, Point{}, 1)
	if p.Right.Sub(axial.Right).Len() > 1e-12 || p.Down.Sub(axial.Down).Len() > 1e-12 {
		t.Errorf("normal 0,0,1 up 0,-1,0 is axial from the feet, got %v %v", p.Right, p.Down)
	}
	for name, c := range map[string][2]mgl64.Vec3{
		"no normal": {{}, {0, 1, 0}}, "no up": {{0, 0, 1}, {}}, "up along the normal": {{0, 0, 1}, {0, 0, -2}}, "not a number": {{math.NaN(), 0, 1}, {0, 1, 0}},
	} {
		if _, err := ObliquePlane(c[0], c[1], Point{}, 1); err == nil {
			t.Errorf("%s is refused", name)
		}
	}
}

func TestAtAndProjectAreInverse(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	for n := range 1000 {
		axes := randomAxes(r)
		p, err := ObliquePlane(axes.Col(0), axes.Col(1), Point{100 * r.NormFloat64(), 100 * r.NormFloat64(), 0}, 0.1+3*r.Float64())
		if err != nil {
			t.Fatal(err)
		}
		x, y, w, h := 600*r.Float64(), 600*r.Float64(), 1+r.IntN(600), 1+r.IntN(600)
		gx, gy, behind := p.Project(p.At(x, y, w, h), w, h)
		if math.Abs(gx-x) > 1e-9 || math.Abs(gy-y) > 1e-9 || math.Abs(behind) > 1e-9 {
			t.Fatalf("seed %d, case %d: (%v, %v) came back as (%v, %v), %v behind", seed, n, x, y, gx, gy, behind)
		}
		q := Point{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		if _, _, behind := p.ShiftedTo(q).Project(q, w, h); math.Abs(behind) > 1e-9 {
			t.Fatalf("seed %d, case %d: the shifted plane misses its point by %v", seed, n, behind)
		}
	}
}

func TestFit(t *testing.T) {
	g := Geometry{Size: [3]int{100, 50, 10}, Spacing: mgl64.Vec3{1, 2, 5}, Direction: mgl64.Ident3()}
	for _, c := range []struct {
		o    Orientation
		w, h int
		want float64
	}{
		{Axial, 100, 100, 1},    // 100 x 100 mm
		{Axial, 50, 200, 2},     // the width decides
		{Coronal, 100, 100, 1},  // 100 x 50 mm
		{Coronal, 400, 25, 2},   // the height decides
		{Sagittal, 100, 200, 1}, // 100 x 50 mm
	} {
		p, _ := NewPlane(c.o, g.Centre(), 1)
		if got := p.Fit(&g, c.w, c.h); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s in %dx%d: %v mm per pixel, want %v", c.o, c.w, c.h, got, c.want)
		}
	}
}

func TestAcquiredPlaneShowsEachVoxelAsItIsStored(t *testing.T) {
	g := unevenStack()
	p := AcquiredPlane(&g, 2, g.Spacing[0])
	// At the column spacing one pixel is one column.
	if got := g.ToIndex(p.At(3, 3.5, g.Size[0], g.Size[1])); mgl64.Vec3(got).Sub(mgl64.Vec3{3, 3.5, 2}).Len() > 1e-9 {
		t.Errorf("pixel (3, 3.5) of slice 2 is %v", got)
	}
}
