package viewer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"hotlight/project"
	"hotlight/viewer/control"
)

const (
	warning = control.Warning
	failure = control.Failure
)

// notice is the one message of the moment over the images: why a stroke was refused, what went wrong.
type notice struct {
	text   string
	object fyne.CanvasObject
}

// say shows a message over the images until the next thing works.
func (r *Room) say(tone control.Tone, text string, actions ...fyne.CanvasObject) {
	if r.notice != nil && r.notice.text == text {
		return
	}
	actions = append(actions, control.NewButton("", "x", control.Quiet, r.unsay).Small())
	r.notice = &notice{text: text, object: control.Strip(tone, text, actions...)}
	r.layNotices()
}

// Say shows a message over the images; the house uses it for what concerns the read.
func (r *Room) Say(tone control.Tone, text string) { r.say(tone, text) }

func (r *Room) unsay() {
	if r.notice != nil {
		r.notice = nil
		r.layNotices()
	}
}

// showWarnings shows what must be known about the images on screen, until it is understood; then a button keeps it at hand.
func (r *Room) showWarnings() {
	r.layNotices()
	r.showOptions()
}

func (r *Room) warnings() []project.Warning {
	m := r.image()
	if m == nil {
		return nil
	}
	var out []project.Warning
	for _, w := range m.Warnings {
		if m.Absent == "" || w.Code != project.WarnNotDecoded { // the viewport says it already
			out = append(out, w)
		}
	}
	return out
}

// layNotices puts the strips over the images.
func (r *Room) layNotices() {
	if r.notices == nil {
		return
	}
	var strips []fyne.CanvasObject
	if m := r.image(); m != nil && r.study.Images[r.st.image].Changed != "" && m.Absent == "" { // this is not put away
		strips = append(strips, control.WrapStrip(failure, r.study.Images[r.st.image].Changed))
	}
	if !r.st.understood[r.warned()] {
		strips = append(strips, r.warningStrips()...)
	}
	if r.notice != nil {
		strips = append(strips, r.notice.object)
	}
	r.notices.Objects = strips
	r.notices.Refresh()
	if r.body != nil {
		r.body.Refresh()
	}
}

// warningStrips are the warnings and, quieter, the notes about the images on screen.
func (r *Room) warningStrips() (strips []fyne.CanvasObject) {
	add := func(tone control.Tone, text string) {
		var actions []fyne.CanvasObject
		if len(strips) == 0 {
			actions = append(actions, control.NewLink("Understood", r.understood))
		}
		strips = append(strips, control.WrapStrip(tone, text, actions...))
	}
	for _, w := range r.warnings() {
		add(warning, w.Text)
	}
	for _, text := range r.notes() {
		add(control.Note, text)
	}
	return strips
}

// notes are sentences about how the image on screen is shown, which may come while it loads.
func (r *Room) notes() (out []string) {
	if m := r.image(); m == nil || m.Absent != "" {
		return nil
	}
	if text := r.hiddenOverlays(); text != "" {
		out = append(out, text)
	}
	if text := r.passedOver(); text != "" {
		out = append(out, text)
	}
	return out
}

// noteArrived lays the strips again where slices that came since bring a note that was not there yet, even if what was there is understood.
func (r *Room) noteArrived() {
	before := r.st.noted[r.warned()]
	for _, text := range r.notes() {
		if !slices.Contains(before, text) {
			r.st.noted[r.warned()] = r.notes()
			delete(r.st.understood, r.warned())
			r.showWarnings()
			return
		}
	}
}

// warned is the key of what is on screen among those whose warnings were put away: the resampled volume has warnings of its own.
func (r *Room) warned() int {
	if r.straight != nil {
		return -1 - r.st.image
	}
	return r.st.image
}

func (r *Room) understood() {
	r.st.understood[r.warned()] = true
	r.showWarnings()
}

func (r *Room) warnAgain() {
	delete(r.st.understood, r.warned())
	r.showWarnings()
}

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// sentence makes an error's text one.
func sentence(err error) string { return strings.TrimSuffix(capital(err.Error()), ".") + "." }
