package volume

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"
)

// head is a sagittal grid that can be followed by hand: columns run to the back, rows run down, slices run to the patient's right.
// i = +y, j = -z, k = i x j = (1*-1 - 0, ...) = (-1, 0, 0).
func head() Geometry {
	return Geometry{
		Size:      [3]int{4, 3, 2},
		Spacing:   mgl64.Vec3{0.5, 2, 3},
		Origin:    Point{10, 20, 30},
		Direction: mgl64.Mat3FromCols(mgl64.Vec3{0, 1, 0}, mgl64.Vec3{0, 0, -1}, mgl64.Vec3{-1, 0, 0}),
	}
}

func TestToPatientByHand(t *testing.T) {
	g := head()
	for name, c := range map[string]struct {
		x    Index
		want Point
	}{
		"the first voxel is at the origin":     {Index{0, 0, 0}, Point{10, 20, 30}},
		"two columns are one millimetre back":  {Index{2, 0, 0}, Point{10, 21, 30}},
		"one row is two millimetres down":      {Index{0, 1, 0}, Point{10, 20, 28}},
		"one slice is three millimetres right": {Index{0, 0, 1}, Point{7, 20, 30}},
		"halves and all axes at once":          {Index{1, 2, 0.5}, Point{8.5, 20.5, 26}},
		"outside is fine":                      {Index{-2, -1, -1}, Point{13, 19, 32}},
	} {
		if got := g.ToPatient(c.x); got.Sub(c.want).Len() > 1e-12 {
			t.Errorf("%s: %v gives %v, want %v", name, c.x, got, c.want)
		}
		if back := g.ToIndex(c.want); mgl64.Vec3(back).Sub(mgl64.Vec3(c.x)).Len() > 1e-12 {
			t.Errorf("%s: %v gives %v back, want %v", name, c.want, back, c.x)
		}
	}
}

func TestSingleSliceCountsMillimetresInK(t *testing.T) {
	g := head()
	g.Size[2], g.Spacing[2] = 1, 0
	if got, want := g.ToPatient(Index{0, 0, 4}), (Point{6, 20, 30}); got != want {
		t.Errorf("k = 4 of a single slice is %v, want %v", got, want)
	}
	if got := g.ToIndex(Point{6, 20, 30}); got != (Index{0, 0, 4}) {
		t.Errorf("and back %v", got)
	}
}

func TestVoxelRoundsHalvesUp(t *testing.T) {
	for _, c := range []struct {
		x    Index
		want [3]int
	}{
		{Index{-0.5, 0.49999, 0.5}, [3]int{0, 0, 1}},
		{Index{-0.50001, 1.5, -1.5}, [3]int{-1, 2, -1}},
	} {
		if got := c.x.Voxel(); got != c.want {
			t.Errorf("%v is in voxel %v, want %v", c.x, got, c.want)
		}
	}
}

func TestContainsIsHalfOpen(t *testing.T) {
	g := head()
	for _, c := range []struct {
		x    Index
		want bool
	}{
		{Index{-0.5, -0.5, -0.5}, true},
		{Index{-0.50001, 0, 0}, false},
		{Index{3.49999, 2.49999, 1.49999}, true},
		{Index{3.5, 0, 0}, false},
		{Index{0, 2.5, 0}, false},
		{Index{0, 0, 1.5}, false},
		{Index{math.NaN(), 0, 0}, false},
	} {
		if got := g.Contains(c.x); got != c.want {
			t.Errorf("contains %v: %t", c.x, got)
		}
	}
}

func TestCentreCornersAndVolume(t *testing.T) {
	g := head()
	if got, want := g.Centre(), (Point{8.5, 20.75, 28}); got.Sub(want).Len() > 1e-12 {
		t.Errorf("centre %v, want %v", got, want)
	}
	c := g.Corners()
	if want := (Point{11.5, 19.75, 31}); c[0].Sub(want).Len() > 1e-12 {
		t.Errorf("first corner %v, want %v", c[0], want)
	}
	if want := (Point{5.5, 21.75, 25}); c[7].Sub(want).Len() > 1e-12 {
		t.Errorf("last corner %v, want %v", c[7], want)
	}
	if ml, ok := g.VoxelML(); !ok || math.Abs(ml-0.003) > 1e-15 {
		t.Errorf("a voxel of 0.5 x 2 x 3 mm is %v ml, %t", ml, ok)
	}
	stack, single, pixels := g, g, g
	stack.PlaneOrigins = []Point{{}, {}}
	single.Spacing[2] = 0
	pixels.Uncalibrated = true
	for name, g := range map[string]Geometry{"stack": stack, "single slice": single, "uncalibrated": pixels} {
		if _, ok := g.VoxelML(); ok {
			t.Errorf("a %s has no voxel volume", name)
		}
	}
}

// unevenStack has planes at z = 0, 1, 11 (median 5.5 between them is not any of the gaps) and the last two shifted along x, as under a tilt.
func unevenStack() Geometry {
	return Geometry{
		Size:         [3]int{8, 8, 3},
		Spacing:      mgl64.Vec3{2, 1, 5.5},
		Direction:    mgl64.Ident3(),
		PlaneOrigins: []Point{{0, 0, 0}, {3, 0, 1}, {5, 0, 11}},
	}
}

func TestStackPointBelongsToItsNearestPlane(t *testing.T) {
	g := unevenStack()
	for _, c := range []struct {
		p    Point
		want Index
	}{
		{Point{4, 2, 0}, Index{2, 2, 0}},
		{Point{5, 2, 1}, Index{1, 2, 1}},
		{Point{7, 2, 11}, Index{1, 2, 2}},
		{Point{5, 2, 5}, Index{1, 2, 1.4}},     // 4 of the 10 mm to the next plane
		{Point{7, 2, 7}, Index{1, 2, 1.6}},     // 4 of 10 mm before it
		{Point{4, 2, 0.25}, Index{2, 2, 0.25}}, // a quarter of 1 mm
		{Point{4, 2, -5.5}, Index{2, 2, -1}},   // beyond the ends the median counts
		{Point{7, 2, 16.5}, Index{1, 2, 3}},
	} {
		if got := g.ToIndex(c.p); mgl64.Vec3(got).Sub(mgl64.Vec3(c.want)).Len() > 1e-12 {
			t.Errorf("%v is at %v, want %v", c.p, got, c.want)
		}
	}
}

// randomAxes returns the columns of a random rotation, made from a random unit quaternion.
func randomAxes(r *rand.Rand) mgl64.Mat3 {
	q := mgl64.Quat{W: r.NormFloat64(), V: mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}}.Normalize()
	return q.Mat4().Mat3()
}

// randomGeometry returns a grid, or a stack whose planes are unevenly apart and shifted within themselves. Axes are blurred to six digits,
// as scanners write them.
func randomGeometry(r *rand.Rand, stack bool) Geometry {
	axes := randomAxes(r)
	blur := func(v mgl64.Vec3) mgl64.Vec3 {
		for n := range v {
			v[n] = math.Round(v[n]*1e6) / 1e6
		}
		return v
	}
	i, j := blur(axes.Col(0)), blur(axes.Col(1))
	k := i.Cross(j).Normalize()
	g := Geometry{
		Size:      [3]int{1 + r.IntN(512), 1 + r.IntN(512), 1 + r.IntN(40)},
		Spacing:   mgl64.Vec3{0.1 + 5*r.Float64(), 0.1 + 5*r.Float64(), 0.1 + 5*r.Float64()},
		Origin:    Point{1000 * r.NormFloat64(), 1000 * r.NormFloat64(), 1000 * r.NormFloat64()},
		Direction: mgl64.Mat3FromCols(i, j, k),
	}
	if stack {
		at := g.Origin
		for range g.Size[2] {
			g.PlaneOrigins = append(g.PlaneOrigins, at)
			at = at.Add(k.Mul(0.05 + 8*r.Float64())).Add(i.Mul(r.NormFloat64())).Add(j.Mul(r.NormFloat64()))
		}
	}
	return g
}

func TestIndexToPatientAndBack(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range 4000 {
		g := randomGeometry(r, n%2 == 1)
		x := Index{
			float64(g.Size[0]) * 1.5 * (r.Float64() - 0.25), float64(g.Size[1]) * 1.5 * (r.Float64() - 0.25), float64(g.Size[2]) * 1.5 * (r.Float64() - 0.25),
		}
		back := g.ToIndex(g.ToPatient(x))
		if d := mgl64.Vec3(back).Sub(mgl64.Vec3(x)).Len(); !(d <= 1e-9) {
			t.Fatalf("seed %d, case %d: %v came back as %v (off by %g)", seed, n, x, back, d)
		}
		p := Point{g.Origin[0] + 300*r.NormFloat64(), g.Origin[1] + 300*r.NormFloat64(), g.Origin[2] + 300*r.NormFloat64()}
		if d := g.ToPatient(g.ToIndex(p)).Sub(p).Len(); !(d <= 1e-9) {
			t.Fatalf("seed %d, case %d: the point %v came back %g mm away", seed, n, p, d)
		}
	}
}

func TestSameGrid(t *testing.T) {
	a, b := head(), head()
	if !a.SameGrid(&b, 0) {
		t.Error("a grid is the same as itself")
	}
	b.Origin[0] += 0.02
	if a.SameGrid(&b, 0.01) || !a.SameGrid(&b, 0.03) {
		t.Error("the tolerance is in millimetres of the corners")
	}
	b = head()
	b.FrameOfReference = "1.2.3"
	if a.SameGrid(&b, 1) {
		t.Error("two frames of reference are never the same grid")
	}
	b = head()
	b.Size[0]++
	if a.SameGrid(&b, 100) {
		t.Error("two sizes are never the same grid")
	}
}
