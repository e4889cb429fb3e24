//go:build !nogui

package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/app/cli"
	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
	"hotlight/viewer/pane"
)

// frame is what every screen but the reading room has: the top bar, and a line at the foot.
func (w *window) frame(project, title string, home func(), body fyne.CanvasObject, foot ...fyne.CanvasObject) fyne.CanvasObject {
	actions := pane.TopBarActions{Home: home, Exchange: w.showExchange}
	if !w.house.Locked() {
		actions.Lock = w.lockNow
	}
	top := pane.NewTopBar(actions)
	top.SetPlace(project, title, false)
	if p, ok := w.house.Person(); ok && !w.house.Locked() {
		top.SetPerson(p.Name)
	}
	w.tellExchange(top)
	line := append([]fyne.CanvasObject{}, foot...)
	line = append(line, control.Spring(), look.Words("Hotlight "+cli.Version, look.Body, look.Text2))
	status := container.NewStack(canvas.NewRectangle(look.Panel), control.Row(look.Gap8, control.Even(look.Gap12, 0), line...),
		control.Dock(control.HLine(look.Line), nil, nil, nil, nil))
	return container.NewStack(canvas.NewRectangle(look.Base),
		control.Dock(top.Object, control.Fixed(0, pane.StatusHeight, status), nil, nil, body))
}

// tellExchange shows in a top bar how the open project trades.
func (w *window) tellExchange(top *pane.TopBar) {
	if w.desk == nil {
		top.SetExchange("", "", "")
		return
	}
	icon, text, tip := exchangeWords(w.desk.Exchange())
	top.SetExchange(icon, text, tip)
}

// shortKey is the key of the person as people compare it.
func shortKey(id project.ReaderID) string { return project.ShortFingerprint(string(id)) }

// sheet lays a dialog over the window. A click beside it does nothing: a dialog is closed by what it says.
func (w *window) sheet(content fyne.CanvasObject) (close func()) {
	o := pane.Sheet(content)
	w.win.Canvas().Overlays().Add(o)
	return func() { w.win.Canvas().Overlays().Remove(o) }
}

// dialogHead is the title line of a dialog.
func dialogHead(icon, title string, close func()) fyne.CanvasObject {
	parts := []fyne.CanvasObject{control.Picture(look.Icon(icon, look.Accent), 24), look.Strong(title, look.Title, look.Text), control.Spring()}
	if close != nil {
		parts = append(parts, control.NewButton("", "x", control.Quiet, close))
	}
	return control.Dock(nil, control.HLine(look.Line), nil, nil, control.Fixed(0, 64, control.Row(look.Gap12, control.Even(look.Gap24, 0), parts...)))
}

// dialogFoot is the line of buttons under a dialog.
func dialogFoot(parts ...fyne.CanvasObject) fyne.CanvasObject {
	return control.Dock(control.HLine(look.Line), nil, nil, nil, control.Row(look.Gap8, control.Even(look.Gap24, 14), parts...))
}
