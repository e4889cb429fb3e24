//go:build !nogui

package main

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/viewer"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
	"hotlight/viewer/pane"
)

// showStart is the first screen: three steps, two ways to look without them, and what was opened lately.
func (w *window) showStart() {
	w.found = nil
	steps := control.Column(0, control.Insets{}, w.keyStep(), control.HLine(look.Line), w.projectStep(), control.HLine(look.Line), imageStep())
	ground := canvas.NewRectangle(look.Panel)
	ground.CornerRadius = look.DialogRadius
	left := control.Column(look.Gap16, control.Insets{},
		control.Column(look.Gap4, control.Insets{}, look.Strong("Ready in three steps", look.Big+4, look.Text),
			look.Words("Everything stays on this computer until you send it.", look.Message, look.Text2)),
		container.NewStack(ground, steps),
		control.Row(look.Gap12, control.Insets{},
			control.NewButton("Try it with the built-in phantom", "player-play", control.Outlined, w.openPhantom),
			control.NewButton("Only look at a folder", "eye", control.Outlined, w.askFolder),
			control.NewButton("Keys", "keyboard", control.Outlined, w.showKeys)),
		control.Fixed(0, 260, dropZone()))
	right := control.Column(look.Gap12, control.Insets{}, append(append([]fyne.CanvasObject{}, w.messages...), w.recents()...)...)
	body := container.New(&halves{}, left, container.NewVScroll(right))
	w.show(w.frame("", "Hotlight", nil, body, control.Picture(look.Icon("cpu", look.Text2), 18),
		look.Words("CPU renderer", look.Body, look.Text), control.Strut(look.Gap8, 1), look.Words("No project open", look.Body, look.Text2)))
}

// step is one of the three: a number or a tick, two lines, and what to do.
func step(number, title, text string, done bool, action fyne.CanvasObject) fyne.CanvasObject {
	ring := canvas.NewCircle(look.Panel)
	ring.StrokeWidth, ring.StrokeColor = 1, look.Edge
	inside := fyne.CanvasObject(container.NewCenter(look.Words(number, look.Body, look.Text2)))
	if done {
		ring.StrokeColor = look.Accent
		inside = container.NewCenter(control.Picture(look.Icon("check", look.Accent), 18))
	}
	words := control.Column(2, control.Insets{}, look.Strong(title, look.Body, look.Text), control.NewProse(text, look.Body, look.Text2, 240))
	return control.Fixed(0, 78, container.New(&stepLine{}, control.Fixed(32, 32, container.NewStack(ring, inside)), words, action))
}

func (w *window) keyStep() fyne.CanvasObject {
	p, ok := w.house.Person()
	const text = "Name and passphrase. It signs your reads and opens what is sealed for you."
	switch {
	case !ok:
		return step("1", "Your key", text, false, control.NewButton("Make your key", "key", control.Main, w.askNewPerson))
	case w.house.Locked():
		return step("1", "Your key", text, true, control.NewButton("Unlock", "lock-open", control.Plain, func() { w.askUnlock("", w.showStart) }))
	}
	return step("1", "Your key", text, true, look.Words(p.Name+", key "+shortKey(p.ID), look.Body, look.Text2))
}

func (w *window) projectStep() fyne.CanvasObject {
	_, ok := w.house.Person()
	rank := control.Main
	if !ok {
		rank = control.Plain
	}
	b := control.NewButton("Open project", "folder-open", rank, w.askProject)
	b.TipOff = "Make your key first: a project belongs to one person."
	b.SetOff(!ok)
	return step("2", "A project", "Open the project folder that was set up with your lead's definition.", false, b)
}

func imageStep() fyne.CanvasObject {
	return step("3", "Images", "Add a folder, a disc or a USB drive to the project. Files are read where they lie; originals are never changed.", false, control.Strut(1, 1))
}

// dropZone is where things can be dropped.
func dropZone() fyne.CanvasObject {
	rim := canvas.NewRectangle(look.Base)
	rim.StrokeColor, rim.StrokeWidth, rim.CornerRadius = look.Edge, 1, look.Radius
	return container.NewStack(rim, container.NewCenter(control.Column(look.Gap8, control.Insets{},
		control.Row(look.Gap12, control.Insets{}, control.Picture(look.Icon("photo-plus", look.Text2), 30), look.Words("Drop a folder or a project here", look.Message, look.Text2)),
		container.NewCenter(look.Words("DICOM with or without extension", look.Body, look.Text3)))))
}

// recents lists what was opened lately.
func (w *window) recents() []fyne.CanvasObject {
	list := w.house.Recent()
	if len(list) == 0 {
		return nil
	}
	out := []fyne.CanvasObject{look.Strong("Opened lately", look.Body, look.Text)}
	for _, r := range list {
		icon, kind := "folder", "Folder, only looked at"
		if r.Project {
			icon, kind = "list-check", "Project"
		}
		out = append(out, newLine(icon, r.Title, kind, func() { w.openPaths([]string{r.Path}) }))
	}
	return out
}

// say puts a plate on the start screen.
func (w *window) say(tone control.Tone, title, text, code string, actions ...fyne.CanvasObject) {
	w.messages = []fyne.CanvasObject{control.Plate(tone, title, text, code, actions...)}
	w.showStart()
}

// fail says what went wrong where the person is: over the images, on the list, or on the start screen.
func (w *window) fail(title string, err error) {
	text := sentence(err)
	code := project.KindOf(err).String()
	switch {
	case w.reading != nil:
		w.reading.room.Say(control.Failure, title+": "+text)
	case w.desk != nil:
		w.listMessage = control.Plate(control.Failure, title, text, code, control.NewButton("Close", "", control.Outlined, w.dropListMessage))
		w.showList()
	default:
		w.say(control.Failure, title, text, code, control.NewButton("Close", "", control.Outlined, w.dropMessages))
	}
}

func (w *window) dropMessages() {
	w.messages = nil
	w.showStart()
}

// sentence makes an error's text one.
func sentence(err error) string {
	s := strings.TrimSuffix(err.Error(), ".")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (w *window) askFolder() {
	dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
		if err == nil && u != nil {
			w.openFolder([]string{u.Path()})
		}
	}, w.win)
}

func (w *window) askProject() {
	dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil || u == nil {
			return
		}
		if !w.house.IsProject(u.Path()) {
			w.say(control.Warning, "That folder is not a project", "A project folder holds the store of one person. Nothing was opened.", "",
				control.NewButton("Close", "", control.Outlined, w.dropMessages))
			return
		}
		w.openProject(u.Path(), nil)
	}, w.win)
}

func (w *window) openPhantom() {
	var found desk.Found
	w.work("Computing the phantom", func(ctx context.Context, p desk.Progress) (err error) {
		found, err = w.house.Phantom(ctx, p)
		return err
	}, func(err error) { w.opened(found, err) })
}

func (w *window) openFolder(paths []string) {
	var found desk.Found
	w.work("Reading the folder", func(ctx context.Context, p desk.Progress) (err error) {
		found, err = w.house.OpenFolder(ctx, paths, p)
		return err
	}, func(err error) { w.opened(found, err) })
}

// opened shows what a folder holds; first what could not be read, if there is any.
func (w *window) opened(found desk.Found, err error) {
	if err != nil {
		w.fail("The folder does not open", err)
		return
	}
	w.leaveReading(func() {
		w.closeDesk(func() {
			w.found = &found
			images := 0
			for _, c := range found.Cases {
				images += len(c.Images)
			}
			if images == 0 {
				w.say(control.Warning, "There is nothing to show in that folder", skippedSentence(found), "",
					control.NewButton("Show the list", "", control.Plain, w.listSkipped(found)), control.NewButton("Close", "", control.Outlined, w.dropMessages))
				return
			}
			w.messages = nil
			if len(found.Cases) > 1 {
				w.showStudies()
				return
			}
			w.read(found.Cases[0], nil)
			if len(found.Skipped) > 0 {
				w.reading.room.Say(control.Warning, skippedSentence(found))
			}
		})
	})
}

// skippedSentence says how many files could not be used and why, most frequent reason first.
func skippedSentence(f desk.Found) string {
	if len(f.Skipped) == 0 {
		return "It holds no images."
	}
	counts := map[string]int{}
	for _, s := range f.Skipped {
		counts[s.Reason]++
	}
	reasons := make([]string, 0, len(counts))
	for r := range counts {
		reasons = append(reasons, r)
	}
	sort.Slice(reasons, func(a, b int) bool {
		if counts[reasons[a]] != counts[reasons[b]] {
			return counts[reasons[a]] > counts[reasons[b]]
		}
		return reasons[a] < reasons[b]
	})
	text := fmt.Sprintf("%d of %d files could not be read", len(f.Skipped), f.Files)
	for n, r := range reasons {
		if n == 3 {
			text += fmt.Sprintf("; and %d other reasons", len(reasons)-n)
			break
		}
		text += map[bool]string{true: ": ", false: "; "}[n == 0] + fmt.Sprintf("%d × %s", counts[r], strings.TrimSuffix(r, "."))
	}
	return text + "."
}

// listSkipped shows the files with their reasons; paths stand only here, where they were asked for.
func (w *window) listSkipped(found desk.Found) func() {
	return func() {
		var close func()
		lines := []fyne.CanvasObject{}
		for n, s := range found.Skipped {
			if n == 500 {
				lines = append(lines, look.Words(fmt.Sprintf("and %d more", len(found.Skipped)-n), look.Body, look.Text2))
				break
			}
			lines = append(lines, control.NewProse(s.Path, look.Body, look.Text, 600), control.NewProse(s.Reason, look.Small, look.Text2, 600))
		}
		list := control.Fixed(860, 520, container.NewVScroll(control.Column(2, control.Even(look.Gap24, look.Gap12), lines...)))
		close = w.sheet(control.Dock(dialogHead("list-check", "Files that could not be used", func() { close() }), nil, nil, nil, list))
	}
}

// showStudies lists the studies of a folder.
func (w *window) showStudies() {
	var lines []fyne.CanvasObject
	for _, c := range w.found.Cases {
		first := c.Images[0]
		text := fmt.Sprintf("%s, %d images in %d series", first.Modality, countInstances(c), len(c.Images))
		lines = append(lines, newLine("photo", c.Name, text, func() { w.read(c, nil) }))
	}
	if n := len(w.found.Skipped); n > 0 {
		lines = append(lines, control.Plate(control.Note, skippedSentence(*w.found), "The others can be read.", "",
			control.NewButton("Show the list", "", control.Plain, w.listSkipped(*w.found))))
	}
	head := look.Strong("Studies in this folder", look.Big, look.Text)
	list := control.Column(look.Gap8, control.Even(40, 32), append([]fyne.CanvasObject{head}, lines...)...)
	w.show(w.frame("", "Only looking", w.showStart, container.NewVScroll(list)))
}

func countInstances(c desk.Case) int {
	n := 0
	for _, m := range c.Images {
		n += m.Instances
	}
	return n
}

// showKeys shows the sheet of keys.
func (w *window) showKeys() {
	var close func()
	close = w.sheet(pane.NewKeys(viewer.KeyGroups(), func() { close() }))
}
