package pane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// KeyLine is one line of the key sheet.
type KeyLine struct{ Keys, Does string }

// KeyGroup is a headed group of lines.
type KeyGroup struct {
	Name  string
	Lines []KeyLine
}

// NewKeys makes the content of the sheet of all keys; close is called by its button.
func NewKeys(groups []KeyGroup, close func()) fyne.CanvasObject {
	columns := make([][]fyne.CanvasObject, 3)
	heights := make([]int, 3)
	for _, g := range groups {
		n := 0
		for k := range heights {
			if heights[k] < heights[n] {
				n = k
			}
		}
		heights[n] += len(g.Lines) + 2
		lines := []fyne.CanvasObject{look.Strong(g.Name, look.Body, look.Text)}
		for _, l := range g.Lines {
			lines = append(lines, control.Row(look.Gap12, control.Insets{}, control.Fixed(124, 0, look.Words(l.Keys, look.Body, look.Accent)), look.Words(l.Does, look.Body, look.Text)))
		}
		columns[n] = append(columns[n], control.Column(6, control.Insets{Bottom: look.Gap16}, lines...))
	}
	var all []fyne.CanvasObject
	for _, c := range columns {
		all = append(all, control.Fixed(360, 0, control.Dock(control.Column(0, control.Insets{}, c...), nil, nil, nil, nil)))
	}
	head := control.Row(look.Gap8, control.Insets{}, look.Strong("Keys", look.Title, look.Text), control.Spring(),
		control.NewButton("", "x", control.Quiet, close).WithTip("Close   Esc"))
	return control.Column(look.Gap16, control.Even(look.Gap24, look.Gap16), head, control.FillRow(look.Gap16, control.Insets{}, all...))
}

// Sheet frames a dialog's content and puts it in the middle of a dark shade.
func Sheet(content fyne.CanvasObject) fyne.CanvasObject {
	ground := canvas.NewRectangle(look.DialogBG)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = look.DialogRim, 1, look.DialogRadius
	return container.NewStack(canvas.NewRectangle(look.Shade), container.NewCenter(container.NewStack(ground, content)))
}
