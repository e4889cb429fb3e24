package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Field is a line of text to type into.
type Field struct {
	widget.Entry
	// OnEscape is called for the escape key; OnLeave when the keyboard goes elsewhere.
	OnEscape, OnLeave func()
	least             float32
}

// NewField makes a field at least so wide.
func NewField(placeholder string, least float32) *Field {
	f := &Field{least: least}
	f.PlaceHolder = placeholder
	f.ExtendBaseWidget(f)
	return f
}

// NewSecret makes a field for a passphrase.
func NewSecret(placeholder string, least float32) *Field {
	f := &Field{least: least}
	f.PlaceHolder, f.Password = placeholder, true
	f.ExtendBaseWidget(f)
	return f
}

// TypedKey implements fyne.Focusable.
func (f *Field) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && f.OnEscape != nil {
		f.OnEscape()
		return
	}
	f.Entry.TypedKey(e)
}

// FocusLost implements fyne.Focusable.
func (f *Field) FocusLost() {
	f.Entry.FocusLost()
	if f.OnLeave != nil {
		f.OnLeave()
	}
}

// MinSize implements fyne.CanvasObject.
func (f *Field) MinSize() fyne.Size {
	m := f.Entry.MinSize()
	return fyne.NewSize(max(m.Width, f.least), max(m.Height, 36))
}

// Small gives a button the height of a row's controls.
func (b *Button) Small() *Button { b.height = 32; return b }
