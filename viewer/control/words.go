package control

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Prose is text that wraps at the width it is given.
type Prose struct {
	widget.BaseWidget
	text   string
	size   float32
	line   float32
	colour color.Color
	bold   bool
	mono   bool
	least  float32
	lines  []*canvas.Text
	width  float32
}

// NewProse makes wrapping text, with lines four thirds of its size apart. least is the width below which it does not go.
func NewProse(text string, size float32, c color.Color, least float32) *Prose {
	p := &Prose{text: text, size: size, line: float32(int(size*4/3 + 0.5)), colour: c, least: least}
	p.ExtendBaseWidget(p)
	return p
}

// Bold makes it semibold.
func (p *Prose) Bold() *Prose { p.bold = true; return p }

// Mono sets it in the fixed-width face.
func (p *Prose) Mono() *Prose { p.mono = true; return p }

// SetText changes the words.
func (p *Prose) SetText(s string) {
	if p.text != s {
		p.text, p.width = s, -1
		p.Refresh()
	}
}

func (p *Prose) style() fyne.TextStyle { return fyne.TextStyle{Bold: p.bold, Monospace: p.mono} }

// wrap breaks the text at spaces, and a word that is too long anywhere.
func (p *Prose) wrap(width float32) []string {
	fits := func(s string) bool { return fyne.MeasureText(s, p.size, p.style()).Width <= width }
	var out []string
	for _, para := range strings.Split(p.text, "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			try := word
			if line != "" {
				try = line + " " + word
			}
			if line == "" || fits(try) {
				line = try
				continue
			}
			out, line = append(out, line), word
		}
		out = append(out, line)
	}
	return out
}

// HeightFor returns how high the text is at a width.
func (p *Prose) HeightFor(width float32) float32 { return float32(len(p.wrap(width))) * p.line }

// MinSize implements fyne.CanvasObject.
func (p *Prose) MinSize() fyne.Size {
	w := max(p.least, 1)
	if s := p.Size().Width; s > w {
		return fyne.NewSize(w, p.HeightFor(s))
	}
	return fyne.NewSize(w, p.HeightFor(w))
}

// CreateRenderer implements fyne.Widget.
func (p *Prose) CreateRenderer() fyne.WidgetRenderer { return &proseRenderer{p: p} }

type proseRenderer struct{ p *Prose }

func (r *proseRenderer) Destroy()           {}
func (r *proseRenderer) MinSize() fyne.Size { return r.p.MinSize() }
func (r *proseRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.p.lines))
	for n, l := range r.p.lines {
		out[n] = l
	}
	return out
}

func (r *proseRenderer) Layout(size fyne.Size) {
	p := r.p
	if p.width == size.Width && p.lines != nil {
		return
	}
	p.width, p.lines = size.Width, nil
	for n, s := range p.wrap(size.Width) {
		t := look.Words(s, p.size, p.colour)
		t.TextStyle = p.style()
		h := t.MinSize().Height
		t.Move(fyne.NewPos(0, float32(n)*p.line+(p.line-h)/2))
		t.Resize(fyne.NewSize(size.Width, h))
		p.lines = append(p.lines, t)
	}
}

func (r *proseRenderer) Refresh() {
	r.p.width = -1
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
