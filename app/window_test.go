//go:build !nogui

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"hotlight/app/flow"
	"hotlight/project/phantom"
	"hotlight/viewer/control"
)

// childEnv makes the test's own binary the workstation: the real window on the real house, with a line to the test on its standard streams.
const childEnv = "HOTLIGHT_TEST_WINDOW"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) == "" {
		os.Exit(m.Run())
	}
	house, err := flow.NewHouse(os.Getenv(childEnv), "")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// A small patient: what is tested is the window, and the race detector makes computing slow.
	house.Practice = phantom.Options{Size: [3]int{128, 128, 160}}
	openWindow(house, func(w *window) {
		if paths := os.Args[1:]; len(paths) > 0 {
			w.openPaths(paths)
		}
		// Ticks of the driver: it polls the mouse, then runs animations, so two ticks after a move the window has seen it.
		(&fyne.Animation{Duration: time.Hour, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) { ticks++ }}).Start()
		go answer(w)
	})
}

// report is what the window says of itself.
type report struct {
	Texts    []string // every text on screen, dialogs last
	Case     string
	Room     string // viewer.Room.Describe
	State    string // of the read
	Changes  int    // on disk
	Waiting  int
	Segments map[string]int64 // voxels by name
	X, Y     float32          // where the text that was asked for stands
	Found    bool
	Ticks    int
}

// ticks counts the driver's rounds, on the interface thread.
var ticks int

// answer reads one request a line, the text to look for, and answers with a report.
func answer(w *window) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var r report
		fyne.DoAndWait(func() { r = w.report(in.Text()) })
		b, err := json.Marshal(r)
		if err != nil {
			panic(err)
		}
		fmt.Printf("report %s\n", b)
	}
}

func (w *window) report(find string) report {
	r := report{Segments: map[string]int64{}, Ticks: ticks}
	look := func(o fyne.CanvasObject) {
		walk(o, fyne.Position{}, func(o fyne.CanvasObject, at fyne.Position) {
			text := ""
			switch o := o.(type) {
			case *canvas.Text:
				text = o.Text
			case *control.Field:
				text = "field " + o.PlaceHolder
			case *widget.Label:
				text = o.Text
			}
			if text == "" {
				return
			}
			r.Texts = append(r.Texts, text)
			if text == find {
				s := o.Size()
				r.Found, r.X, r.Y = true, at.X+s.Width/2, at.Y+s.Height/2
			}
		})
	}
	look(w.win.Content())
	for _, o := range w.win.Canvas().Overlays().List() {
		r.Found = false // what lies under a dialog cannot be clicked
		look(o)
	}
	if w.reading == nil {
		return r
	}
	r.Case, r.Room = w.reading.c.Name, w.reading.room.Describe()
	if read := w.reading.c.Read; read != nil {
		saved := read.Saved()
		r.State, r.Changes, r.Waiting = string(read.State()), saved.Changes, saved.Waiting
		for _, s := range read.History().Set().Segments() {
			r.Segments[s.Name] = s.Mask.Count()
		}
	}
	return r
}

// walk visits what is on screen with its place in the window.
func walk(o fyne.CanvasObject, at fyne.Position, visit func(fyne.CanvasObject, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	visit(o, at)
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			walk(c, at, visit)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			walk(c, at, visit)
		}
	}
}

const (
	recoverySeen = "It is on paper"
	passphrase   = "correct horse battery staple"
)

// smallPhantom puts a coarse phantom where the house keeps the one it computes: the full one takes minutes under the race detector.
func smallPhantom(t *testing.T, house string) {
	t.Helper()
	v, _, err := phantom.Compute(context.Background(), phantom.Options{Size: [3]int{96, 96, 40}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(house, "practice", "images")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := phantom.WriteDICOM(context.Background(), dir, v, phantom.StudyOptions{}); err != nil {
		t.Fatal(err)
	}
}

// TestTheMainJobInTheRealWindow makes a person, opens the phantom, scrolls, windows, paints, undoes, completes and signs: with mouse and keys,
// on a real display.
func TestTheMainJobInTheRealWindow(t *testing.T) {
	p := startWindow(t, "1920x1080", smallPhantom)
	p.click("Make your key")
	p.click("field Printed name, as it stands in signatures")
	p.typeText("R. Okafor")
	p.click("field At least 10 characters")
	p.typeText(passphrase)
	p.click("field The same again")
	p.typeText(passphrase)
	p.click("Make the key")
	p.click(recoverySeen)
	p.click("Try it with the built-in phantom")
	p.wait("the phantom is on screen", func(r report) bool { return r.Room != "" && !strings.Contains(r.Room, "loading") })
	p.picture("phantom")

	before := p.ask("").Room
	p.move(700, 500)
	p.button("click", "5")
	r := p.wait("the wheel went to another plane", func(r report) bool { return r.Room != before })
	if !strings.Contains(r.Room, "plane 19 of 40") {
		t.Errorf("one notch down from plane 20 shows %q", r.Room)
	}
	p.key("2")
	p.wait("2 is the lung window", func(r report) bool { return strings.Contains(r.Room, "Lung W 1500  L −600") })
	p.drag(700, 500, 800, 500)
	p.wait("a drag to the right is wider", func(r report) bool { return strings.Contains(r.Room, "Window W 1926  L −600") })
	p.key("1")

	p.click("Liver") // the class offered in the empty list
	p.wait("the segment is there", func(r report) bool { _, ok := r.Segments["Liver"]; return ok })
	p.key("b")
	p.wait("the brush is chosen", func(r report) bool { return strings.Contains(r.Room, "brush, Liver") })
	p.drag(500, 520, 620, 560)
	r = p.wait("the stroke is on disk", func(r report) bool { return r.Segments["Liver"] > 0 && r.Changes == 2 && r.Waiting == 0 })
	painted := r.Segments["Liver"]
	p.picture("painted")
	p.key("ctrl+z")
	p.wait("undo took it back", func(r report) bool { return r.Segments["Liver"] == 0 })
	p.key("ctrl+y")
	p.wait("redo brought it again", func(r report) bool { return r.Segments["Liver"] == painted && r.Changes == 4 })

	p.key("ctrl+Return")
	p.wait("the read is complete", func(r report) bool { return r.State == "complete" })
	p.click("Review and sign")
	p.waitFor("Sign")
	p.picture("sign")
	p.typeText("a wrong passphrase")
	p.key("Return")
	p.waitFor("This passphrase does not open the vault. Nothing was signed.")
	p.typeText(passphrase)
	p.key("Return")
	p.wait("the read is signed", func(r report) bool { return r.State == "signed" })
	p.picture("signed")
	p.drag(500, 600, 600, 600)
	r = p.ask("")
	if r.Segments["Liver"] != painted {
		t.Errorf("a signed read went from %d to %d voxels", painted, r.Segments["Liver"])
	}
}

// TestRealImagesInTheRealWindow opens a folder of real CT files at scale 2 and looks at it on three planes.
func TestRealImagesInTheRealWindow(t *testing.T) {
	folder := sharedData(t, "vol/ct-chest-lidc")
	p := startWindow(t, "1600x900", nil, folder)
	p.wait("the images are on screen", func(r report) bool { return r.Room != "" && !strings.Contains(r.Room, "loading") })
	r := p.wait("the sentence about the grid stands", func(r report) bool {
		return contains(r.Texts, "Regular grid 0.78 × 0.78 × 1.00 mm, no gap, no tilt") && contains(r.Texts, "Annotation workstation, not for primary diagnosis")
	})
	if !strings.Contains(r.Room, "plane 21 of 40") && !strings.Contains(r.Room, "plane 20 of 40") {
		t.Errorf("opened at %q", r.Room)
	}
	p.move(500, 400)
	p.doubleClick("a double click shows one viewport alone", func(r report) bool { return strings.Contains(r.Room, "alone") })
	p.key("Escape")
	p.wait("Esc shows all again", func(r report) bool { return !strings.Contains(r.Room, "alone") })
	p.key("question")
	p.waitFor("Keys")
	p.key("Escape")
	p.wait("the sheet is gone", func(r report) bool { return !contains(r.Texts, "swap brush and eraser") })
	p.picture("chest")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
