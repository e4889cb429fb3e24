//go:build !nogui

package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/volume"
	"hotlight/viewer/control/threadtest"
	"hotlight/viewer/look"
)

// paperHouse is a house in memory.
type paperHouse struct {
	person  *desk.Person
	locked  bool
	recent  []desk.Recent
	found   desk.Found
	openErr error
	desk    *paperDesk
}

func (h *paperHouse) Person() (desk.Person, bool) {
	if h.person == nil {
		return desk.Person{}, false
	}
	return *h.person, true
}
func (h *paperHouse) NewPerson(context.Context, string, project.Role, []byte) (string, error) {
	return "RECOVERY-KEY", nil
}
func (h *paperHouse) Unlock(_ context.Context, secret []byte) error {
	if string(secret) != passphrase {
		return project.Errorf(project.NotPermitted, "this passphrase does not open the vault")
	}
	h.locked = false
	return nil
}
func (h *paperHouse) Lock()                   { h.locked = true }
func (h *paperHouse) Locked() bool            { return h.person == nil || h.locked }
func (h *paperHouse) Touch()                  {}
func (h *paperHouse) OnLock(func())           {}
func (h *paperHouse) Recent() []desk.Recent   { return h.recent }
func (h *paperHouse) IsProject(p string) bool { return p == "project" }
func (h *paperHouse) OpenFolder(context.Context, []string, desk.Progress) (desk.Found, error) {
	return h.found, h.openErr
}
func (h *paperHouse) Phantom(context.Context, desk.Progress) (desk.Found, error) {
	return h.found, h.openErr
}
func (h *paperHouse) OpenProject(context.Context, string) (desk.Desk, error) {
	return h.desk, h.openErr
}

// paperDesk is a project in memory.
type paperDesk struct {
	role  project.Role
	items []desk.Item
	trade desk.Exchange
	room  string
}

func (d *paperDesk) Title() string  { return "Lung nodule pilot" }
func (d *paperDesk) Version() int   { return 3 }
func (d *paperDesk) Notice() string { return "" }
func (d *paperDesk) Room() string   { return d.room }
func (d *paperDesk) Me() project.Reader {
	return project.Reader{ID: "7d2a41c0", Name: "R. Okafor", Role: d.role}
}
func (d *paperDesk) Items() []desk.Item { return d.items }
func (d *paperDesk) Open(context.Context, project.ItemID, desk.Progress) (desk.Case, error) {
	return desk.Case{}, errors.New("nothing to open on paper")
}
func (d *paperDesk) AddImages(context.Context, []string, desk.Progress) (string, error) {
	return "", nil
}
func (d *paperDesk) Exchange() desk.Exchange                             { return d.trade }
func (d *paperDesk) Sync(context.Context, desk.Progress) (string, error) { return "", nil }
func (d *paperDesk) SyncFolder(context.Context, string, desk.Progress) (string, error) {
	return "", nil
}
func (d *paperDesk) Watch(func()) func() { return func() {} }
func (d *paperDesk) Close() error        { return nil }

// paperRead is a read in memory.
type paperRead struct {
	history *edit.History
	state   project.ReadState
	saved   desk.Saved
}

func (r *paperRead) History() *edit.History   { return r.history }
func (r *paperRead) Classes() []project.Class { return nil }
func (r *paperRead) State() project.ReadState { return r.state }
func (r *paperRead) Saved() desk.Saved        { return r.saved }
func (r *paperRead) Watch(func()) func()      { return func() {} }
func (r *paperRead) Complete() error          { r.state = project.Complete; return nil }
func (r *paperRead) Reopen() error            { r.state = project.InProgress; return nil }
func (r *paperRead) Record(context.Context, project.Meaning, desk.Progress) (desk.Record, error) {
	return desk.Record{}, errors.New("not on paper")
}
func (r *paperRead) Sign(context.Context, desk.Record, []byte) (desk.Signature, error) {
	return desk.Signature{}, errors.New("not on paper")
}
func (r *paperRead) Signature() (desk.Signature, bool) { return desk.Signature{}, false }

// paperWindow is the window under the test driver, at the least size.
func paperWindow(t *testing.T, h *paperHouse) *window {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.Theme{})
	t.Setenv("HOTLIGHT_WINDOW", "1366x768")
	thread = threadtest.New(t)
	return newWindow(a, h)
}

// thread is the interface thread of the test that runs.
var thread *threadtest.Thread

func okafor() *desk.Person {
	return &desk.Person{ID: "7d2a41c0abcdefgh", Name: "R. Okafor", Role: project.Radiologist}
}

func (w *window) says(t *testing.T, texts ...string) {
	t.Helper()
	r := w.report("")
	for _, want := range append(texts, "Annotation workstation, not for primary diagnosis") {
		if !strings.Contains(strings.Join(r.Texts, " "), want) { // lines may wrap
			t.Errorf("%q is not on screen: %s", want, strings.Join(r.Texts, " | "))
		}
	}
}

func TestStartScreens(t *testing.T) {
	w := paperWindow(t, &paperHouse{})
	w.says(t, "Ready in three steps", "Make your key", "Try it with the built-in phantom")
	w = paperWindow(t, &paperHouse{person: okafor(), locked: true, recent: []desk.Recent{{Path: "project", Title: "Lung nodule pilot", Project: true}}})
	w.says(t, "Unlock", "Open project", "Opened lately", "Lung nodule pilot")
	w = paperWindow(t, &paperHouse{person: okafor()})
	w.says(t, "R. Okafor, key 7D2A 41C0")
}

func TestANearlyFullDiskIsSaidWhenAProjectOpens(t *testing.T) {
	const room = "The disk of this project is nearly full: 300 MB left."
	h := &paperHouse{person: okafor(), desk: &paperDesk{role: project.Radiologist, room: room}}
	w := paperWindow(t, h)
	w.openProject("project", nil)
	for w.desk == nil {
		thread.Run()
	}
	w.says(t, "About this project", room)
}

func TestNothingOfTheWorkIsInSightWhileLocked(t *testing.T) {
	h := &paperHouse{person: okafor(), desk: &paperDesk{role: project.Radiologist, items: []desk.Item{{ID: "a", Name: "Case 0047", State: project.InProgress}}}}
	w := paperWindow(t, h)
	w.desk, w.unwatch = h.desk, func() {}
	w.showList()
	w.says(t, "Case 0047", "In progress", "Continue")
	w.showExchange()
	w.lockNow()
	r := w.report("")
	if contains(r.Texts, "Case 0047") || contains(r.Texts, "Exchange") || !h.locked {
		t.Errorf("while locked the screen shows %s", strings.Join(r.Texts, " | "))
	}
	w.says(t, "Locked", "Passphrase of R. Okafor")
}

func TestNewPersonIsCheckedBeforeAnythingIsMade(t *testing.T) {
	for name, c := range map[string]struct{ name, first, again, want string }{
		"no name":          {"  ", passphrase, passphrase, "The name is empty."},
		"short":            {"R. Okafor", "short", "short", "The passphrase is short."},
		"not the same":     {"R. Okafor", passphrase, passphrase + "r", "The two passphrases differ."},
		"all as it should": {"R. Okafor", passphrase, passphrase, ""},
	} {
		got := checkNewPerson(c.name, c.first, c.again)
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWorklist(t *testing.T) {
	items := []desk.Item{
		{ID: "a", Name: "Case 0047", Modality: "CT", Images: "Chest, 40 images", State: project.InProgress},
		{ID: "b", Name: "Case 0051", Modality: "CT", State: project.Assigned},
		{ID: "c", Name: "Case 0038", State: project.Complete},
		{ID: "d", Name: "Case 0061", State: project.Assigned, Absent: true},
	}
	h := &paperHouse{person: okafor(), desk: &paperDesk{role: project.Radiologist, items: items, trade: desk.Exchange{Server: "example.org", Waiting: 3}}}
	w := paperWindow(t, h)
	w.desk, w.unwatch = h.desk, func() {}
	w.showList()
	w.says(t, "My 4 cases", "0 of 4 read", "Not started", "Complete, not signed", "Review and sign", "Waiting for images", "3 signed reads wait to be sent.", "Blinded")
	w.filter = 1 // to do
	w.showList()
	if r := w.report(""); contains(r.Texts, "Case 0047") || !contains(r.Texts, "Case 0051") || contains(r.Texts, "Case 0061") {
		t.Errorf("to do: %s", strings.Join(r.Texts, " | "))
	}
}

func TestLeadSeesWhatWasReceived(t *testing.T) {
	h := &paperHouse{person: okafor(), desk: &paperDesk{role: project.Lead, items: []desk.Item{{ID: "a", Name: "Case 0047", Report: "Verified: signed by R. Okafor."}}}}
	w := paperWindow(t, h)
	w.desk, w.unwatch = h.desk, func() {}
	w.showList()
	w.says(t, "Received", "Verified: signed by R. Okafor.")
}

func TestLongWorkShowsABarAndCancelStopsIt(t *testing.T) {
	w := paperWindow(t, &paperHouse{})
	p := &progressSheet{w: w, title: "Reading the folder", timer: time.NewTimer(time.Hour)}
	cancelled := false
	p.cancel = func() { cancelled = true }
	p.open()
	p.report(12, 40)
	thread.Run()
	w.says(t, "Reading the folder", "12 of 40", "Cancel")
	p.cancel()
	p.shut()
	if !cancelled || w.win.Canvas().Overlays().Top() != nil {
		t.Error("the sheet stays")
	}
}

func TestAWorkThatWasDoneBeforeTheCancelIsDone(t *testing.T) {
	w := paperWindow(t, &paperHouse{})
	told := false
	w.work("Opening", func(ctx context.Context, _ desk.Progress) error { return nil }, func(err error) { told = err == nil })
	thread.RunUntil(func() bool { return told })
}

func TestFoldersThatHoldNothing(t *testing.T) {
	w := paperWindow(t, &paperHouse{})
	w.opened(desk.Found{Files: 3, Skipped: []desk.Skipped{{Path: "a", Reason: "not DICOM"}, {Path: "b", Reason: "not DICOM"}, {Path: "c", Reason: "cut short"}}}, nil)
	w.says(t, "There is nothing to show in that folder", "Show the list")
	w.opened(desk.Found{}, project.Errorf(project.NotFound, "the folder is not there"))
	w.says(t, "The folder does not open", "The folder is not there.")
}

func TestWordsOfTheFolder(t *testing.T) {
	f := desk.Found{Files: 412, Skipped: []desk.Skipped{{Path: "a", Reason: "not DICOM"}, {Path: "b", Reason: "not DICOM"}, {Path: "c", Reason: "cut short"}, {Path: "d", Reason: "MPEG-2 video"}, {Path: "e", Reason: "JPEG XL"}}}
	if got, want := skippedSentence(f), "5 of 412 files could not be read: 2 × not DICOM; 1 × JPEG XL; 1 × MPEG-2 video; and 1 other reasons."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSavedWords(t *testing.T) {
	now := time.Unix(1000, 0)
	for name, c := range map[string]struct {
		s               desk.Saved
		text            string
		waiting, failed bool
	}{
		"nothing yet":           {desk.Saved{}, "Nothing to save yet", false, false},
		"all on disk":           {desk.Saved{Changes: 217}, "Saved · change 217", false, false},
		"a moment":              {desk.Saved{Changes: 216, Waiting: 1, Since: now.Add(-50 * time.Millisecond)}, "Saved · change 216", false, false},
		"longer than a second":  {desk.Saved{Changes: 216, Waiting: 1, Since: now.Add(-1100 * time.Millisecond)}, "Saving change 217", true, false},
		"the disk is full":      {desk.Saved{Changes: 214, Waiting: 3, Err: errors.New("the disk is full")}, "Not saved: The disk is full. Your last 3 changes are kept in memory.", false, true},
		"the disk is full once": {desk.Saved{Waiting: 1, Err: errors.New("the disk is full.")}, "Not saved: The disk is full. Your last change is kept in memory.", false, true},
	} {
		text, waiting, failed := savedWords(c.s, now)
		if text != c.text || waiting != c.waiting || failed != c.failed {
			t.Errorf("%s: %q waiting %v failed %v", name, text, waiting, failed)
		}
	}
}

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 21, 0, 0, time.Local)
	for want, at := range map[string]time.Time{
		"today 09:14":     now.Add(-7 * time.Minute),
		"yesterday 23:59": time.Date(2026, 11, 22, 23, 59, 0, 0, time.Local),
		"Friday":          time.Date(2026, 11, 20, 12, 0, 0, 0, time.Local),
		"3 Nov 2026":      time.Date(2026, 11, 3, 12, 0, 0, 0, time.Local),
	} {
		if got := when(at, now); got != want {
			t.Errorf("%v is %q, want %q", at, got, want)
		}
	}
}

func TestReadingRoomOfARead(t *testing.T) {
	g := volume.Geometry{Size: [3]int{8, 8, 20}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	v.Modality = "CT"
	v.ArriveAll()
	read := &paperRead{history: edit.New([]edit.Image{{Geometry: &v.Geometry, Volume: v}}, nil), state: project.InProgress, saved: desk.Saved{Changes: 217}}
	closed := make(chan bool, 1)
	c := desk.Case{Name: "Case 0047", Read: read, Close: func() error { closed <- true; return nil }, Images: []desk.Image{{
		Number: 2, Modality: "CT", Kind: desk.Volume, Instances: 20, Geometry: &v.Geometry, Lengths: "mm",
		Windows: []desk.Window{{Center: 40, Width: 400}, {Center: 1, Width: 0}},
		Load: func(context.Context, int, desk.Progress) (*desk.Loading, error) {
			return &desk.Loading{Volume: v, Wait: func() error { return nil }}, nil
		},
	}}}
	h := &paperHouse{person: okafor(), desk: &paperDesk{role: project.Radiologist}}
	w := paperWindow(t, h)
	w.desk, w.unwatch = h.desk, func() {}
	w.read(c, nil)
	w.says(t, "Case 0047", "In progress", "Complete", "Saved · change 217")
	w.reading.complete()
	w.says(t, "Complete, not signed", "Go on reading", "Review and sign")
	w.reading.reopen()
	w.says(t, "In progress")
	read.state = project.Signed
	w.reading.tell()
	w.says(t, "Signed. This read can no longer be changed; a correction is a new read.", "Back to the list")
	read.saved.Err = errors.New("the disk is full")
	w.reading.tell()
	w.says(t, "Not saved: The disk is full.")
	left := false
	w.leaveReading(func() { left = true })
	thread.RunUntil(func() bool { return left })
	<-closed
}
