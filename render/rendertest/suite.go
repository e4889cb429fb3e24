package rendertest

import (
	"context"
	"image"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/voi"
)

// Suite says what to test.
type Suite struct {
	// New returns a backend that has drawn nothing yet.
	New func() render.Backend
	// Tolerance is the greatest difference of a channel from the golden picture: 0 for the reference, 1 for any other.
	Tolerance int
	// Aside is how many pixels of a picture may be further off: 0 for the reference.
	Aside int
}

// Run draws every golden picture and checks every law.
func Run(t *testing.T, s Suite) {
	for _, c := range pictures() {
		t.Run("golden "+c.name, func(t *testing.T) {
			compare(t, c.name, s.draw(t, c.scene, c.size), s.Tolerance, s.Aside)
		})
	}
	s.laws(t)
}

func (s *Suite) draw(t *testing.T, scene render.Scene, size image.Point) *image.RGBA {
	t.Helper()
	m, err := s.New().Draw(context.Background(), scene, size)
	if err != nil {
		t.Fatal(err)
	}
	if m.Rect != (image.Rectangle{Max: size}) {
		t.Fatalf("asked for %v, got %v", size, m.Rect)
	}
	return m
}

type picture struct {
	name  string
	scene render.Scene
	size  image.Point
}

// pictures are the golden ones. Each has one reason to exist.
func pictures() []picture {
	var all []picture
	add := func(name string, w, h int, s render.Scene) {
		all = append(all, picture{name, s, image.Pt(w, h)})
	}
	ramp := Ramp(volume.Int16)
	flatRamp := render.Scene{Volume: ramp, Plane: volume.AcquiredPlane(&ramp.Geometry, 1, 0.25), VOI: voi.FromRange(0, 63)}
	add("ramp", 280, 80, flatRamp)
	inverted := flatRamp
	inverted.VOI.Invert = true
	add("ramp-inverted", 280, 80, inverted) // the outside stays black
	sigmoid := flatRamp
	sigmoid.VOI = voi.VOI{Center: 32, Width: 32, Function: voi.Sigmoid}
	add("ramp-sigmoid", 280, 80, sigmoid)

	grid := Grid()
	all = append(all, gridPictures(grid)...)
	all = append(all, orientationPictures()...)
	all = append(all, segmentPictures(grid)...)

	colour := colourSeries()
	add("colour", 100, 80, render.Scene{Volume: colour, Plane: volume.AcquiredPlane(&colour.Geometry, 1, 0.22)})
	return all
}

func gridPictures(grid *volume.Volume) []picture {
	window := voi.VOI{Center: 500, Width: 2200}
	axial, _ := volume.NewPlane(volume.Axial, grid.Centre(), 0.7)
	coronal, _ := volume.NewPlane(volume.Coronal, grid.Centre(), 0.7)
	oblique, _ := volume.ObliquePlane(mgl64.Vec3{0.4, 0.9, 0.5}, mgl64.Vec3{0, 0, 1}, grid.Centre(), 0.7)
	bar := overlay.Options{ScaleBar: true}
	return []picture{
		{"grid-axial", render.Scene{Volume: grid, Plane: axial, VOI: window, Furniture: bar}, image.Pt(200, 200)},
		{"grid-coronal-nearest", render.Scene{Volume: grid, Plane: coronal, VOI: window, Interpolation: mpr.Nearest}, image.Pt(200, 200)},
		{"grid-oblique", render.Scene{Volume: grid, Plane: oblique, VOI: window, Furniture: bar}, image.Pt(220, 200)},
		{"grid-slab-mip", render.Scene{Volume: grid, Plane: oblique, VOI: window, Slab: mpr.Slab{ThicknessMM: 12, Mode: mpr.MIP}}, image.Pt(220, 200)},
		{"grid-slab-mean", render.Scene{Volume: grid, Plane: axial, VOI: window, Slab: mpr.Slab{ThicknessMM: 12, Mode: mpr.Mean}}, image.Pt(200, 200)},
	}
}

func orientationPictures() []picture {
	v := Orientation()
	var all []picture
	for _, o := range []volume.Orientation{volume.Axial, volume.Coronal, volume.Sagittal} {
		p, _ := volume.NewPlane(o, LettersAt, 0.55)
		s := render.Scene{Volume: v, Plane: p, VOI: voi.VOI{Center: 0, Width: 2000}, Furniture: overlay.Options{Letters: true}}
		all = append(all, picture{"orientation-" + string(o), s, image.Pt(300, 300)})
	}
	flipped := all[0].scene
	flipped.Plane.Right = flipped.Plane.Right.Mul(-1)
	return append(all, picture{"orientation-axial-flipped", flipped, image.Pt(300, 300)})
}

func segmentPictures(grid *volume.Volume) []picture {
	c := grid.Centre()
	layers := []render.Layer{
		{Mask: Ball(&grid.Geometry, c.Add(mgl64.Vec3{-12, -5, 0}), 22), Colour: project.Palette[0], Fill: overlay.DefaultFill, Outline: true},
		{Mask: Ball(&grid.Geometry, c.Add(mgl64.Vec3{14, 3, 4}), 18), Colour: project.Palette[1], Fill: overlay.DefaultFill, Outline: true, Locked: true},
		{Mask: Ball(&grid.Geometry, c.Add(mgl64.Vec3{0, 25, 0}), 9), Colour: project.Palette[2], Outline: true},
	}
	axial, _ := volume.NewPlane(volume.Axial, c, 0.4)
	oblique, _ := volume.ObliquePlane(mgl64.Vec3{0.2, 0.3, 0.9}, mgl64.Vec3{0, -1, 0}, c, 0.4)
	cross := c.Add(mgl64.Vec3{-12, -5, 0})
	s := render.Scene{Volume: grid, Plane: axial, VOI: voi.VOI{Center: 500, Width: 2200}, Layers: layers}
	turned := s
	turned.Plane = oblique
	furnished := s
	furnished.Furniture = overlay.Options{Letters: true, ScaleBar: true, Crosshair: &cross, Corners: corners()}
	doubled := furnished
	doubled.Plane.MMPerPixel /= 2
	doubled.Furniture.Scale = 2
	return []picture{
		{"segments-axial", s, image.Pt(256, 256)},
		{"segments-oblique", turned, image.Pt(256, 256)},
		{"furniture", furnished, image.Pt(480, 420)},
		{"furniture-scale-2", doubled, image.Pt(960, 840)},
	}
}

func corners() overlay.Corners {
	return overlay.Corners{
		TopLeft:     []overlay.Line{{Text: "Case 0047", Bold: true}, {Text: "Read R-07, round 1"}},
		TopRight:    []overlay.Line{{Text: "2 · Axial lung 1.0", Bold: true}, {Text: "Study date hidden"}},
		BottomLeft:  []overlay.Line{{Text: "Lung  W 1500  L −600"}},
		BottomRight: []overlay.Line{{Text: "Slice 31 / 40"}, {Text: "I 519.8 mm"}},
	}
}
