package overlay

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render/mpr"
)

// TestStackSegmentsInAnyPlane compares every pixel with the distances of its patient point from the stack's planes.
func TestStackSegmentsInAnyPlane(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 4))
	for n := range 80 {
		q := mgl64.Quat{W: r.NormFloat64(), V: mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}}.Normalize().Mat4().Mat3()
		g := volume.Geometry{Size: [3]int{70 + r.IntN(30), 70 + r.IntN(30), 2 + r.IntN(14)}, Spacing: mgl64.Vec3{0.8, 1.1, 3}, Direction: q}
		at, middle := volume.Point{}, volume.Point{}
		for k := range g.Size[2] {
			g.PlaneOrigins = append(g.PlaneOrigins, at)
			if k == g.Size[2]/2 {
				middle = at.Add(q.Col(0).Mul(30)).Add(q.Col(1).Mul(40))
			}
			at = at.Add(q.Col(2).Mul(1 + 7*r.Float64())).Add(q.Col(0).Mul(3 * r.NormFloat64())).Add(q.Col(1).Mul(3 * r.NormFloat64()))
		}
		b := segmentation.NewBuilder(segmentation.NewMask(g.Size))
		for range 400 {
			i, j, k := r.IntN(g.Size[0]), r.IntN(g.Size[1]), r.IntN(g.Size[2])
			b.SetRow(i, min(i+r.IntN(30), g.Size[0]-1), j, k)
		}
		mask := b.Mask()
		p, err := volume.ObliquePlane(mgl64.Vec3{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}, mgl64.Vec3{0.1, 0.2, 1}, middle, 0.3+r.Float64())
		if err != nil {
			t.Fatal(err)
		}
		if n%4 == 0 { // along the planes, between them
			p.Right, p.Down = q.Col(0), q.Col(1)
		}
		const w, h = 130, 90
		m, err := mpr.NewStackMap(&g, p, w, h)
		if err != nil {
			t.Fatal(err)
		}
		var c Cover
		c.ShapeStack(mask, m, w, h)
		c.Sample(0, h)
		for y := range h {
			for x := range w {
				want, sure := stackBit(&g, mask, p.At(float64(x), float64(y), w, h))
				if sure && c.At(x, y) != want {
					t.Fatalf("seed %d, case %d: pixel (%d, %d) is %t", seed, n, x, y, c.At(x, y))
				}
			}
		}
	}
}

// stackBit says whether a point lies in a voxel of the mask; sure is false within a millionth of a border.
func stackBit(g *volume.Geometry, mask *segmentation.Mask, at volume.Point) (set, sure bool) {
	k, nearest, second := -1, math.Inf(1), math.Inf(1)
	for n, o := range g.PlaneOrigins {
		d := math.Abs(at.Sub(o).Dot(g.Axis(2)))
		if d < nearest {
			k, nearest, second = n, d, nearest
		} else {
			second = min(second, d)
		}
	}
	if second-nearest < 1e-6 || math.Abs(nearest-g.Spacing[2]/2) < 1e-6 {
		return false, false
	}
	if nearest > g.Spacing[2]/2 {
		return false, true
	}
	d := at.Sub(g.PlaneOrigins[k])
	i, j := d.Dot(g.Axis(0))/g.Spacing[0]+0.5, d.Dot(g.Axis(1))/g.Spacing[1]+0.5
	if math.Abs(i-math.Round(i)) < 1e-6 || math.Abs(j-math.Round(j)) < 1e-6 {
		return false, false
	}
	x := [2]int{int(math.Floor(i)), int(math.Floor(j))}
	if x[0] < 0 || x[1] < 0 || x[0] >= g.Size[0] || x[1] >= g.Size[1] {
		return false, true
	}
	return mask.At(x[0], x[1], k), true
}
