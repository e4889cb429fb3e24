package edit

import (
	"errors"
	"testing"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// TestAFrozenHistoryRefusesEverything: also the stroke that was being drawn when it was frozen, which leaves nothing.
func TestAFrozenHistoryRefusesEverything(t *testing.T) {
	h := New(testImages(), testClasses)
	do(t, h, `{"op":"brush","segment":"liver","radius_mm":4,"plane":"axial","points_mm":[[20,30,12]]}`)
	brush := Op{Op: opBrush, Segment: Ref{Name: "liver"}, RadiusMM: 4}
	d, err := h.Begin(brush)
	if err != nil || d.Extend(volumePoint(40, 30, 12)) != nil {
		t.Fatal(err)
	}
	before, seq := h.Set(), h.Seq()
	h.Freeze(project.ErrSigned)
	if h.Preview() != before {
		t.Fatal("the stroke in progress still shows")
	}
	if second(d.Commit()) == nil {
		t.Fatal("a stroke was committed after the read was frozen")
	}
	brush.PointsMM = append(brush.PointsMM, volumePoint(20, 30, 12))
	for _, err := range []error{second(h.Undo()), second(h.Redo()), second(h.Do(brush)), second(h.Do(Op{Op: opAdd, Name: "x"})), second(h.Begin(brush))} {
		if !errors.Is(err, project.ErrSigned) {
			t.Fatalf("got %v", err)
		}
	}
	if h.Set() != before || h.Seq() != seq {
		t.Fatal("a frozen history changed")
	}
}

func TestAViewOnlyShows(t *testing.T) {
	set := (&segmentation.Set{}).With(&segmentation.Segment{Number: 3, Name: "liver", Mask: segmentation.NewMask(testImages()[0].Geometry.Size)})
	h := View(testImages(), set, project.ErrSigned)
	if h.Set() != set || h.Preview() != set || h.CanUndo() || h.CanRedo() {
		t.Fatal("a view does not show what it was given")
	}
	if _, err := h.Do(Op{Op: opLock, Segment: Ref{Number: 3}}); !errors.Is(err, project.ErrSigned) {
		t.Fatalf("got %v", err)
	}
}
