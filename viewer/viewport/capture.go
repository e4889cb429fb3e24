package viewport

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// capture is a transparent overlay over the whole window and far around it that gets the mouse while a button is held. Fyne's own drags never come for
// the right button and end at the window's edge for the middle one; this serves all three alike, outside the window too.
type capture struct {
	widget.BaseWidget
	button desktop.MouseButton
	cursor desktop.Cursor
	moved  func(fyne.Position)
	ended  func(fyne.Position)
	remove func()
	typed  func(*fyne.KeyEvent)
}

var (
	_ desktop.Hoverable  = (*capture)(nil)
	_ desktop.Mouseable  = (*capture)(nil)
	_ desktop.Cursorable = (*capture)(nil)
	_ fyne.Focusable     = (*capture)(nil)
)

func newCapture(c fyne.Canvas, b desktop.MouseButton, cursor desktop.Cursor, typed func(*fyne.KeyEvent), moved, ended func(fyne.Position)) *capture {
	o := &capture{button: b, cursor: cursor, moved: moved, typed: typed}
	o.ExtendBaseWidget(o)
	o.remove = func() {
		o.moved, o.ended = func(fyne.Position) {}, func(fyne.Position) {}
		c.Overlays().Remove(o)
	}
	o.ended = func(p fyne.Position) {
		o.remove()
		ended(p)
	}
	c.Overlays().Add(o)
	// Add gives an overlay the window's size, so its own comes after.
	o.Move(fyne.NewPos(-20000, -20000))
	o.Resize(fyne.NewSize(60000, 60000))
	c.Focus(o) // an overlay has the keyboard to itself
	return o
}

// Cursor implements desktop.Cursorable.
func (o *capture) Cursor() desktop.Cursor { return o.cursor }

// MouseIn implements desktop.Hoverable.
func (o *capture) MouseIn(e *desktop.MouseEvent) { o.MouseMoved(e) }

// MouseOut implements desktop.Hoverable.
func (o *capture) MouseOut() {}

// MouseMoved implements desktop.Hoverable. A move without the button means that the release went astray.
func (o *capture) MouseMoved(e *desktop.MouseEvent) {
	if e.Button&o.button == 0 {
		o.ended(e.AbsolutePosition)
		return
	}
	o.moved(e.AbsolutePosition)
}

// MouseDown implements desktop.Mouseable: a second button during a drag is not for anybody.
func (o *capture) MouseDown(*desktop.MouseEvent) {}

// MouseUp implements desktop.Mouseable.
func (o *capture) MouseUp(e *desktop.MouseEvent) {
	if e.Button == o.button {
		o.ended(e.AbsolutePosition)
	}
}

// TypedKey implements fyne.Focusable: Esc takes the drag back, and the other keys work on.
func (o *capture) TypedKey(e *fyne.KeyEvent) { o.typed(e) }

// TypedRune implements fyne.Focusable.
func (o *capture) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (o *capture) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (o *capture) FocusLost() {}

// CreateRenderer implements fyne.Widget.
func (o *capture) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
