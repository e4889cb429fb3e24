package edit

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// tree is the naive model of the branch rule: every change with its parent and the whole set after it.
type tree struct {
	parent map[uint64]uint64
	state  map[uint64]*segmentation.Set
	cursor uint64
}

// newestChild is what redo goes to.
func (m *tree) newestChild() (newest uint64) {
	for n, p := range m.parent {
		if p == m.cursor && n > newest {
			newest = n
		}
	}
	return newest
}

func (m *tree) take(t *testing.T, e Entry, h *History) {
	t.Helper()
	switch {
	case e.Kind == Undo:
		if e.Parent != m.cursor {
			t.Fatalf("entry %d undoes change %d, the cursor is at %d", e.Seq, e.Parent, m.cursor)
		}
		m.cursor = m.parent[m.cursor]
	case e.Kind == Redo:
		m.cursor = m.newestChild()
	case e.Effect():
		m.parent[e.Seq], m.cursor = m.cursor, e.Seq
		m.state[e.Seq] = h.Set()
	}
	if e.Cursor != m.cursor {
		t.Fatalf("%s entry %d leads to change %d, the model to %d", e.Kind, e.Seq, e.Cursor, m.cursor)
	}
}

// TestRandomHistories does hundreds of random operations and holds the history to the laws: undo after do restores every mask and row, redo follows the newest branch,
// the journal replays to the same, and a checkpoint with its tail does too, with undo down to the very first change.
func TestRandomHistories(t *testing.T) {
	r := random(t)
	for round := range 4 {
		h := New(testImages(), testClasses)
		j := &journal{t: t}
		j.follow(h)
		m := &tree{map[uint64]uint64{}, map[uint64]*segmentation.Set{0: {}}, 0}
		var checkpoint []byte
		var checkpointSeq uint64
		for step := range 250 {
			if step == 100+30*round {
				checkpoint, checkpointSeq = h.MarshalState(), h.Seq()
			}
			before, seq := h.Set(), h.Seq()
			op := randomOp(r, h)
			canUndo, canRedo := h.CanUndo(), h.CanRedo()
			e, err := h.Do(op)
			if canUndo != (m.cursor != 0) || canRedo != (m.newestChild() != 0) {
				t.Fatalf("undo %v redo %v at change %d", canUndo, canRedo, m.cursor)
			}
			if err != nil {
				if h.Set() != before || h.Seq() != seq {
					t.Fatalf("%+v failed and changed something", op)
				}
				if project.KindOf(err) == project.Corrupt || errors.Is(err, segmentation.ErrBase) {
					t.Fatalf("%+v: %v", op, err)
				}
				continue
			}
			m.take(t, e, h)
			if !h.Set().Equal(m.state[m.cursor]) {
				t.Fatalf("entry %d (%s %s): the set is not that of change %d", e.Seq, e.Kind, e.Op.Op, m.cursor)
			}
			for _, g := range h.Set().Segments() {
				if err := g.Mask.Check(); err != nil {
					t.Fatal(err)
				}
			}
		}
		replayed, err := Replay(testImages(), testClasses, j.from(0))
		if err != nil {
			t.Fatal(err)
		}
		restored, err := Restore(testImages(), testClasses, checkpoint, j.from(checkpointSeq), j.load)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []*History{replayed, restored} {
			sameHistory(t, h, other)
		}
		walk(t, m, h, replayed, restored)
	}
}

func sameHistory(t *testing.T, a, b *History) {
	t.Helper()
	if !a.Set().Equal(b.Set()) || !slices.Equal(digest(a.Set()), digest(b.Set())) || a.Seq() != b.Seq() || !bytes.Equal(a.MarshalState(), b.MarshalState()) {
		t.Fatal("the two histories differ")
	}
}

// walk undoes everything, redoes everything, and paints a branch, in all histories alike.
func walk(t *testing.T, m *tree, all ...*History) {
	t.Helper()
	for m.cursor != 0 {
		m.cursor = m.parent[m.cursor]
		for n, h := range all {
			if _, err := h.Undo(); err != nil || !h.Set().Equal(m.state[m.cursor]) {
				t.Fatalf("history %d: undo to change %d: %v", n, m.cursor, err)
			}
		}
	}
	for _, h := range all {
		if _, err := h.Undo(); !errors.Is(err, ErrNothing) || len(h.Set().Segments()) != 0 {
			t.Fatalf("undo before the first change: %v", err)
		}
	}
	for next := m.newestChild(); next != 0; next = m.newestChild() {
		m.cursor = next
		for n, h := range all {
			if _, err := h.Redo(); err != nil || !h.Set().Equal(m.state[m.cursor]) {
				t.Fatalf("history %d: redo of change %d: %v", n, m.cursor, err)
			}
		}
	}
	for _, h := range all {
		if _, err := h.Redo(); !errors.Is(err, ErrNothing) {
			t.Fatalf("redo after the last change: %v", err)
		}
		sameHistory(t, all[0], h)
	}
}

// TestUndoEditRedo is the branch rule by hand.
func TestUndoEditRedo(t *testing.T) {
	h := New(testImages(), testClasses)
	stroke := func(x string) string {
		return `{"op":"brush","segment":"liver","shape":"sphere","radius_mm":3,"points_mm":[[` + x + `,30,12]]}`
	}
	first := do(t, h, stroke("10")) // 1
	do(t, h, stroke("30"))          // 2
	two := h.Set()
	do(t, h, `{"op":"undo"}`)        // 3: at 1
	branch := do(t, h, stroke("50")) // 4, on 1
	if branch.Parent != first.Seq || branch.Cursor != 4 || h.CanRedo() {
		t.Fatalf("the branch is %+v", branch)
	}
	withBranch := h.Set()
	do(t, h, `{"op":"undo"}`) // 5: at 1
	if e := do(t, h, `{"op":"redo"}`); e.Cursor != 4 || !h.Set().Equal(withBranch) || h.Set().Equal(two) {
		t.Fatalf("redo went to change %d, want the newest branch, 4", e.Cursor)
	}
	do(t, h, `{"op":"undo"}`)
	if e := do(t, h, `{"op":"undo"}`); e.Cursor != 0 || len(h.Set().Segments()) != 0 {
		t.Fatal("the first stroke made the segment; undoing it must take the segment away")
	}
}

// TestAnEraserOnEmptyGroundIsNoStepOfUndo: it is in the journal, and neither undo nor redo notices it.
func TestAnEraserOnEmptyGroundIsNoStepOfUndo(t *testing.T) {
	h := New(testImages(), testClasses)
	do(t, h, `{"op":"brush","segment":"liver","shape":"sphere","radius_mm":3,"points_mm":[[10,30,12]]}`)
	do(t, h, `{"op":"brush","segment":"liver","shape":"sphere","radius_mm":3,"points_mm":[[40,30,12]]}`)
	do(t, h, `{"op":"undo"}`)
	e := do(t, h, `{"op":"brush","segment":"liver","mode":"erase","radius_mm":2,"points_mm":[[60,50,12]]}`)
	if e.Seq != 4 || e.Effect() || e.Changed != 0 || !h.CanRedo() {
		t.Fatalf("%+v", e)
	}
	if e := do(t, h, `{"op":"redo"}`); e.Cursor != 2 {
		t.Fatalf("redo went to %d", e.Cursor)
	}
	none := do(t, h, `{"op":"brush","segment":"lesion","radius_mm":2,"points_mm":[[-60,50,12]]}`)
	if _, made := h.Set().ByName("Lesion"); made || none.Effect() {
		t.Fatal("a stroke outside the image made a segment")
	}
}

func TestAStrokeOnAClassMakesItsSegment(t *testing.T) {
	h := New(testImages(), testClasses)
	e := do(t, h, `{"op":"brush","segment":"liver","mode":"add","shape":"disc","plane":"axial","radius_mm":6,"points_mm":[[30,30,10],[40,30,10]],"range":[-50,150]}`)
	g, ok := h.Set().Find(1)
	if !ok || g.Name != "Liver" || g.Class != "liver" || g.Type.Value != "10200004" || g.Colour != testClasses[0].Colour || g.Mask.Count() != e.Changed || e.Changed == 0 {
		t.Fatalf("%+v after %+v", g, e)
	}
	if e.Method != ByHandRange || e.Op.Samples != 2 || len(e.Op.PointsMM) != 0 || len(e.Rows) != 1 || e.Rows[0].Before != nil {
		t.Fatalf("%+v", e)
	}
	do(t, h, `{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[[30,30,20]]}`)
	do(t, h, `{"op":"brush","segment":"Liver","radius_mm":6,"points_mm":[[30,30,15]]}`)
	do(t, h, `{"op":"brush","segment":1,"radius_mm":6,"points_mm":[[30,30,5]]}`)
	if n := len(h.Set().Segments()); n != 1 {
		t.Fatalf("%d segments", n)
	}
	do(t, h, `{"op":"add_segment","class":"liver"}`)
	if g, ok := h.Set().ByName("Liver 2"); !ok || g.Number != 2 || g.Class != "liver" {
		t.Fatal("a second segment of a class has a name of its own")
	}
	op, _ := ParseOp([]byte(`{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[[30,30,5]]}`))
	if _, err := h.Do(op); project.KindOf(err) != project.Conflict {
		t.Fatalf("a class with two segments gives %v", err)
	}
}

// TestNumbersAreNotUsedTwice: not after deletion, and not after an undone creation.
func TestNumbersAreNotUsedTwice(t *testing.T) {
	h := New(testImages(), testClasses)
	do(t, h, `{"op":"add_segment","name":"a"}`)
	do(t, h, `{"op":"delete_segment","segment":"a"}`)
	do(t, h, `{"op":"add_segment","name":"b"}`)
	do(t, h, `{"op":"undo"}`)
	do(t, h, `{"op":"add_segment","name":"c"}`)
	if g, ok := h.Set().ByName("c"); !ok || g.Number != 3 {
		t.Fatalf("%+v", g)
	}
}

func TestOperationsThatAreRefused(t *testing.T) {
	h := New(testImages(), testClasses)
	do(t, h, `{"op":"brush","segment":"liver","shape":"sphere","radius_mm":3,"points_mm":[[10,30,12]]}`)
	do(t, h, `{"op":"add_segment","name":"other","image":1}`)
	do(t, h, `{"op":"lock","segment":"liver"}`)
	before := h.MarshalState()
	for _, c := range []struct {
		name, line string
		kind       project.Kind
		text       string
	}{
		{"paint on a locked segment", `{"op":"brush","segment":"liver","radius_mm":3,"points_mm":[[10,30,12]]}`, project.NotPermitted, "the segment Liver is locked"},
		{"delete a locked segment", `{"op":"delete_segment","segment":1}`, project.NotPermitted, "segment: Liver is locked"},
		{"a segment that does not exist", `{"op":"brush","segment":"spleen","radius_mm":3,"points_mm":[[10,30,12]]}`, project.NotFound, "segment: there is no segment and no class spleen"},
		{"a number that does not exist", `{"op":"color","segment":9,"color":"#000000"}`, project.NotFound, "segment: there is no segment 9"},
		{"a name that is taken", `{"op":"rename","segment":2,"name":"Liver"}`, project.Conflict, "name: another segment is called Liver"},
		{"a new segment whose name is taken", `{"op":"add_segment","name":"Liver"}`, project.Conflict, "name: another segment is called Liver"},
		{"a class that does not exist", `{"op":"add_segment","class":"spleen"}`, project.NotFound, "class: the project has no class spleen"},
		{"an image that does not exist", `{"op":"add_segment","name":"x","image":2}`, project.NotFound, "image: there is no image 2"},
		{"a range where the images are not here", `{"op":"brush","segment":"other","radius_mm":3,"points_mm":[[10,30,12]],"range":[1,2]}`, project.NotFound, "range: the images are not here, so their values are not known"},
		{"a segment on another image", `{"op":"brush","segment":"Liver","image":1,"radius_mm":3,"points_mm":[[10,30,12]]}`, project.Invalid, "image: Liver lies on image 1"},
		{"nothing to redo", `{"op":"redo"}`, project.NotFound, "there is nothing to undo or redo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			op, err := ParseOp([]byte(c.line))
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.Do(op)
			if project.KindOf(err) != c.kind || c.kind != project.Invalid && err.Error() != c.text {
				t.Fatalf("got %q (%s), want %q (%s)", err, project.KindOf(err), c.text, c.kind)
			}
		})
	}
	if !bytes.Equal(h.MarshalState(), before) {
		t.Fatal("a refused operation changed something")
	}
}

// TestDrag: a stroke in progress shows in Preview only, is one entry, and gives the same voxels as the operation in one piece.
func TestDrag(t *testing.T) {
	h := New(testImages(), testClasses)
	var events []Event
	h.Subscribe(func(e Event) { events = append(events, e) })
	line := `{"op":"brush","segment":"liver","radius_mm":4,"plane":"axial","points_mm":[[20,30,12],[40,30,12],[50,35,12]]}`
	op, err := ParseOp([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	points := op.PointsMM
	op.PointsMM = nil
	d, err := h.Begin(op)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		if err := d.Extend(p); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.Set().Segments()) != 0 || len(h.Preview().Segments()) != 1 || h.Seq() != 0 {
		t.Fatal("the stroke shows where it should not, or does not where it should")
	}
	for _, err := range []error{second(h.Undo()), second(h.Do(op)), second(h.Do(Op{Op: opAdd, Name: "x"})), second(h.Begin(op))} {
		if !errors.Is(err, ErrDrawing) && project.KindOf(err) != project.Invalid {
			t.Fatalf("while drawing: %v", err)
		}
	}
	e, err := d.Commit()
	if err != nil || e.Seq != 1 || e.Op.Samples != 3 {
		t.Fatalf("%+v, %v", e, err)
	}
	whole := New(testImages(), testClasses)
	if f := do(t, whole, line); !whole.Set().Equal(h.Set()) || !bytes.Equal(f.Marshal(), e.Marshal()) {
		t.Fatal("drawn and in one piece the stroke is not the same")
	}
	var drawn segmentation.Bounds
	for _, e := range events[:3] {
		if e.Entry != nil || len(e.Segments) != 1 {
			t.Fatalf("%+v", e)
		}
		drawn.Include(e.Voxels)
	}
	if last := events[3]; len(events) != 4 || last.Entry.Seq != 1 || last.Voxels != drawn {
		t.Fatalf("drew %v, told %+v", drawn, last)
	}
	if second(d.Commit()) == nil || d.Extend(points...) == nil {
		t.Fatal("a stroke goes on after it ended")
	}
	cancelled, err := h.Begin(op)
	if err != nil || cancelled.Extend(volumePoint(20, 10, 12)) != nil {
		t.Fatal(err)
	}
	before := h.Set()
	cancelled.Cancel()
	if h.Preview() != before || h.Set() != before || h.Seq() != 1 {
		t.Fatal("a cancelled stroke left something")
	}
	do(t, h, `{"op":"undo"}`)
}

func second[T any](_ T, err error) error { return err }
