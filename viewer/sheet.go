package viewer

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// sheetKeys is a sheet that any of Esc, ? and Enter closes.
type sheetKeys struct {
	widget.BaseWidget
	content fyne.CanvasObject
	close   func()
}

var _ fyne.Focusable = (*sheetKeys)(nil)

func (s *sheetKeys) FocusGained() {}
func (s *sheetKeys) FocusLost()   {}

func (s *sheetKeys) TypedRune(c rune) {
	if c == '?' {
		s.close()
	}
}

func (s *sheetKeys) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		s.close()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *sheetKeys) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.content) }
