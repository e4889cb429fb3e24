package main

import (
	"context"
	"fmt"
	"image"
	"strconv"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/soft"
	"hotlight/render/voi"
)

// turned is the oblique plane that all programs cut: n turns it a little further and moves it along its normal.
func turned(v *volume.Volume, n, side int) volume.Plane {
	r := mgl64.Rotate3DZ(0.15 + 0.01*float64(n)).Mul3(mgl64.Rotate3DY(0.25)).Mul3(mgl64.Rotate3DX(0.35))
	return volume.Plane{Centre: v.Centre().Add(r.Col(2).Mul(0.5 * float64(n))), Right: r.Col(0), Down: r.Col(1), MMPerPixel: fieldMM / float64(side)}
}

// cutPlane: an oblique plane of stored values, trilinear; with a third argument the maximum over a slab of that many mm.
// The note is the mean of the last plane, outside counted as air of -1024 HU.
func cutPlane(args []string) (operation, error) {
	v, err := openVolume(args[0])
	if err != nil {
		return nil, err
	}
	side, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	var slab mpr.Slab
	if len(args) > 2 {
		mm, err := strconv.ParseFloat(args[2], 64)
		if err != nil {
			return nil, err
		}
		slab = mpr.Slab{ThicknessMM: mm, Mode: mpr.MIP}
	}
	var cutter mpr.Cutter
	var cut mpr.Cut
	n := 0
	return func() ([]float64, string, error) {
		n++
		plane := turned(v, n, side)
		seconds, err := timed(1, func() error {
			return cutter.Cut(context.Background(), v, plane, side, side, mpr.Linear, slab, &cut)
		})
		return seconds, meanOf(v, &cut), err
	}, nil
}

func meanOf(v *volume.Volume, c *mpr.Cut) string {
	total := 0.0
	for y := range c.H {
		from, to := int(c.From[y]), max(int(c.To[y]), int(c.From[y]))
		total += -1024 * float64(c.W-(to-from))
		for x := from; x < to; x++ {
			total += float64(c.Fixed[y*c.W+x])/(1<<mpr.FixedBits) + v.Intercept
		}
	}
	return fmt.Sprintf("%.3f", total/float64(c.W*c.H))
}

const windowFrames = 50

// windowRGBA: 1024 x 1024 values to pixels, with a new window for every frame.
func windowRGBA([]string) (operation, error) {
	const side = 1024
	values, pixels := make([]int32, side*side), make([]uint32, side*side)
	for n := range values {
		values[n] = int32(uint32(n)*2654435761>>20-1024) << mpr.FixedBits
	}
	var table voi.Table
	return func() ([]float64, string, error) {
		seconds, err := timed(windowFrames, func() error {
			for n := range windowFrames {
				table.Set(voi.VOI{Center: 40 + float64(n), Width: 400}, 1, 0)
				if err := mpr.Bands(context.Background(), side, func(y0, y1 int) {
					table.Fixed(pixels[y0*side:y1*side], values[y0*side:y1*side])
				}); err != nil {
					return err
				}
			}
			return nil
		})
		return seconds, "", err
	}, nil
}

const movingFrames = 60

// drawFrames: whole pictures of 1024 x 1024 with a segment filled and outlined, as while the reader moves something; every frame is a figure.
func drawFrames(args []string) (operation, error) {
	v, err := openVolume(args[0])
	if err != nil {
		return nil, err
	}
	liver, err := readMask(args[1]+".mask", v.Size)
	if err != nil {
		return nil, err
	}
	moves, ok := motions[args[2]]
	if !ok {
		return nil, fmt.Errorf("there is no motion %q", args[2])
	}
	base := render.Scene{Volume: v, VOI: softTissue, Draft: len(args) > 3 && args[3] == "draft",
		Layers: []render.Layer{{Mask: liver, Colour: project.Colour{R: 255, G: 160, B: 40}, Fill: 0.3, Outline: true}}}
	panes := 1
	if args[2] == "oblique" {
		panes = 3
	}
	renderers, pictures := make([]*soft.Renderer, panes), make([]*image.RGBA, panes)
	for n := range panes {
		renderers[n], pictures[n] = soft.New(), image.NewRGBA(image.Rect(0, 0, 1024, 1024))
	}
	return func() ([]float64, string, error) {
		var out []float64
		for n := range movingFrames {
			start := time.Now()
			for pane := range panes {
				scene := base
				moves(&scene, n, pane)
				if err := renderers[pane].DrawInto(context.Background(), scene, pictures[pane]); err != nil {
					return nil, "", err
				}
			}
			out = append(out, time.Since(start).Seconds())
		}
		return out, "", nil
	}, nil
}

// motions change a scene from frame to frame.
var motions = map[string]func(s *render.Scene, n, pane int){
	"scroll": func(s *render.Scene, n, _ int) {
		s.Plane = volume.AcquiredPlane(&s.Volume.Geometry, s.Volume.Size[2]/3+n, fieldMM/1024)
	},
	"pan": func(s *render.Scene, n, _ int) {
		s.Plane = volume.AcquiredPlane(&s.Volume.Geometry, s.Volume.Size[2]/3, fieldMM/1024)
		s.Plane.Centre = s.Plane.Centre.Add(s.Plane.Right.Mul(0.7 * float64(n)))
	},
	"zoom": func(s *render.Scene, n, _ int) {
		s.Plane = volume.AcquiredPlane(&s.Volume.Geometry, s.Volume.Size[2]/3, fieldMM/1024/(1+0.02*float64(n)))
	},
	"window": func(s *render.Scene, n, _ int) {
		s.Plane = volume.AcquiredPlane(&s.Volume.Geometry, s.Volume.Size[2]/3, fieldMM/1024)
		s.VOI.Center += float64(n)
	},
	"oblique": func(s *render.Scene, n, pane int) {
		s.Plane = turned(s.Volume, n, 1024)
		normal := s.Plane.Normal()
		switch pane {
		case 1:
			s.Plane.Down = normal.Mul(-1)
		case 2:
			s.Plane.Right, s.Plane.Down = s.Plane.Down, normal.Mul(-1)
		}
	},
}

// marked is m with marks of its own in every slice, so that no two masks are equal.
func marked(m *segmentation.Mask, n int) *segmentation.Mask {
	b := segmentation.NewBuilder(m)
	for k := range m.Size()[2] {
		b.SetRow(n, n+5, (n+7*k)%m.Size()[1], k)
	}
	return b.Mask()
}

// holdVolume: one volume open and drawn, with 100 segments. Its figure is memory.
func holdVolume(args []string) (operation, error) {
	v, err := openVolume(args[0])
	if err != nil {
		return nil, err
	}
	liver, err := readMask(args[1]+".mask", v.Size)
	if err != nil {
		return nil, err
	}
	var layers []render.Layer
	for n := range 100 {
		layers = append(layers, render.Layer{Mask: marked(liver, n), Colour: project.Colour{R: uint8(n)}, Outline: true})
	}
	r := soft.New()
	return func() ([]float64, string, error) {
		seconds, err := timed(1, func() error {
			_, err := r.Draw(context.Background(), render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, v.Size[2]/3, fieldMM/1024), VOI: softTissue, Layers: layers}, image.Pt(1024, 1024))
			return err
		})
		return seconds, "", err
	}, nil
}
