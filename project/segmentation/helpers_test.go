package segmentation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// random returns a source whose seed is printed when the test fails; HOTLIGHT_SEED repeats a run.
func random(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("HOTLIGHT_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("HOTLIGHT_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

func randomSize(r *rand.Rand) [3]int {
	return [3]int{1 + r.IntN(150), 1 + r.IntN(140), 1 + r.IntN(20)}
}

// grid is a plain regular grid along the patient's axes.
func grid(size [3]int, spacing mgl64.Vec3) *volume.Geometry {
	return &volume.Geometry{Size: size, Spacing: spacing, Direction: mgl64.Ident3()}
}

// randomGrid is a grid in any orientation with anisotropic spacing.
func randomGrid(r *rand.Rand, size [3]int) *volume.Geometry {
	q := mgl64.Quat{W: r.NormFloat64(), V: mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}}.Normalize()
	m := q.Mat4()
	return &volume.Geometry{
		Size:      size,
		Spacing:   mgl64.Vec3{0.4 + r.Float64(), 0.4 + r.Float64(), 0.5 + 4*r.Float64()},
		Origin:    volume.Point{100 * r.NormFloat64(), 100 * r.NormFloat64(), 100 * r.NormFloat64()},
		Direction: mgl64.Mat3FromCols(m.Col(0).Vec3(), m.Col(1).Vec3(), m.Col(2).Vec3()),
	}
}

// randomStack is a grid whose planes are tilted and unevenly apart.
func randomStack(r *rand.Rand, size [3]int) *volume.Geometry {
	g := randomGrid(r, size)
	at := g.Origin
	for range size[2] {
		g.PlaneOrigins = append(g.PlaneOrigins, at)
		at = at.Add(g.Axis(2).Mul(g.Spacing[2] * (0.5 + r.Float64()))).Add(g.Axis(1).Mul(0.6)).Add(g.Axis(0).Mul(0.2 * r.NormFloat64()))
	}
	return g
}

// randomPath is a polyline near and through the grid, sometimes partly outside.
func randomPath(r *rand.Rand, g *volume.Geometry, points int) []volume.Point {
	var out []volume.Point
	for range points {
		x := volume.Index{}
		for a := range x {
			x[a] = (r.Float64()*1.2 - 0.1) * float64(g.Size[a]-1)
		}
		out = append(out, g.ToPatient(x))
	}
	return out
}

// cells is the naive model of a mask.
type cells struct {
	size [3]int
	on   []bool
}

func newCells(size [3]int) cells { return cells{size, make([]bool, size[0]*size[1]*size[2])} }

func (c cells) at(i, j, k int) *bool { return &c.on[(k*c.size[1]+j)*c.size[0]+i] }

func (c cells) each(f func(i, j, k int, on *bool)) {
	for k := range c.size[2] {
		for j := range c.size[1] {
			for i := range c.size[0] {
				f(i, j, k, c.at(i, j, k))
			}
		}
	}
}

func (c cells) mask() *Mask {
	b := NewBuilder(NewMask(c.size))
	c.each(func(i, j, k int, on *bool) {
		if *on {
			b.Set(i, j, k)
		}
	})
	return b.Mask()
}

// randomCells has boxes, noise, nothing or everything.
func randomCells(r *rand.Rand, size [3]int) cells {
	c := newCells(size)
	for range r.IntN(4) {
		var lo, hi [3]int
		for a := range lo {
			lo[a], hi[a] = r.IntN(size[a]), r.IntN(size[a])
		}
		c.each(func(i, j, k int, on *bool) {
			if i >= lo[0] && i <= hi[0] && j >= lo[1] && j <= hi[1] && k >= lo[2] && k <= hi[2] {
				*on = true
			}
		})
	}
	switch r.IntN(6) {
	case 0:
		c.each(func(i, j, k int, on *bool) { *on = true })
	case 1:
		density := r.Float64()
		c.each(func(i, j, k int, on *bool) { *on = *on != (r.Float64() < density) })
	}
	return c
}

// same fails unless m holds exactly the voxels of c and keeps its own rules.
func same(t *testing.T, what string, m *Mask, c cells) {
	t.Helper()
	if err := m.Check(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	wrong := 0
	c.each(func(i, j, k int, on *bool) {
		if m.At(i, j, k) != *on {
			if wrong == 0 {
				t.Errorf("%s: voxel (%d, %d, %d) is %v, want %v; grid %v", what, i, j, k, m.At(i, j, k), *on, c.size)
			}
			wrong++
		}
	})
	if wrong > 0 {
		t.Fatalf("%s: %d voxels are wrong", what, wrong)
	}
}

// one is a set of one empty segment on g.
func one(g *volume.Geometry) *Set {
	s, err := NewSet(&Segment{Number: 1, Name: "liver", Mask: NewMask(g.Size)})
	if err != nil {
		panic(err)
	}
	return s
}

// mustPaint paints on segment 1 of set.
func mustPaint(t testing.TB, set *Set, g *volume.Geometry, s Stroke) *Mask {
	t.Helper()
	out, _, err := Paint(Target{Set: set, Segment: 1, Geometry: g}, s, Rule{})
	if err != nil {
		t.Fatal(err)
	}
	m, _ := out.Find(1)
	return m.Mask
}

// distance is from p to the polyline, after dropping both along n if it is not zero.
func distance(p volume.Point, path []volume.Point, n mgl64.Vec3) float64 {
	flat := func(v mgl64.Vec3) mgl64.Vec3 {
		if n.Len() > 0 {
			v = v.Sub(n.Mul(v.Dot(n) / n.Dot(n)))
		}
		return v
	}
	best := flat(p.Sub(path[0])).Len()
	for s := 1; s < len(path); s++ {
		v, d := flat(p.Sub(path[s-1])), flat(path[s].Sub(path[s-1]))
		t := 0.0
		if dd := d.Dot(d); dd > 0 {
			t = math.Max(0, math.Min(1, v.Dot(d)/dd))
		}
		best = math.Min(best, v.Sub(d.Mul(t)).Len())
	}
	return best
}

func describe(g *volume.Geometry, s Stroke) string {
	return fmt.Sprintf("size %v spacing %v stack %v radius %.4g shape %d points %d", g.Size, g.Spacing, g.IsStack(), s.RadiusMM, s.Shape, len(s.Points))
}
