package pane

import (
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// segmentRow is number, swatch, name, volume, lock and eye; the active one has a second line.
type segmentRow struct {
	control.Press
	p      *Segments
	s      Segment
	active bool
	frozen bool

	ground, bar, swatch          *canvas.Rectangle
	number, name, volume, detail *canvas.Text
	lock, eye                    *control.Button
	field                        *control.Field
}

var _ fyne.SecondaryTappable = (*segmentRow)(nil)

func newSegmentRow(p *Segments) *segmentRow {
	r := &segmentRow{p: p, ground: canvas.NewRectangle(look.Panel), bar: canvas.NewRectangle(color.Transparent), swatch: canvas.NewRectangle(look.Text),
		number: look.Words("", look.Body, look.Text2), name: look.Words("", look.Body, look.Text), volume: look.Words("", look.Body, look.Text2),
		detail: look.Words("", look.Small, look.Text2)}
	r.number.Alignment, r.volume.Alignment = fyne.TextAlignTrailing, fyne.TextAlignTrailing
	r.swatch.CornerRadius = 2
	r.lock = control.NewButton("", "lock-open", control.Quiet, func() { p.a.Lock(r.s.Number) }).Small()
	r.eye = control.NewButton("", "eye", control.Quiet, func() { p.a.Eye(r.s.Number) }).Small()
	r.field = control.NewField("Name", 100)
	r.field.OnSubmitted = func(string) { r.commit() }
	r.field.OnEscape = r.close
	r.field.OnLeave = r.commit
	r.field.Hide()
	r.OnTap = func() { p.a.Select(r.s.Number) }
	r.Adopt(r, r.paint)
	return r
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *segmentRow) TappedSecondary(*fyne.PointEvent) { r.p.unfoldMore(r, r.s.Number) }

func (r *segmentRow) set(s Segment, active, frozen bool) {
	if r.s == s && r.active == active && r.frozen == frozen {
		return
	}
	r.s, r.active, r.frozen = s, active, frozen
	r.lock.SetIcon("lock-open")
	r.lock.Tip = "Lock\nNothing paints into it then."
	if s.Locked {
		r.lock.SetIcon("lock")
		r.lock.Tip = "Unlock"
	}
	r.lock.SetOff(frozen)
	r.eye.SetIcon("eye")
	r.eye.Tip = "Hide"
	if s.Hidden {
		r.eye.SetIcon("eye-off")
		r.eye.Tip = "Show"
	}
	r.paint()
	r.Refresh()
}

func (r *segmentRow) paint() {
	c := look.Colour(r.s.Colour)
	r.ground.FillColor, r.bar.FillColor = look.Panel, color.Transparent
	switch {
	case r.active:
		r.ground.FillColor, r.bar.FillColor = look.AccentGround, look.Accent
	case r.Over():
		r.ground.FillColor = look.Raised
	}
	r.swatch.FillColor, r.swatch.StrokeColor, r.swatch.StrokeWidth = c, c, 2
	if !r.s.Filled {
		r.swatch.FillColor = color.Transparent
	}
	r.name.TextStyle.Bold = r.active
	r.name.Color = color.Color(look.Text)
	if r.s.Hidden {
		r.name.Color = look.TextOff
	}
	r.ground.Refresh()
	r.bar.Refresh()
	r.swatch.Refresh()
	r.name.Refresh()
}

// edit opens the name for typing.
func (r *segmentRow) edit() {
	r.field.SetText(r.s.Name)
	r.field.Show()
	r.name.Hide()
	r.Refresh()
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		c.Focus(r.field)
	}
	r.field.CursorColumn = len([]rune(r.s.Name))
	r.field.Refresh()
}

func (r *segmentRow) commit() {
	if !r.field.Visible() {
		return
	}
	name := strings.TrimSpace(r.field.Text)
	r.close()
	if name != "" && name != r.s.Name {
		r.p.a.Rename(r.s.Number, name)
	}
}

func (r *segmentRow) close() {
	if !r.field.Visible() {
		return
	}
	r.field.Hide()
	r.name.Show()
	r.Refresh()
	r.p.a.Release()
}

// CreateRenderer implements fyne.Widget.
func (r *segmentRow) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{r} }

type rowRenderer struct{ r *segmentRow }

func (l *rowRenderer) Destroy() {}
func (l *rowRenderer) Objects() []fyne.CanvasObject {
	r := l.r
	return []fyne.CanvasObject{r.ground, r.bar, r.number, r.swatch, r.name, r.volume, r.detail, r.lock, r.eye, r.field}
}

func (l *rowRenderer) MinSize() fyne.Size {
	if l.r.active && l.r.s.Detail != "" {
		return fyne.NewSize(280, look.TwoLines+2)
	}
	return fyne.NewSize(280, look.Row)
}

func (l *rowRenderer) Layout(size fyne.Size) {
	r := l.r
	const line = look.Row
	r.ground.Resize(size)
	r.bar.Resize(fyne.NewSize(3, size.Height))
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(r.number, 8, (line-20)/2, 20, 20)
	put(r.swatch, 36, (line-16)/2, 16, 16)
	right := size.Width - 6
	put(r.eye, right-32, (line-32)/2, 32, 32)
	put(r.lock, right-66, (line-32)/2, 32, 32)
	put(r.volume, right-66-96, (line-20)/2, 90, 20)
	width := right - 66 - 96 - 60
	put(r.name, 60, (line-20)/2, width, 20)
	put(r.field, 56, 1, right-66-60, 36)
	put(r.detail, 60, line-4, size.Width-72, 18)
	setShown(r.volume, !r.field.Visible())
	r.number.Text = strconv.Itoa(r.s.Number)
	r.name.Text = look.Cut(r.s.Name, look.Body, r.active, width)
	r.volume.Text = r.s.Volume
	r.detail.Text = ""
	if r.active {
		r.detail.Text = r.s.Detail
	}
}

func (l *rowRenderer) Refresh() {
	l.Layout(l.r.Size())
	for _, o := range l.Objects() {
		o.Refresh()
	}
}

// swatch is one colour to choose.
type swatch struct {
	control.Press
	c      project.Colour
	ground *canvas.Rectangle
}

func newSwatch(c project.Colour, tapped func()) *swatch {
	s := &swatch{c: c, ground: canvas.NewRectangle(look.Colour(c))}
	s.ground.CornerRadius, s.ground.StrokeWidth = 3, 2
	s.OnTap = tapped
	s.Adopt(s, func() {
		s.ground.StrokeColor = color.Transparent
		if s.Over() {
			s.ground.StrokeColor = look.Text
		}
		s.ground.Refresh()
	})
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *swatch) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewPadded(s.ground))
}

// MinSize implements fyne.CanvasObject.
func (s *swatch) MinSize() fyne.Size { return fyne.NewSize(40, 34) }
