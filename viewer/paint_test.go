package viewer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/project/volume"
	"hotlight/render/soft"
	"hotlight/render/voi"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

func mouseAt(b desktop.MouseButton, p fyne.Position) *desktop.MouseEvent {
	e := &desktop.MouseEvent{Button: b}
	e.Position, e.AbsolutePosition = p, p
	return e
}

// dragOver drags the left button over a viewport, from and to in its own units.
func dragOver(w fyne.Window, p *viewport.Viewport, from, to fyne.Position) {
	p.MouseDown(mouseAt(desktop.MouseButtonPrimary, from))
	thread.Run()
	c := w.Canvas().Overlays().Top().(interface {
		desktop.Hoverable
		desktop.Mouseable
	})
	for n := 1; n <= 8; n++ {
		f := float32(n) / 8
		c.MouseMoved(mouseAt(desktop.MouseButtonPrimary, fyne.NewPos(from.X+(to.X-from.X)*f, from.Y+(to.Y-from.Y)*f)))
	}
	c.MouseUp(mouseAt(desktop.MouseButtonPrimary, to))
}

func TestPaintUndoRedo(t *testing.T) {
	s := studyOf(ramp(t))
	r, w := layOut(t, s, 800, 600, 1, func() viewport.Drawer { return soft.New() })
	settle(r, w)
	r.addSegment("liver")
	r.press(fyne.KeyB, 0)
	settle(r, w)
	h := s.Read.History
	size := r.views[0].port.Size()
	mid := fyne.NewPos(size.Width/2, size.Height/2)
	dragOver(w, r.views[0].port, mid, mid.AddXY(60, 0))
	settle(r, w)
	seg, ok := h.Set().ByName("Liver")
	if !ok || seg.Mask.Count() == 0 {
		t.Fatal("the stroke painted nothing")
	}
	painted := seg.Mask.Count()
	k := planeOf(r.geometry(), 2, r.st.cross)
	lo, hi, _ := seg.Mask.Bounds()
	if lo[2] != k || hi[2] != k {
		t.Errorf("a disc on plane %d painted planes %d to %d", k, lo[2], hi[2])
	}
	if len(r.layers) != 1 {
		t.Errorf("%d layers on screen", len(r.layers))
	}
	r.TypedShortcut(&fyne.ShortcutUndo{})
	if seg, _ := h.Set().ByName("Liver"); seg.Mask.Count() != 0 {
		t.Errorf("undo left %d voxels", seg.Mask.Count())
	}
	r.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: ctrl | shift})
	if seg, _ := h.Set().ByName("Liver"); seg.Mask.Count() != painted {
		t.Errorf("redo gave %d voxels, want %d", seg.Mask.Count(), painted)
	}
	if !strings.Contains(r.Describe(), "brush, Liver") {
		t.Errorf("the room describes itself as %q", r.Describe())
	}
}

func TestEscapeTakesTheStrokeBack(t *testing.T) {
	s := studyOf(ramp(t))
	r, w := stand(t, s, 800, 600, 1)
	r.addSegment("liver")
	r.press(fyne.KeyB, 0)
	settle(r, w)
	seq := s.Read.History.Seq()
	p := r.views[0].port
	p.MouseDown(mouseAt(desktop.MouseButtonPrimary, fyne.NewPos(100, 150)))
	thread.Run()
	if seg, _ := s.Read.History.Preview().ByName("Liver"); seg.Mask.Count() == 0 {
		t.Fatal("the stroke does not show while it is drawn")
	}
	r.press(fyne.KeyEscape, 0)
	if seg, _ := s.Read.History.Preview().ByName("Liver"); seg.Mask.Count() != 0 || s.Read.History.Seq() != seq {
		t.Error("something of the stroke remains")
	}
}

func TestPaintingSaysWhyItIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		make func(*Room)
		want string
	}{
		"no segment":     {func(*Room) {}, "There is no segment to paint. Add one with + on the right."},
		"locked segment": {func(r *Room) { r.addSegment("liver"); r.toggleLock(1) }, "Liver is locked. Unlock it to paint."},
		"signed read":    {func(r *Room) { r.SetStatus(Status{Frozen: "Signed 09:21:40."}) }, "Signed 09:21:40."},
	} {
		s := studyOf(ramp(t))
		r, w := stand(t, s, 800, 600, 1)
		c.make(r)
		seq := s.Read.History.Seq()
		r.st.tool = tool.NameBrush
		dragOver(w, r.views[0].port, fyne.NewPos(100, 150), fyne.NewPos(150, 150))
		if r.notice == nil || r.notice.text != c.want {
			t.Errorf("%s: it says %v", name, r.notice)
		}
		if s.Read.History.Seq() != seq {
			t.Errorf("%s: something was painted", name)
		}
	}
}

func TestSpaceHidesMarksWhileItIsHeld(t *testing.T) {
	s := studyOf(ramp(t))
	r, w := stand(t, s, 800, 600, 1)
	r.addSegment("liver")
	r.press(fyne.KeyB, 0)
	settle(r, w)
	dragOver(w, r.views[0].port, fyne.NewPos(100, 150), fyne.NewPos(150, 150))
	r.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace})
	if len(r.layers) != 0 {
		t.Error("marks stay while Space is held")
	}
	r.st.spaceHeld = time.Now().Add(-time.Second) // it was held for long: no tap
	r.KeyUp(&fyne.KeyEvent{Name: fyne.KeySpace})
	if len(r.layers) != 1 || r.st.tool != tool.NameBrush {
		t.Error("marks do not come back, or the tool changed")
	}
	r.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace})
	r.KeyUp(&fyne.KeyEvent{Name: fyne.KeySpace})
	if r.st.tool != tool.NameWindow {
		t.Errorf("a tap chose %s, want the tool before", r.st.tool)
	}
}

func TestOnlyLookingHasNoPainting(t *testing.T) {
	s := studyOf(ramp(t))
	s.Read, s.Project = nil, ""
	r, _ := stand(t, s, 800, 600, 1)
	r.press(fyne.KeyB, 0)
	if r.st.tool.Paints() {
		t.Error("the brush can be chosen where nothing can be saved")
	}
}

func TestAbsentImagesSaySo(t *testing.T) {
	s := studyOf(ramp(t))
	s.Images[0].Absent, s.Images[0].Load = "Images not here.", nil
	r, w := stand(t, s, 800, 600, 1)
	r.Scroll(r.views[0].port, 1)
	r.press(fyne.Key1, 0)
	r.addSegment("liver")
	settle(r, w)
	if got := r.views[0].port.Content().Absent; got != "Images not here." {
		t.Errorf("the viewport says %q", got)
	}
}

func TestStyleGoesThroughThreeWays(t *testing.T) {
	s := studyOf(ramp(t))
	r, w := stand(t, s, 800, 600, 1)
	for _, class := range []string{"liver", "lesion"} {
		r.addSegment(class)
		r.st.tool = tool.NameBrush
		settle(r, w)
		dragOver(w, r.views[0].port, fyne.NewPos(100, 150), fyne.NewPos(150, 150))
	}
	var got []string
	for range 4 {
		var fills []string
		for _, l := range r.layers {
			if l.Fill > 0 {
				fills = append(fills, "filled")
			} else {
				fills = append(fills, "outlined")
			}
		}
		got = append(got, strings.Join(fills, "+"))
		r.nextStyle()
	}
	if want := []string{"filled+filled", "outlined+outlined", "filled", "filled+filled"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestFlipTurnsTheViewOnly(t *testing.T) {
	r, _ := stand(t, studyOf(ramp(t)), 800, 600, 1)
	before := r.st.cross
	r.press(fyne.KeyH, 0)
	if got := volume.Letters(r.views[0].port.Camera().Right); got != "R" {
		t.Errorf("after a flip the right of the picture is %s", got)
	}
	if r.st.cross != before {
		t.Error("the linked point moved")
	}
}

func TestFileWindowBeatsThePreset(t *testing.T) {
	s := studyOf(ramp(t))
	s.Images[0].Windows = []voi.Preset{{Name: "BONE", VOI: voi.VOI{Center: 300, Width: 1500}}}
	r, _ := stand(t, s, 800, 600, 1)
	if got := r.views[0].grey; got.name != "BONE" {
		t.Errorf("opened with %+v", got)
	}
}
