package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Tile is a tool on the tool rail: an icon and its key letter. The one in use has the accent and a bar at its left.
type Tile struct {
	Press
	icon, key string
	active    bool
	narrow    bool
	ground    *canvas.Rectangle
	bar       *canvas.Rectangle
	picture   *canvas.Image
	letter    *canvas.Text
}

// NewTile makes a tile; key may be empty.
func NewTile(icon, key, tip string, tapped func()) *Tile {
	t := &Tile{icon: icon, key: key}
	t.OnTap, t.Tip = tapped, tip
	t.ground = canvas.NewRectangle(color.Transparent)
	t.ground.CornerRadius = look.Radius
	t.bar = canvas.NewRectangle(color.Transparent)
	t.picture = Picture(look.Icon(icon, look.Icons), 24)
	t.letter = look.Words(key, look.Small, look.Text3)
	t.draw = t.paint
	t.extend(t)
	t.paint()
	return t
}

// SetActive marks it as the tool in use.
func (t *Tile) SetActive(on bool) {
	if t.active != on {
		t.active = on
		t.paint()
	}
}

// SetIcon changes the picture.
func (t *Tile) SetIcon(name string) {
	if t.icon != name {
		t.icon = name
		t.paint()
	}
}

// SetNarrow drops the key letter, for small windows.
func (t *Tile) SetNarrow(on bool) {
	if t.narrow != on {
		t.narrow = on
		t.letter.Hidden = on
		t.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(tileLayout{t}, t.ground, t.bar, t.picture, t.letter))
}

type tileLayout struct{ tile *Tile }

func (l tileLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	if l.tile.narrow {
		return fyne.NewSize(44, 36)
	}
	return fyne.NewSize(56, 42)
}

func (l tileLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	t := l.tile
	t.ground.Resize(size)
	t.bar.Resize(fyne.NewSize(3, size.Height))
	x := float32(9)
	if t.narrow {
		x = (size.Width - 24) / 2
	}
	t.picture.Resize(fyne.NewSize(24, 24))
	t.picture.Move(fyne.NewPos(x, (size.Height-24)/2))
	m := t.letter.MinSize()
	t.letter.Resize(m)
	t.letter.Move(fyne.NewPos(size.Width-m.Width-6, (size.Height-m.Height)/2))
}

func (t *Tile) paint() {
	icon, ground, bar := look.Icons, color.NRGBA{}, color.NRGBA{}
	switch {
	case t.off:
		icon = look.TextOff
	case t.active:
		icon, ground, bar = look.Accent, look.AccentGround, look.Accent
	case t.down:
		ground = look.AccentGround
	case t.over:
		ground = look.Control
	}
	t.ground.FillColor, t.bar.FillColor = ground, bar
	t.picture.Resource = look.Icon(t.icon, icon)
	if t.letter.Color = color.Color(look.Text3); t.active {
		t.letter.Color = look.Accent
	}
	for _, o := range []fyne.CanvasObject{t.ground, t.bar, t.picture, t.letter} {
		o.Refresh()
	}
}
