package pane

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// paintChip says what is being changed, on a ground of the segment's own colour.
type paintChip struct {
	widget.BaseWidget
	ground, swatch    *canvas.Rectangle
	verb, name, where *canvas.Text
	short             bool
}

func newPaintChip() *paintChip {
	c := &paintChip{ground: canvas.NewRectangle(look.Raised), swatch: canvas.NewRectangle(look.Text),
		verb: look.Words("", look.Body, look.Text), name: look.Strong("", look.Body, look.Text), where: look.Words("", look.Body, look.Text)}
	c.ground.CornerRadius, c.swatch.CornerRadius = look.Radius, 2
	c.swatch.SetMinSize(fyne.NewSize(16, 16))
	c.ExtendBaseWidget(c)
	return c
}

func (c *paintChip) set(verb, name, where string, colour color.NRGBA) {
	c.verb.Text, c.name.Text, c.where.Text = verb, look.Cut(name, look.Body, true, 220), where
	setShown(c.where, where != "" && !c.short)
	c.ground.FillColor, c.swatch.FillColor = look.Tint(colour, 0.16), colour
	c.Refresh()
}

func (c *paintChip) setShort(on bool) {
	c.short = on
	setShown(c.where, c.where.Text != "" && !on)
}

func (c *paintChip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.ground,
		control.Row(look.Gap8, control.Even(look.Gap12, 4), c.swatch, c.verb, c.name, c.where)))
}
