package viewport

import (
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/viewer/tool"
)

func TestWheelCountsWholeNotches(t *testing.T) {
	for name, c := range map[string]struct {
		units []float64
		want  int
	}{
		"a notch up":                      {[]float64{25}, -1},
		"a notch down":                    {[]float64{-25}, 1},
		"parts of a notch add up":         {[]float64{-10, -10, -10}, 1},
		"a touchpad's crumbs are kept":    {[]float64{-5, -5, -5, -5}, 0},
		"a flick of 125 notches is tamed": {[]float64{-25 * 125}, 5},
		"back and forth is nowhere":       {[]float64{-20, 20}, 0},
	} {
		var i input
		got := 0
		for _, u := range c.units {
			got += i.add(u)
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func mouse(b desktop.MouseButton, x, y float32) *desktop.MouseEvent {
	e := &desktop.MouseEvent{Button: b}
	e.Position, e.AbsolutePosition = fyne.NewPos(x, y), fyne.NewPos(x, y)
	return e
}

func TestDragIsCapturedForEveryButton(t *testing.T) {
	for _, b := range []desktop.MouseButton{desktop.MouseButtonPrimary, desktop.MouseButtonSecondary, desktop.MouseButtonTertiary} {
		v, _, r, w := bench(t, 1)
		r.tool = tool.New(tool.NamePan)
		before := v.Camera().Centre
		down(v, mouse(b, 100, 100))
		top, ok := w.Canvas().Overlays().Top().(*capture)
		if !ok {
			t.Fatalf("button %d: no capture", b)
		}
		top.MouseMoved(mouse(b, -500, 100)) // far outside the window
		top.MouseUp(mouse(b, -500, 100))
		if w.Canvas().Overlays().Top() != nil || v.Dragging() {
			t.Errorf("button %d: still captured after the release", b)
		}
		if moved := v.Camera().Centre.Sub(before); math.Abs(moved[0]-200) > 1e-6 {
			t.Errorf("button %d: 600 units to the left moved the centre by %v mm, want 200", b, moved)
		}
	}
}

func TestLostReleaseEndsTheDrag(t *testing.T) {
	v, _, r, w := bench(t, 1)
	r.tool = tool.New(tool.NamePan)
	down(v, mouse(desktop.MouseButtonPrimary, 100, 100))
	w.Canvas().Overlays().Top().(*capture).MouseMoved(mouse(0, 120, 100))
	if v.Dragging() || w.Canvas().Overlays().Top() != nil {
		t.Error("a move without a button did not end the drag")
	}
}

func TestDoubleClickMaximises(t *testing.T) {
	v, _, r, w := bench(t, 1)
	clock := time.Unix(1000, 0)
	now = func() time.Time { return clock }
	t.Cleanup(func() { now = time.Now })
	r.tool = tool.New(tool.NamePan)
	click := func(x float32) {
		down(v, mouse(desktop.MouseButtonPrimary, x, 50))
		if o, ok := w.Canvas().Overlays().Top().(*capture); ok {
			o.MouseUp(mouse(desktop.MouseButtonPrimary, x, 50))
		}
	}
	click(50)
	clock = clock.Add(100 * time.Millisecond)
	click(51)
	if r.maximised != 1 {
		t.Fatalf("two quick presses maximised %d times", r.maximised)
	}
	clock = clock.Add(100 * time.Millisecond)
	click(51) // the third begins anew
	clock = clock.Add(time.Second)
	click(51) // too late
	clock = clock.Add(100 * time.Millisecond)
	click(150) // too far
	if r.maximised != 1 {
		t.Errorf("maximised %d times in the end", r.maximised)
	}
}

func TestTwoQuickDabsAreTwoDabs(t *testing.T) {
	v, _, r, w := bench(t, 1)
	r.tool = tool.New(tool.NameBrush)
	for range 2 {
		down(v, mouse(desktop.MouseButtonPrimary, 50, 50))
		w.Canvas().Overlays().Top().(*capture).MouseUp(mouse(desktop.MouseButtonPrimary, 50, 50))
	}
	if r.maximised != 0 || len(r.buttons) != 2 {
		t.Errorf("two dabs maximised %d times and pressed %d", r.maximised, len(r.buttons))
	}
}

func TestZoomStaysInBounds(t *testing.T) {
	v, _, _, _ := bench(t, 1)
	fit := v.Camera().MMPerUnit
	v.SetZoom(1e9)
	if got := v.Camera().MMPerUnit; math.Abs(got-fit*mostOut) > 1e-9 {
		t.Errorf("zoomed out to %g mm a unit, want %g", got, fit*mostOut)
	}
	v.SetZoom(0)
	if got := v.Camera().MMPerUnit; math.Abs(got-fit*mostIn) > 1e-9 {
		t.Errorf("zoomed in to %g mm a unit, want %g", got, fit*mostIn)
	}
}

func TestRingIsTrueMillimetres(t *testing.T) {
	v, _, r, _ := bench(t, 1)
	v.SetRing(6)
	v.MouseMoved(mouse(0, 100, 80))
	if len(r.points) == 0 {
		t.Fatal("the room was not told of the pointer")
	}
	// 6 mm at 1/3 mm a unit: 18 units of radius round the middle of pixel 100, 80.
	c := v.marks.light
	if s := c.Size(); math.Abs(float64(s.Width)-36) > 1e-3 || !c.Visible() {
		t.Errorf("the ring is %g units wide, want 36", s.Width)
	}
	mid := c.Position().AddXY(18, 18)
	if math.Abs(float64(mid.X)-100.5) > 1e-3 || math.Abs(float64(mid.Y)-80.5) > 1e-3 {
		t.Errorf("the ring's middle is at %v", mid)
	}
	v.MouseOut()
	if c.Visible() || r.left != 1 {
		t.Error("the ring stays when the pointer has left")
	}
}

func TestPressTakesTheNewestPosition(t *testing.T) {
	v, _, r, w := bench(t, 1)
	r.tool = tool.New(tool.NameCrosshair)
	// What a real driver does in one tick: the press with an old position, then the moves, then what was posted.
	v.input.press = &press{button: desktop.MouseButtonPrimary, at: fyne.NewPos(10, 10)}
	v.hold(mouse(desktop.MouseButtonPrimary, 10, 10))
	w.Canvas().Overlays().Top().(*capture).MouseMoved(mouse(desktop.MouseButtonPrimary, 200, 100))
	if v.input.drag != nil {
		t.Fatal("the tool began before the position was certain")
	}
	crossed := &crossing{}
	r.tool = crossed
	v.begin()
	if crossed.pressed.X != 200 || crossed.pressed.Y != 100 {
		t.Errorf("the tool was pressed at %g,%g, want 200,100", crossed.pressed.X, crossed.pressed.Y)
	}
}

func TestPressMeantForSomethingElseDoesNothing(t *testing.T) {
	v, _, r, w := bench(t, 1)
	r.tool = tool.New(tool.NamePan)
	v.input.press = &press{button: desktop.MouseButtonPrimary, at: fyne.NewPos(10, 10)}
	v.hold(mouse(desktop.MouseButtonPrimary, 10, 10))
	w.Canvas().Overlays().Top().(*capture).MouseMoved(mouse(desktop.MouseButtonPrimary, 700, 100))
	v.begin()
	if len(r.buttons) != 0 || v.Dragging() || w.Canvas().Overlays().Top() != nil {
		t.Error("a press that lies outside the viewport began a drag")
	}
}

func TestClickWithinOneTickIsPressAndRelease(t *testing.T) {
	v, _, r, w := bench(t, 1)
	crossed := &crossing{}
	r.tool = crossed
	v.input.press = &press{button: desktop.MouseButtonPrimary, at: fyne.NewPos(50, 60)}
	v.hold(mouse(desktop.MouseButtonPrimary, 50, 60))
	w.Canvas().Overlays().Top().(*capture).MouseUp(mouse(desktop.MouseButtonPrimary, 50, 60))
	v.begin()
	if !crossed.released || v.Dragging() {
		t.Error("the click is still held")
	}
}

func TestTwoClicksWithinOneTickAreADoubleClick(t *testing.T) {
	v, _, r, w := bench(t, 1)
	r.tool = &crossing{}
	at := mouse(desktop.MouseButtonPrimary, 50, 60)
	v.input.press = &press{button: desktop.MouseButtonPrimary, at: fyne.NewPos(50, 60)} // the first is not begun yet
	v.hold(at)
	w.Canvas().Overlays().Top().(*capture).MouseUp(at)
	down(v, at)
	if r.maximised != 1 {
		t.Errorf("maximised %d times", r.maximised)
	}
}

// crossing is a tool that remembers.
type crossing struct {
	pressed  tool.Pointer
	released bool
}

func (c *crossing) Press(_ tool.Host, p tool.Pointer) { c.pressed = p }
func (c *crossing) Move(tool.Host, tool.Pointer)      {}
func (c *crossing) Release(tool.Host, tool.Pointer)   { c.released = true }
func (c *crossing) Cancel(tool.Host)                  {}
