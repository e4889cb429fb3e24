package volume

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// stackAt is a stack of axial planes of 4 x 3 pixels of 1 mm at the given heights, each moved along y by slide mm for each mm of height.
func stackAt(slide float64, heights ...float64) Geometry {
	g := Geometry{Size: [3]int{4, 3, len(heights)}, Spacing: mgl64.Vec3{1, 1, 0}, Direction: mgl64.Ident3(), Origin: Point{10, 20, heights[0]}}
	var gaps []float64
	for n, z := range heights {
		g.PlaneOrigins = append(g.PlaneOrigins, Point{10, 20 + slide*(z-heights[0]), z})
		if n > 0 {
			gaps = append(gaps, z-heights[n-1])
		}
	}
	g.Spacing[2] = medianOf(gaps)
	return g
}

func TestRegularGridOverAStack(t *testing.T) {
	for name, c := range map[string]struct {
		g      Geometry
		size   [3]int
		step   float64
		origin Point
		empty  int
	}{
		"a tilt widens the grid by the shift":            {stackAt(0.25, 0, 2, 4, 6), [3]int{4, 5, 4}, 2, Point{10, 20, 0}, 0},
		"a tilt the other way moves the origin":          {stackAt(-0.25, 0, 2, 4, 6), [3]int{4, 5, 4}, 2, Point{10, 18, 0}, 0},
		"a shift of a thousandth of a pixel is rounding": {stackAt(0.0001, 0, 2, 4, 9), [3]int{4, 3, 6}, 1.8, Point{10, 20, 0}, 1},
		"a missing slice stays missing":                  {stackAt(0, 0, 2, 4, 8, 10), [3]int{4, 3, 6}, 2, Point{10, 20, 0}, 1},
		"uneven planes have the least distance":          {stackAt(0, 0, 1, 3, 5, 7), [3]int{4, 3, 8}, 1, Point{10, 20, 0}, 0},
		"but no less than a quarter of the median":       {stackAt(0, 0, 0.1, 2.1, 4.1, 6.1), [3]int{4, 3, 13}, 6.1 / 12, Point{10, 20, 0}, 0},
	} {
		r, empty, err := c.g.Regular()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Size != c.size || math.Abs(r.Spacing[2]-c.step) > 1e-12 || r.Origin.Sub(c.origin).Len() > 1e-12 || empty != c.empty || r.IsStack() || r.Direction != c.g.Direction {
			t.Errorf("%s: size %v, step %v, origin %v, %d gaps stay empty", name, r.Size, r.Spacing[2], r.Origin, empty)
		}
	}
}

func TestWhatIsNotResampled(t *testing.T) {
	regular, pixels, far := head(), stackAt(0.3, 0, 1, 2), stackAt(1e4, 0, 1, 2)
	pixels.Uncalibrated = true
	for name, c := range map[string]struct {
		g    Geometry
		p    Pixel
		kind project.Kind
	}{
		"a regular grid":        {regular, Int16, project.Invalid},
		"pixels without a size": {pixels, Int16, project.Unsupported},
		"planes metres apart":   {far, Int16, project.Unsupported},
		"colour":                {stackAt(0.3, 0, 1, 2), RGB8, project.Unsupported},
	} {
		v, err := New(c.g, c.p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Resample(context.Background(), v, nil); project.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResampleByHand(t *testing.T) {
	g := stackAt(0.25, 0, 2) // the second plane lies half a row further back
	v, err := New(g, Int16)
	if err != nil {
		t.Fatal(err)
	}
	v.Slope, v.Intercept, v.Unit = 2, -1000, "HU"
	v.Padding, v.HasPadding = [2]float64{-5, -5}, true
	for n := range v.Int16 {
		v.Int16[n] = int16(n)
	}
	v.Int16[v.Offset(3, 0, 0)] = -5
	v.ArriveAll()
	out, err := Resample(context.Background(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	if out.Size != [3]int{4, 4, 2} || out.Unit != "HU" || !out.Resampled || !out.Complete() || out.Slope != 1 || out.HasPadding {
		t.Fatalf("%+v", out.Geometry)
	}
	for _, c := range []struct {
		i, j, k int
		want    float64 // stored
	}{
		{1, 2, 0, 9}, {0, 0, 0, 0},
		{2, 1, 1, 12 + 2 + 2}, // row 0.5 of the second plane: halfway between 14 and 18
		{0, 0, 1, 12},         // row -0.5: within half a pixel the outermost row counts
	} {
		if got, ok := out.Value(Index{float64(c.i), float64(c.j), float64(c.k)}); !ok || got != 2*c.want-1000 {
			t.Errorf("(%d, %d, %d) is %v %t, want %v", c.i, c.j, c.k, got, ok, 2*c.want-1000)
		}
	}
	for name, x := range map[string]Index{"padding": {3, 0, 0}, "beyond the first plane": {1, 3, 0}, "beyond the second": {1, 3, 1}} {
		if got, ok := out.Value(x); ok {
			t.Errorf("%s has the value %v", name, got)
		}
	}
}

// reference computes one value of the resampled volume another way: from the patient point alone, in double precision.
func reference(v *Volume, p Point) (value float64, ok bool) {
	normal := v.Axis(0).Cross(v.Axis(1)).Normalize()
	depth := func(n int) float64 { return v.PlaneOrigins[n].Sub(p).Dot(normal) }
	inPlane := func(n int) float64 {
		d := p.Sub(v.PlaneOrigins[n])
		m := mgl64.Mat3FromCols(v.Axis(0).Mul(v.Spacing[0]), v.Axis(1).Mul(v.Spacing[1]), normal).Inv()
		x := m.Mul3x1(d)
		if x[0] < -0.5 || x[1] < -0.5 || x[0] >= float64(v.Size[0])-0.5 || x[1] >= float64(v.Size[1])-0.5 {
			return math.NaN()
		}
		at := func(i, j int) float64 {
			i, j = max(0, min(i, v.Size[0]-1)), max(0, min(j, v.Size[1]-1))
			return v.Rescale(v.StoredAt(v.Offset(i, j, n)))
		}
		i, j := int(math.Floor(x[0])), int(math.Floor(x[1]))
		a, b := x[0]-float64(i), x[1]-float64(j)
		return (at(i, j)*(1-a)+at(i+1, j)*a)*(1-b) + (at(i, j+1)*(1-a)+at(i+1, j+1)*a)*b
	}
	for n := range v.PlaneOrigins {
		if math.Abs(depth(n)) < 1e-9 {
			value = inPlane(n)
			return value, !math.IsNaN(value)
		}
		if n > 0 && depth(n-1) < 0 && depth(n) > 0 {
			part := -depth(n-1) / (depth(n) - depth(n-1))
			value = inPlane(n-1)*(1-part) + inPlane(n)*part
			return value, !math.IsNaN(value)
		}
	}
	return 0, false
}

// TestResampleAgreesWithTheGeometry compares every voxel with the reference, on oblique tilted and uneven stacks of noise.
func TestResampleAgreesWithTheGeometry(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 9))
	compared := 0
	for n := range 60 {
		axes := randomAxes(r)
		g := Geometry{Size: [3]int{12 + r.IntN(20), 12 + r.IntN(20), 2 + r.IntN(9)}, Direction: axes,
			Spacing: mgl64.Vec3{0.3 + r.Float64(), 0.3 + r.Float64(), 0}, Origin: Point{300 * r.NormFloat64(), 300 * r.NormFloat64(), 300 * r.NormFloat64()}}
		tilt := axes.Col(0).Mul(r.NormFloat64()).Add(axes.Col(1).Mul(r.NormFloat64())).Mul(0.1)
		at, gaps := g.Origin, []float64{}
		for k := range g.Size[2] {
			if k > 0 {
				gap := 2.0
				if n%2 == 1 {
					gap = 1.3 + 1.2*r.Float64() // never beyond what is filled
				}
				gaps = append(gaps, gap)
				at = at.Add(axes.Col(2).Add(tilt).Mul(gap))
			}
			g.PlaneOrigins = append(g.PlaneOrigins, at)
		}
		g.Spacing[2] = medianOf(gaps)
		v, err := New(g, Uint16)
		if err != nil {
			t.Fatal(err)
		}
		v.Slope, v.Intercept = 0.5, -100
		for m := range v.Uint16 {
			v.Uint16[m] = uint16(r.IntN(4000))
		}
		v.ArriveAll()
		out, err := Resample(context.Background(), v, nil)
		if err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		s, err := newStraightener(&v.Geometry)
		if err != nil {
			t.Fatal(err)
		}
		off := 0.0 // by which shifts were rounded, in pixels
		_, shift := g.Straight()
		for m := range shift {
			for a := range 2 {
				off = max(off, math.Abs(math.Remainder(shift[m][a]-s.planes[m].shift[a], 1)))
			}
		}
		if off > samePixel {
			t.Fatalf("seed %d, case %d: a plane is %g pixels off", seed, n, off)
		}
		for m, got := range out.Float32 {
			x := [3]int{m % out.Size[0], m / out.Size[0] % out.Size[1], m / out.Size[0] / out.Size[1]}
			if from := s.from[x[2]]; from.part == 0 && math.Abs(s.planes[from.plane].depth-float64(x[2])*out.Spacing[2]) > 1e-9 {
				continue // a slice that was taken for a plane within the tolerance
			}
			if edge(s, x) {
				continue
			}
			want, ok := reference(v, out.ToPatient(Index{float64(x[0]), float64(x[1]), float64(x[2])}))
			compared++
			if ok == math.IsNaN(float64(got)) || ok && math.Abs(float64(got)-want) > 0.005+4*off*2000 {
				t.Fatalf("seed %d, case %d: voxel %v is %v, want %v %t", seed, n, x, got, want, ok)
			}
		}
	}
	if compared < 10000 {
		t.Errorf("seed %d: only %d voxels were compared", seed, compared)
	}
}

// edge reports whether a voxel lies so near to the outermost edge of a plane that rounding decides on which side.
func edge(s *straightener, x [3]int) bool {
	from := s.from[x[2]]
	for n := from.plane; n <= min(from.plane+1, len(s.planes)-1); n++ {
		for a := range 2 {
			at := float64(x[a]) - s.planes[n].shift[a] + 0.5
			size := float64(s.grid.Size[a]) // every edge of a plane lies half a pixel from a whole one
			if d := math.Abs(at - math.Round(at)); d < 2*samePixel && at > -1 && at < size+1 {
				return true
			}
		}
	}
	return false
}

func TestResampleIsCancelled(t *testing.T) {
	v, err := New(stackAt(0.3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Int16)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err = Resample(ctx, v, func(done, total int) {
		if cancel(); total != 10 {
			t.Errorf("%d of %d", done, total)
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestSlicesThatDidNotArriveAreNotMadeUp(t *testing.T) {
	v, err := New(stackAt(0.5, 0, 1, 2), Float32)
	if err != nil {
		t.Fatal(err)
	}
	v.Arrive(0)
	v.Arrive(2)
	out, err := Resample(context.Background(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	here := ""
	for k := range 3 {
		if _, ok := out.Value(Index{1, 1, float64(k)}); ok {
			here += "x"
		} else {
			here += "-"
		}
	}
	if !strings.HasPrefix(here, "x-x") {
		t.Error(here)
	}
}
