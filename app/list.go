//go:build !nogui

package main

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// filter is one line of the rail left of the list.
type filter struct {
	name string
	has  func(desk.Item) bool
}

func inState(states ...project.ReadState) func(desk.Item) bool {
	return func(i desk.Item) bool {
		for _, s := range states {
			if i.State == s && !i.Absent {
				return true
			}
		}
		return false
	}
}

var filters = []filter{
	{"All", func(desk.Item) bool { return true }},
	{"To do", inState(project.Assigned)},
	{"In progress", inState(project.InProgress)},
	{"To sign", inState(project.Complete)},
	{"Signed, not sent", inState(project.Signed)},
	{"Committed", inState(project.Committed)},
	{"Waiting for images", func(i desk.Item) bool { return i.Absent }},
}

// showList shows the person's work items.
func (w *window) showList() {
	items := w.desk.Items()
	reads := w.desk.Me().Role.Reads()
	list := control.Dock(w.listHead(items, reads), nil, nil, nil, w.itemList(items))
	body := fyne.CanvasObject(list)
	if reads {
		body = control.Dock(nil, nil, w.filterRail(items), nil, list)
	}
	title := fmt.Sprintf("%s v%d", w.desk.Title(), w.desk.Version())
	w.show(w.frame(title, "Worklist", w.toStart, body, control.Picture(look.Icon("database", look.Text2), 18),
		look.Words("All work saved on this computer, sealed", look.Body, look.Text), control.Strut(look.Gap8, 1),
		look.Words("Patient names hidden", look.Body, look.Text2)))
}

// listHead is the title with what can be done for the whole project.
func (w *window) listHead(items []desk.Item, reads bool) fyne.CanvasObject {
	done := 0
	for _, i := range items {
		if i.State.Frozen() {
			done++
		}
	}
	sub := counted(len(items), "1 case", "%d cases")
	if reads {
		sub = counted(len(items), "My one case", "My %d cases")
	}
	words := control.Column(2, control.Insets{}, look.Strong(w.desk.Title(), look.Big, look.Text), look.Words(sub, look.Body, look.Text2))
	bar := control.NewBar()
	bar.Set(float64(done) / float64(max(1, len(items))))
	progress := control.Fixed(300, 0, control.Column(look.Gap8, control.Insets{}, look.Words(fmt.Sprintf("%d of %d read", done, len(items)), look.Body, look.Text), control.Fixed(0, 6, bar)))
	parts := []fyne.CanvasObject{words, control.Spring()}
	if reads && len(items) > 0 {
		parts = append(parts, progress, control.Strut(look.Gap12, 1))
	}
	parts = append(parts, control.NewButton("Add images", "folder-open", control.Plain, w.addImages), control.NewButton("Exchange", "refresh", control.Plain, w.showExchange))
	head := []fyne.CanvasObject{control.Row(look.Gap12, control.Insets{}, parts...)}
	if w.listMessage != nil {
		head = append(head, w.listMessage)
	}
	if e := w.desk.Exchange(); e.Waiting > 0 {
		head = append(head, control.Strip(control.Warning, waitingWords(e), control.NewLink("Open Exchange", w.showExchange)))
	}
	return control.Column(look.Gap12, control.Even(look.Gap24, look.Gap16), head...)
}

// filterRail is the states with their counts.
func (w *window) filterRail(items []desk.Item) fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Row(0, control.Insets{Left: look.Gap12, Bottom: look.Gap8}, look.Strong("My reads", look.Body, look.Text))}
	for n, f := range filters {
		count := 0
		for _, i := range items {
			if f.has(i) {
				count++
			}
		}
		lines = append(lines, newFilterLine(f.name, count, n == w.filter, func() { w.filter = n; w.showList() }))
	}
	note := control.Column(look.Gap4, control.Even(look.Gap12, look.Gap12),
		control.Row(look.Gap8, control.Insets{}, control.Picture(look.Icon("eye-off", look.Text), 18), look.Words("Blinded", look.Body, look.Text)),
		control.NewProse("You see your own reads only. Whether, when and how others read a case is not on this computer.", look.Body, look.Text2, 200))
	lines = append(lines, control.Spring(), control.Ground(look.Base, note))
	return control.Ground(look.Panel, control.Dock(nil, nil, nil, control.VLine(look.Line, 1),
		control.Fixed(264, 0, control.Column(look.Gap4, control.Even(look.Gap12, look.Gap16), lines...))))
}

// itemList is the table of items; it draws only what is in sight.
func (w *window) itemList(items []desk.Item) fyne.CanvasObject {
	var shown []desk.Item
	for _, i := range items {
		if filters[w.filter].has(i) || !w.desk.Me().Role.Reads() {
			shown = append(shown, i)
		}
	}
	if len(items) == 0 {
		return container.NewCenter(control.Fixed(520, 0, control.Plate(control.Note, "No cases yet",
			"Add the folder that holds this project's images. They are read where they lie.", "",
			control.NewButton("Add images", "folder-open", control.Main, w.addImages))))
	}
	lead := !w.desk.Me().Role.Reads()
	list := widget.NewList(func() int { return len(shown) },
		func() fyne.CanvasObject { return newItemRow(lead) },
		func(n widget.ListItemID, o fyne.CanvasObject) {
			o.(*itemRow).set(shown[n], func() { w.openCase(shown[n].ID) })
		})
	list.HideSeparators = false
	return control.Dock(newItemHead(lead), nil, nil, nil, list)
}

func (w *window) dropListMessage() {
	w.listMessage = nil
	if w.desk != nil {
		w.showList()
	}
}

// tellList says on the list what was done.
func (w *window) tellList(title, text string) {
	if w.desk == nil {
		return
	}
	w.listMessage = control.Plate(control.Note, title, text, "", control.NewButton("Close", "", control.Outlined, w.dropListMessage))
	w.showList()
}

func (w *window) addImages() {
	dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
		if err == nil && u != nil && w.desk != nil {
			w.addPaths([]string{u.Path()})
		}
	}, w.win)
}

// addPaths indexes files and folders in place.
func (w *window) addPaths(paths []string) {
	var told string
	d := w.desk
	w.work("Adding images", func(ctx context.Context, p desk.Progress) (err error) {
		told, err = d.AddImages(ctx, paths, p)
		return err
	}, func(err error) {
		if err != nil {
			w.fail("The images were not added", err)
			return
		}
		w.tellList("Images added", told)
	})
}

// openCase lays out an item and goes to the reading room.
func (w *window) openCase(id project.ItemID) {
	var c desk.Case
	w.work("Opening the case", func(ctx context.Context, p desk.Progress) (err error) {
		c, err = w.desk.Open(ctx, id, p)
		return err
	}, func(err error) {
		if err != nil {
			w.fail("The case does not open", err)
			return
		}
		w.read(c, &id)
	})
}
