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

func randomMask(r *rand.Rand, size [3]int) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(size))
	for range 1 + r.IntN(20) {
		j, k, lo := r.IntN(size[1]), r.IntN(size[2]), r.IntN(size[0])
		hi := min(lo+r.IntN(60), size[0]-1)
		for dj := range 1 + r.IntN(9) {
			for dk := range 1 + r.IntN(5) {
				if j+dj < size[1] && k+dk < size[2] {
					b.SetRow(lo, hi, j+dj, k+dk)
				}
			}
		}
	}
	return b.Mask()
}

func sampled(mask *segmentation.Mask, a mpr.Affine, w, h int) *Cover {
	c := &Cover{words: []uint64{^uint64(0), ^uint64(0), ^uint64(0)}} // what was there before must not show
	c.Shape(mask, a, w, h)
	for y := 0; y < h; y += 32 {
		c.Sample(y, min(y+32, h))
	}
	return c
}

// TestCoverFollowsVoxels: a pixel is covered when the voxel that holds its centre is set, whatever the plane.
func TestCoverFollowsVoxels(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range 400 {
		size := [3]int{1 + r.IntN(150), 1 + r.IntN(100), 1 + r.IntN(30)}
		g := volume.Geometry{Size: size, Spacing: mgl64.Vec3{0.5 + r.Float64(), 0.5 + r.Float64(), 1 + r.Float64()}, Direction: mgl64.Ident3()}
		mask := randomMask(r, size)
		p := volume.Plane{Centre: g.ToPatient(volume.Index{float64(r.IntN(size[0])), float64(r.IntN(size[1])), float64(r.IntN(size[2]))}), MMPerPixel: 0.1 + r.Float64()}
		axes := r.Perm(3)
		p.Right, p.Down = g.Axis(axes[0]).Mul(float64(1-2*r.IntN(2))), g.Axis(axes[1]).Mul(float64(1-2*r.IntN(2)))
		if n%2 == 0 {
			q := mgl64.QuatRotate(r.Float64()*6, mgl64.Vec3{r.Float64() - 0.5, r.Float64() - 0.5, 0.2}.Normalize())
			p.Right, p.Down = q.Rotate(p.Right), q.Rotate(p.Down)
		}
		w, h := 1+r.IntN(200), 1+r.IntN(90)
		a, err := mpr.NewAffine(&g, p, w, h)
		if err != nil {
			t.Fatal(err)
		}
		c := sampled(mask, a, w, h)
		for y := range h {
			for x := range w {
				at := a.At(float64(x), float64(y), 0)
				if onBorder(at) {
					continue
				}
				v := at.Voxel()
				if want := mask.At(v[0], v[1], v[2]); c.At(x, y) != want {
					t.Fatalf("case %d, %v, plane %+v: pixel %d,%d at %v: covered %v, want %v", n, size, p, x, y, at, !want, want)
				}
			}
			if last := c.words[(y+1)*c.stride-1]; c.filled[y] && w%64 != 0 && last>>(w%64) != 0 {
				t.Fatalf("case %d: bits beyond the picture are set", n)
			}
		}
	}
}

// onBorder reports whether x lies so near the border of two voxels that rounding decides.
func onBorder(x volume.Index) bool {
	for _, c := range x {
		if f := c + 0.5; math.Abs(f-math.Round(f)) < 1e-5 {
			return true
		}
	}
	return false
}

// TestOutlinesByDefinition compares the word tricks with the definition, pixel by pixel.
func TestOutlinesByDefinition(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	for n := range 60 {
		w, h := 1+r.IntN(150), 1+r.IntN(80)
		g := volume.Geometry{Size: [3]int{w, h, 1}, Spacing: mgl64.Vec3{1, 1, 0}, Direction: mgl64.Ident3()}
		mask := randomMask(r, g.Size)
		a, err := mpr.NewAffine(&g, volume.AcquiredPlane(&g, 0, 1), w, h)
		if err != nil {
			t.Fatal(err)
		}
		c := sampled(mask, a, w, h)
		edgePx := 1 + n%2
		var o Outlines
		o.Shape(c)
		for y := 0; y < h; y += 32 {
			o.Trace(y, min(y+32, h), edgePx)
		}
		near := func(x, y, r int, want bool) bool {
			for dy := -r; dy <= r; dy++ {
				for dx := -r; dx <= r; dx++ {
					if x+dx >= 0 && y+dy >= 0 && x+dx < w && y+dy < h && c.At(x+dx, y+dy) == want {
						return true
					}
				}
			}
			return false
		}
		bit := func(words []uint64, x, y int) bool {
			return o.some[y] && int32(x/64) >= o.within[y][0] && int32(x/64) < o.within[y][1] && words[y*c.stride+x/64]>>(x%64)&1 != 0
		}
		for y := range h {
			for x := range w {
				edge := c.At(x, y) && near(x, y, edgePx, false)
				dark := !c.At(x, y) && near(x, y, CasingPx, true)
				if bit(o.edge, x, y) != edge || bit(o.dark, x, y) != dark {
					t.Fatalf("case %d, %dx%d, pixel %d,%d: edge %v, casing %v; want %v, %v", n, w, h, x, y, bit(o.edge, x, y), bit(o.dark, x, y), edge, dark)
				}
			}
		}
	}
}

func randomFull(size [3]int) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(size))
	b.SetRow(0, size[0]-1, 0, 0)
	return b.Mask()
}

func affine(g *volume.Geometry) (mpr.Affine, error) {
	return mpr.NewAffine(g, volume.AcquiredPlane(g, 0, 1), g.Size[0], g.Size[1])
}
