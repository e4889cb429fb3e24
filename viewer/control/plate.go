package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/look"
)

// Tone is what a plate says by its colour, its icon and its words together.
type Tone int

// The tones.
const (
	Note Tone = iota
	Warning
	Failure
)

type toneLook struct {
	icon                       string
	mark, words, ground, edges color.NRGBA
}

func (t Tone) look() toneLook {
	switch t {
	case Warning:
		return toneLook{"alert-triangle", look.WarnIcon, look.WarnText, look.WarnGround, look.WarnEdge}
	case Failure:
		return toneLook{"alert-octagon", look.ErrorIcon, look.ErrorText, look.ErrorGround, look.ErrorEdge}
	}
	return toneLook{"info-circle", look.Text2, look.Text, look.Panel, look.Line}
}

// Plate is a message of a title, a sentence and its actions: what happened, what it means for the work, what to do.
func Plate(tone Tone, title, text, code string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	l := tone.look()
	words := []fyne.CanvasObject{NewProse(title, look.Message, look.Text, 200).Bold()}
	if text != "" {
		words = append(words, NewProse(text, look.Body, l.words, 200))
	}
	if len(actions) > 0 || code != "" {
		line := append(append([]fyne.CanvasObject{}, actions...), Spring())
		if code != "" {
			line = append(line, look.Words(code, look.Small, look.Text3))
		}
		words = append(words, Row(look.Gap8, Insets{Top: look.Gap4}, line...))
	}
	body := container.New(&beside{gap: look.Gap12, pad: Even(18, 14)}, Picture(look.Icon(l.icon, l.mark), 24), Column(6, Insets{}, words...))
	return framed(l, body)
}

// Strip is a message of one line, for the bars.
func Strip(tone Tone, text string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	l := tone.look()
	parts := append([]fyne.CanvasObject{Picture(look.Icon(l.icon, l.mark), 20), look.Words(text, look.Body, l.words), Spring()}, actions...)
	return framed(l, Row(look.Gap8, Even(10, 3), parts...))
}

func framed(l toneLook, body fyne.CanvasObject) fyne.CanvasObject {
	ground := canvas.NewRectangle(l.ground)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = l.edges, 1, look.Radius
	return container.NewStack(ground, body)
}

// beside puts a picture at the top left and text at its right.
type beside struct {
	gap float32
	pad Insets
}

func (l *beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+l.gap+b.Width+l.pad.Left+l.pad.Right, max(a.Height, b.Height)+l.pad.Top+l.pad.Bottom)
}

func (l *beside) Layout(o []fyne.CanvasObject, size fyne.Size) {
	a := o[0].MinSize()
	o[0].Move(fyne.NewPos(l.pad.Left, l.pad.Top))
	o[0].Resize(a)
	x := l.pad.Left + a.Width + l.gap
	o[1].Move(fyne.NewPos(x, l.pad.Top))
	o[1].Resize(fyne.NewSize(size.Width-x-l.pad.Right, size.Height-l.pad.Top-l.pad.Bottom))
}

// NewLink makes an underlined action for inside a plate.
func NewLink(text string, tapped func()) *Button {
	b := NewButton(text, "", Quiet, tapped)
	b.height = 26
	b.label.TextStyle.Underline = true
	return b
}

// WrapStrip is Strip for a sentence that must never be cut: it wraps where the bar is narrow.
func WrapStrip(tone Tone, text string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	l := tone.look()
	s := &strip{words: NewProse(text, look.Body, l.words, 200), icon: Picture(look.Icon(l.icon, l.mark), 20), actions: Row(look.Gap8, Insets{}, actions...)}
	return framed(l, container.New(s, s.icon, s.words, s.actions))
}

// strip puts an icon, wrapping words and actions side by side.
type strip struct {
	icon    fyne.CanvasObject
	words   *Prose
	actions fyne.CanvasObject
	width   float32
}

func (s *strip) MinSize([]fyne.CanvasObject) fyne.Size {
	a := s.actions.MinSize()
	h := float32(20)
	if s.width > 0 {
		h = s.words.HeightFor(s.width)
	}
	return fyne.NewSize(240+a.Width, max(h+12, a.Height+6))
}

func (s *strip) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	a := s.actions.MinSize()
	s.width = size.Width - 38 - a.Width - 24
	h := s.words.HeightFor(s.width)
	s.icon.Move(fyne.NewPos(10, (size.Height-20)/2))
	s.icon.Resize(fyne.NewSize(20, 20))
	s.words.Move(fyne.NewPos(38, (size.Height-h)/2))
	s.words.Resize(fyne.NewSize(s.width, h))
	s.actions.Move(fyne.NewPos(size.Width-a.Width-10, (size.Height-a.Height)/2))
	s.actions.Resize(a)
}
