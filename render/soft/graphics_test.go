package soft

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/voi"
)

// withGraphics is a black volume of three slices whose middle one has two random overlays, one of them larger than the slice.
func withGraphics(t *testing.T, r *rand.Rand) *volume.Volume {
	g := volume.Geometry{Size: [3]int{40, 30, 3}, Spacing: mgl64.Vec3{1, 1, 5}, Direction: mgl64.Ident3()}
	v, err := volume.New(g, volume.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	var list []volume.Overlay
	for _, o := range []volume.Overlay{{Group: 0x6000, Columns: 17, Rows: 11, Column: 3, Row: 5}, {Group: 0x6002, Columns: 60, Rows: 50, Column: -9, Row: -7}} {
		o.Bits = make([]byte, (o.Columns*o.Rows+7)/8)
		for n := range o.Bits {
			o.Bits[n] = byte(r.Uint32() & r.Uint32() & r.Uint32() & r.Uint32())
		}
		list = append(list, o)
	}
	v.SetOverlays(1, list)
	v.ArriveAll()
	return v
}

func draw(t *testing.T, d *Renderer, s render.Scene, size image.Point) *image.RGBA {
	t.Helper()
	out, err := d.Draw(t.Context(), s, size)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func isGraphic(p *image.RGBA, x, y int) bool {
	c := overlay.GraphicColour
	return p.RGBAAt(x, y) == color.RGBA{c.R, c.G, c.B, 255}
}

func TestOverlaysAreDrawnPixelByPixel(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	v := withGraphics(t, rand.New(rand.NewPCG(seed, 1)))
	set := func(i, j int) bool {
		for _, o := range v.Overlays(1) {
			if o.At(i, j) {
				return true
			}
		}
		return false
	}
	d := New()
	scene := render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, 1, 1), VOI: voi.FromRange(0, 255), Overlays: true}
	for name, c := range map[string]struct {
		size     image.Point
		perPixel float64
		right    mgl64.Vec3
		down     mgl64.Vec3
	}{
		"one to one":          {image.Pt(40, 30), 1, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}},
		"four times as large": {image.Pt(160, 120), 0.25, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}},
		"mirrored":            {image.Pt(40, 30), 1, mgl64.Vec3{-1, 0, 0}, mgl64.Vec3{0, 1, 0}},
		"turned":              {image.Pt(30, 40), 1, mgl64.Vec3{0, 1, 0}, mgl64.Vec3{1, 0, 0}},
		"half as large":       {image.Pt(20, 15), 2, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}},
		"a fifth":             {image.Pt(8, 6), 5, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}},
	} {
		s := scene
		s.Plane.MMPerPixel, s.Plane.Right, s.Plane.Down = c.perPixel, c.right, c.down
		p := draw(t, d, s, c.size)
		covered := map[[2]int]bool{}
		for y := range c.size.Y {
			for x := range c.size.X {
				// The picture's pixel holds the voxels whose centres lie in it, or the one that it lies in.
				centre := s.Plane.At(float64(x), float64(y), c.size.X, c.size.Y)
				want, half := false, c.perPixel/2
				for j := -10; j < 45; j++ {
					for i := -12; i < 55; i++ {
						di, dj := float64(i)-centre[0], float64(j)-centre[1]
						inside := math.Abs(di) < half && math.Abs(dj) < half
						if c.perPixel < 1 {
							inside = math.Abs(di) < 0.5 && math.Abs(dj) < 0.5
						}
						if inside && set(i, j) {
							want = true
							covered[[2]int{i, j}] = true
						}
					}
				}
				if isGraphic(p, x, y) != want {
					t.Fatalf("%s: pixel %d,%d is %v, drawn %t, want %t", name, x, y, centre, !want, want)
				}
			}
		}
		for j := range 30 {
			for i := range 40 {
				if set(i, j) && !covered[[2]int{i, j}] {
					t.Fatalf("%s: overlay pixel %d,%d is nowhere in the picture", name, i, j)
				}
			}
		}
	}
}

func TestOverlaysOnlyOnTheirSlice(t *testing.T) {
	v := withGraphics(t, rand.New(rand.NewPCG(1, 1)))
	d := New()
	count := func(s render.Scene) (n int) {
		p := draw(t, d, s, image.Pt(40, 30))
		for y := range 30 {
			for x := range 40 {
				if isGraphic(p, x, y) {
					n++
				}
			}
		}
		return n
	}
	scene := render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, 1, 1), VOI: voi.FromRange(0, 255), Overlays: true}
	if count(scene) == 0 {
		t.Fatal("its own slice shows none")
	}
	hidden, other, across, slab, turned := scene, scene, scene, scene, scene
	hidden.Overlays = false
	other.Plane = volume.AcquiredPlane(&v.Geometry, 2, 1)
	across.Plane, _ = volume.NewPlane(volume.Sagittal, v.Centre(), 1)
	slab.Slab = mpr.Slab{ThicknessMM: 4, Mode: mpr.Mean}
	turned.Plane.Right, turned.Plane.Down = mgl64.Vec3{math.Sqrt2 / 2, math.Sqrt2 / 2, 0}, mgl64.Vec3{-math.Sqrt2 / 2, math.Sqrt2 / 2, 0}
	for name, s := range map[string]render.Scene{"switched off": hidden, "the next slice": other, "a plane across": across, "a slab": slab} {
		if n := count(s); n != 0 {
			t.Errorf("%s shows %d pixels of them", name, n)
		}
	}
	if count(turned) == 0 || count(scene) == 0 {
		t.Error("turned within the slice, or shown again")
	}
}
