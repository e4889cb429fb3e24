package volume

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// axialAt returns axial planes at the given heights, all at x = -10, y = -20.
func axialAt(z ...float64) []Placement {
	var p []Placement
	for _, z := range z {
		p = append(p, Placement{Position: Point{-10, -20, z}, Row: mgl64.Vec3{1, 0, 0}, Column: mgl64.Vec3{0, 1, 0}})
	}
	return p
}

// tiltedAt moves each axial plane by degrees: planes stay axial while their origins run along y as the table moves.
func tiltedAt(degrees float64, z ...float64) []Placement {
	p := axialAt(z...)
	for n := range p {
		p[n].Position[1] += p[n].Position[2] * math.Tan(degrees*math.Pi/180)
	}
	return p
}

var frame = Frame{Columns: 8, Rows: 6, Spacing: [2]float64{0.7, 0.9}, FrameOfReference: "1.2.3"}

func codes(o *Ordered) string {
	var s []string
	for _, w := range o.Warnings {
		s = append(s, string(w.Code))
	}
	return strings.Join(s, " ")
}

func TestFromSlices(t *testing.T) {
	for name, c := range map[string]struct {
		places  []Placement
		order   []int
		dropped []int
		spacing float64
		stack   bool
		tilt    float64
		codes   string
	}{
		"one slice has no distance":             {places: axialAt(5), order: []int{0}},
		"two slices":                            {places: axialAt(5, 2), order: []int{1, 0}, spacing: 3},
		"shuffled slices are put in order":      {places: axialAt(4, 0, 2, -2), order: []int{3, 1, 2, 0}, spacing: 2},
		"one slice is missing":                  {places: axialAt(0, 5, 10, 20), order: []int{0, 1, 2, 3}, spacing: 5, stack: true, codes: "gap"},
		"gaps at five places are summed up":     {places: axialAt(0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16), order: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, spacing: 1, stack: true, codes: "gap gap gap gap"},
		"uneven spacing":                        {places: axialAt(0, 1, 2.5, 3.5), order: []int{0, 1, 2, 3}, spacing: 1, stack: true, codes: "uneven_spacing"},
		"a gap and uneven spacing":              {places: axialAt(0, 1, 2, 4, 5.3), order: []int{0, 1, 2, 3, 4}, spacing: 1.15, stack: true, codes: "uneven_spacing"},
		"half a percent off is even":            {places: axialAt(0, 2, 4.01, 6.01), order: []int{0, 1, 2, 3}, spacing: 2},
		"two percent off is uneven":             {places: axialAt(0, 2, 4.04, 6.04), order: []int{0, 1, 2, 3}, spacing: 2, stack: true, codes: "uneven_spacing"},
		"two hundredths of 0.1 mm are uneven":   {places: axialAt(0, 0.1, 0.22, 0.32), order: []int{0, 1, 2, 3}, spacing: 0.1, stack: true, codes: "uneven_spacing"},
		"a hundredth of a millimetre is even":   {places: axialAt(0, 0.1, 0.209, 0.309), order: []int{0, 1, 2, 3}, spacing: 0.1},
		"two slices share a position":           {places: axialAt(0, 1, 1, 2), order: []int{0, 1, 3}, dropped: []int{2}, spacing: 1, codes: "duplicate_position"},
		"three share it, the first is shown":    {places: axialAt(2, 1, 2, 0, 2), order: []int{3, 1, 0}, dropped: []int{2, 4}, spacing: 1, codes: "duplicate_position"},
		"all at one position":                   {places: axialAt(7, 7, 7), order: []int{0}, dropped: []int{1, 2}, codes: "duplicate_position"},
		"gantry tilt":                           {places: tiltedAt(14, 0, 5, 10), order: []int{0, 1, 2}, spacing: 5, stack: true, tilt: 14, codes: "gantry_tilt"},
		"tilt below a tenth of a pixel is none": {places: tiltedAt(0.05, 0, 5, 10), order: []int{0, 1, 2}, spacing: 5},
		"tilt and a missing slice":              {places: tiltedAt(-18.5, 0, 4, 8, 16), order: []int{0, 1, 2, 3}, spacing: 4, stack: true, tilt: 18.5, codes: "gap gantry_tilt"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := FromSlices(c.places, frame)
			if err != nil {
				t.Fatal(err)
			}
			g := &o.Geometry
			if !slices.Equal(o.Order, c.order) || !slices.Equal(o.Dropped, c.dropped) {
				t.Errorf("order %v dropped %v, want %v and %v", o.Order, o.Dropped, c.order, c.dropped)
			}
			if math.Abs(g.Spacing[2]-c.spacing) > 1e-9 || g.Spacing[0] != 0.7 || g.Spacing[1] != 0.9 {
				t.Errorf("spacing %v, want 0.7 0.9 %v", g.Spacing, c.spacing)
			}
			if g.IsStack() != c.stack || math.Abs(o.TiltDegrees-c.tilt) > 1e-6 || codes(o) != c.codes {
				t.Errorf("stack %t tilt %v warnings %q, want %t %v %q", g.IsStack(), o.TiltDegrees, codes(o), c.stack, c.tilt, c.codes)
			}
			if g.Size != [3]int{8, 6, len(c.order)} || g.FrameOfReference != "1.2.3" {
				t.Errorf("size %v, frame of reference %q", g.Size, g.FrameOfReference)
			}
			for k, n := range o.Order {
				if d := g.PlaneOrigin(k).Sub(c.places[n].Position).Len(); c.stack && d > 1e-12 {
					t.Errorf("plane %d is %g mm from where it was acquired", k, d)
				}
			}
		})
	}
}

func TestWarningsNameTheNeighbours(t *testing.T) {
	o, err := FromSlices(axialAt(0, 5, 10, 25, 30), frame)
	if err != nil {
		t.Fatal(err)
	}
	if want := "2 slices are missing between 3 and 4. Volumes across the gap are not computed."; o.Warnings[0].Text != want {
		t.Errorf("%q, want %q", o.Warnings[0].Text, want)
	}
}

func TestOrderFollowsTheNormalNotZ(t *testing.T) {
	// Sagittal planes whose normal (row x column = y x -z) points to the right: growing k is falling x.
	var places []Placement
	for _, x := range []float64{-4, 0, 4} {
		places = append(places, Placement{Position: Point{x, 0, 0}, Row: mgl64.Vec3{0, 1, 0}, Column: mgl64.Vec3{0, 0, -1}})
	}
	o, err := FromSlices(places, frame)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(o.Order, []int{2, 1, 0}) || o.Geometry.Origin != (Point{4, 0, 0}) || o.Geometry.Axis(2) != (mgl64.Vec3{-1, 0, 0}) {
		t.Errorf("order %v from %v along %v", o.Order, o.Geometry.Origin, o.Geometry.Axis(2))
	}
}

func TestFromSlicesRefuses(t *testing.T) {
	turned := axialAt(0, 1)
	turned[1].Row, turned[1].Column = mgl64.Vec3{0, 1, 0}, mgl64.Vec3{-1, 0, 0} // the same normal, turned within the plane
	skew := axialAt(0)
	skew[0].Column = mgl64.Vec3{0.6, 0.8, 0}
	parallel := axialAt(0)
	parallel[0].Column = parallel[0].Row
	long := axialAt(0)
	long[0].Row = mgl64.Vec3{1.01, 0, 0}
	zero := axialAt(0)
	zero[0].Row = mgl64.Vec3{}
	nan := axialAt(0)
	nan[0].Row[1] = math.NaN()
	mixed := append(axialAt(0), Placement{Row: mgl64.Vec3{1, 0, 0}, Column: mgl64.Vec3{0, 0, -1}})
	slightly := axialAt(0, 1)
	slightly[1].Column = mgl64.Vec3{0, math.Cos(3e-4), math.Sin(3e-4)} // 0.017 degrees
	for name, places := range map[string][]Placement{
		"mixed orientation": mixed, "turned in the plane": turned, "axes not perpendicular": skew, "axes parallel": parallel,
		"an axis that is no unit": long, "an axis that is zero": zero, "an axis that is not a number": nan, "normals 0.017 degrees apart": slightly,
	} {
		if _, err := FromSlices(places, frame); !errors.Is(err, ErrOrientation) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := FromSlices(nil, frame); !errors.Is(err, ErrNoSlices) {
		t.Errorf("nothing: %v", err)
	}
}

func TestSlightlyDifferentNormalsAreParallel(t *testing.T) {
	places := axialAt(0, 1)
	places[1].Column = mgl64.Vec3{0, math.Cos(1e-4), math.Sin(1e-4)} // 0.006 degrees
	if _, err := FromSlices(places, frame); err != nil {
		t.Error(err)
	}
}

// Whatever the order of the files, the grid is the same, and every voxel centre of slice k lies where equation C.7.6.2.1-1 puts it; as near
// as a regular grid comes to planes whose tilt or uneven spacing is below what counts as such.
func TestFromSlicesDoesNotDependOnFileOrder(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	for n := range 200 {
		g := randomGeometry(r, n%2 == 1)
		places := make([]Placement, g.Size[2])
		for k := range places {
			places[k] = Placement{Position: g.PlaneOrigin(k), Row: g.Axis(0), Column: g.Axis(1)}
		}
		r.Shuffle(len(places), func(a, b int) { places[a], places[b] = places[b], places[a] })
		o, err := FromSlices(places, Frame{Columns: g.Size[0], Rows: g.Size[1], Spacing: [2]float64{g.Spacing[0], g.Spacing[1]}})
		if err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		for k := range o.Order {
			allowed := 1e-6
			if n%2 == 1 && o.Geometry.PlaneOrigins == nil {
				allowed += 0.1*min(g.Spacing[0], g.Spacing[1]) + float64(k)*max(0.01*o.Geometry.Spacing[2], 0.01)
			}
			i, j := float64(r.IntN(g.Size[0])), float64(r.IntN(g.Size[1]))
			p := places[o.Order[k]]
			want := p.Position.Add(p.Row.Mul(i * g.Spacing[0])).Add(p.Column.Mul(j * g.Spacing[1]))
			if d := o.Geometry.ToPatient(Index{i, j, float64(k)}).Sub(want).Len(); d > allowed {
				t.Fatalf("seed %d, case %d, slice %d: voxel is %g mm from its place", seed, n, k, d)
			}
		}
	}
}

func TestDuplicateTextCountsThem(t *testing.T) {
	o, _ := FromSlices(axialAt(0, 0, 0), frame)
	if o.Warnings[0].Code != project.WarnDuplicatePosition || !strings.HasPrefix(o.Warnings[0].Text, "2 images are at a position") {
		t.Errorf("%+v", o.Warnings)
	}
}

// Distances that are each within the tolerance may add up: the grid must still pass through every plane.
func TestSmallDifferencesThatAddUp(t *testing.T) {
	var rounded, two []float64
	for n := range 301 {
		rounded = append(rounded, math.Round(0.625*float64(n)*100)/100) // a scanner that writes two digits
		two = append(two, float64(n)+0.009*float64(max(0, n-150)))      // another distance in the second half
	}
	o, err := FromSlices(axialAt(rounded...), frame)
	if err != nil || o.Geometry.IsStack() || math.Abs(o.Geometry.Spacing[2]-0.625) > 1e-4 || len(o.Warnings) > 0 {
		t.Fatalf("%v, spacing %v, %v", err, o.Geometry.Spacing, o.Warnings)
	}
	for k, z := range rounded {
		if got := o.Geometry.PlaneOrigin(k)[2]; math.Abs(got-z) > 0.01 {
			t.Fatalf("plane %d lies at %v, the grid says %v", k, z, got)
		}
	}
	o, err = FromSlices(axialAt(two...), frame)
	if err != nil || !o.Geometry.IsStack() || codes(o) != "uneven_spacing" || o.Geometry.PlaneOrigins[300][2] != two[300] {
		t.Errorf("two distances: %v, %s, %v", err, codes(o), o.Geometry.Spacing)
	}
}
