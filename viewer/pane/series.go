package pane

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// SeriesWidth is the width of the series rail.
const SeriesWidth float32 = 172

// Series is one line of the series rail.
type Series struct {
	Title  string // "2 · Axial lung 1.0"
	Detail string // "40 × 1.0 mm"
	Absent string // why it cannot be shown; empty when it can
	Warned bool
}

// SeriesRail shows what the study holds.
type SeriesRail struct {
	Object fyne.CanvasObject
	cards  []*seriesCard
}

// NewSeriesRail makes the rail; head may be nil, tapped is told the number of the series.
func NewSeriesRail(head string, series []Series, tapped func(n int)) *SeriesRail {
	r := &SeriesRail{}
	var objects []fyne.CanvasObject
	for n, s := range series {
		c := newSeriesCard(s, func() { tapped(n) })
		r.cards = append(r.cards, c)
		objects = append(objects, c)
	}
	list := container.NewVScroll(control.Column(look.Gap12, control.Even(look.Gap12, look.Gap12), objects...))
	title := control.Fixed(0, OptionsHeight, container.NewStack(
		control.Row(look.Gap8, control.Even(look.Gap12, 0), look.Strong(head, look.Body, look.Text)),
		control.Dock(nil, control.HLine(look.Line), nil, nil, nil)))
	r.Object = control.Ground(look.Panel, control.Fixed(SeriesWidth, 0,
		control.Dock(title, nil, nil, control.VLine(look.Line, 1), list)))
	return r
}

// SetActive marks the series that is on screen.
func (r *SeriesRail) SetActive(n int) {
	for k, c := range r.cards {
		c.setActive(k == n)
	}
}

// SetPicture gives a series its thumbnail.
func (r *SeriesRail) SetPicture(n int, img image.Image) {
	if n < len(r.cards) {
		r.cards[n].setPicture(img)
	}
}

// thumbnail sizes in units.
const (
	ThumbWidth  = 148
	ThumbHeight = 104
)

// seriesCard is a thumbnail with two lines under it.
type seriesCard struct {
	control.Press
	s       Series
	active  bool
	rim     *canvas.Rectangle
	picture *canvas.Image
	none    *canvas.Image
}

func newSeriesCard(s Series, tapped func()) *seriesCard {
	c := &seriesCard{s: s, rim: canvas.NewRectangle(look.Image)}
	c.rim.StrokeWidth, c.rim.CornerRadius = 2, look.Radius
	c.none = control.Picture(look.Icon("photo", look.TextOff), 28)
	if s.Absent != "" {
		c.none.Resource = look.Icon("photo-off", look.TextOff)
	}
	c.OnTap = tapped
	c.Tip = s.Title + "\n" + s.Detail
	if s.Absent != "" {
		c.Tip = s.Title + "\n" + s.Absent
	}
	c.Adopt(c, c.paint)
	return c
}

func (c *seriesCard) setActive(on bool) {
	if c.active != on {
		c.active = on
		c.paint()
	}
}

func (c *seriesCard) setPicture(img image.Image) {
	c.picture = canvas.NewImageFromImage(img)
	c.picture.FillMode, c.picture.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleFastest
	c.Refresh()
}

func (c *seriesCard) paint() {
	c.rim.StrokeColor = color.Transparent
	switch {
	case c.active:
		c.rim.StrokeColor = look.Accent
	case c.Over():
		c.rim.StrokeColor = look.Edge
	}
	c.rim.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *seriesCard) CreateRenderer() fyne.WidgetRenderer {
	r := &cardRenderer{c: c, title: look.Words("", look.Small, look.Text), detail: look.Words("", look.Small, look.Text2)}
	r.Refresh()
	return r
}

type cardRenderer struct {
	c             *seriesCard
	title, detail *canvas.Text
}

var _ fyne.WidgetRenderer = (*cardRenderer)(nil)

func (r *cardRenderer) Destroy() {}
func (r *cardRenderer) MinSize() fyne.Size {
	return fyne.NewSize(ThumbWidth, ThumbHeight+4+2*18)
}

func (r *cardRenderer) Objects() []fyne.CanvasObject {
	if r.c.picture != nil {
		return []fyne.CanvasObject{r.c.rim, r.c.picture, r.title, r.detail}
	}
	return []fyne.CanvasObject{r.c.rim, r.c.none, r.title, r.detail}
}

func (r *cardRenderer) Layout(size fyne.Size) {
	c := r.c
	c.rim.Resize(fyne.NewSize(size.Width, ThumbHeight))
	if c.picture != nil {
		c.picture.Move(fyne.NewPos(3, 3))
		c.picture.Resize(fyne.NewSize(size.Width-6, ThumbHeight-6))
	}
	c.none.Move(fyne.NewPos((size.Width-28)/2, (ThumbHeight-28)/2))
	c.none.Resize(fyne.NewSize(28, 28))
	for n, t := range []*canvas.Text{r.title, r.detail} {
		t.Move(fyne.NewPos(0, ThumbHeight+4+float32(n)*18))
		t.Resize(fyne.NewSize(size.Width, 18))
	}
}

func (r *cardRenderer) Refresh() {
	r.title.Text = look.Cut(r.c.s.Title, look.Small, false, ThumbWidth)
	r.detail.Text = look.Cut(r.c.s.Detail, look.Small, false, ThumbWidth)
	if r.c.s.Absent != "" {
		r.detail.Text = look.Cut(r.c.s.Absent, look.Small, false, ThumbWidth)
	}
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}
