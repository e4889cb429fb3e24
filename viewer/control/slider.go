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

// Slider sets a number between two bounds: on equal ways by equal ratios, as for a brush's radius, or by equal steps, as along a run of frames.
type Slider struct {
	widget.BaseWidget
	// OnChange is told each value that the person sets; Set does not call it.
	OnChange    func(v float64)
	lo, hi, v   float64
	even        bool // equal steps
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

// NewScale makes a slider of equal steps from lo to hi.
func NewScale(lo, hi, v float64, onChange func(float64)) *Slider {
	s := NewSlider(lo, hi, v, onChange)
	s.even = true
	return s
}

// NewSlider makes a slider of equal ratios from lo to hi, both above zero.
func NewSlider(lo, hi, v float64, onChange func(float64)) *Slider {
	s := &Slider{OnChange: onChange, lo: lo, hi: hi, v: v}
	s.track, s.done = canvas.NewRectangle(look.Edge), canvas.NewRectangle(look.Edge)
	s.track.CornerRadius, s.done.CornerRadius = 2, 2
	s.knob = canvas.NewCircle(look.Text)
	s.ExtendBaseWidget(s)
	return s
}

// SetRange gives the slider other bounds; what it shows stays between them.
func (s *Slider) SetRange(lo, hi float64) {
	s.lo, s.hi = lo, hi
	s.Set(s.v)
}

// Set shows v.
func (s *Slider) Set(v float64) {
	s.v = max(s.lo, min(s.hi, v))
	s.Refresh()
}

func (s *Slider) share() float32 {
	if s.even {
		return float32((s.v - s.lo) / max(s.hi-s.lo, 1))
	}
	return float32(math.Log(s.v/s.lo) / math.Log(s.hi/s.lo))
}

func (s *Slider) setAt(x float32) {
	t := max(0, min(1, float64((x-8)/(s.Size().Width-16))))
	if s.even {
		s.change(math.Round(s.lo + (s.hi-s.lo)*t))
		return
	}
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

// Scrolled implements fyne.Scrollable: ten per cent a notch, or one step.
func (s *Slider) Scrolled(e *fyne.ScrollEvent) {
	notch := float64(max(-1, min(1, e.Scrolled.DY+e.Scrolled.DX)))
	switch {
	case notch == 0:
	case s.even:
		s.change(math.Round(s.v - notch)) // the wheel goes towards the end, as it does over the image
	default:
		s.change(s.v * math.Pow(1.1, notch))
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
