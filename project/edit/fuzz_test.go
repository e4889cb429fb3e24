package edit

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// FuzzParseEntry: whatever parses re-encodes to the same bytes, and replaying it on an empty read does not panic.
func FuzzParseEntry(f *testing.F) {
	_, j := randomJournal(f, rand.New(rand.NewPCG(5, 6)), 40)
	for _, b := range j.records {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseEntry(b)
		if err != nil {
			return
		}
		if !bytes.Equal(e.Marshal(), b) {
			t.Fatal("it re-encodes to other bytes")
		}
		_, _ = Replay(testImages(), testClasses, (&journal{t, [][]byte{b}}).from(0))
	})
}

// FuzzParseOp: whatever parses becomes JSON that parses to the same, and doing it does not panic.
func FuzzParseOp(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 8))
	h := New(testImages(), testClasses)
	for range 40 {
		op := randomOp(r, h)
		b, err := json.Marshal(op)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		_, _ = h.Do(op)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		op, err := ParseOp(line)
		if err != nil {
			return
		}
		b, err := json.Marshal(op)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseOp(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if c, _ := json.Marshal(again); !bytes.Equal(b, c) {
			t.Fatalf("%s became %s", b, c)
		}
		h := New(testImages(), testClasses)
		e, err := h.Do(op)
		if err != nil {
			return
		}
		if _, err := ParseEntry(e.Marshal()); err != nil {
			t.Fatal(err)
		}
	})
}
