package segmentation

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// FuzzParseMask: whatever parses keeps the rules of a mask and re-encodes to the same bytes.
func FuzzParseMask(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		c := randomCells(r, [3]int{1 + r.IntN(130), 1 + r.IntN(70), 1 + r.IntN(10)})
		f.Add(c.mask().Marshal(), c.size[0], c.size[1], c.size[2])
	}
	f.Fuzz(func(t *testing.T, b []byte, i, j, k int) {
		if i > 1<<10 || j > 1<<10 || k > 1<<10 {
			return // the grid is the caller's word; only the bytes are foreign
		}
		m, err := ParseMask(b, [3]int{i, j, k})
		if err != nil {
			return
		}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(m.Marshal(), b) {
			t.Fatal("it re-encodes to other bytes")
		}
	})
}

// FuzzParseDelta: whatever parses re-encodes to the same bytes, and never applies to an empty set of its grid without leading to masks that keep the rules.
func FuzzParseDelta(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 8 {
		before := randomSet(r, [3]int{1 + r.IntN(130), 1 + r.IntN(70), 1 + r.IntN(10)})
		d, err := Diff(before, changedSet(r, before))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(d.Marshal())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ParseDelta(b)
		if err != nil {
			return
		}
		if !bytes.Equal(d.Marshal(), b) {
			t.Fatal("it re-encodes to other bytes")
		}
		s := &Set{}
		for _, p := range d.parts {
			if p.size[0] > 1<<10 || p.size[1] > 1<<10 || p.size[2] > 1<<10 {
				return
			}
			s = s.With(&Segment{Number: p.segment, Mask: NewMask(p.size)})
		}
		out, err := d.Apply(s)
		if err != nil {
			return
		}
		for _, g := range out.Segments() {
			if err := g.Mask.Check(); err != nil {
				t.Fatal(err)
			}
		}
		if back, err := d.Revert(out); err != nil || !back.Equal(s) {
			t.Fatalf("it does not revert: %v", err)
		}
	})
}
