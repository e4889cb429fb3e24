package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Choice is a choice of one among several that unfold from a button.
type Choice struct {
	Press
	// OnChoose is told the number of the one chosen.
	OnChoose func(n int)
	prefix   string
	options  []string
	chosen   int
	icon     string
	ground   *canvas.Rectangle
	label    *canvas.Text
	chevron  *canvas.Image
	picture  *canvas.Image
}

// NewChoice makes a choice; prefix stands before the chosen name ("Overwrite: "), icon may be empty.
func NewChoice(icon, prefix string, options []string, onChoose func(n int)) *Choice {
	c := &Choice{prefix: prefix, options: options, icon: icon, OnChoose: onChoose}
	c.ground = canvas.NewRectangle(look.Base)
	c.ground.CornerRadius, c.ground.StrokeWidth = look.Radius, 1
	c.label = look.Words("", look.Body, look.Text)
	c.chevron = Picture(look.Icon("chevron-down", look.Text2), 16)
	if icon != "" {
		c.picture = Picture(look.Icon(icon, look.Icons), 20)
	}
	c.draw = c.paint
	c.OnTap = c.unfold
	c.extend(c)
	c.Set(options, 0)
	return c
}

// Set replaces the options; chosen -1 shows none of them.
func (c *Choice) Set(options []string, chosen int) {
	c.options, c.chosen = options, chosen
	text := c.prefix
	if chosen >= 0 && chosen < len(options) {
		text += options[chosen]
	}
	c.Say(text)
}

// Say shows a text that is none of the options.
func (c *Choice) Say(text string) {
	if c.label.Text != text {
		c.label.Text = text
		c.Refresh()
	}
	c.paint()
}

func (c *Choice) unfold() {
	var items []*fyne.MenuItem
	for n, name := range c.options {
		item := fyne.NewMenuItem(name, func() {
			if c.OnChoose != nil {
				c.OnChoose(n)
			}
		})
		item.Checked = n == c.chosen
		items = append(items, item)
	}
	ShowMenu(c, items)
}

// ShowMenu unfolds a menu under an object.
func ShowMenu(under fyne.CanvasObject, items []*fyne.MenuItem) {
	d := fyne.CurrentApp().Driver()
	cv := d.CanvasForObject(under)
	if cv == nil || len(items) == 0 {
		return
	}
	at := d.AbsolutePositionForObject(under).AddXY(0, under.Size().Height+4)
	menu := fyne.NewMenu("", items...)
	size := widget.NewMenu(menu).MinSize()
	area := cv.Size()
	at.X = max(0, min(at.X, area.Width-size.Width-4))
	if at.Y+size.Height > area.Height {
		at.Y = max(0, at.Y-size.Height-under.Size().Height-8)
	}
	widget.ShowPopUpMenuAtPosition(menu, cv, at)
}

func (c *Choice) paint() {
	c.ground.FillColor, c.ground.StrokeColor, c.label.Color = look.Base, look.Outline, look.Text
	switch {
	case c.off:
		c.ground.FillColor, c.label.Color = look.Raised, look.TextOff
	case c.down:
		c.ground.FillColor = look.AccentGround
	case c.over:
		c.ground.FillColor = look.Control
	}
	c.ground.Refresh()
	c.label.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	parts := []fyne.CanvasObject{}
	if c.picture != nil {
		parts = append(parts, c.picture)
	}
	parts = append(parts, c.label, c.chevron)
	return widget.NewSimpleRenderer(container.NewStack(c.ground, Row(look.Gap8, Even(look.Gap12, 0), parts...)))
}

// MinSize implements fyne.CanvasObject.
func (c *Choice) MinSize() fyne.Size {
	m := c.BaseWidget.MinSize()
	return fyne.NewSize(m.Width, look.Button)
}
