package soft

import (
	"context"
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/voi"
)

// ct512 is the peers' yardstick: 512 x 512 x 400 voxels of int16 over 370 x 370 x 360 mm, with structure and noise.
var ct512 = sync.OnceValue(func() *volume.Volume {
	g := volume.Geometry{Size: [3]int{512, 512, 400}, Spacing: mgl64.Vec3{370. / 512, 370. / 512, 0.9},
		Origin: volume.Point{-185, -185, -180}, Direction: mgl64.Ident3()}
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		panic(err)
	}
	seed := uint32(1)
	for k := range 400 {
		for j := range 512 {
			row := v.Int16[v.Offset(0, j, k):][:512]
			for i := range row {
				seed = seed*1664525 + 1013904223
				x, y := float64(i-256)/230, float64(j-256)/180
				value := int16(-1000)
				if x*x+y*y < 1 {
					value = int16(40 + (i*j>>8)%60 + k/8)
				}
				row[i] = value + int16(seed>>27)
			}
		}
	}
	v.Modality, v.Unit = "CT", "HU"
	v.ArriveAll()
	return v
})

// ball is a mask of the voxels within r millimetres of c.
func ball(g *volume.Geometry, c volume.Point, r float64) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(g.Size))
	at := g.ToIndex(c)
	for k := range g.Size[2] {
		for j := range g.Size[1] {
			dy, dz := (float64(j)-at[1])*g.Spacing[1], (float64(k)-at[2])*g.Spacing[2]
			if rest := r*r - dy*dy - dz*dz; rest > 0 {
				half := math.Sqrt(rest) / g.Spacing[0]
				lo, hi := max(int(math.Ceil(at[0]-half)), 0), min(int(at[0]+half), g.Size[0]-1)
				if lo <= hi {
					b.SetRow(lo, hi, j, k)
				}
			}
		}
	}
	return b.Mask()
}

// turned is the yardstick's oblique plane; n turns it a little further each frame.
func turned(v *volume.Volume, n int, mm float64) volume.Plane {
	a, b, c := .35, .25, .15+.01*float64(n%40)
	r := mgl64.Rotate3DZ(c).Mul3(mgl64.Rotate3DY(b)).Mul3(mgl64.Rotate3DX(a))
	return volume.Plane{Centre: v.Centre().Add(r.Col(2).Mul(.5 * float64(n%40))), Right: r.Col(0), Down: r.Col(1), MMPerPixel: mm}
}

type frames struct {
	name string
	side int
	make func(s *render.Scene, n int)
}

func axialAt(v *volume.Volume, k, side int) volume.Plane {
	return volume.AcquiredPlane(&v.Geometry, k, 360/float64(side))
}

func orthogonal(v *volume.Volume, o volume.Orientation, n, side int) volume.Plane {
	c := v.Centre()
	for a := range 3 {
		c[a] += float64(n%50) * 0.7
	}
	p, err := volume.NewPlane(o, c, 360/float64(side))
	if err != nil {
		panic(err)
	}
	return p
}

// BenchmarkFrame measures whole frames as a reader feels them: the scene changes a little each time.
func BenchmarkFrame(b *testing.B) {
	v := ct512()
	liver := ball(&v.Geometry, v.Centre(), 80)
	strokes := make([]*segmentation.Mask, 8)
	for n := range strokes {
		strokes[n] = ball(&v.Geometry, v.Centre().Add(mgl64.Vec3{100 + float64(n), 0, 0}), 14)
	}
	lesion := render.Layer{Mask: liver, Colour: project.Palette[0], Fill: overlay.DefaultFill, Outline: true}
	many := make([]render.Layer, 100)
	for n := range many {
		c := v.Centre().Add(mgl64.Vec3{float64(n%10)*30 - 150, float64(n/10)*30 - 150, 0})
		many[n] = render.Layer{Mask: ball(&v.Geometry, c, 18), Colour: project.Palette[n%12], Fill: 0.3, Outline: true}
	}
	for _, c := range []frames{
		{"window drag", 1024, func(s *render.Scene, n int) { s.VOI.Center += float64(n % 50) }},
		{"window drag, 3 segments", 1024, func(s *render.Scene, n int) {
			s.VOI.Center += float64(n % 50)
			s.Layers = []render.Layer{lesion, many[40], many[50]}
		}},
		{"scroll axial", 1024, func(s *render.Scene, n int) { s.Plane = axialAt(v, n%400, 1024) }},
		{"scroll axial, 3 segments", 1024, func(s *render.Scene, n int) {
			s.Plane = axialAt(v, n%400, 1024)
			s.Layers = []render.Layer{lesion, many[40], many[50]}
		}},
		{"scroll axial, 100 segments", 1024, func(s *render.Scene, n int) {
			s.Plane = axialAt(v, 180+n%40, 1024)
			s.Layers = many
		}},
		{"scroll coronal", 1024, func(s *render.Scene, n int) { s.Plane = orthogonal(v, volume.Coronal, n, 1024) }},
		{"scroll sagittal", 1024, func(s *render.Scene, n int) { s.Plane = orthogonal(v, volume.Sagittal, n, 1024) }},
		{"pan and zoom", 1024, func(s *render.Scene, n int) {
			s.Plane = axialAt(v, 200, 1024)
			s.Plane.MMPerPixel *= 1 + float64(n%30)/100
			s.Plane.Centre[0] += float64(n % 30)
		}},
		{"oblique", 512, func(s *render.Scene, n int) { s.Plane = turned(v, n, 360./512) }},
		{"oblique", 1024, func(s *render.Scene, n int) { s.Plane = turned(v, n, 360./1024) }},
		{"oblique, 3 segments", 1024, func(s *render.Scene, n int) {
			s.Plane = turned(v, n, 360./1024)
			s.Layers = []render.Layer{lesion, many[40], many[50]}
		}},
		{"oblique draft", 1024, func(s *render.Scene, n int) { s.Plane, s.Draft = turned(v, n, 360./1024), true }},
		{"slab 20 mm mip axial", 1024, func(s *render.Scene, n int) {
			s.Plane, s.Slab = axialAt(v, 150+n%40, 1024), mpr.Slab{ThicknessMM: 20, Mode: mpr.MIP}
		}},
		{"slab 20 mm mip oblique", 1024, func(s *render.Scene, n int) {
			s.Plane, s.Slab = turned(v, n, 360./1024), mpr.Slab{ThicknessMM: 20, Mode: mpr.MIP}
		}},
		{"slab 20 mm mip oblique draft", 1024, func(s *render.Scene, n int) {
			s.Plane, s.Slab, s.Draft = turned(v, n, 360./1024), mpr.Slab{ThicknessMM: 20, Mode: mpr.MIP}, true
		}},
		{"brush", 1024, func(s *render.Scene, n int) {
			stroke := render.Layer{Mask: strokes[n%8], Colour: project.Palette[1], Fill: 0.3, Outline: true}
			s.Layers = []render.Layer{lesion, stroke}
		}},
		{"brush oblique", 1024, func(s *render.Scene, n int) {
			s.Plane = turned(v, 3, 360./1024)
			stroke := render.Layer{Mask: strokes[n%8], Colour: project.Palette[1], Fill: 0.3, Outline: true}
			s.Layers = []render.Layer{lesion, stroke}
		}},
	} {
		for _, procs := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d/%d", c.name, c.side, procs), func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				benchFrames(b, v, c)
			})
		}
	}
}

func benchFrames(b *testing.B, v *volume.Volume, c frames) {
	r := New()
	dst := image.NewRGBA(image.Rect(0, 0, c.side, c.side))
	n := 0
	for b.Loop() {
		s := render.Scene{Volume: v, Plane: axialAt(v, 200, c.side), VOI: voi.VOI{Center: 40, Width: 400}}
		c.make(&s, n)
		if err := r.DrawInto(context.Background(), s, dst); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkThreePanes turns three oblique panes of 1024 x 1024 by one step, one after the other, as a rotation by a crosshair's handle does.
func BenchmarkThreePanes(b *testing.B) {
	v := ct512()
	for _, draft := range []bool{false, true} {
		b.Run(fmt.Sprintf("draft %v", draft), func(b *testing.B) {
			panes := []*Renderer{New(), New(), New()}
			dst := image.NewRGBA(image.Rect(0, 0, 1024, 1024))
			n := 0
			for b.Loop() {
				p := turned(v, n, 360./1024)
				for i, r := range panes {
					s := render.Scene{Volume: v, Plane: p, VOI: voi.VOI{Center: 40, Width: 400}, Draft: draft}
					switch i {
					case 1:
						s.Plane.Down = p.Normal().Mul(-1)
					case 2:
						s.Plane.Right, s.Plane.Down = p.Down, p.Normal().Mul(-1)
					}
					if err := r.DrawInto(context.Background(), s, dst); err != nil {
						b.Fatal(err)
					}
				}
				n++
			}
		})
	}
}

// BenchmarkProjection pans a mammogram of 3328 x 4096 that fits the pane, without and with padding.
func BenchmarkProjection(b *testing.B) {
	g := volume.Geometry{Size: [3]int{3328, 4096, 1}, Spacing: mgl64.Vec3{0.07, 0.07, 0}, Direction: mgl64.Ident3(), NoPosition: true}
	v, err := volume.New(g, volume.Uint16)
	if err != nil {
		b.Fatal(err)
	}
	for n := range v.Uint16 {
		if n%3328 < 2000 {
			v.Uint16[n] = uint16(n>>7&1023 + 500)
		}
	}
	v.ArriveAll()
	for _, padded := range []bool{false, true} {
		b.Run(fmt.Sprintf("padding %v", padded), func(b *testing.B) {
			v.HasPadding = padded
			r := New()
			dst := image.NewRGBA(image.Rect(0, 0, 1024, 1024))
			n := 0
			for b.Loop() {
				p := volume.AcquiredPlane(&v.Geometry, 0, 0.28)
				p.Centre[0] += float64(n % 10)
				s := render.Scene{Volume: v, Plane: p, VOI: voi.VOI{Center: 1000, Width: 1000}}
				if err := r.DrawInto(context.Background(), s, dst); err != nil {
					b.Fatal(err)
				}
				n++
			}
		})
	}
}
