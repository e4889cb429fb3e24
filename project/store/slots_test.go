package store

import (
	"os"
	"path/filepath"
	"testing"

	"hotlight/project"
)

// A crash while a slot is appended leaves a part of it. As nothing refers to it yet, the store is whole.
func TestASlotThatWasCutShortIsNoDamage(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	if err := s.AddItem(m.item(1)); err != nil {
		t.Fatal(err)
	}
	whole := s.ring.file.end
	if err := s.ring.add(slotKey{studySlot, 2}, slotKey{readSlot, 1}); err != nil {
		t.Fatal(err)
	}
	long := s.ring.file.end
	s.Close()
	path := filepath.Join(dir, slotsName)
	good, _ := os.ReadFile(path)
	rng := newRNG(t)
	for n := range 30 {
		b := good[:whole+rng.Int64N(long-whole)]
		if n%2 == 0 { // some file systems leave zeros instead of less
			b = append(b[:len(b):len(b)], make([]byte, len(good)-len(b))...)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(dir, m.reader.Holder, Options{})
		if err != nil {
			t.Fatalf("cut %d at %d of %d: %v", n, len(b), len(good), err)
		}
		if n == 29 {
			read := addReading(t, s, m, 2)
			if _, err := s.Read(read); err != nil {
				t.Fatal(err)
			}
			s = reopen(t, s)
		}
		mustCheck(t, s)
		s.Close()
	}
}

// The same cut through a slot that is needed is damage, and nothing is written over what is left.
func TestANeededSlotThatIsGoneIsDamage(t *testing.T) {
	m := newTeam(t)
	s, dir, _ := m.reading(t)
	mustCheck(t, s)
	s.Close()
	path := filepath.Join(dir, slotsName)
	good, _ := os.ReadFile(path)
	rng := newRNG(t)
	f, _ := parseSlots(good)
	first := slotsHeader + slotOverhead + len(f.records[0].body)
	for range 20 {
		b := good[:first+rng.IntN(len(good)-first)]
		os.WriteFile(path, b, 0o600)
		_, err := Open(dir, m.reader.Holder, Options{})
		wantKind(t, "open", err, project.Corrupt)
		if after, _ := os.ReadFile(path); len(after) != len(b) {
			t.Error("the slots were written over")
		}
	}
}
