package overlay

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

func TestScaleSteps(t *testing.T) {
	for _, c := range []struct {
		mm, scale, want float64
	}{{1, 1, 100}, {0.5, 1, 50}, {0.2, 1, 20}, {0.3, 1, 50}, {0.05, 1, 5}, {0.01, 1, 1}, {0.5, 2, 100}, {10.0 / 180, 1, 10}} {
		if got := ScaleStep(c.mm, c.scale); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v mm a pixel, scale %v: %v, want %v", c.mm, c.scale, got, c.want)
		}
	}
	for mm := 1e-3; mm < 100; mm *= 1.01 {
		if px := ScaleStep(mm, 1) / mm; px < 71.9 || px > 180.001 {
			t.Errorf("%v mm a pixel: a bar of %v px", mm, px)
		}
	}
}

func TestScaleLabels(t *testing.T) {
	mm := &volume.Geometry{}
	for _, c := range []struct {
		step    float64
		g       *volume.Geometry
		lengths string
		want    string
	}{
		{50, mm, "mm", "5 cm"}, {10, mm, "mm", "1 cm"}, {5, mm, "mm", "5 mm"}, {0.5, mm, "mm", "0.5 mm"}, {0.05, mm, "mm", "50 µm"}, {200, mm, "mm", "20 cm"},
		{50, mm, "", "5 cm"}, {50, mm, "mm at detector", "50 mm @ detector"}, {0.5, mm, "mm estimated", "0.5 mm estimated"},
		{100, &volume.Geometry{Uncalibrated: true}, "px", "100 px"}, {100, &volume.Geometry{Uncalibrated: true}, "mm in regions", "100 px"},
	} {
		if got := scaleLabel(c.step, c.g, c.lengths); got != c.want {
			t.Errorf("%v: %q, want %q", c.step, got, c.want)
		}
	}
}

// drawn returns the box of the pixels that o changes on a black picture.
func drawn(g *volume.Geometry, o Options, w, h int) image.Rectangle {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for n := 3; n < len(m.Pix); n += 4 {
		m.Pix[n] = 255
	}
	p, _ := volume.NewPlane(volume.Axial, volume.Point{}, 0.5)
	DrawFurniture(m, g, p, o)
	var box image.Rectangle
	for y := range h {
		for x := range w {
			if m.RGBAAt(x, y) != (color.RGBA{A: 255}) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

func TestFurnitureScales(t *testing.T) {
	g := &volume.Geometry{Size: [3]int{9, 9, 9}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}
	if box := drawn(g, Options{}, 400, 300); !box.Empty() {
		t.Errorf("no options draw %v", box)
	}
	text := Options{Corners: Corners{TopLeft: []Line{{Text: "Case 0047", Bold: true}}}}
	one := drawn(g, text, 400, 300)
	text.Scale = 2
	two := drawn(g, text, 400, 300)
	if r := float64(two.Dx()) / float64(one.Dx()); r < 1.9 || r > 2.1 {
		t.Errorf("a text of %d px is %d px wide at scale 2", one.Dx(), two.Dx())
	}
	for _, w := range []int{120, 200, 500} {
		if box := drawn(g, Options{ScaleBar: true}, w, 100); box.Max.X > w-4 || box.Min.X < 4 || box.Dx() < 40 {
			t.Errorf("in a picture of %d px the scale bar reaches from %d to %d", w, box.Min.X, box.Max.X)
		}
	}
}

func TestCrosshairIsOpenRoundItsPoint(t *testing.T) {
	m := image.NewRGBA(image.Rect(10, 20, 211, 221)) // a part of a larger picture: its first pixel is not (0, 0)
	for n := range m.Pix {
		m.Pix[n] = 255
	}
	p, _ := volume.NewPlane(volume.Axial, volume.Point{}, 1)
	DrawFurniture(m, nil, p, Options{Crosshair: &volume.Point{30, -20, 77}})
	x, y := 10+100+30, 20+100-20
	for d := -26; d < 26; d++ {
		if m.RGBAAt(x+d, y).R != 255 || m.RGBAAt(x, y+d).R != 255 {
			t.Fatalf("drawn %d px from its point", d)
		}
	}
	for _, at := range []image.Point{{x + 26, y}, {x - 27, y}, {x, y + 26}, {x, y - 27}, {10, y}, {210, y}, {x, 20}, {x, 220}} {
		if m.RGBAAt(at.X, at.Y).R == 255 {
			t.Errorf("no line at %v", at)
		}
	}
}

func TestBlendIsExactAtItsEnds(t *testing.T) {
	under := uint32(0xff102030)
	if got := newBlend(color.NRGBA{0x12, 0x34, 0x56, 0}).over(under); got != under {
		t.Errorf("opacity 0 gives %08x", got)
	}
	if got := newBlend(color.NRGBA{0x12, 0x34, 0x56, 255}).over(under); got != 0xff563412 {
		t.Errorf("opacity 1 gives %08x", got)
	}
	for a := range 256 {
		b := newBlend(color.NRGBA{255, 0, 100, uint8(a)})
		for v := range uint32(256) {
			got := b.over(0xff000000 | v | v<<8 | v<<16)
			for c, colour := range []float64{255, 0, 100} {
				want := float64(v)*(255-float64(a))/255 + colour*float64(a)/255
				if d := math.Abs(float64(got>>(8*c)&255) - want); d > 1.01 {
					t.Fatalf("%d over %d at %d: off by %v", int(colour), v, a, d)
				}
			}
			if got>>24 != 255 {
				t.Fatalf("not opaque: %08x", got)
			}
		}
	}
}

func TestFillNeverExceedsItsLimit(t *testing.T) {
	g := volume.Geometry{Size: [3]int{4, 1, 1}, Spacing: mgl64.Vec3{1, 1, 0}, Direction: mgl64.Ident3()}
	mask := randomFull(g.Size)
	a, err := affine(&g)
	if err != nil {
		t.Fatal(err)
	}
	c := sampled(mask, a, 4, 1)
	row := []uint32{0xff000000, 0xff000000, 0xff000000, 0xff000000}
	c.FillRow(row, 0, project.Colour{R: 255}, 5)
	if got := row[2] & 255; got != 153 {
		t.Errorf("red %d, want 60 %% of 255", got)
	}
}

func TestTextIsKeptAndMeasured(t *testing.T) {
	w, h := MeasureText("W 1500  L −600", Style{15, false})
	if w < 80 || w > 130 || h < 15 || h > 25 {
		t.Errorf("15 px text measures %d x %d", w, h)
	}
	for n := range 3 * keptTexts { // more than are kept
		MeasureText(string(rune('a'+n%26))+string(rune('a'+n/26%26))+string(rune('a'+n/676)), Style{13, false})
	}
	if again, _ := MeasureText("W 1500  L −600", Style{15, false}); again != w {
		t.Errorf("measured %d, then %d", w, again)
	}
}
