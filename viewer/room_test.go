package viewer

import (
	"context"
	"image"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/viewer/control/threadtest"
	"hotlight/viewer/look"
	"hotlight/viewer/pane"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

var testClasses = []project.Class{
	{ID: "liver", Value: 1, Name: "Liver", Colour: project.Palette[1]},
	{ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[0]},
}

// ramp is a CT of 64 x 48 x 40 voxels of 1 x 1 x 2 mm whose value is 10 i - 300.
func ramp(t *testing.T) *volume.Volume {
	t.Helper()
	g := volume.Geometry{Size: [3]int{64, 48, 40}, Spacing: mgl64.Vec3{1, 1, 2}, Origin: volume.Point{-32, -24, 100}, Direction: mgl64.Ident3(), FrameOfReference: "1.2.3"}
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	v.Modality, v.Unit = "CT", "HU"
	for n := range v.Int16 {
		v.Int16[n] = int16(10*(n%64) - 300)
	}
	v.ArriveAll()
	return v
}

func studyOf(v *volume.Volume) Study {
	load := func(_ context.Context, _ int, progress func(int, int)) (*Loading, error) {
		return &Loading{Volume: v, Wait: func() error { return nil }}, nil
	}
	m := Image{Number: 2, Description: "Axial soft", Modality: v.Modality, Instances: v.Size[2], Unit: v.Unit, Geometry: &v.Geometry, Lengths: "mm", Load: load}
	images := []edit.Image{{Geometry: &v.Geometry, Volume: v}}
	return Study{Name: "Case 0047", Project: "Pilot v3", Reader: "R. Okafor", Images: []Image{m}, Read: &Read{History: edit.New(images, testClasses), Classes: testClasses}}
}

// blank draws nothing: most of what a room does is not about pixels.
type blank struct{}

func (blank) DrawInto(context.Context, render.Scene, *image.RGBA) error { return nil }

// stand puts a room into a window of the test driver and paints it.
func stand(t *testing.T, s Study, width, height, scale float32) (*Room, fyne.Window) {
	t.Helper()
	r, w := layOut(t, s, width, height, scale, nothing)
	settle(r, w)
	return r, w
}

func nothing() viewport.Drawer { return blank{} }

// layOut puts a room into a window of the test driver, laid out and not painted.
func layOut(t *testing.T, s Study, width, height, scale float32, drawer func() viewport.Drawer) (*Room, fyne.Window) {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.Theme{})
	thread = threadtest.New(t)
	r := NewRoom(s, Actions{NewDrawer: drawer, Renderer: "CPU", Home: func() {}, Lock: func() {}, Exchange: func() {}})
	w := test.NewTempWindow(t, r)
	w.SetPadded(false)
	w.Canvas().(software.WindowlessCanvas).SetScale(scale)
	w.Resize(fyne.NewSize(width, height))
	t.Cleanup(func() { r.Close()() })
	return r, w
}

// thread is the interface thread of the test that runs.
var thread *threadtest.Thread

// settle does what waits for the interface thread and paints, until nothing more comes.
func settle(r *Room, w fyne.Window) {
	for again := true; again; {
		if l := r.loading; l != nil {
			l.done.Wait()
		}
		thread.Run()
		r.kept.done.Wait()
		scale := w.Canvas().Scale()
		for _, v := range r.views {
			size := v.port.Size()
			v.port.Paint(int(size.Width*scale+0.5), int(size.Height*scale+0.5))
			v.port.Settle()
		}
		again = thread.Run()
	}
}

func TestEveryKeyIsBoundOnce(t *testing.T) {
	keys, runes := map[chord]string{}, map[rune]string{}
	for _, b := range Bindings() {
		name := b.Group + ": " + b.Does
		if b.do == nil {
			t.Errorf("%s (%s) does nothing", name, b.Key)
		}
		if b.Group == "" || b.Does != "" && b.Shown == "" {
			t.Errorf("%s %s cannot stand on the sheet", b.Key, name)
		}
		if b.Rune != 0 {
			if other, taken := runes[b.Rune]; taken {
				t.Errorf("%q is bound to %q and to %q", b.Rune, other, name)
			}
			runes[b.Rune] = name
			continue
		}
		c := chord{b.Key, b.Mods}
		if other, taken := keys[c]; taken {
			t.Errorf("%s with %d is bound to %q and to %q", b.Key, b.Mods, other, name)
		}
		keys[c] = name
	}
	for _, k := range []fyne.KeyName{"W", "Z", "M", "B", "E", "X", "[", "]", "S", "I", "H", "V", "1", "9", ",", "."} {
		if keys[chord{k, 0}] == "" {
			t.Errorf("%s is not bound", k)
		}
	}
}

func TestCharactersOfTheSheetAreInTheFont(t *testing.T) {
	for _, g := range KeyGroups() {
		for _, l := range g.Lines {
			for _, c := range l.Keys + l.Does {
				if !inFont(c) {
					t.Errorf("the font lacks %q of %q", c, l.Keys+" "+l.Does)
				}
			}
		}
	}
}

// rect is where an object lies in the room.
func rect(o fyne.CanvasObject) (x0, y0, x1, y1 float32) {
	p := o.Position()
	return p.X, p.Y, p.X + o.Size().Width, p.Y + o.Size().Height
}

func TestFloorPlan(t *testing.T) {
	for name, c := range map[string]struct {
		w, h        float32
		tools, side float32
		folded      bool
	}{
		"full HD":       {1920, 1080, 64, 372, false},
		"a laptop":      {1600, 900, 64, 372, true},
		"the least":     {1366, 768, 48, 320, true},
		"a wide screen": {3440, 1440, 64, 440, false},
	} {
		r, _ := layOut(t, studyOf(ramp(t)), c.w, c.h, 1, nothing)
		if got := r.tools.Object.Size().Width; got != c.tools {
			t.Errorf("%s: tool rail of %g, want %g", name, got, c.tools)
		}
		if got := r.side.Size().Width; got != c.side {
			t.Errorf("%s: pane of %g, want %g", name, got, c.side)
		}
		if r.rail.Object.Visible() == c.folded {
			t.Errorf("%s: the series rail is visible: %v", name, !c.folded)
		}
		top, bottom := pane.TopBarHeight, c.h-pane.StatusHeight
		for part, o := range map[string]fyne.CanvasObject{"tools": r.tools.Object, "options": r.options.Object, "images": r.ports, "pane": r.side} {
			x0, y0, x1, y1 := rect(o)
			if x0 < 0 || x1 > c.w+0.01 || y0 < top-0.01 || y1 > bottom+0.01 {
				t.Errorf("%s: the %s lie at %g,%g to %g,%g", name, part, x0, y0, x1, y1)
			}
		}
		_, _, toolsEnd, _ := rect(r.tools.Object)
		x0, y0, x1, _ := rect(r.ports)
		sideStart, _, _, _ := rect(r.side)
		_, _, _, optionsEnd := rect(r.options.Object)
		if x0 != toolsEnd || x1 != sideStart || y0 < optionsEnd {
			t.Errorf("%s: the images start at %g and end at %g, between %g and %g", name, x0, x1, toolsEnd, sideStart)
		}
		if got := r.top.Object.MinSize().Width; got > c.w {
			t.Errorf("%s: the top bar needs %g: something is cut", name, got)
		}
		if got := r.options.Object.MinSize().Width; got > x1-x0 {
			t.Errorf("%s: the options need %g of %g", name, got, x1-x0)
		}
	}
}

func TestOptionsOfTheBrushFitTheLeastWindow(t *testing.T) {
	r, _ := layOut(t, studyOf(ramp(t)), 1366, 768, 1, nothing)
	r.chooseTool(tool.NameBrush)
	if need, have := r.options.Object.MinSize().Width, r.options.Object.Size().Width; need > have {
		t.Errorf("the brush's options need %g of %g", need, have)
	}
}

func TestViewportsLieOnDevicePixels(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		r, _ := layOut(t, studyOf(ramp(t)), 1001, 645, scale, nothing)
		if len(r.views) != 4 {
			t.Fatalf("%d viewports", len(r.views))
		}
		for n, v := range r.views {
			x0, y0, x1, y1 := rect(v.port)
			for _, edge := range []float32{x0, y0, x1, y1} {
				if px := float64(edge * scale); math.Abs(px-math.Round(px)) > 1e-2 {
					t.Errorf("scale %g: viewport %d has an edge at %g device pixels", scale, n, px)
				}
			}
		}
		if share := r.views[0].port.Size().Width / r.ports.Size().Width; math.Abs(float64(share)-2.0/3) > 0.01 {
			t.Errorf("the large viewport has %g of the width", share)
		}
	}
}

func TestScrollingMovesEveryPlaneThroughTheLinkedPoint(t *testing.T) {
	r, w := stand(t, studyOf(ramp(t)), 800, 600, 1)
	before := planeOf(r.geometry(), 2, r.st.cross)
	r.Scroll(r.views[0].port, 3) // towards the feet: falling k
	settle(r, w)
	if got := planeOf(r.geometry(), 2, r.st.cross); got != before-3 {
		t.Errorf("three down from plane %d is %d", before, got)
	}
	if z := r.views[0].port.Camera().Centre[2]; math.Abs(z-r.st.cross[2]) > 1e-9 {
		t.Errorf("the axial view is at %g, the point at %g", z, r.st.cross[2])
	}
	if z := r.views[3].port.Camera().Centre[2]; math.Abs(z-r.st.cross[2]) > 1e-9 {
		t.Errorf("the second axial view stays at %g", z)
	}
	r.scrollToEnd(-1)
	if k := planeOf(r.geometry(), 2, r.st.cross); k != 39 {
		t.Errorf("Home shows plane %d, want the uppermost, 39", k)
	}
	r.Scroll(r.views[0].port, -5)
	if k := planeOf(r.geometry(), 2, r.st.cross); k != 39 {
		t.Errorf("scrolling past the end shows plane %d", k)
	}
}

func TestDigitsAreThePresetsOfTheModality(t *testing.T) {
	r, w := stand(t, studyOf(ramp(t)), 800, 600, 1)
	r.press(fyne.Key2, 0)
	settle(r, w)
	if got := r.views[0].grey; got.name != "Lung" || got.voi.Center != -600 || got.voi.Width != 1500 {
		t.Errorf("2 shows %+v", got)
	}
	r.press(fyne.KeyI, 0)
	if !r.views[0].grey.voi.Invert {
		t.Error("I does not invert")
	}
	if got := r.views[1].grey.name; got != "Soft tissue" {
		t.Errorf("the coronal view changed to %s: keys act on the active one", got)
	}
}
