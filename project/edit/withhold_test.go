package edit

import (
	"errors"
	"testing"

	"hotlight/project"
)

// TestSegmentsOfAWithheldImageStay: the other image can be worked on, undo included, until undo would come to the withheld one.
func TestSegmentsOfAWithheldImageStay(t *testing.T) {
	h := New(testImages(), testClasses)
	do(t, h, `{"op":"brush","segment":"liver","radius_mm":4,"plane":"axial","points_mm":[[20,30,12]]}`)
	do(t, h, `{"op":"add_segment","name":"other","image":1}`)
	reason := &project.Error{Kind: project.Conflict, Text: "image 2 of series 3 was changed"}
	d, err := h.Begin(Op{Op: opBrush, Segment: Ref{Name: "liver"}, RadiusMM: 4})
	if err != nil || d.Extend(volumePoint(40, 30, 12)) != nil {
		t.Fatal(err)
	}
	before := h.Set()
	h.Withhold(0, reason)
	if h.Preview() != before || second(d.Commit()) == nil {
		t.Fatal("the stroke in progress went on")
	}
	brush := Op{Op: opBrush, Segment: Ref{Name: "liver"}, RadiusMM: 4, PointsMM: d.stroke.op.PointsMM}
	brush.PointsMM = append(brush.PointsMM, volumePoint(20, 30, 12))
	for name, err := range map[string]error{
		"a stroke":          second(h.Do(brush)),
		"a drag":            second(h.Begin(brush)),
		"a new name":        second(h.Do(Op{Op: opRename, Segment: Ref{Name: "liver"}, Name: "x"})),
		"a lock":            second(h.Do(Op{Op: opLock, Segment: Ref{Name: "liver"}})),
		"a deletion":        second(h.Do(Op{Op: opDelete, Segment: Ref{Name: "liver"}})),
		"a new segment":     second(h.Do(Op{Op: opAdd, Name: "y"})),
		"a stroke of a new": second(h.Do(Op{Op: opBrush, Segment: Ref{Name: "lesion"}, RadiusMM: 4, PointsMM: brush.PointsMM})),
	} {
		if !errors.Is(err, reason) {
			t.Errorf("%s: %v", name, err)
		}
	}
	do(t, h, `{"op":"brush","segment":"other","radius_mm":4,"points_mm":[[20,30,12]]}`)
	do(t, h, `{"op":"undo"}`)
	do(t, h, `{"op":"undo"}`) // the segment on the other image
	if err := second(h.Undo()); !errors.Is(err, reason) || h.Set().Segments()[0].Mask.Count() == 0 {
		t.Errorf("undo reached the withheld image: %v", err)
	}
	h.Withhold(0, nil)
	do(t, h, `{"op":"undo"}`)
	if len(h.Set().Segments()) != 0 {
		t.Error("it stays withheld")
	}
}
