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
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/viewer/control/threadtest"
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
	thread = threadtest.New(t)
	p, r := &painter{}, &paper{}
	v := New(r, p, false)
	t.Cleanup(func() { v.Close()() })
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Canvas().(software.WindowlessCanvas).SetScale(scale)
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
	thread.Run()
	return v, p, r, w
}

// thread is the interface thread of the test that runs.
var thread *threadtest.Thread

// down presses a button over v and lets the tick of that press end.
func down(v *Viewport, e *desktop.MouseEvent) {
	v.MouseDown(e)
	thread.Run()
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
