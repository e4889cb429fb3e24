package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/edit"
	"hotlight/project/volume"
)

func newHistory(t testing.TB, it Item) *edit.History {
	t.Helper()
	return edit.New(editImages(it), classes())
}

func classes() []project.Class {
	return []project.Class{{ID: "liver", Value: 1, Name: "Planted liver", Colour: project.Palette[0]}, {ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[1]}}
}

// randomOp is something a reader might do; not all of it can be done at any time.
func randomOp(rng *rand.Rand) edit.Op {
	names := []string{"liver", "lesion"}
	at := func() volume.Point { return volume.Point{rng.Float64() * 70, rng.Float64() * 50, rng.Float64() * 25} }
	switch rng.IntN(10) {
	case 0, 1:
		return edit.Op{Op: "undo"}
	case 2:
		return edit.Op{Op: "redo"}
	}
	op := edit.Op{Op: "brush", Segment: edit.Ref{Name: names[rng.IntN(2)]}, Shape: "sphere", RadiusMM: 1 + rng.Float64()*8, PointsMM: []volume.Point{at(), at()}, Overwrite: "all"}
	if rng.IntN(3) == 0 {
		op.Mode = "erase"
	}
	return op
}

// doSome appends n random changes to the read through s and returns their promises.
func doSome(t testing.TB, s *Store, read project.ReadID, h *edit.History, rng *rand.Rand, n int) (saved []Saved) {
	t.Helper()
	for len(saved) < n {
		e, err := h.Do(randomOp(rng))
		if errors.Is(err, edit.ErrNothing) || project.KindOf(err) == project.NotFound {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		saved = append(saved, s.AppendEdit(read, e))
	}
	return saved
}

func waitAll(t testing.TB, saved []Saved) {
	t.Helper()
	for i, w := range saved {
		if err := w.Wait(context.Background()); err != nil {
			t.Fatalf("change %d: %v", i+1, err)
		}
	}
}

func newRNG(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// replayed is the history that the store gives.
func replayed(t testing.TB, s *Store, read project.ReadID) *edit.History {
	t.Helper()
	r, err := s.Read(read)
	if err != nil {
		t.Fatal(err)
	}
	it, err := s.Item(r.Seat.Item)
	if err != nil {
		t.Fatal(err)
	}
	h, err := edit.Replay(editImages(it), classes(), func(yield func(edit.Entry, error) bool) {
		for b, err := range s.Journal(read) {
			var e edit.Entry
			if err == nil {
				e, err = edit.ParseEntry(b)
			}
			if !yield(e, err) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestReopeningShowsExactlyWhatWasThere(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, _, read := m.reading(t)
	h := newHistory(t, m.item(1))
	for range 3 {
		waitAll(t, doSome(t, s, read, h, rng, 40))
		s = reopen(t, s)
		again := replayed(t, s, read)
		if !again.Set().Equal(h.Set()) || again.Seq() != h.Seq() || again.CanUndo() != h.CanUndo() || again.CanRedo() != h.CanRedo() {
			t.Fatal("the journal gives another read than was drawn")
		}
		h = again
	}
	for h.CanUndo() {
		e, err := h.Undo()
		if err != nil {
			t.Fatal(err)
		}
		waitAll(t, []Saved{s.AppendEdit(read, e)})
	}
	reopen(t, s)
}

func TestAJournalLongerThanABatchIsReadWholeAndMeanwhileAppendedTo(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, _, read := m.reading(t)
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, batchSize+20))
	n := 0
	for b, err := range s.Journal(read) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 10 {
			waitAll(t, doSome(t, s, read, h, rng, 5))
		}
		if e, err := edit.ParseEntry(b); err != nil || e.Seq != uint64(n) {
			t.Fatalf("entry %d: %d, %v", n, e.Seq, err)
		}
	}
	if n != batchSize+25 {
		t.Errorf("%d entries were read, want %d", n, batchSize+25)
	}
	mustCheck(t, s)
}

func TestAnEditIsRefusedThatDoesNotFollow(t *testing.T) {
	m := newTeam(t)
	s, _, read := m.reading(t)
	h := newHistory(t, m.item(1))
	first, err := h.Do(brush("liver", 10, 10, 10))
	if err != nil {
		t.Fatal(err)
	}
	second, _ := h.Do(brush("liver", 20, 10, 10))
	refuse := func(what string, read project.ReadID, e edit.Entry, kind project.Kind) {
		t.Helper()
		wantKind(t, what, s.AppendEdit(read, e).Wait(context.Background()), kind)
	}
	refuse("a gap", read, second, project.Conflict)
	refuse("an unknown read", "nobody", first, project.NotFound)
	waitAll(t, []Saved{s.AppendEdit(read, first)})
	refuse("the same again", read, first, project.Conflict)
	branch := second
	branch.Parent = 0
	refuse("a wrong parent", read, branch, project.Conflict)
	beyond := second
	beyond.Cursor = 9
	refuse("a cursor beyond", read, beyond, project.Invalid)
	// One that is refused does not take its neighbours in the batch with it.
	third, _ := h.Do(brush("lesion", 30, 20, 10))
	all := []Saved{s.AppendEdit(read, branch), s.AppendEdit(read, second), s.AppendEdit("nobody", second), s.AppendEdit(read, third)}
	for i, want := range []bool{false, true, false, true} {
		if err := all[i].Wait(context.Background()); (err == nil) != want {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	if s.Fenced() != nil {
		t.Error("a refused edit fenced the store")
	}
	s = reopen(t, s)
	if !replayed(t, s, read).Set().Equal(h.Set()) {
		t.Error("the journal gives another read than was drawn")
	}
}

func brush(segment string, x, y, z float64) edit.Op {
	return edit.Op{Op: "brush", Segment: edit.Ref{Name: segment}, Shape: "sphere", RadiusMM: 5, PointsMM: []volume.Point{{x, y, z}}}
}

func TestOnlyTheReaderChangesTheRead(t *testing.T) {
	m := newTeam(t)
	s, _ := m.newStore(t, m.lead.Holder)
	it := m.item(1)
	if err := s.AddItem(it); err != nil {
		t.Fatal(err)
	}
	r, err := s.AddRead(project.ReadSeat{Item: it.ID, Reader: m.reader.ReaderID()}, "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := newHistory(t, it).Do(brush("liver", 10, 10, 10))
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, "the lead", s.AppendEdit(r.ID, e).Wait(context.Background()), project.NotPermitted)
	mustCheck(t, s)
}

func TestManyGoroutinesWriteOneConsistentStore(t *testing.T) {
	m := newTeam(t)
	s, _ := m.newStore(t, m.reader.Holder)
	var wg sync.WaitGroup
	for n := range 4 {
		read := addReading(t, s, m, n)
		wg.Add(2)
		go func() {
			defer wg.Done()
			rng := rand.New(rand.NewPCG(uint64(n), 0))
			h := newHistory(t, m.item(n))
			for _, w := range doSome(t, s, read, h, rng, 30) {
				if err := w.Wait(context.Background()); err != nil {
					t.Error(err)
				}
			}
		}()
		go func() {
			defer wg.Done()
			for i := range 10 {
				if err := s.SetCursor(fmt.Sprint("c", n), []byte{byte(i)}); err != nil {
					t.Error(err)
				}
				for _, err := range s.Journal(read) {
					if err != nil {
						t.Error(err)
					}
				}
			}
		}()
	}
	for range 3 {
		mustCheck(t, s)
	}
	wg.Wait()
	reopen(t, s)
}

func TestKeptStatesOpenAReadWithoutItsJournal(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, _, read := m.reading(t)
	_, _, err := s.State(read)
	wantKind(t, "before any", err, project.NotFound)
	h := newHistory(t, m.item(1))
	for range 4 {
		waitAll(t, doSome(t, s, read, h, rng, 10))
		if err := s.SaveState(read, h.Seq(), h.MarshalState()); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, "a state of the future", s.SaveState(read, h.Seq()+1, []byte("x")), project.Conflict)
	waitAll(t, doSome(t, s, read, h, rng, 7))
	s = reopen(t, s)
	seq, state, err := s.State(read)
	if err != nil || seq != 40 {
		t.Fatalf("state of %d, %v", seq, err)
	}
	load := func(n uint64) (edit.Entry, error) {
		b, err := s.Entry(read, n)
		if err != nil {
			return edit.Entry{}, err
		}
		return edit.ParseEntry(b)
	}
	again, err := edit.Restore(editImages(m.item(1)), classes(), state, func(yield func(edit.Entry, error) bool) {
		for b, err := range s.JournalFrom(read, seq+1) {
			var e edit.Entry
			if err == nil {
				e, err = edit.ParseEntry(b)
			}
			if !yield(e, err) {
				return
			}
		}
	}, load)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Set().Equal(h.Set()) || again.Seq() != h.Seq() {
		t.Error("the state and the entries after it give another read")
	}
	mustCheck(t, s)
}

func TestEveryChangeHasItsEvent(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, _, read := m.reading(t)
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 25))
	n := 0
	for e, err := range s.Events(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Type == audit.ReadEdited && e.Object == string(read) && !e.Detail.IsZero() {
			n++
		}
	}
	if n != 25 {
		t.Errorf("%d events of 25 changes", n)
	}
	mustCheck(t, s)
}

func TestBitsOutsideTheVolumeAreCounted(t *testing.T) {
	var b [512]uint64
	b[0] = 1<<5 | 1<<6 // row 0, slice 0
	b[49] = 1          // row 49
	b[50] = 1          // row 50: outside
	b[2*64] = 1        // slice 2: outside
	brick := (*brickType)(&b)
	if n := bitsBeyond(brick, 6, 50, 2); n != 3 {
		t.Errorf("got %d, want 3", n)
	}
}
