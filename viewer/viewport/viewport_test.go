package viewport

import (
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/viewer/tool"
)

// painter draws a flat grey and remembers the scenes.
type painter struct {
	mu     sync.Mutex
	scenes []render.Scene
	sizes  []image.Point
	gate   chan struct{} // when set, each picture waits for one token
}

func (p *painter) DrawInto(_ context.Context, s render.Scene, dst *image.RGBA) error {
	if p.gate != nil {
		<-p.gate
	}
	for i := range dst.Pix {
		dst.Pix[i] = 0x80
	}
	dst.SetRGBA(0, 0, color.RGBA{255, 0, 0, 255})
	p.mu.Lock()
	p.scenes, p.sizes = append(p.scenes, s), append(p.sizes, dst.Rect.Size())
	p.mu.Unlock()
	return nil
}

func (p *painter) last() (render.Scene, image.Point) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.scenes[len(p.scenes)-1], p.sizes[len(p.sizes)-1]
}

// paper is a room that writes down what it is told.
type paper struct {
	tool      tool.Tool
	buttons   []desktop.MouseButton
	notches   []int
	points    []volume.Point
	left      int
	maximised int
	windows   [][2]float64
	strokes   []string
}

func (r *paper) TakeKeys()               {}
func (r *paper) TypedKey(*fyne.KeyEvent) {}
func (r *paper) Activate(*Viewport)      {}
func (r *paper) Tool(_ *Viewport, b desktop.MouseButton, _ fyne.KeyModifier) tool.Tool {
	r.buttons = append(r.buttons, b)
	return r.tool
}
func (r *paper) Point(_ *Viewport, p volume.Point, ok bool) {
	if !ok {
		r.left++
		return
	}
	r.points = append(r.points, p)
}
func (r *paper) Wheel(_ *Viewport, n int, _ fyne.KeyModifier, _ tool.Pointer) {
	r.notches = append(r.notches, n)
}
func (r *paper) SetWindow(_ *Viewport, l, w float64)                   { r.windows = append(r.windows, [2]float64{l, w}) }
func (r *paper) Scroll(*Viewport, int)                                 {}
func (r *paper) SetCross(*Viewport, volume.Point)                      {}
func (r *paper) Maximise(*Viewport)                                    { r.maximised++ }
func (r *paper) Looked(*Viewport)                                      {}
func (r *paper) BeginStroke(*Viewport, bool, volume.Point) tool.Stroke { return nil }

// bench is a viewport in a window of the test driver, with a grid of 100 x 50 x 10 voxels of 1 x 1 x 2 mm.
func bench(t *testing.T, scale float32) (*Viewport, *painter, *paper, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	p, r := &painter{}, &paper{}
	v := New(r, p, false)
	t.Cleanup(v.Close)
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Canvas().(test.WindowlessCanvas).SetScale(scale)
	w.Resize(fyne.NewSize(300, 200))
	g := volume.Geometry{Size: [3]int{100, 50, 10}, Spacing: mgl64.Vec3{1, 1, 2}, Direction: mgl64.Ident3()}
	vol, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	vol.ArriveAll()
	v.Look(Camera{Right: mgl64.Vec3{1, 0, 0}, Down: mgl64.Vec3{0, 1, 0}}, false)
	v.Display(Content{Volume: vol, Loaded: 1}, false)
	w.Canvas().Capture() // the first paint tells the size in pixels
	v.Settle()
	return v, p, r, w
}

func TestPictureHasExactlyTheDevicePixels(t *testing.T) {
	for scale, want := range map[float32]image.Point{1: {300, 200}, 1.5: {450, 300}, 2: {600, 400}} {
		v, p, _, w := bench(t, scale)
		s, size := p.last()
		if size != want {
			t.Errorf("scale %g: drawn at %v, want %v", scale, size, want)
		}
		if s.Furniture.Scale != float64(scale) {
			t.Errorf("scale %g: furniture at %g", scale, s.Furniture.Scale)
		}
		shot := w.Canvas().Capture()
		if shot.Bounds().Size() != want {
			t.Errorf("scale %g: the window has %v pixels", scale, shot.Bounds().Size())
		}
		if r, g, _, _ := shot.At(0, 0).RGBA(); r>>8 != 255 || g != 0 {
			t.Errorf("scale %g: the first pixel is not where it was drawn", scale)
		}
		if r, _, _, _ := shot.At(1, 0).RGBA(); r>>8 != 0x80 {
			t.Errorf("scale %g: the picture was stretched", scale)
		}
		// 100 mm across 300 units.
		if mm := v.Camera().MMPerUnit; math.Abs(mm-1.0/3) > 1e-6 {
			t.Errorf("scale %g: fitted at %g mm a unit, want 1/3", scale, mm)
		}
	}
}

func TestPointerIsTheMiddleOfItsPixel(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 300 {
		scale := []float64{1, 1.25, 1.5, 2}[r.IntN(4)]
		px := [2]int{100 + r.IntN(900), 100 + r.IntN(900)}
		c := Camera{Centre: volume.Point{r.Float64() * 100, 3, -7}, Right: mgl64.Vec3{0, 1, 0}, Down: mgl64.Vec3{0, 0, -1}, MMPerUnit: 0.1 + r.Float64()}
		x, y := r.IntN(px[0]), r.IntN(px[1])
		p := c.At(fyne.NewPos(float32(float64(x)/scale), float32(float64(y)/scale)), px, scale)
		if want := c.Plane(scale).At(float64(x), float64(y), px[0], px[1]); p.Sub(want).Len() > 1e-6 {
			t.Fatalf("pixel %d,%d at scale %g: %v, drawn from %v (seed 3, 5)", x, y, scale, p, want)
		}
		back := c.Pos(p, px, scale)
		if math.Abs(float64(back.X)*scale-float64(x)-0.5) > 1e-3 || math.Abs(float64(back.Y)*scale-float64(y)-0.5) > 1e-3 {
			t.Fatalf("pixel %d,%d comes back as %v at scale %g (seed 3, 5)", x, y, back, scale)
		}
	}
}

func TestOnlyTheNewestRequestIsDrawn(t *testing.T) {
	p := &painter{gate: make(chan struct{})}
	w := newWorker(p, func(*image.RGBA, request, error, time.Duration) {})
	w.ask(request{scene: render.Scene{Plane: volume.Plane{MMPerPixel: 0}}, size: image.Pt(4, 4)})
	p.gate <- struct{}{} // the worker is busy with a picture from here on, or about to be
	for n := 1; n <= 50; n++ {
		w.ask(request{scene: render.Scene{Plane: volume.Plane{MMPerPixel: float64(n)}}, size: image.Pt(4, 4)})
	}
	close(p.gate)
	w.settle()
	w.stop()
	if got, _ := p.last(); got.Plane.MMPerPixel != 50 {
		t.Errorf("the last picture is of request %g", got.Plane.MMPerPixel)
	}
	if len(p.scenes) > 3 {
		t.Errorf("%d pictures for 51 requests", len(p.scenes))
	}
}

func TestThreeBuffersRotate(t *testing.T) {
	w := &worker{}
	seen := map[*image.RGBA]bool{}
	for range 9 {
		seen[w.buffer(image.Pt(8, 8))] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d buffers for nine pictures", len(seen))
	}
	if b := w.buffer(image.Pt(9, 8)); b.Rect.Dx() != 9 || b.Stride != 36 {
		t.Error("a new size did not bring a buffer of its own")
	}
}

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
		v.MouseDown(mouse(b, 100, 100))
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
	v.MouseDown(mouse(desktop.MouseButtonPrimary, 100, 100))
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
		v.MouseDown(mouse(desktop.MouseButtonPrimary, x, 50))
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
	v.MouseDown(at)
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
