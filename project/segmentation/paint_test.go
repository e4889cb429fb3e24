package segmentation

import (
	"math"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// underPointer marks the voxels that the path passes through, by stepping along it finely. close holds those that it passes within a millionth of a
// voxel: arithmetic may put them on either side.
func underPointer(g *volume.Geometry, path []volume.Point, mark func(v [3]int)) {
	for s := range path {
		a, b := path[max(s-1, 0)], path[s]
		const steps = 4000
		for n := range steps + 1 {
			x := g.ToIndex(a.Add(b.Sub(a).Mul(float64(n) / steps)))
			if g.Contains(x) {
				mark(x.Voxel())
			}
		}
	}
}

// TestSphereAgreesWithDistance compares a swept sphere with the distance of every voxel's centre, on oblique anisotropic grids and on stacks.
func TestSphereAgreesWithDistance(t *testing.T) {
	r := random(t)
	for n := range 60 {
		size := [3]int{5 + r.IntN(80), 5 + r.IntN(80), 1 + r.IntN(12)}
		g := randomGrid(r, size)
		if n%3 == 0 {
			g = randomStack(r, size)
		}
		s := Stroke{Shape: Sphere, RadiusMM: math.Exp(r.Float64()*6 - 2), Points: randomPath(r, g, 1+r.IntN(4))}
		if n%5 == 1 {
			// Axes as sloppy files write them, not quite perpendicular or of unit length: distances are those between the points that ToPatient gives.
			for m := range g.Direction {
				g.Direction[m] += 5e-4 * r.NormFloat64()
			}
			s.RadiusMM += 4
		}
		m := mustPaint(t, one(g), g, s)
		tip := map[[3]int]bool{}
		if !g.IsStack() {
			underPointer(g, s.Points, func(v [3]int) { tip[v] = true })
		}
		newCells(size).each(func(i, j, k int, _ *bool) {
			d := distance(g.ToPatient(volume.Index{float64(i), float64(j), float64(k)}), s.Points, mgl64.Vec3{})
			switch {
			case math.Abs(d-s.RadiusMM) < 1e-6:
			case d < s.RadiusMM && !m.At(i, j, k):
				t.Fatalf("voxel (%d, %d, %d), %.6f mm from the path, is not painted; %s", i, j, k, d, describe(g, s))
			case d > s.RadiusMM && tip[[3]int{i, j, k}] && !m.At(i, j, k):
				t.Fatalf("voxel (%d, %d, %d) under the pointer is not painted; %s", i, j, k, describe(g, s))
			case d > s.RadiusMM && !tip[[3]int{i, j, k}] && m.At(i, j, k) && !clips(g, s.Points, i, j, k):
				t.Fatalf("voxel (%d, %d, %d), %.6f mm from the path, is painted; %s", i, j, k, d, describe(g, s))
			}
		})
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// clips reports whether the path passes through the voxel, if only through a corner that stepping along the path misses.
func clips(g *volume.Geometry, path []volume.Point, i, j, k int) bool {
	for s := range path {
		a, b := path[max(s-1, 0)], path[s]
		t0, t1 := 0.0, 1.0
		o := g.Origin
		if g.IsStack() {
			o = g.PlaneOrigins[k]
		}
		for n, at := range [3]int{i, j, k} {
			x := a.Sub(o).Dot(g.Axis(n)) / g.Spacing[n]
			d := b.Sub(a).Dot(g.Axis(n)) / g.Spacing[n]
			if g.IsStack() && n == 2 {
				at = 0
			}
			lo, hi := float64(at)-0.5-1e-6-x, float64(at)+0.5+1e-6-x
			if math.Abs(d) < 1e-12 {
				if lo > 0 || hi < 0 {
					t0, t1 = 1, 0
				}
				continue
			}
			t0, t1 = math.Max(t0, math.Min(lo/d, hi/d)), math.Min(t1, math.Max(lo/d, hi/d))
		}
		if t0 <= t1 {
			return true
		}
	}
	return false
}

// TestDiscAgreesWithDigitalPlane compares a disc in any plane with the definition: of each column along the axis nearest to the normal the voxel nearest
// to the plane, if its centre dropped onto the plane lies within the radius of the path.
func TestDiscAgreesWithDigitalPlane(t *testing.T) {
	r := random(t)
	for n := range 80 {
		size := [3]int{5 + r.IntN(70), 5 + r.IntN(70), 3 + r.IntN(12)}
		g := randomGrid(r, size)
		normal := mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}.Normalize()
		if n%3 == 0 {
			normal = g.Axis(r.IntN(3)) // one of the grid's own planes
		}
		// A path within the plane through a point of the grid. The radius is above the size at which the voxels under the pointer add any.
		first := randomPath(r, g, 1)[0]
		path := []volume.Point{first}
		for range r.IntN(4) {
			v := mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}.Mul(15)
			path = append(path, first.Add(dropped(v, normal)))
		}
		s := Stroke{Shape: Disc, Normal: normal.Mul(3), RadiusMM: 1.5*(g.Spacing[0]+g.Spacing[1]+g.Spacing[2]) + 8*r.Float64(), Points: path}
		m := mustPaint(t, one(g), g, s)
		axis, slope := 2, [3]float64{}
		for a := range 3 {
			slope[a] = normal.Dot(g.Axis(a)) * g.Spacing[a]
			if math.Abs(slope[a]) > math.Abs(slope[axis]) {
				axis = a
			}
		}
		newCells(size).each(func(i, j, k int, _ *bool) {
			p := g.ToPatient(volume.Index{float64(i), float64(j), float64(k)})
			layers := p.Sub(first).Dot(normal) / slope[axis] // from the plane to the voxel along the column
			d := distance(p, path, normal)
			if math.Abs(d-s.RadiusMM) < 1e-6 || math.Abs(math.Abs(layers)-0.5) < 1e-5 {
				return
			}
			if want := d < s.RadiusMM && math.Abs(layers) < 0.5; want != m.At(i, j, k) {
				t.Fatalf("voxel (%d, %d, %d), %.4f layers off and %.4f mm from the path: painted %v; axis %d normal %v %s", i, j, k, layers, d, m.At(i, j, k), axis, normal, describe(g, s))
			}
		})
	}
}

// TestDiscOnAStackStaysOnItsPlane: tilted, uneven planes are painted one by one, at their own origins.
func TestDiscOnAStackStaysOnItsPlane(t *testing.T) {
	r := random(t)
	for range 30 {
		g := randomStack(r, [3]int{40, 50, 8})
		k := r.IntN(8)
		var path []volume.Point
		for range 3 {
			path = append(path, g.ToPatient(volume.Index{r.Float64() * 39, r.Float64() * 49, float64(k)}))
		}
		s := Stroke{Shape: Disc, Normal: g.Axis(2), RadiusMM: 3 + 4*r.Float64(), Points: path}
		m := mustPaint(t, one(g), g, s)
		newCells(g.Size).each(func(i, j, kk int, _ *bool) {
			d := distance(g.ToPatient(volume.Index{float64(i), float64(j), float64(kk)}), path, mgl64.Vec3{})
			if want := kk == k && d < s.RadiusMM; want != m.At(i, j, kk) && math.Abs(d-s.RadiusMM) > 1e-6 {
				t.Fatalf("voxel (%d, %d, %d) of plane %d, %.4f mm away: painted %v", i, j, kk, k, d, m.At(i, j, kk))
			}
		})
	}
	g := randomStack(r, [3]int{10, 10, 4})
	_, _, err := Paint(Target{Set: one(g), Segment: 1, Geometry: g}, Stroke{RadiusMM: 2, Normal: g.Axis(1), Points: []volume.Point{g.Centre()}}, Rule{})
	if project.KindOf(err) != project.Invalid {
		t.Fatalf("a disc across the planes of a stack gives %v", err)
	}
}

// TestFastStrokesHaveNoGaps: whatever the speed, radius, shape and direction, the voxels of a stroke touch one another.
func TestFastStrokesHaveNoGaps(t *testing.T) {
	r := random(t)
	for n := range 80 {
		g := randomGrid(r, [3]int{20 + r.IntN(60), 20 + r.IntN(60), 5 + r.IntN(20)})
		s := Stroke{RadiusMM: math.Exp(r.Float64()*8 - 6), Shape: Shape(n % 2), Normal: mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}}
		if n%4 == 0 {
			s.Normal = g.Axis(2)
		}
		inside := func() volume.Point {
			x := volume.Index{}
			for a := range x {
				x[a] = (0.3 + 0.4*r.Float64()) * float64(g.Size[a]-1)
			}
			return g.ToPatient(x)
		}
		first := inside()
		s.Points = []volume.Point{first}
		for range 3 {
			p := inside()
			if s.Shape == Disc {
				p = first.Add(dropped(p.Sub(first), s.Normal.Normalize()).Mul(0.3))
			}
			s.Points = append(s.Points, p)
		}
		m := mustPaint(t, one(g), g, s)
		if parts := connectedParts(m); parts != 1 {
			t.Fatalf("stroke %d has %d parts: %s", n, parts, describe(g, s))
		}
	}
}

// connectedParts counts groups of voxels that touch by face, edge or corner.
func connectedParts(m *Mask) int {
	seen, parts := NewBuilder(NewMask(m.size)), 0
	newCells(m.size).each(func(i, j, k int, _ *bool) {
		if !m.At(i, j, k) || seen.Mask().At(i, j, k) {
			return
		}
		parts++
		todo := [][3]int{{i, j, k}}
		seen.Set(i, j, k)
		for len(todo) > 0 {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for n := range 27 {
				x, y, z := v[0]+n%3-1, v[1]+n/3%3-1, v[2]+n/9-1
				if m.At(x, y, z) && !seenAt(seen, x, y, z) {
					seen.Set(x, y, z)
					todo = append(todo, [3]int{x, y, z})
				}
			}
		}
	})
	return parts
}

func seenAt(b *Builder, i, j, k int) bool {
	brick := b.brick(i/BrickColumns, j/BrickRows, k/BrickSlices)
	return brick != nil && brick[k%BrickSlices*BrickRows+j%BrickRows]>>(i%BrickColumns)&1 == 1
}

// TestATinyBrushPaintsTheVoxelUnderThePointer: a click anywhere in a voxel paints exactly that one.
func TestATinyBrushPaintsTheVoxelUnderThePointer(t *testing.T) {
	r := random(t)
	for n := range 200 {
		g := randomGrid(r, [3]int{30, 30, 30})
		x := volume.Index{r.Float64() * 29, r.Float64() * 29, r.Float64() * 29}
		s := Stroke{Shape: Shape(n % 2), Normal: g.Axis(n % 3), RadiusMM: 0.01, Points: []volume.Point{g.ToPatient(x)}}
		m := mustPaint(t, one(g), g, s)
		v := x.Voxel()
		if m.Count() != 1 || !m.At(v[0], v[1], v[2]) {
			lo, hi, _ := m.Bounds()
			t.Fatalf("a click at %v painted %d voxels, %v to %v", x, m.Count(), lo, hi)
		}
	}
}

// TestSpeedDoesNotMatter: more samples on the same straight way change nothing.
func TestSpeedDoesNotMatter(t *testing.T) {
	r := random(t)
	for n := range 40 {
		g := randomGrid(r, [3]int{60, 60, 20})
		ends := randomPath(r, g, 2)
		normal := ends[1].Sub(ends[0]).Cross(mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()})
		s := Stroke{Shape: Shape(n % 2), Normal: normal, RadiusMM: 0.05 + 5*r.Float64()*float64(n%3), Points: ends}
		fast := mustPaint(t, one(g), g, s)
		s.Points = nil
		for n := range 18 {
			s.Points = append(s.Points, ends[0].Add(ends[1].Sub(ends[0]).Mul(float64(n)/17)))
		}
		slow := mustPaint(t, one(g), g, s)
		if d, _ := Exclusive(fast, slow); d.Count() > 0 {
			t.Fatalf("%d of %d voxels differ: %s", d.Count(), fast.Count(), describe(g, s))
		}
	}
}

// TestHandComputedStrokes are cases that can be checked on paper.
func TestHandComputedStrokes(t *testing.T) {
	iso := grid([3]int{21, 21, 21}, mgl64.Vec3{1, 1, 1})
	thick := grid([3]int{21, 21, 5}, mgl64.Vec3{0.5, 1, 4})
	for _, c := range []struct {
		name  string
		g     *volume.Geometry
		s     Stroke
		count int64
	}{
		{"a sphere of exactly one voxel's radius has its centre and six neighbours", iso, Stroke{Shape: Sphere, RadiusMM: 1, Points: []volume.Point{{10, 10, 10}}}, 7},
		{"a disc of exactly one voxel's radius has its centre and four neighbours", iso, Stroke{RadiusMM: 1, Normal: mgl64.Vec3{0, 0, 1}, Points: []volume.Point{{10, 10, 10}}}, 5},
		{"a disc of radius 2 has 13 voxels", iso, Stroke{RadiusMM: 2, Normal: mgl64.Vec3{0, 1, 0}, Points: []volume.Point{{10, 10, 10}}}, 13},
		{"a sphere of radius 5 has 515 voxels", iso, Stroke{Shape: Sphere, RadiusMM: 5, Points: []volume.Point{{10, 10, 10}}}, 515},
		{"half millimetre columns: twice as many", thick, Stroke{RadiusMM: 1, Normal: mgl64.Vec3{0, 0, 1}, Points: []volume.Point{{5, 10, 8}}}, 5 + 2},
		{"thick slices: a sphere of 3 mm stays in one", thick, Stroke{Shape: Sphere, RadiusMM: 3, Points: []volume.Point{{5, 10, 8}}}, 13 + 2*11 + 2*9 + 2*1},
		{"a sweep of 10 mm with radius 1 along a row", iso, Stroke{RadiusMM: 1, Normal: mgl64.Vec3{0, 0, 1}, Points: []volume.Point{{5, 10, 10}, {15, 10, 10}}}, 13 + 11 + 11},
		{"outside the grid nothing is painted", iso, Stroke{Shape: Sphere, RadiusMM: 3, Points: []volume.Point{{-20, 10, 10}}}, 0},
		{"at the corner an eighth of the sphere and its faces", iso, Stroke{Shape: Sphere, RadiusMM: 1, Points: []volume.Point{{0, 0, 0}}}, 4},
		{"between two layers the upper one", iso, Stroke{RadiusMM: 1, Normal: mgl64.Vec3{0, 0, 1}, Points: []volume.Point{{10, 10, 9.5}}}, 5},
		{"a disc beside the grid paints nothing", iso, Stroke{RadiusMM: 1, Normal: mgl64.Vec3{0, 0, 1}, Points: []volume.Point{{10, 10, -1}}}, 0},
		{"a disc moved along its normal paints a cylinder", iso, Stroke{RadiusMM: 1, Normal: mgl64.Vec3{0, 0, 1}, Points: []volume.Point{{10, 10, 2}, {10, 10, 8}}}, 7 * 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mustPaint(t, one(c.g), c.g, c.s)
			if m.Count() != c.count {
				lo, hi, _ := m.Bounds()
				t.Fatalf("%d voxels from %v to %v, want %d", m.Count(), lo, hi, c.count)
			}
		})
	}
}

// TestAPlaneBetweenLayersIsOneLayer: directions with six digits must not split a disc over two layers.
func TestAPlaneBetweenLayersIsOneLayer(t *testing.T) {
	g := grid([3]int{100, 100, 10}, mgl64.Vec3{1, 1, 1})
	tilt := mgl64.Vec3{3e-5, -2e-5, 1}.Normalize()
	m := mustPaint(t, one(g), g, Stroke{RadiusMM: 30, Normal: tilt, Points: []volume.Point{g.Centre()}})
	if lo, hi, _ := m.Bounds(); lo[2] != 5 || hi[2] != 5 {
		t.Fatalf("slices %d to %d, want 5", lo[2], hi[2])
	}
}

func TestEraseUndoesAdd(t *testing.T) {
	r := random(t)
	for range 20 {
		g := randomGrid(r, [3]int{70, 70, 12})
		s := Stroke{Shape: Sphere, RadiusMM: 1 + 8*r.Float64(), Points: randomPath(r, g, 3)}
		set, _, err := Paint(Target{Set: one(g), Segment: 1, Geometry: g}, s, Rule{})
		if err != nil {
			t.Fatal(err)
		}
		s.Erase = true
		if m := mustPaint(t, set, g, s); m.Count() != 0 || !m.Equal(NewMask(g.Size)) {
			t.Fatalf("%d voxels are left", m.Count())
		}
	}
}
