package main

import (
	"context"
	"fmt"
	"image"
	"math"
	"strconv"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/soft"
)

// gridOf reads "512x512x400" and "0.75x0.75x1".
func gridOf(size, spacing string) (n [3]int, mm [3]float64, err error) {
	if _, err = fmt.Sscanf(size, "%dx%dx%d", &n[0], &n[1], &n[2]); err == nil {
		_, err = fmt.Sscanf(spacing, "%fx%fx%f", &mm[0], &mm[1], &mm[2])
	}
	return n, mm, err
}

func painter(g *volume.Geometry, s segmentation.Stroke) (*segmentation.Painter, error) {
	set, err := segmentation.NewSet(&segmentation.Segment{Number: 1, Name: "segment", Mask: segmentation.NewMask(g.Size)})
	if err != nil {
		return nil, err
	}
	return segmentation.NewPainter(segmentation.Target{Set: set, Segment: 1, Geometry: g}, s, segmentation.Rule{})
}

const stamps = 100

// stampSpheres: a stroke of 100 spheres of 10 mm, two voxels apart, on an empty segment. Ours sweeps between the points as well and publishes the result.
func stampSpheres(args []string) (operation, error) {
	size, spacing, err := gridOf(args[0], args[1])
	if err != nil {
		return nil, err
	}
	g := &volume.Geometry{Size: size, Spacing: mgl64.Vec3(spacing), Direction: mgl64.Ident3()}
	var points []volume.Point
	for n := range stamps {
		points = append(points, g.ToPatient(volume.Index{float64(size[0])*0.2 + 2*float64(n), float64(size[1])/2 + 40*math.Sin(float64(n)*0.1), float64(size[2]) / 2}))
	}
	return func() ([]float64, string, error) {
		p, err := painter(g, segmentation.Stroke{Shape: segmentation.Sphere, RadiusMM: 10})
		if err != nil {
			return nil, "", err
		}
		seconds, err := timed(stamps, func() error {
			_, err := p.Extend(points...)
			return err
		})
		return seconds, "", err
	}, nil
}

// brushToPixel: a disc of 40 pixels moves over a volume of twice the usual slices; each step is painted, published and drawn at 1024 x 1024.
func brushToPixel(args []string) (operation, error) {
	size, spacing, err := gridOf(args[0], args[1])
	if err != nil {
		return nil, err
	}
	v, err := emptyVolume(size, spacing)
	if err != nil {
		return nil, err
	}
	r, picture := soft.New(), image.NewRGBA(image.Rect(0, 0, 1024, 1024))
	scene := render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, size[2]/2, fieldMM/1024), VOI: softTissue}
	return func() ([]float64, string, error) {
		p, err := painter(&v.Geometry, segmentation.Stroke{Shape: segmentation.Disc, RadiusMM: 20 * spacing[0], Normal: mgl64.Vec3{0, 0, 1}})
		if err != nil {
			return nil, "", err
		}
		var out []float64
		for n := range 100 {
			at := volume.Index{float64(size[0])*0.25 + 2*float64(n), float64(size[1])/2 + 60*math.Sin(float64(n)*0.1), float64(size[2] / 2)}
			start := time.Now()
			if _, err := p.Extend(v.ToPatient(at)); err != nil {
				return nil, "", err
			}
			s, _ := p.Set().Find(1)
			scene.Layers = []render.Layer{{Mask: s.Mask, Fill: 0.3, Outline: true}}
			if err := r.DrawInto(context.Background(), scene, picture); err != nil {
				return nil, "", err
			}
			out = append(out, time.Since(start).Seconds())
		}
		return out, "", nil
	}, nil
}

const diceTimes = 20

// dice: of two readers' masks of a liver on the whole grid.
func dice(args []string) (operation, error) {
	size, _, err := gridOf(args[0], "1x1x1")
	if err != nil {
		return nil, err
	}
	a, err := readMask(args[1]+".mask", size)
	if err != nil {
		return nil, err
	}
	b, err := readMask(args[2]+".mask", size)
	if err != nil {
		return nil, err
	}
	return func() ([]float64, string, error) {
		value := 0.0
		seconds, err := timed(diceTimes, func() error {
			for range diceTimes {
				both, err := segmentation.CountBoth(a, b)
				if err != nil {
					return err
				}
				value = 2 * float64(both) / float64(a.Count()+b.Count())
			}
			return nil
		})
		return seconds, strconv.FormatFloat(value, 'f', 6, 64), err
	}, nil
}
