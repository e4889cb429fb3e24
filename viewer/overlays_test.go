package viewer

import (
	"errors"
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"hotlight/project/volume"
	"hotlight/render/soft"
	"hotlight/viewer/viewport"
)

// marked is ramp with an overlay on the slice in the middle.
func marked(t *testing.T) *volume.Volume {
	t.Helper()
	v := ramp(t)
	g := v.Geometry
	out, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	copy(out.Int16, v.Int16)
	out.Modality, out.Unit = v.Modality, v.Unit
	out.SetOverlays((g.Size[2]-1)/2, []volume.Overlay{{Group: 0x6000, Columns: 8, Rows: 1, Bits: []byte{0xff}}})
	out.ArriveAll()
	return out
}

func TestOverlaysOfABlindedReadAreHidden(t *testing.T) {
	refused := errors.New("the disk is full")
	for name, c := range map[string]struct {
		blinded, plain bool
		answer         *error // what recording gives; nil where the protocol withholds them
		first, afterO  bool   // whether they are drawn
		says           string // before O is pressed
		asked          int
	}{
		"only looked at":         {first: true, afterO: false},
		"withheld":               {blinded: true, says: overlaysWithheld},
		"on request":             {blinded: true, answer: new(error), afterO: true, says: overlaysOnRequest, asked: 1},
		"on request, unrecorded": {blinded: true, answer: &refused, says: overlaysOnRequest, asked: 1},
		"nothing to hide":        {blinded: true, plain: true, answer: new(error)},
	} {
		t.Run(name, func(t *testing.T) {
			v := marked(t)
			if c.plain {
				v = ramp(t)
			}
			s := studyOf(v)
			s.Blinded = c.blinded
			r, w := layOut(t, s, 900, 600, 1, func() viewport.Drawer { return soft.New() })
			asked := 0
			if c.answer != nil {
				r.do.ShowOverlays = func(then func(error)) { asked++; then(*c.answer) }
			}
			settle(r, w)
			says := strings.Join(r.notes(), "|")
			if drawn(r) != c.first || says != c.says {
				t.Errorf("opened: drawn %v, says %q", drawn(r), says)
			}
			r.press(fyne.KeyO, 0)
			settle(r, w)
			if drawn(r) != c.afterO || asked != c.asked {
				t.Errorf("after O: drawn %v, asked %d times", drawn(r), asked)
			}
			if with, without := signingPicture(t, r), marksOfSigning(t, r); with != (without && c.afterO) {
				t.Errorf("the picture to be signed shows overlays: %v", with)
			}
			if c.afterO && !marksOfSigning(t, r) {
				t.Error("the picture has no place for the overlay: the test tests nothing")
			}
			if c.afterO { // from now on it is the reader's to hide and show; nothing more is recorded
				r.press(fyne.KeyO, 0)
				hidden := !drawn(r)
				r.press(fyne.KeyO, 0)
				if !hidden || !drawn(r) || asked != c.asked {
					t.Errorf("O twice: hidden between %v, drawn %v, asked %d", hidden, drawn(r), asked)
				}
			}
			for _, o := range r.notices.Objects {
				if size := o.MinSize(); size.Height <= 0 {
					t.Error("a notice without a height")
				}
			}
		})
	}
}

// drawn reports whether the room has overlays drawn.
func drawn(r *Room) bool { return !r.st.overlaysOff }

// signingPicture reports whether the picture of the signing dialog differs from one without overlays.
func signingPicture(t *testing.T, r *Room) bool {
	t.Helper()
	as, _ := r.Picture(image.Pt(64, 64))
	off := r.st.overlaysOff
	r.st.overlaysOff = true
	without, _ := r.Picture(image.Pt(64, 64))
	r.st.overlaysOff = off
	return string(as.(*image.RGBA).Pix) != string(without.(*image.RGBA).Pix)
}

// marksOfSigning reports whether it would differ with them.
func marksOfSigning(t *testing.T, r *Room) bool {
	t.Helper()
	off := r.st.overlaysOff
	r.st.overlaysOff = false
	defer func() { r.st.overlaysOff = off }()
	return signingPicture(t, r)
}

// A note that comes with slices is shown even where the warnings before it were put away; once understood it stays away.
func TestANoteThatComesLateIsShownOnce(t *testing.T) {
	s := studyOf(marked(t))
	s.Blinded = true
	r, w := stand(t, s, 900, 600, 1)
	if len(r.notices.Objects) != 1 {
		t.Fatalf("%d strips", len(r.notices.Objects))
	}
	r.understood()
	r.arrived()
	settle(r, w)
	if len(r.notices.Objects) != 0 {
		t.Error("it came back")
	}
	r.press(fyne.KeyO, 0)
	if len(r.notices.Objects) != 1 {
		t.Error("O does not say why nothing is shown")
	}
}
