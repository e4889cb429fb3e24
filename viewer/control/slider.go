package control

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Slider sets a positive number between two bounds; equal ways are equal ratios, as for a brush's radius.
type Slider struct {
	widget.BaseWidget
	// OnChange is told each value that the person sets; Set does not call it.
	OnChange    func(v float64)
	lo, hi, v   float64
	over        bool
	track, done *canvas.Rectangle
	knob        *canvas.Circle
}

var (
	_ fyne.Draggable    = (*Slider)(nil)
	_ desktop.Mouseable = (*Slider)(nil)
	_ desktop.Hoverable = (*Slider)(nil)
	_ fyne.Scrollable   = (*Slider)(nil)
)

// NewSlider makes a slider from lo to hi, both above zero.
func NewSlider(lo, hi, v float64, onChange func(float64)) *Slider {
	s := &Slider{OnChange: onChange, lo: lo, hi: hi, v: v}
	s.track, s.done = canvas.NewRectangle(look.Edge), canvas.NewRectangle(look.Edge)
	s.track.CornerRadius, s.done.CornerRadius = 2, 2
	s.knob = canvas.NewCircle(look.Text)
	s.ExtendBaseWidget(s)
	return s
}

// Set shows v.
func (s *Slider) Set(v float64) {
	s.v = max(s.lo, min(s.hi, v))
	s.Refresh()
}

func (s *Slider) share() float32 {
	return float32(math.Log(s.v/s.lo) / math.Log(s.hi/s.lo))
}

func (s *Slider) setAt(x float32) {
	t := max(0, min(1, float64((x-8)/(s.Size().Width-16))))
	s.change(s.lo * math.Pow(s.hi/s.lo, t))
}

func (s *Slider) change(v float64) {
	v = max(s.lo, min(s.hi, v))
	if v == s.v {
		return
	}
	s.Set(v)
	if s.OnChange != nil {
		s.OnChange(v)
	}
}

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(e *fyne.DragEvent) { s.setAt(e.Position.X) }

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {}

// MouseDown implements desktop.Mouseable.
func (s *Slider) MouseDown(e *desktop.MouseEvent) { s.setAt(e.Position.X) }

// MouseUp implements desktop.Mouseable.
func (s *Slider) MouseUp(*desktop.MouseEvent) {}

// Scrolled implements fyne.Scrollable: ten per cent a notch.
func (s *Slider) Scrolled(e *fyne.ScrollEvent) {
	if d := e.Scrolled.DY + e.Scrolled.DX; d != 0 {
		s.change(s.v * math.Pow(1.1, float64(max(-1, min(1, d)))))
	}
}

// MouseIn implements desktop.Hoverable.
func (s *Slider) MouseIn(*desktop.MouseEvent) { s.over = true; s.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (s *Slider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Slider) MouseOut() { s.over = false; s.Refresh() }

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	return &sliderRenderer{s, container.New(&sliderLayout{s}, s.track, s.done, s.knob)}
}

type sliderRenderer struct {
	s *Slider
	c *fyne.Container
}

func (r *sliderRenderer) Destroy()                     {}
func (r *sliderRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, look.Button) }
func (r *sliderRenderer) Layout(size fyne.Size)        { r.c.Resize(size) }
func (r *sliderRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c} }
func (r *sliderRenderer) Refresh() {
	r.s.knob.FillColor = look.Text
	if r.s.over {
		r.s.knob.FillColor = look.Accent
	}
	r.c.Layout.Layout(r.c.Objects, r.s.Size())
	r.c.Refresh()
}

type sliderLayout struct{ s *Slider }

func (l *sliderLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, look.Button) }

func (l *sliderLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s, y := l.s, size.Height/2
	x := 8 + s.share()*(size.Width-16)
	s.track.Move(fyne.NewPos(0, y-2))
	s.track.Resize(fyne.NewSize(size.Width, 4))
	s.done.FillColor = look.Accent
	s.done.Move(fyne.NewPos(0, y-2))
	s.done.Resize(fyne.NewSize(x, 4))
	s.knob.Move(fyne.NewPos(x-8, y-8))
	s.knob.Resize(fyne.NewSize(16, 16))
}
