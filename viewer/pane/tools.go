package pane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// ToolTile is one tile of the rail; an entry without an icon is a line between groups; the first with Foot begins the group at the foot.
type ToolTile struct {
	ID, Icon, Key, Tip string
	Foot               bool
}

// ToolRail is the column of tools.
type ToolRail struct {
	Object fyne.CanvasObject
	tiles  map[string]*control.Tile
	narrow bool
	width  *railWidth
}

// NewToolRail makes the rail; tapped is told the ID.
func NewToolRail(tiles []ToolTile, tapped func(id string)) *ToolRail {
	r := &ToolRail{tiles: map[string]*control.Tile{}, width: &railWidth{64}}
	objects := []fyne.CanvasObject{}
	foot := false
	for _, t := range tiles {
		if t.Foot && !foot {
			objects = append(objects, control.Spring())
			foot = true
		}
		if t.Icon == "" {
			objects = append(objects, control.Column(0, control.Even(4, 6), control.HLine(look.Line)))
			continue
		}
		tile := control.NewTile(t.Icon, t.Key, t.Tip, func() { tapped(t.ID) })
		r.tiles[t.ID] = tile
		objects = append(objects, tile)
	}
	column := control.Column(1, control.Even(4, 4), objects...)
	r.Object = control.Ground(look.Panel, container.New(r.width, column))
	return r
}

// SetActive marks the tool in use.
func (r *ToolRail) SetActive(id string) {
	for k, t := range r.tiles {
		t.SetActive(k == id)
	}
}

// SetOff switches a tile off, with the reason.
func (r *ToolRail) SetOff(id string, off bool, why string) {
	if t := r.tiles[id]; t != nil {
		t.TipOff = why
		t.SetOff(off)
	}
}

// SetIcon changes the picture of a tile.
func (r *ToolRail) SetIcon(id, icon string) {
	if t := r.tiles[id]; t != nil {
		t.SetIcon(icon)
	}
}

// SetNarrow drops the key letters.
func (r *ToolRail) SetNarrow(on bool) {
	if r.narrow == on {
		return
	}
	r.narrow = on
	r.width.width = 64
	if on {
		r.width.width = 48
	}
	for _, t := range r.tiles {
		t.SetNarrow(on)
	}
	r.Object.Refresh()
}

// railWidth fixes the width of the rail and gives its column the height.
type railWidth struct{ width float32 }

func (l *railWidth) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, o[0].MinSize().Height)
}

func (l *railWidth) Layout(o []fyne.CanvasObject, size fyne.Size) {
	pad := (l.width - 56) / 2
	if l.width < 64 {
		pad = 0
	}
	o[0].Move(fyne.NewPos(pad-4, 0))
	o[0].Resize(fyne.NewSize(l.width-2*pad+8, size.Height))
}
