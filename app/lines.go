//go:build !nogui

package main

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// line is something to open: an icon and two lines of text.
type line struct {
	control.Press
	ground *canvas.Rectangle
	body   fyne.CanvasObject
}

func newLine(icon, title, detail string, tapped func()) *line {
	l := &line{ground: canvas.NewRectangle(look.Panel)}
	l.ground.CornerRadius = look.Radius
	l.body = control.Row(look.Gap12, control.Even(look.Gap16, 0), control.Picture(look.Icon(icon, look.Icons), 22),
		control.Column(0, control.Insets{}, look.Strong(title, look.Body, look.Text), look.Words(detail, look.Small, look.Text2)))
	l.OnTap = tapped
	l.Adopt(l, func() {
		l.ground.FillColor = color.Color(look.Panel)
		if l.Over() {
			l.ground.FillColor = look.Raised
		}
		l.ground.Refresh()
	})
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *line) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(l.ground, l.body))
}

// MinSize implements fyne.CanvasObject.
func (l *line) MinSize() fyne.Size { return fyne.NewSize(200, 58) }

// stepLine puts a picture left, an action right and text between.
type stepLine struct{}

func (stepLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width+o[1].MinSize().Width+o[2].MinSize().Width+72, 78)
}

func (stepLine) Layout(o []fyne.CanvasObject, size fyne.Size) {
	put := func(c fyne.CanvasObject, x, w, h float32) {
		c.Move(fyne.NewPos(x, (size.Height-h)/2))
		c.Resize(fyne.NewSize(w, h))
	}
	a := o[2].MinSize()
	put(o[0], 20, 32, 32)
	put(o[2], size.Width-20-a.Width, a.Width, a.Height)
	width := size.Width - 68 - 20 - a.Width - 16
	o[1].Resize(fyne.NewSize(width, o[1].MinSize().Height))
	put(o[1], 68, width, o[1].MinSize().Height)
}

// halves shares a wide window between two columns; in a narrow one the second goes under the first.
type halves struct{}

func (halves) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, 400) }

func (halves) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const edge, gap, top = 40, 40, 36
	w := min((size.Width-2*edge-gap)/2, 800)
	o[0].Move(fyne.NewPos(edge, top))
	o[0].Resize(fyne.NewSize(w, size.Height-2*top))
	o[1].Move(fyne.NewPos(edge+w+gap, top))
	o[1].Resize(fyne.NewSize(size.Width-2*edge-gap-w, size.Height-2*top))
}
