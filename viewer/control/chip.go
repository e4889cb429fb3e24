package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Chip is a state: an icon and a word. It can be clicked only when it opens something.
type Chip struct {
	Press
	icon, text string
	colour     color.NRGBA
	ground     *canvas.Rectangle
	picture    *canvas.Image
	label      *canvas.Text
	rest       color.NRGBA
	short      bool
}

// NewChip makes a chip; tapped nil means that it opens nothing.
func NewChip(icon, text string, tapped func()) *Chip {
	c := &Chip{icon: icon, text: text, colour: look.Text, rest: look.Raised}
	c.OnTap = tapped
	c.ground = canvas.NewRectangle(look.Raised)
	c.ground.CornerRadius = look.Radius
	c.picture = Picture(look.Icon(icon, look.Icons), 18)
	c.label = look.Words(text, look.Body, look.Text)
	c.draw = c.paint
	c.extend(c)
	c.paint()
	return c
}

// Disclaimer is the sentence of every top bar, in full, at every width.
func Disclaimer() *Chip {
	c := NewChip("info-circle", "Annotation workstation, not for primary diagnosis", nil)
	c.colour, c.rest = look.WarnText, color.NRGBA{}
	c.ground.StrokeColor, c.ground.StrokeWidth = look.AccentEdge, 1
	c.paint()
	return c
}

// SetState changes icon and words.
func (c *Chip) SetState(icon, text string) {
	if c.icon == icon && c.text == text {
		return
	}
	c.icon, c.text, c.label.Text = icon, text, text
	c.paint()
	c.Refresh()
}

// SetShort leaves the icon only; the words go to the tip.
func (c *Chip) SetShort(on bool) {
	if c.short != on {
		c.short, c.label.Hidden = on, on
		if c.Tip == "" {
			c.Tip = c.text
		}
		c.Refresh()
	}
}

func (c *Chip) paint() {
	c.ground.FillColor = c.rest
	if c.OnTap != nil && c.over {
		c.ground.FillColor = look.Control
	}
	c.label.Color = c.colour
	c.picture.Resource = look.Icon(c.icon, c.colour)
	c.ground.Refresh()
	c.label.Refresh()
	c.picture.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.ground, Row(look.Gap8, Even(10, 0), c.picture, c.label)))
}

// MinSize implements fyne.CanvasObject.
func (c *Chip) MinSize() fyne.Size {
	m := c.BaseWidget.MinSize()
	return fyne.NewSize(m.Width, 30)
}
