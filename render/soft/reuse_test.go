package soft

import (
	"context"
	"image"
	"image/color"
	"testing"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/overlay"
	"hotlight/render/rendertest"
	"hotlight/render/voi"
)

func scene() render.Scene {
	v := rendertest.Grid()
	p, _ := volume.NewPlane(volume.Axial, v.Centre(), 0.5)
	mask := rendertest.Ball(&v.Geometry, v.Centre(), 20)
	return render.Scene{Volume: v, Plane: p, VOI: voi.VOI{Center: 500, Width: 2200},
		Layers: []render.Layer{{Mask: mask, Colour: project.Palette[0], Fill: 0.3, Outline: true}}}
}

func TestDrawIntoWritesItsPartOnly(t *testing.T) {
	whole := image.NewRGBA(image.Rect(0, 0, 150, 120))
	for n := range whole.Pix {
		whole.Pix[n] = 77
	}
	part := whole.SubImage(image.Rect(13, 17, 113, 97)).(*image.RGBA)
	s := scene()
	s.Furniture = overlay.Options{Letters: true, ScaleBar: true, Corners: overlay.Corners{TopLeft: []overlay.Line{{Text: "a text longer than the picture is wide"}}}}
	r := New()
	if err := r.DrawInto(context.Background(), s, part); err != nil {
		t.Fatal(err)
	}
	alone, err := New().Draw(context.Background(), s, image.Pt(100, 80))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 120 {
		for x := range 150 {
			want := color.RGBA{77, 77, 77, 77}
			if (image.Point{x, y}).In(part.Rect) {
				want = alone.RGBAAt(x-13, y-17)
			}
			if got := whole.RGBAAt(x, y); got != want {
				t.Fatalf("pixel %d,%d: %v, want %v", x, y, got, want)
			}
		}
	}
}

// TestWhatIsKept counts by hand what changes make the renderer do again.
func TestWhatIsKept(t *testing.T) {
	s, r := scene(), New()
	dst := image.NewRGBA(image.Rect(0, 0, 90, 90))
	draw := func() {
		t.Helper()
		if err := r.DrawInto(context.Background(), s, dst); err != nil {
			t.Fatal(err)
		}
	}
	draw()
	const mark = 1234 << 8
	r.cut.Fixed[0] = mark // a new cut overwrites it
	first := r.layers[0]
	s.VOI.Center += 100
	s.Layers = append([]render.Layer{{Mask: rendertest.Ball(&s.Volume.Geometry, s.Volume.Centre(), 9), Fill: 0.3}}, s.Layers...)
	draw()
	if r.cut.Fixed[0] != mark {
		t.Error("a new window or segment cut the volume again")
	}
	if r.layers[1] != first {
		t.Error("a segment that moved in the list was sampled again")
	}
	s.Plane.MMPerPixel *= 1.01
	draw()
	if r.cut.Fixed[0] == mark {
		t.Error("another zoom did not cut the volume again")
	}
}

func TestDraftHasTheSizeAsked(t *testing.T) {
	s, r := scene(), New()
	s.Plane.Right = s.Plane.Right.Add(s.Plane.Normal().Mul(0.5)).Normalize()
	for _, size := range []image.Point{{1, 1}, {2, 2}, {3, 5}, {64, 64}, {65, 33}, {101, 100}} {
		s.Draft = false
		full, err := r.Draw(context.Background(), s, size)
		if err != nil {
			t.Fatal(err)
		}
		if s.Draft = true; r.cutKey.half {
			t.Fatal("a full picture was cut at half resolution")
		}
		if again, _ := r.Draw(context.Background(), s, size); again.RGBAAt(0, 0) != full.RGBAAt(0, 0) || r.cutKey.half {
			t.Fatal("the full cut was there, and was cut again at half resolution")
		}
		draft, err := New().Draw(context.Background(), s, size)
		if err != nil || draft.Rect.Size() != size {
			t.Fatalf("%v: %v, %v", size, draft.Rect, err)
		}
		// Each block of 2 x 2 is one grey (below segments), and it is near those that it stands for.
		bare := s
		bare.Layers = nil
		draft, _ = New().Draw(context.Background(), bare, size)
		for y := 0; y < size.Y; y++ {
			for x := 0; x < size.X; x++ {
				if draft.RGBAAt(x, y) != draft.RGBAAt(x&^1, y&^1) {
					t.Fatalf("%v: pixel %d,%d differs from its block", size, x, y)
				}
			}
		}
	}
}

func TestSegmentsWithoutImagesAreDrawnOnBlack(t *testing.T) {
	s := scene()
	s.Layers[0].Grid = &s.Volume.Geometry
	s.Volume = nil
	m, err := New().Draw(context.Background(), s, image.Pt(100, 100))
	if err != nil {
		t.Fatal(err)
	}
	if m.RGBAAt(50, 50).R == 0 || m.RGBAAt(2, 2) != (color.RGBA{A: 255}) {
		t.Errorf("centre %v, corner %v", m.RGBAAt(50, 50), m.RGBAAt(2, 2))
	}
}

// A segment of another image of the same patient shows on this one: here its grid is coarser and turned.
func TestSegmentsOfAnotherGrid(t *testing.T) {
	s := scene()
	other := rendertest.Orientation().Geometry
	c := s.Volume.Centre()
	s.Layers = []render.Layer{{Mask: rendertest.Ball(&other, c, 15), Grid: &other, Colour: project.Colour{R: 255}, Fill: 0.6}}
	m, err := New().Draw(context.Background(), s, image.Pt(120, 120))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 120 {
		for x := range 120 {
			d := s.Plane.At(float64(x), float64(y), 120, 120).Sub(c).Len()
			p := m.RGBAAt(x, y)
			if red := p.R > p.G; d < 13.5 && !red || d > 16.5 && red {
				t.Fatalf("pixel %d,%d, %.1f mm from the centre: %v", x, y, d, p)
			}
		}
	}
}
