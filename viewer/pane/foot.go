package pane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// Foot is where a read stands and what can be done next, fixed under the pane.
type Foot struct {
	Object fyne.CanvasObject
	icon   *canvas.Image
	text   *control.Prose
	second *control.Button
	main   *control.Button
	// what the two buttons do now
	onSecond, onMain func()
}

// Next is one thing that can be done; a Next without Text has no button.
type Next struct {
	Text, Tip string
	Do        func()
}

// NewFoot makes the foot.
func NewFoot() *Foot {
	f := &Foot{icon: control.Picture(look.Icon("circle-dashed", look.Text2), 18), text: control.NewProse("", look.Body, look.Text2, 260)}
	f.second = control.NewButton("Go on reading", "", control.Outlined, func() { f.onSecond() }).Tall()
	f.main = control.NewButton("Complete", "", control.Main, func() { f.onMain() }).Tall()
	line := container.New(&footLine{}, f.icon, f.text)
	f.Object = container.NewStack(canvas.NewRectangle(look.Panel), control.Column(look.Gap12, control.Even(look.Gap12, look.Gap12), line,
		container.New(&shared{gap: look.Gap8}, f.second, f.main)), control.Dock(control.HLine(look.Line), nil, nil, nil, nil))
	return f
}

// Set shows the state and what can be done.
func (f *Foot) Set(icon, text string, second, main Next) {
	setShown(f.icon, icon != "")
	if icon != "" {
		f.icon.Resource = look.Icon(icon, look.Text2)
	}
	f.text.SetText(text)
	f.onSecond, f.onMain = second.Do, main.Do
	f.second.SetText(second.Text)
	f.main.SetText(main.Text)
	f.second.Tip, f.main.Tip = second.Tip, main.Tip
	setShown(f.second, second.Text != "")
	setShown(f.main, main.Text != "")
	f.Object.Refresh()
}

// footLine is an icon beside text that wraps.
type footLine struct{}

func (footLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, max(20, o[1].MinSize().Height))
}

func (footLine) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(0, 1))
	o[0].Resize(fyne.NewSize(18, 18))
	o[1].Move(fyne.NewPos(26, 0))
	o[1].Resize(fyne.NewSize(size.Width-26, size.Height))
}

// shared gives what is visible equal shares of the width.
type shared struct{ gap float32 }

func (l *shared) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, x := range o {
		if x.Visible() {
			m = m.Max(x.MinSize())
		}
	}
	return fyne.NewSize(100, m.Height)
}

func (l *shared) Layout(o []fyne.CanvasObject, size fyne.Size) {
	n := float32(0)
	for _, x := range o {
		if x.Visible() {
			n++
		}
	}
	if n == 0 {
		return
	}
	w, at := (size.Width-l.gap*(n-1))/n, float32(0)
	for _, x := range o {
		if x.Visible() {
			x.Move(fyne.NewPos(at, 0))
			x.Resize(fyne.NewSize(w, size.Height))
			at += w + l.gap
		}
	}
}
