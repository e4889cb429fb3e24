package viewer

import (
	"fyne.io/fyne/v2"

	"hotlight/viewer/pane"
	"hotlight/viewer/tool"
)

// Binding is one key and what it does. Every key has a visible control, and the sheet of keys is made from this table.
type Binding struct {
	Key   fyne.KeyName
	Mods  fyne.KeyModifier
	Rune  rune   // instead of Key: a character, wherever the layout has it
	Shown string // as the sheet writes it
	Group string
	Does  string // empty when the line above stands for this one too
	do    func(*Room)
}

const (
	ctrl  = fyne.KeyModifierControl
	shift = fyne.KeyModifierShift
)

// Bindings returns the table of keys.
func Bindings() []Binding {
	t := []Binding{
		{Key: fyne.KeyW, Shown: "W", Group: "Tools", Does: "window", do: choose(tool.NameWindow)},
		{Key: fyne.KeyZ, Shown: "Z", Group: "Tools", Does: "zoom", do: choose(tool.NameZoom)},
		{Key: fyne.KeyM, Shown: "M", Group: "Tools", Does: "move", do: choose(tool.NamePan)},
		{Key: fyne.KeyB, Shown: "B", Group: "Tools", Does: "brush", do: choose(tool.NameBrush)},
		{Key: fyne.KeyE, Shown: "E", Group: "Tools", Does: "eraser", do: choose(tool.NameEraser)},
		{Key: fyne.KeyX, Shown: "X", Group: "Tools", Does: "swap brush and eraser", do: (*Room).swapBrush},

		{Key: fyne.KeyLeftBracket, Shown: "[  ]", Group: "Brush", Does: "smaller, larger", do: func(r *Room) { r.resizeBrush(-1) }},
		{Key: fyne.KeyRightBracket, Group: "Brush", do: func(r *Room) { r.resizeBrush(1) }},
		{Key: fyne.KeyComma, Shown: ",  .", Group: "Brush", Does: "previous, next segment", do: func(r *Room) { r.nextSegment(-1) }},
		{Key: fyne.KeyPeriod, Group: "Brush", do: func(r *Room) { r.nextSegment(1) }},
		{Key: fyne.KeyF2, Shown: "F2", Group: "Brush", Does: "rename the segment", do: func(r *Room) { r.segments.Rename(r.st.active) }},
		{Key: fyne.KeyS, Shown: "S", Group: "Brush", Does: "segments on or off", do: (*Room).toggleMarks},
		{Key: fyne.KeyS, Mods: shift, Shown: "Shift+S", Group: "Brush", Does: "filled, outlined, active only", do: (*Room).nextStyle},

		{Key: fyne.KeyUp, Shown: "↑  ↓", Group: "Planes", Does: "previous, next plane", do: func(r *Room) { r.Scroll(r.current().port, -1) }},
		{Key: fyne.KeyDown, Group: "Planes", do: func(r *Room) { r.Scroll(r.current().port, 1) }},
		{Key: fyne.KeyLeft, Shown: "←  →", Group: "Planes", Does: "five planes", do: func(r *Room) { r.Scroll(r.current().port, -5) }},
		{Key: fyne.KeyRight, Group: "Planes", do: func(r *Room) { r.Scroll(r.current().port, 5) }},
		{Key: fyne.KeyHome, Shown: "Home  End", Group: "Planes", Does: "first, last plane", do: func(r *Room) { r.scrollToEnd(-1) }},
		{Key: fyne.KeyEnd, Group: "Planes", do: func(r *Room) { r.scrollToEnd(1) }},
		{Key: fyne.KeyPageUp, Shown: "PgUp  PgDn", Group: "Planes", Does: "previous, next series", do: func(r *Room) { r.nextSeries(-1) }},
		{Key: fyne.KeyPageDown, Group: "Planes", do: func(r *Room) { r.nextSeries(1) }},
		{Key: fyne.KeyC, Shown: "C", Group: "Planes", Does: "play, stop", do: (*Room).togglePlay},

		{Key: fyne.KeyBackTick, Shown: "`", Group: "Grey levels", Does: "automatic", do: (*Room).useAuto},
		{Key: fyne.Key0, Shown: "0", Group: "Grey levels", Does: "as in the file, next", do: (*Room).useFileWindow},
		{Key: fyne.KeyI, Shown: "I", Group: "Grey levels", Does: "invert", do: (*Room).invert},

		{Key: fyne.Key0, Mods: ctrl, Shown: "Ctrl+0", Group: "View", Does: "fit", do: func(r *Room) { r.current().port.Fit() }},
		{Key: fyne.KeyMinus, Shown: "−  =", Group: "View", Does: "smaller, larger", do: func(r *Room) { r.zoomBy(1.25) }},
		{Key: fyne.KeyEqual, Group: "View", do: func(r *Room) { r.zoomBy(1 / 1.25) }},
		{Key: fyne.KeyH, Shown: "H  V", Group: "View", Does: "flip left to right, top to bottom", do: func(r *Room) { r.flip(r.current(), true) }},
		{Key: fyne.KeyV, Group: "View", do: func(r *Room) { r.flip(r.current(), false) }},
		{Key: fyne.KeyN, Shown: "N", Group: "View", Does: "linear or nearest", do: (*Room).toggleNearest},
		{Key: fyne.KeyT, Shown: "T", Group: "View", Does: "corner texts on or off", do: (*Room).toggleTexts},
		{Key: fyne.KeyO, Shown: "O", Group: "View", Does: "overlays of the file on or off", do: (*Room).toggleOverlays},
		{Key: fyne.KeyTab, Shown: "Tab", Group: "View", Does: "next viewport", do: func(r *Room) { r.nextView(1) }},
		{Key: fyne.KeyTab, Mods: shift, Group: "View", do: func(r *Room) { r.nextView(-1) }},
		{Key: fyne.KeyReturn, Shown: "Enter", Group: "View", Does: "one viewport alone, or all", do: func(r *Room) { r.maximise(r.active) }},
		{Key: fyne.KeyF11, Shown: "F11", Group: "View", Does: "full screen", do: func(r *Room) { call(r.do.Screen) }},

		{Key: fyne.KeyZ, Mods: ctrl, Shown: "Ctrl+Z", Group: "Work", Does: "undo", do: (*Room).undo},
		{Key: fyne.KeyY, Mods: ctrl, Shown: "Ctrl+Y", Group: "Work", Does: "redo", do: (*Room).redo},
		{Key: fyne.KeyZ, Mods: ctrl | shift, Shown: "Ctrl+Shift+Z", Group: "Work", Does: "redo", do: (*Room).redo},
		{Key: fyne.KeyReturn, Mods: ctrl, Shown: "Ctrl+Enter", Group: "Work", Does: "complete", do: func(r *Room) { call(r.do.Complete) }},
		{Key: fyne.KeyReturn, Mods: ctrl | shift, Shown: "Ctrl+Shift+Enter", Group: "Work", Does: "review and sign", do: func(r *Room) { call(r.do.Sign) }},
		{Rune: '?', Shown: "?", Group: "Work", Does: "this sheet", do: (*Room).toggleSheet},
		{Key: fyne.KeyEscape, Shown: "Esc", Group: "Work", Does: "take a drag back; all viewports", do: (*Room).escape},
	}
	for n := range 9 {
		b := Binding{Key: fyne.KeyName(rune('1' + n)), Group: "Grey levels", do: func(r *Room) { r.presetKey(rune('1' + n)) }}
		if n == 0 {
			b.Shown, b.Does = "1 to 9", "presets of the modality"
		}
		t = append(t, b)
	}
	return t
}

// mouse is what the mouse does; it stands on the sheet of keys too.
var mouse = pane.KeyGroup{Name: "Mouse", Lines: []pane.KeyLine{
	{Keys: "left drag", Does: "the tool in use"},
	{Keys: "middle drag", Does: "move"},
	{Keys: "right drag", Does: "zoom"},
	{Keys: "wheel", Does: "planes"},
	{Keys: "Ctrl+wheel", Does: "zoom"},
	{Keys: "Shift+wheel", Does: "radius of the brush, or five planes"},
	{Keys: "Shift+move", Does: "crosshair follows"},
	{Keys: "Ctrl+paint", Does: "erase"},
	{Keys: "double-click", Does: "one viewport alone, or all"},
	{Keys: "hold Space", Does: "look without segments"},
	{Keys: "tap Space", Does: "the last two tools"},
}}

func choose(n tool.Name) func(*Room) { return func(r *Room) { r.chooseTool(n) } }

func call(f func()) {
	if f != nil {
		f()
	}
}

// KeyGroups is the table as the sheet of keys shows it.
func KeyGroups() []pane.KeyGroup {
	var out []pane.KeyGroup
	at := map[string]int{}
	for _, b := range Bindings() {
		if b.Does == "" {
			continue
		}
		n, ok := at[b.Group]
		if !ok {
			n = len(out)
			at[b.Group] = n
			out = append(out, pane.KeyGroup{Name: b.Group})
		}
		out[n].Lines = append(out[n].Lines, pane.KeyLine{Keys: b.Shown, Does: b.Does})
	}
	return append(out, mouse)
}
