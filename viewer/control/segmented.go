package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Segmented is a choice of one among few, all in sight.
type Segmented struct {
	widget.BaseWidget
	// OnChange is told the choice that the person made; Choose does not call it.
	OnChange func(n int)
	parts    []*segment
	chosen   int
	height   float32
	stretch  bool
}

// NewSegmented makes the choice with the first of the names chosen.
func NewSegmented(names []string, onChange func(n int)) *Segmented {
	s := &Segmented{OnChange: onChange, height: look.Button}
	for n, name := range names {
		p := newSegment(name)
		p.OnTap = func() {
			if s.chosen == n {
				return
			}
			s.Choose(n)
			if s.OnChange != nil {
				s.OnChange(n)
			}
		}
		s.parts = append(s.parts, p)
	}
	s.ExtendBaseWidget(s)
	s.Choose(0)
	return s
}

// Stretched makes the parts share the width that there is.
func (s *Segmented) Stretched() *Segmented { s.stretch = true; return s }

// Tips sets the tip of each part.
func (s *Segmented) Tips(tips ...string) *Segmented {
	for n, t := range tips {
		s.parts[n].Tip = t
	}
	return s
}

// Chosen returns the number of the choice.
func (s *Segmented) Chosen() int { return s.chosen }

// Choose sets it.
func (s *Segmented) Choose(n int) {
	s.chosen = n
	for k, p := range s.parts {
		p.setChosen(k == n)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	frame := canvas.NewRectangle(look.Base)
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = look.Outline, 1, look.Radius
	var objects []fyne.CanvasObject
	for n, p := range s.parts {
		if n > 0 {
			objects = append(objects, VLine(look.Outline, s.height-2))
		}
		objects = append(objects, p)
	}
	return widget.NewSimpleRenderer(container.NewStack(frame, container.New(&segments{s}, objects...)))
}

// segments lays the parts one pixel inside the frame.
type segments struct{ s *Segmented }

func (l *segments) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := float32(2)
	for _, o := range objects {
		w += o.MinSize().Width
	}
	return fyne.NewSize(w, l.s.height)
}

func (l *segments) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	extra := float32(0)
	if l.s.stretch {
		extra = (size.Width - l.MinSize(objects).Width) / float32(len(l.s.parts))
	}
	x := float32(1)
	for _, o := range objects {
		w := o.MinSize().Width
		if _, ok := o.(*segment); ok {
			w += extra
		}
		o.Move(fyne.NewPos(x, 1))
		o.Resize(fyne.NewSize(w, size.Height-2))
		x += w
	}
}

// segment is one part of the choice.
type segment struct {
	Press
	chosen       bool
	ground, foot *canvas.Rectangle
	label        *canvas.Text
}

func newSegment(name string) *segment {
	p := &segment{ground: canvas.NewRectangle(look.Base), foot: canvas.NewRectangle(color.Transparent), label: look.Words(name, look.Body, look.Text2)}
	p.label.Alignment = fyne.TextAlignCenter
	p.draw = p.paint
	p.extend(p)
	return p
}

func (p *segment) setChosen(on bool) {
	p.chosen = on
	p.paint()
}

func (p *segment) paint() {
	p.ground.FillColor, p.foot.FillColor, p.label.Color = look.Base, color.Transparent, look.Text2
	switch {
	case p.chosen:
		p.ground.FillColor, p.foot.FillColor, p.label.Color = look.AccentGround, look.Accent, look.Text
	case p.down:
		p.ground.FillColor = look.AccentGround
	case p.over:
		p.ground.FillColor = look.Control
	}
	p.ground.Refresh()
	p.foot.Refresh()
	p.label.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *segment) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(&segmentLayout{p}, p.ground, p.foot, p.label))
}

type segmentLayout struct{ p *segment }

func (l *segmentLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	m := l.p.label.MinSize()
	return fyne.NewSize(m.Width+2*look.Gap12, m.Height)
}

func (l *segmentLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.p.ground.Resize(size)
	l.p.foot.Resize(fyne.NewSize(size.Width, 3))
	l.p.foot.Move(fyne.NewPos(0, size.Height-3))
	h := l.p.label.MinSize().Height
	l.p.label.Resize(fyne.NewSize(size.Width, h))
	l.p.label.Move(fyne.NewPos(0, (size.Height-h)/2))
}
