package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Rank says how loud a button is. A screen has one Main.
type Rank int

// The ranks.
const (
	Plain Rank = iota
	Outlined
	Main
	Quiet // no ground until the pointer is over it
)

// Button is a word, an icon, or both. Its text is the verb of what it does.
type Button struct {
	Press
	text, icon string
	rank       Rank
	height     float32
	chosen     bool
	ground     *canvas.Rectangle
	label      *canvas.Text
	picture    *canvas.Image
}

// NewButton makes a button; text or icon may be empty.
func NewButton(text, icon string, rank Rank, tapped func()) *Button {
	b := &Button{text: text, icon: icon, rank: rank, height: look.Button}
	b.OnTap = tapped
	b.ground = canvas.NewRectangle(look.Control)
	b.ground.CornerRadius = look.Radius
	b.label = look.Words(text, look.Body, look.Text)
	b.label.TextStyle.Bold = rank == Main
	if icon != "" {
		b.picture = Picture(look.Icon(icon, look.Text), 20)
	}
	b.draw = b.paint
	b.extend(b)
	b.paint()
	return b
}

// Tall gives it the height of a main button.
func (b *Button) Tall() *Button { b.height = look.MainButton; return b }

// WithTip sets the tip.
func (b *Button) WithTip(tip string) *Button { b.Tip = tip; return b }

// SetText changes the words.
func (b *Button) SetText(s string) {
	if b.text == s {
		return
	}
	b.text, b.label.Text = s, s
	b.Refresh()
}

// SetIcon changes the icon; the button must have been made with one.
func (b *Button) SetIcon(name string) {
	if b.icon != name && b.picture != nil {
		b.icon = name
		b.paint()
	}
}

// SetChosen marks it as the one now: a mode that is on.
func (b *Button) SetChosen(on bool) {
	if b.chosen != on {
		b.chosen = on
		b.paint()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	parts := []fyne.CanvasObject{}
	if b.picture != nil {
		parts = append(parts, b.picture)
	}
	if b.text != "" {
		parts = append(parts, b.label)
	}
	inset := look.Gap12
	if b.text == "" {
		inset = (look.Button - 20) / 2
	}
	return widget.NewSimpleRenderer(container.NewStack(b.ground, container.NewCenter(Row(look.Gap8, Even(inset, 0), parts...))))
}

// MinSize implements fyne.CanvasObject.
func (b *Button) MinSize() fyne.Size {
	m := b.BaseWidget.MinSize()
	return fyne.NewSize(max(m.Width, b.height), max(m.Height, b.height))
}

func (b *Button) paint() {
	ground, words := b.colours()
	stroke, width := color.NRGBA{}, float32(0)
	if b.rank == Outlined && !b.off {
		stroke, width = look.Outline, 1
	}
	b.ground.FillColor, b.ground.StrokeColor, b.ground.StrokeWidth = ground, stroke, width
	b.ground.Refresh()
	b.label.Color = words
	b.label.Refresh()
	if b.picture != nil {
		b.picture.Resource = look.Icon(b.icon, words)
		b.picture.Refresh()
	}
}

func (b *Button) colours() (ground, words color.NRGBA) {
	switch {
	case b.off && b.rank == Quiet:
		return color.NRGBA{}, look.TextOff
	case b.off:
		return look.Raised, look.TextOff
	case b.rank == Main && b.down:
		return look.AccentDown, look.OnAccent
	case b.rank == Main && b.over:
		return look.AccentUp, look.OnAccent
	case b.rank == Main:
		return look.Accent, look.OnAccent
	case b.down, b.chosen:
		return look.AccentGround, look.Accent
	case b.rank == Plain && b.over:
		return look.ControlUp, look.Text
	case b.rank == Plain:
		return look.Control, look.Text
	case b.over:
		return look.Control, look.Text
	case b.rank == Quiet:
		return color.NRGBA{}, look.Icons
	}
	return color.NRGBA{}, look.Text
}
