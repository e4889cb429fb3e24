package edit

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

func volumePoint(x, y, z float64) volume.Point { return volume.Point{x, y, z} }

// randomJournal is the journal of some random operations.
func randomJournal(t testing.TB, r *rand.Rand, steps int) (*History, *journal) {
	h := New(testImages(), testClasses)
	j := &journal{t: t}
	j.follow(h)
	for range steps {
		_, _ = h.Do(randomOp(r, h)) // refusals make no entry
	}
	return h, j
}

func TestEntriesRoundTrip(t *testing.T) {
	r := random(t)
	_, j := randomJournal(t, r, 120)
	for _, b := range j.records {
		e, err := ParseEntry(b)
		if err != nil {
			t.Fatalf("%v in %s", err, b)
		}
		if !bytes.Equal(e.Marshal(), b) {
			t.Fatal("an entry changed on its way through bytes")
		}
	}
}

func TestDamagedEntriesAreRefused(t *testing.T) {
	r := random(t)
	_, j := randomJournal(t, r, 30)
	for _, b := range j.records[:min(len(j.records), 8)] {
		for n := range b {
			if _, err := ParseEntry(b[:n]); err == nil {
				t.Fatalf("cut after %d of %d bytes it still parses", n, len(b))
			}
		}
		for range 300 {
			bad := bytes.Clone(b)
			bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			if e, err := ParseEntry(bad); err == nil && !bytes.Equal(e.Marshal(), bad) {
				t.Fatal("it parses to something else than it says")
			}
		}
		later := bytes.Clone(b)
		later[4] = 2
		if _, err := ParseEntry(later); project.KindOf(err) != project.Unsupported {
			t.Fatalf("a later version gives %v", err)
		}
	}
}

// TestAJournalOutOfOrderIsRefused: an entry left out, twice, or two exchanged.
func TestAJournalOutOfOrderIsRefused(t *testing.T) {
	r := random(t)
	_, j := randomJournal(t, r, 80)
	refused := func(what string, records [][]byte) {
		t.Helper()
		if _, err := Replay(testImages(), testClasses, (&journal{t, records}).from(0)); err == nil {
			t.Fatalf("%s: the journal replays", what)
		}
	}
	for range 20 {
		n := r.IntN(len(j.records) - 1)
		refused("left out", slices.Delete(slices.Clone(j.records), n, n+1))
		refused("twice", slices.Insert(slices.Clone(j.records), n, j.records[n]))
		swapped := slices.Clone(j.records)
		swapped[n], swapped[n+1] = swapped[n+1], swapped[n]
		refused("exchanged", swapped)
	}
}

// TestAnEntryOnTheWrongBaseIsRefused: the same journal on other voxels. The number is right, so only the bricks' hashes can tell.
func TestAnEntryOnTheWrongBaseIsRefused(t *testing.T) {
	stroke := func(x string) string {
		return `{"op":"brush","segment":"liver","shape":"sphere","radius_mm":3,"points_mm":[[` + x + `,30,12]]}`
	}
	a, b := New(testImages(), testClasses), New(testImages(), testClasses)
	ja, jb := &journal{t: t}, &journal{t: t}
	ja.follow(a)
	jb.follow(b)
	do(t, a, stroke("10"))
	do(t, a, stroke("12"))
	do(t, b, stroke("11"))
	do(t, b, stroke("12"))
	mixed := &journal{t, [][]byte{ja.records[0], jb.records[1]}}
	if _, err := Replay(testImages(), testClasses, mixed.from(0)); !errors.Is(err, segmentation.ErrBase) {
		t.Fatalf("got %v", err)
	}
	renamed := New(testImages(), testClasses)
	jr := &journal{t: t}
	jr.follow(renamed)
	do(t, renamed, stroke("10"))
	do(t, renamed, `{"op":"rename","segment":1,"name":"x"}`)
	do(t, renamed, `{"op":"rename","segment":1,"name":"y"}`)
	e, err := ParseEntry(jr.records[2])
	if err != nil {
		t.Fatal(err)
	}
	e.Seq, e.Parent, e.Cursor = 2, 1, 2
	mixed = &journal{t, [][]byte{jr.records[0], e.Marshal()}}
	if _, err := Replay(testImages(), testClasses, mixed.from(0)); !errors.Is(err, segmentation.ErrBase) {
		t.Fatalf("a row on the wrong base gives %v", err)
	}
}

// TestUndoPastACheckpoint: with a checkpoint and no entries in memory, undo reaches the first change through load.
func TestUndoPastACheckpoint(t *testing.T) {
	r := random(t)
	h, j := randomJournal(t, r, 150)
	loads := 0
	load := func(seq uint64) (Entry, error) { loads++; return j.load(seq) }
	restored, err := Restore(testImages(), testClasses, h.MarshalState(), j.from(h.Seq()), load)
	if err != nil {
		t.Fatal(err)
	}
	for restored.CanUndo() {
		if _, err := restored.Undo(); err != nil {
			t.Fatal(err)
		}
	}
	if len(restored.Set().Segments()) != 0 || loads == 0 {
		t.Fatalf("%d segments are left, %d entries were loaded", len(restored.Set().Segments()), loads)
	}
	broken, err := Restore(testImages(), testClasses, h.MarshalState(), j.from(h.Seq()), func(uint64) (Entry, error) { return Entry{}, errors.New("away") })
	if err != nil {
		t.Fatal(err)
	}
	if before := broken.Set(); broken.CanUndo() {
		if _, err := broken.Undo(); err == nil || broken.Set() != before {
			t.Fatalf("undo without its entry: %v", err)
		}
	}
}

// TestForgottenEntriesAreLoaded: what is saved leaves the memory and comes back when undo reaches it.
func TestForgottenEntriesAreLoaded(t *testing.T) {
	h := New(testImages(), testClasses)
	j := &journal{t: t}
	j.follow(h)
	h.LoadOlder(j.load)
	do(t, h, `{"op":"add_segment","name":"a"}`)
	for n := range kept + 100 {
		do(t, h, `{"op":"color","segment":1,"color":"`+project.Palette[n%2].String()+`"}`)
		h.Saved(h.Seq())
	}
	if len(h.entries) > kept+1 {
		t.Fatalf("%d entries are in memory", len(h.entries))
	}
	for h.CanUndo() {
		if _, err := h.Undo(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamagedCheckpointsAreRefused(t *testing.T) {
	r := random(t)
	h, j := randomJournal(t, r, 60)
	state := h.MarshalState()
	restore := func(b []byte) (*History, error) {
		return Restore(testImages(), testClasses, b, j.from(h.Seq()), j.load)
	}
	for n := range 200 {
		if _, err := restore(state[:n*len(state)/200]); err == nil {
			t.Fatalf("cut after %d of %d bytes it still opens", n*len(state)/200, len(state))
		}
		bad := bytes.Clone(state)
		bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
		if got, err := restore(bad); err == nil && got.Set().Equal(h.Set()) && bytes.Equal(got.MarshalState(), state) {
			t.Fatal("a changed checkpoint opens as if it were whole")
		}
	}
}
