package viewer

import "hotlight/viewer/control"

// The overlay planes (60xx) of a file may carry anything: text of the scanner, a side mark, the marks of a program or of another reader. In a blinded read they
// are hidden from the start, whichever it is, since nobody can tell without looking. Whether the reader may show them is the protocol's to say.

const (
	overlaysWithheld  = "Overlays of the file are withheld: this read is blinded, and they may carry another reader's marks."
	overlaysOnRequest = "Overlays of the file are hidden: this read is blinded. O shows them, and that is recorded."
)

// withholdsOverlays reports whether overlays cannot be shown at all.
func (r *Room) withholdsOverlays() bool { return !r.st.overlaysAsked && r.do.ShowOverlays == nil }

// toggleOverlays shows or hides the overlays of the file.
func (r *Room) toggleOverlays() {
	switch {
	case !r.st.overlaysAsked && r.hiddenOverlays() == "":
		r.say(control.Note, "This image brings no overlays.") // so there is nothing to record
	case r.withholdsOverlays():
		r.warnAgain() // the sentence stands there
	case !r.st.overlaysAsked:
		r.do.ShowOverlays(r.overlaysGranted)
	default:
		r.st.overlaysOff = !r.st.overlaysOff
		r.showAll(false)
	}
}

// overlaysGranted shows the overlays of a blinded read once it is on record that the reader asked for them.
func (r *Room) overlaysGranted(err error) {
	if err != nil {
		r.say(failure, "The overlays stay hidden, because it could not be recorded that they are shown: "+sentence(err))
		return
	}
	r.st.overlaysAsked, r.st.overlaysOff = true, false
	r.layNotices()
	r.showOptions()
	r.showAll(false)
}

// hiddenOverlays is the sentence about overlays that the image on screen brings and that a blinded read hides; empty where there is nothing to say. Of an image
// that is still loading, the planes that are here count.
func (r *Room) hiddenOverlays() string {
	if r.st.overlaysAsked || r.volume == nil {
		return ""
	}
	for k := range r.volume.Size[2] {
		if len(r.volume.Overlays(k)) == 0 {
			continue
		}
		if r.withholdsOverlays() {
			return overlaysWithheld
		}
		return overlaysOnRequest
	}
	return ""
}
