//go:build !nogui

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/render/soft"
	"hotlight/render/voi"
	"hotlight/viewer"
	"hotlight/viewer/control"
	"hotlight/viewer/pane"
	"hotlight/viewer/viewport"
)

// reading is a case that is open in the reading room.
type reading struct {
	w       *window
	c       desk.Case
	item    *project.ItemID // nil when only looking
	room    *viewer.Room
	unwatch func()
	slow    *time.Timer // tells again when a change waits longer than a second
	gone    bool

	roomAsked time.Time // when the house was last asked whether the disk is nearly full
	roomSaid  bool
}

// roomEvery is how often the disk is looked at while somebody reads.
const roomEvery = time.Minute

// watchRoom says once when the disk that the read is saved on is nearly full.
func (r *reading) watchRoom() {
	if r.c.Room == nil || r.roomSaid || time.Since(r.roomAsked) < roomEvery {
		return
	}
	r.roomAsked = time.Now()
	go func() {
		if text := r.c.Room(); text != "" {
			control.OnMain(func() {
				if !r.gone && !r.roomSaid {
					r.roomSaid = true
					r.room.Say(control.Warning, text)
				}
			})
		}
	}()
}

// read shows a case in the reading room.
func (w *window) read(c desk.Case, item *project.ItemID) {
	w.leaveReading(func() {
		r := &reading{w: w, c: c, item: item}
		w.reading = r
		r.room = viewer.NewRoom(r.study(), r.actions())
		if c.Read != nil {
			r.unwatch = c.Read.Watch(func() { control.OnMain(r.tell) })
		}
		w.show(r.room)
		r.tell()
		r.showExchange()
	})
}

func (r *reading) actions() viewer.Actions {
	a := viewer.Actions{
		Home: r.w.home, Screen: r.w.toggleFullScreen, Touch: r.w.house.Touch,
		NewDrawer: func() viewport.Drawer { return soft.New() }, Renderer: "CPU",
	}
	if !r.w.house.Locked() {
		a.Lock = r.w.lockNow
	}
	if r.w.desk != nil {
		a.Exchange = r.w.showExchange
	}
	if r.c.Read != nil && !r.c.Read.State().Frozen() {
		a.Complete, a.Sign = r.complete, r.sign
	}
	if r.c.ShowOverlays != nil {
		a.ShowOverlays = r.showOverlays
	}
	return a
}

// showOverlays has it recorded that the reader shows the overlays of the files, and tells the room when they may be seen.
func (r *reading) showOverlays(then func(error)) {
	go func() {
		err := r.c.ShowOverlays()
		control.OnMain(func() {
			if !r.gone {
				then(err)
			}
		})
	}()
}

// study is the case as the room wants it.
func (r *reading) study() viewer.Study {
	s := viewer.Study{Name: r.c.Name}
	for n := range r.c.Images {
		s.Images = append(s.Images, imageForRoom(&r.c.Images[n]))
	}
	if r.w.desk != nil {
		s.Project = fmt.Sprintf("%s v%d", r.w.desk.Title(), r.w.desk.Version())
		s.Reader = r.w.desk.Me().Name
	}
	if r.w.desk == nil && r.c.Read != nil {
		s.Project = "Practice" // the built-in phantom: what is read there goes to nobody
		if p, ok := r.w.house.Person(); ok {
			s.Reader = p.Name
		}
	}
	s.Blinded = r.c.Blinded
	if r.c.Read != nil {
		s.Read = &viewer.Read{History: r.c.Read.History(), Classes: r.c.Read.Classes()}
	}
	return s
}

func imageForRoom(m *desk.Image) viewer.Image {
	out := viewer.Image{
		Number: m.Number, Description: m.Description, Label: m.Label, Modality: m.Modality, Instances: m.Instances,
		Flat: m.Kind != desk.Volume, Unit: m.Unit, Geometry: m.Geometry, Invert: m.Invert, Presentation: m.Presentation, Lengths: m.Lengths, Sides: m.Orientation, Warnings: m.Warnings, Absent: m.Absent, Changed: m.Changed, Verify: m.Verify,
		FrameTimes: m.FrameTimes,
	}
	if out.Absent != "" {
		out.Absent = sentence(errors.New(out.Absent))
	}
	out.Windows = windowsOf(m)
	if m.Load != nil {
		out.Load = func(ctx context.Context, first int, progress func(done, total int)) (*viewer.Loading, error) {
			l, err := m.Load(ctx, first, progress)
			if err != nil {
				return nil, err
			}
			return &viewer.Loading{Volume: l.Volume, Wait: l.Wait, Warnings: l.Warnings, Coarse: l.Coarse}, nil
		}
	}
	return out
}

// windowsOf are the windows of the file that the standard allows, by the names that the file gives them.
func windowsOf(m *desk.Image) []voi.Preset {
	var out []voi.Preset
	named := map[string]int{}
	for _, x := range m.Windows {
		named[x.Explanation]++
	}
	for _, x := range m.Windows {
		if named[x.Explanation] > 1 && x.LUT != nil && x.Explanation != "" {
			x.Explanation += ", table" // beside a window of the same name
		}
		w := voi.VOI{Center: x.Center, Width: x.Width, Function: voi.Function(x.Function), LUT: x.LUT}
		if w.Check() == nil {
			out = append(out, voi.Preset{Name: x.Explanation, VOI: w})
		}
	}
	for n := range out {
		switch {
		case out[n].Name != "":
		case len(out) == 1:
			out[n].Name = "As in the file"
		default:
			out[n].Name = fmt.Sprintf("As in the file, %d", n+1)
		}
	}
	return out
}

// tell shows how far the disk is and where the read stands.
func (r *reading) tell() {
	if r.gone || r.c.Read == nil {
		return
	}
	state, saved := r.c.Read.State(), r.c.Read.Saved()
	s := viewer.Status{}
	s.Saved, s.Waiting, s.Failed = savedWords(saved, time.Now())
	s.Icon, s.Text, s.Second, s.Main = r.next(state)
	if state.Frozen() {
		s.Frozen = s.Text
	}
	if r.w.desk != nil && !r.w.desk.Me().Role.Reads() {
		s.Frozen = "This is a received read. Only its reader can change it."
	}
	r.room.SetStatus(s)
	r.watchRoom()
	if s.Failed {
		r.room.Say(control.Failure, s.Saved)
	}
	if r.slow != nil {
		r.slow.Stop()
		r.slow = nil
	}
	if saved.Waiting > 0 {
		r.slow = time.AfterFunc(time.Second, func() { control.OnMain(r.tell) })
	}
}

// savedWords says how far the disk is: the number is that of the newest change on it.
func savedWords(s desk.Saved, now time.Time) (text string, waiting, failed bool) {
	switch {
	case s.Err != nil:
		text = sentence(s.Err)
		if s.Waiting > 0 {
			text = fmt.Sprintf("%s %s kept in memory.", text, counted(s.Waiting, "Your last change is", "Your last %d changes are"))
		}
		return "Not saved: " + text, false, true
	case s.Waiting > 0 && now.Sub(s.Since) > time.Second:
		return fmt.Sprintf("Saving change %d", s.Changes+s.Waiting), true, false
	case s.Changes == 0:
		return "Nothing to save yet", false, false
	}
	return fmt.Sprintf("Saved · change %d", s.Changes), false, false
}

func counted(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

// next says where the read stands and what can be done.
func (r *reading) next(state project.ReadState) (icon, text string, second, main pane.Next) {
	if r.w.desk != nil && !r.w.desk.Me().Role.Reads() {
		return "shield-check", r.signedText("Received and verified."), pane.Next{}, r.back()
	}
	switch state {
	case project.Assigned, project.InProgress:
		icon, text = "circle", "Not started"
		if state == project.InProgress {
			icon, text = "circle-half-2", "In progress"
		}
		return icon, text, pane.Next{}, pane.Next{Text: "Complete", Tip: "Complete   Ctrl+Enter\nSay that the read is done; it can still be changed until it is signed.", Do: r.complete}
	case project.Complete:
		return "circle-check", "Complete, not signed", pane.Next{Text: "Go on reading", Do: r.reopen},
			pane.Next{Text: "Review and sign", Tip: "Review and sign   Ctrl+Shift+Enter", Do: r.sign}
	case project.Signed, project.Committed:
		return "signature", r.signedText("Signed."), pane.Next{}, r.back()
	}
	return "circle-x", "This read is " + string(state) + " and can no longer be changed.", pane.Next{}, r.back()
}

// back is the way out of a read that is done.
func (r *reading) back() pane.Next {
	if r.w.desk == nil {
		return pane.Next{Text: "Close", Do: r.w.home}
	}
	return pane.Next{Text: "Back to the list", Do: r.w.home}
}

func (r *reading) signedText(without string) string {
	s, ok := r.c.Read.Signature()
	if !ok {
		return without + " This read can no longer be changed; a correction is a new read."
	}
	text := "Signed " + s.At.Format("15:04:05")
	if y, m, d := time.Now().Date(); s.At.Day() != d || s.At.Month() != m || s.At.Year() != y {
		text = "Signed " + s.At.Format("2 Jan 2006 15:04:05")
	}
	if s.Name != "" && r.w.desk != nil && !r.w.desk.Me().Role.Reads() {
		text += " by " + s.Name
	}
	if s.Sent {
		text += ", sent"
	}
	return text + ". This read can no longer be changed; a correction is a new read."
}

func (r *reading) complete() {
	if r.c.Read.State() == project.Complete {
		return
	}
	if err := r.c.Read.Complete(); err != nil {
		r.w.fail("The read is not complete", err)
	}
	r.tell()
}

func (r *reading) reopen() {
	if err := r.c.Read.Reopen(); err != nil {
		r.w.fail("The read stays complete", err)
	}
	r.tell()
}

func (r *reading) showExchange() { r.w.tellExchange(r.room.Top()) }

// leaveReading closes the case that is open, off the interface thread, and goes on once everything of it is on disk.
func (w *window) leaveReading(then func()) {
	r := w.reading
	if r == nil {
		then()
		return
	}
	w.reading = nil
	r.gone = true
	if r.unwatch != nil {
		r.unwatch()
	}
	if r.slow != nil {
		r.slow.Stop()
	}
	wait := r.room.Close()
	go func() {
		var err error
		if r.c.Close != nil {
			err = r.c.Close()
		}
		wait()
		control.OnMain(func() {
			if err != nil {
				w.fail("The case did not close cleanly", err)
			}
			then()
		})
	}()
}
