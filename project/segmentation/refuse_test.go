package segmentation

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// TestRangeAgreesWithValues: only voxels whose rescaled value lies in the range, both ends included, are painted.
func TestRangeAgreesWithValues(t *testing.T) {
	r := random(t)
	for _, pixel := range []volume.Pixel{volume.Uint8, volume.Int16, volume.Uint16, volume.Float32} {
		g := randomGrid(r, [3]int{80, 40, 9})
		v := randomVolume(r, g, pixel)
		limits := [2]float64{v.Rescale(40), v.Rescale(160)}
		s := Stroke{Shape: Sphere, RadiusMM: 9, Points: randomPath(r, g, 3), Range: &limits}
		target := Target{Set: one(g), Segment: 1, Geometry: g, Volume: v}
		set, _, err := Paint(target, s, Rule{})
		if err != nil {
			t.Fatal(err)
		}
		s.Range = nil
		all := mustPaint(t, one(g), g, s)
		got, _ := set.Find(1)
		newCells(g.Size).each(func(i, j, k int, _ *bool) {
			value, ok := v.Value(volume.Index{float64(i), float64(j), float64(k)})
			want := all.At(i, j, k) && ok && value >= limits[0] && value <= limits[1]
			if got.Mask.At(i, j, k) != want {
				t.Fatalf("%s: voxel (%d, %d, %d) of value %g: painted %v", pixel, i, j, k, value, !want)
			}
		})
	}
}

func randomVolume(r *rand.Rand, g *volume.Geometry, pixel volume.Pixel) *volume.Volume {
	v, err := volume.New(*g, pixel)
	if err != nil {
		panic(err)
	}
	v.Slope, v.Intercept, v.HasPadding, v.Padding = 2.5, -100, true, [2]float64{77, 78}
	for n := range g.Voxels() {
		x := r.IntN(200)
		switch pixel {
		case volume.Uint8:
			v.Uint8[n] = uint8(x)
		case volume.Int16:
			v.Int16[n] = int16(x)
		case volume.Uint16:
			v.Uint16[n] = uint16(x)
		default:
			v.Float32[n] = float32(x)
			if x == 100 {
				v.Float32[n] = float32(math.NaN())
			}
		}
	}
	v.ArriveAll()
	return v
}

func TestAStrokeIsRefusedWhole(t *testing.T) {
	g := grid([3]int{20, 20, 20}, mgl64.Vec3{1, 1, 1})
	half, err := volume.New(*g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 10 {
		half.Arrive(k)
	}
	locked := one(g)
	seg, _ := locked.Find(1)
	copied := *seg
	copied.Locked = true
	locked = locked.With(&copied)
	limits := &[2]float64{-1, 1}
	ball := Stroke{Shape: Sphere, RadiusMM: 3, Points: []volume.Point{{10, 10, 5}, {10, 10, 15}}}
	with := func(f func(s *Stroke)) Stroke { s := ball; f(&s); return s }
	for _, c := range []struct {
		name   string
		target Target
		s      Stroke
		kind   project.Kind
	}{
		{"the segment is locked", Target{Set: locked, Segment: 1, Geometry: g}, ball, project.NotPermitted},
		{"there is no such segment", Target{Set: one(g), Segment: 2, Geometry: g}, ball, project.NotFound},
		{"the image is another", Target{Set: one(g), Segment: 1, Geometry: grid([3]int{3, 3, 3}, mgl64.Vec3{1, 1, 1})}, ball, project.Invalid},
		{"the radius is zero", Target{Set: one(g), Segment: 1, Geometry: g}, with(func(s *Stroke) { s.RadiusMM = 0 }), project.Invalid},
		{"the radius is not a number", Target{Set: one(g), Segment: 1, Geometry: g}, with(func(s *Stroke) { s.RadiusMM = math.NaN() }), project.Invalid},
		{"the disc has no normal", Target{Set: one(g), Segment: 1, Geometry: g}, with(func(s *Stroke) { s.Shape = Disc }), project.Invalid},
		{"a point is not a number", Target{Set: one(g), Segment: 1, Geometry: g}, with(func(s *Stroke) { s.Points = []volume.Point{{math.Inf(1), 0, 0}} }), project.Invalid},
		{"the range is upside down", Target{Set: one(g), Segment: 1, Geometry: g, Volume: half}, with(func(s *Stroke) { s.Range = &[2]float64{1, -1} }), project.Invalid},
		{"a range without images", Target{Set: one(g), Segment: 1, Geometry: g}, with(func(s *Stroke) { s.Range = limits }), project.NotFound},
		{"a range where slices are still loading", Target{Set: one(g), Segment: 1, Geometry: g, Volume: half}, with(func(s *Stroke) { s.Range = limits }), project.Busy},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, d, err := Paint(c.target, c.s, Rule{})
			if project.KindOf(err) != c.kind || set != nil || d != nil {
				t.Fatalf("got %v (%s), want %s", err, project.KindOf(err), c.kind)
			}
		})
	}
	_, _, err = Paint(Target{Set: locked, Segment: 1, Geometry: g}, ball, Rule{})
	if !errors.Is(err, ErrLocked) || err.Error() != "the segment liver is locked" {
		t.Fatalf("a locked segment gives %q", err)
	}
}

// TestAFailedExtendChangesNothing: what was painted before stays, and the stroke can go on.
func TestAFailedExtendChangesNothing(t *testing.T) {
	g := grid([3]int{20, 20, 20}, mgl64.Vec3{1, 1, 1})
	v, _ := volume.New(*g, volume.Int16)
	v.Arrive(5)
	p, err := NewPainter(Target{Set: one(g), Segment: 1, Geometry: g, Volume: v}, Stroke{RadiusMM: 2, Normal: mgl64.Vec3{0, 0, 1}, Range: &[2]float64{0, 0}}, Rule{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Extend(volume.Point{10, 10, 5}); err != nil {
		t.Fatal(err)
	}
	before := p.Set()
	if _, err := p.Extend(volume.Point{12, 10, 5}, volume.Point{10, 10, 9}); project.KindOf(err) != project.Busy {
		t.Fatalf("got %v", err)
	}
	if !p.Set().Equal(before) {
		t.Fatal("a failed Extend changed the set")
	}
	if _, err := p.Extend(volume.Point{12, 10, 5}); err != nil {
		t.Fatal(err)
	}
	want := newCells(g.Size)
	want.each(func(i, j, k int, on *bool) {
		*on = k == 5 && distance(volume.Point{float64(i), float64(j), 5}, []volume.Point{{10, 10, 5}, {12, 10, 5}}, mgl64.Vec3{}) <= 2
	})
	got, _ := p.Set().Find(1)
	same(t, "after the failed step", got.Mask, want)
}
