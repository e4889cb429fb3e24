package viewport

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/project/volume"
	"hotlight/viewer/tool"
)

var (
	_ desktop.Mouseable  = (*Viewport)(nil)
	_ desktop.Hoverable  = (*Viewport)(nil)
	_ desktop.Cursorable = (*Viewport)(nil)
	_ fyne.Scrollable    = (*Viewport)(nil)
	_ tool.Host          = (*Viewport)(nil)
)

// doubleClick is how long after a press a second one in the same place still belongs to it.
const (
	doubleClick      = 350 * time.Millisecond
	doubleClickUnits = 5
)

// input is the state of the mouse over one viewport.
type input struct {
	press    *press // a button went down; its position is not certain yet
	drag     tool.Tool
	button   desktop.MouseButton
	capture  *capture
	cursor   desktop.Cursor
	lastDown time.Time
	lastAt   fyne.Position
	notches  float64 // parts of notches not told yet
	hovered  fyne.Position
}

// now is the clock of double clicks; tests set it.
var now = time.Now

// SetCursor chooses the pointer's shape over the image.
func (v *Viewport) SetCursor(c desktop.Cursor) { v.input.cursor = c }

// Cursor implements desktop.Cursorable.
func (v *Viewport) Cursor() desktop.Cursor {
	if v.input.cursor == nil {
		return desktop.DefaultCursor
	}
	return v.input.cursor
}

// pointer turns a position in the viewport into millimetres.
func (v *Viewport) pointer(pos fyne.Position) tool.Pointer {
	return tool.Pointer{X: float64(pos.X), Y: float64(pos.Y), At: v.camera.At(pos, v.px, v.scale)}
}

// ready says whether there is a picture to point into.
func (v *Viewport) ready() bool {
	return v.content.Volume != nil && v.camera.MMPerUnit > 0 && v.px[0] > 0
}

// MouseDown implements desktop.Mouseable.
//
// Fyne delivers a press with the position of the last tick, and the moves since then only after it: on a slow screen that is a hand's breadth
// away. So the press waits, captured, until the moves of its own tick have come, and the tool begins at the newest position. A press that then
// proves to lie outside this viewport was meant for something else and does nothing.
func (v *Viewport) MouseDown(e *desktop.MouseEvent) {
	if p := v.input.press; p != nil && p.up {
		v.begin() // two clicks within one tick
	}
	if v.input.drag != nil || v.input.press != nil {
		return
	}
	v.room.TakeKeys()
	v.input.press = &press{button: e.Button, mods: e.Modifier, at: e.Position}
	v.hold(e)
	fyne.Do(v.begin)
}

// press is a button that went down and that no tool has yet.
type press struct {
	button desktop.MouseButton
	mods   fyne.KeyModifier
	at     fyne.Position
	up     bool // and has come up again meanwhile
}

// begin gives the press to a tool.
func (v *Viewport) begin() {
	p := v.input.press
	if p == nil {
		return
	}
	v.input.press = nil
	size := v.Size()
	if p.at.X < 0 || p.at.Y < 0 || p.at.X >= size.Width || p.at.Y >= size.Height {
		v.letGo()
		return
	}
	v.room.Activate(v)
	if p.button == desktop.MouseButtonPrimary && v.ready() && v.isDouble(p.at) {
		v.letGo()
		v.room.Maximise(v)
		return
	}
	var t tool.Tool
	if v.ready() {
		t = v.room.Tool(v, p.button, p.mods)
	}
	if t == nil {
		v.letGo()
		return
	}
	v.input.drag, v.input.button = t, p.button
	t.Press(v, v.pointer(p.at))
	if p.up {
		v.release(p.at)
	}
}

// letGo ends the capture of a press that no tool wanted.
func (v *Viewport) letGo() {
	if c := v.input.capture; c != nil {
		v.input.capture = nil
		c.remove()
	}
}

// hold lays the capture over the window for as long as the button is down.
func (v *Viewport) hold(e *desktop.MouseEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(v)
	if c == nil {
		return
	}
	origin := e.AbsolutePosition.Subtract(e.Position)
	v.input.capture = newCapture(c, e.Button, v.Cursor(), v.room.TypedKey,
		func(p fyne.Position) { v.dragTo(p.Subtract(origin)) },
		func(p fyne.Position) { v.release(p.Subtract(origin)) })
}

func (v *Viewport) isDouble(at fyne.Position) bool {
	t := now()
	d := at.Subtract(v.input.lastAt)
	double := t.Sub(v.input.lastDown) < doubleClick && math.Hypot(float64(d.X), float64(d.Y)) < doubleClickUnits
	v.input.lastDown, v.input.lastAt = t, at
	if double {
		v.input.lastDown = time.Time{} // a third press begins anew
	}
	return double
}

func (v *Viewport) dragTo(pos fyne.Position) {
	if v.input.press != nil {
		v.input.press.at = pos
		return
	}
	if v.input.drag == nil {
		return
	}
	p := v.pointer(pos)
	v.input.drag.Move(v, p)
	v.told(pos)
}

func (v *Viewport) release(pos fyne.Position) {
	if p := v.input.press; p != nil {
		p.up, v.input.capture = true, nil // the position that came with it is an old one
		return
	}
	t := v.input.drag
	v.input.drag, v.input.capture = nil, nil
	if t != nil {
		t.Release(v, v.pointer(pos))
	}
	v.told(pos)
}

// MouseUp implements desktop.Mouseable. The capture gets the release first; this serves drivers without overlays.
func (v *Viewport) MouseUp(e *desktop.MouseEvent) {
	if v.input.drag != nil && v.input.press == nil && v.input.capture == nil && e.Button == v.input.button {
		v.release(e.Position)
	}
}

// CancelDrag takes back what the drag in progress did. It reports whether there was one.
func (v *Viewport) CancelDrag() bool {
	t := v.input.drag
	if t == nil {
		return false
	}
	v.input.drag = nil
	t.Cancel(v)
	return true
}

// Dragging reports whether a button is held in v.
func (v *Viewport) Dragging() bool { return v.input.drag != nil || v.input.press != nil }

// MouseIn implements desktop.Hoverable.
func (v *Viewport) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (v *Viewport) MouseMoved(e *desktop.MouseEvent) { v.told(e.Position) }

// MouseOut implements desktop.Hoverable.
func (v *Viewport) MouseOut() {
	if v.input.drag != nil {
		return
	}
	v.marks.point(v, volume.Point{}, false)
	v.room.Point(v, volume.Point{}, false)
}

// told moves the ring and tells the room where the pointer is.
func (v *Viewport) told(pos fyne.Position) {
	if !v.ready() {
		return
	}
	v.input.hovered = pos
	p := v.camera.At(pos, v.px, v.scale)
	v.marks.point(v, p, true)
	v.room.Point(v, p, true)
}

// Hovered returns what lies under the pointer; ok is false when it is elsewhere.
func (v *Viewport) Hovered() (p tool.Pointer, ok bool) {
	if !v.marks.over || !v.ready() {
		return tool.Pointer{}, false
	}
	return v.pointer(v.input.hovered), true
}

// unitsPerNotch is what a notch of the wheel brings; see ScrollEvent in Fyne's driver. mostNotches bounds a flick, which Fyne multiplies by 125.
const (
	unitsPerNotch = 25
	mostNotches   = 5
)

// Scrolled implements fyne.Scrollable. Shift turns a wheel sideways on some systems, so both directions count; touchpads send parts of
// notches, which add up.
func (v *Viewport) Scrolled(e *fyne.ScrollEvent) {
	if !v.ready() {
		return
	}
	n := v.input.add(float64(e.Scrolled.DY + e.Scrolled.DX))
	if n != 0 {
		v.room.Wheel(v, n, modifiers(), v.pointer(e.Position))
	}
}

// add takes units scrolled up and returns whole notches down.
func (i *input) add(units float64) int {
	i.notches += math.Max(-mostNotches, math.Min(mostNotches, -units/unitsPerNotch))
	whole := math.Trunc(i.notches)
	i.notches -= whole
	return int(whole)
}

// modifiers returns the modifier keys that are held: scroll events carry none.
func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}
