//go:build !nogui

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/app/cli"
	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// appID is that of FyneApp.toml; an executable that is not beside that file needs it too.
const appID = "example.hotlight.workstation"

// window is the one window, and what is open in it. All methods are for the interface thread.
type window struct {
	app   fyne.App
	win   fyne.Window
	house desk.House
	stack *fyne.Container // the screen and the layer of tips
	tips  *control.Tips

	desk     desk.Desk // the project that is open, or nil
	unwatch  func()
	reading  *reading // the case that is open, or nil
	behind   fyne.CanvasObject
	messages []fyne.CanvasObject // plates of the start screen, newest first
	found    *desk.Found         // what the folder that is looked at holds

	filter      int               // of filters, on the list
	listMessage fyne.CanvasObject // a plate over the list, or nil
}

// openWindow runs the program until the window is closed. then is called once the window stands.
func openWindow(house desk.House, then func(*window)) {
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: "Hotlight", Version: cli.Version, Icon: look.App(), Migrations: map[string]bool{"fyneDo": true}})
	a := app.NewWithID(appID)
	a.Settings().SetTheme(look.Theme{})
	w := newWindow(a, house)
	then(w)
	w.win.ShowAndRun()
}

// newWindow makes the window with the start screen in it.
func newWindow(a fyne.App, house desk.House) *window {
	w := &window{app: a, house: house, win: a.NewWindow("Hotlight"), tips: control.NewTips()}
	w.win.SetPadded(false)
	w.win.SetIcon(look.App())
	w.stack = container.NewStack(canvas.NewRectangle(look.Base), canvas.NewRectangle(look.Base), w.tips.Layer)
	w.win.SetContent(w.stack)
	w.win.Resize(firstSize())
	w.win.SetMaster()
	w.win.SetCloseIntercept(w.quit)
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		var paths []string
		for _, u := range uris {
			paths = append(paths, u.Path())
		}
		w.dropped(paths)
	})
	house.OnLock(func() { control.OnMain(w.locked) })
	w.showStart()
	return w
}

// firstSize is what HOTLIGHT_WINDOW asks for, or a size that most screens have.
func firstSize() fyne.Size {
	var x, y int
	if _, err := fmt.Sscanf(os.Getenv("HOTLIGHT_WINDOW"), "%dx%d", &x, &y); err == nil && x >= 640 && y >= 480 {
		return fyne.NewSize(float32(x), float32(y))
	}
	return fyne.NewSize(1600, 900)
}

// show puts a screen into the window.
func (w *window) show(screen fyne.CanvasObject) {
	w.stack.Objects[1] = screen
	w.stack.Refresh()
	if f, ok := screen.(fyne.Focusable); ok {
		w.win.Canvas().Focus(f)
	} else {
		w.win.Canvas().Unfocus()
	}
}

// dropped takes what was dropped on the window: on the list of a project images are added to it, elsewhere they are opened.
func (w *window) dropped(paths []string) {
	if w.desk != nil && w.reading == nil && w.behind == nil && !(len(paths) == 1 && w.house.IsProject(paths[0])) {
		w.addPaths(paths)
		return
	}
	if w.behind == nil {
		w.openPaths(paths)
	}
}

// openPaths opens what the person named: a project, or files and folders to look at.
func (w *window) openPaths(paths []string) {
	if len(paths) == 1 && w.house.IsProject(paths[0]) {
		w.openProject(paths[0], nil)
		return
	}
	w.openFolder(paths)
}

// openProject opens a project folder and shows its list, or calls then instead.
func (w *window) openProject(dir string, then func()) {
	if w.house.Locked() {
		w.askUnlock("", func() { w.openProject(dir, then) })
		return
	}
	var opened desk.Desk
	var room string
	w.work("Opening the project", func(ctx context.Context, _ desk.Progress) error {
		d, err := w.house.OpenProject(ctx, dir)
		if err == nil && ctx.Err() != nil {
			return errors.Join(ctx.Err(), d.Close()) // cancelled meanwhile: the folder is given back
		}
		if opened = d; err == nil {
			room = d.Room()
		}
		return err
	}, func(err error) {
		if err != nil {
			w.fail("The project does not open", err)
			return
		}
		w.closeDesk(func() {
			w.desk = opened
			w.unwatch = opened.Watch(func() { control.OnMain(w.deskChanged) })
			if notice := strings.TrimSpace(opened.Notice() + " " + room); notice != "" {
				w.listMessage = control.Plate(control.Warning, "About this project", notice, "", control.NewButton("Understood", "", control.Outlined, w.dropListMessage))
			}
			if then != nil {
				then()
				return
			}
			w.showList()
		})
	})
}

// openItem opens a project and one case of it.
func (w *window) openItem(dir string, id project.ItemID) {
	w.openProject(dir, func() {
		w.showList()
		w.openCase(id)
	})
}

func (w *window) deskChanged() {
	if w.desk == nil {
		return
	}
	if w.reading != nil {
		w.reading.showExchange()
		return
	}
	if w.behind == nil {
		w.showList()
	}
}

// closeDesk gives the project back, off the interface thread, and goes on.
func (w *window) closeDesk(then func()) {
	d := w.desk
	if d == nil {
		then()
		return
	}
	w.unwatch()
	w.desk = nil
	go func() {
		err := d.Close()
		control.OnMain(func() {
			if err != nil {
				w.fail("The project did not close cleanly", err)
			}
			then()
		})
	}()
}

// home leaves what is on screen: to the list of the project, or to the start.
func (w *window) home() {
	w.leaveReading(func() {
		switch {
		case w.desk != nil:
			w.showList()
		case w.found != nil && len(w.found.Cases) > 1:
			w.showStudies()
		default:
			w.showStart()
		}
	})
}

// toStart closes the project and shows the start screen.
func (w *window) toStart() {
	w.leaveReading(func() { w.closeDesk(w.showStart) })
}

// quit brings everything to disk and ends the program.
func (w *window) quit() {
	w.leaveReading(func() {
		w.closeDesk(func() {
			w.house.Lock()
			w.app.Quit()
		})
	})
}

func (w *window) toggleFullScreen() { w.win.SetFullScreen(!w.win.FullScreen()) }
