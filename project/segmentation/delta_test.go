package segmentation

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// randomSet has up to four segments on grids of one size.
func randomSet(r *rand.Rand, size [3]int) *Set {
	s := &Set{}
	for n := range 1 + r.IntN(4) {
		s = s.With(&Segment{Number: 2*n + 1, Name: string(rune('a' + n)), Mask: randomCells(r, size).mask()})
	}
	return s
}

// changedSet is s with other masks.
func changedSet(r *rand.Rand, s *Set) *Set {
	for _, g := range s.Segments() {
		switch r.IntN(3) {
		case 0:
			s = s.WithMask(g.Number, randomCells(r, g.Mask.size).mask())
		case 1:
			s = s.WithMask(g.Number, Invert(g.Mask))
		}
	}
	return s
}

// TestApplyAndRevert: a delta leads from the one set to the other and back, also after a round trip through bytes.
func TestApplyAndRevert(t *testing.T) {
	r := random(t)
	for range 60 {
		before := randomSet(r, randomSize(r))
		after := changedSet(r, before)
		d, err := Diff(before, after)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := ParseDelta(d.Marshal())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(parsed.Marshal(), d.Marshal()) || parsed.Changed() != d.Changed() {
			t.Fatal("the delta changed on its way through bytes")
		}
		for _, d := range []*Delta{d, parsed} {
			got, err := d.Apply(before)
			if err != nil || !got.Equal(after) {
				t.Fatalf("apply: %v", err)
			}
			back, err := d.Revert(got)
			if err != nil || !back.Equal(before) {
				t.Fatalf("revert: %v", err)
			}
			if len(d.Segments()) == 0 {
				continue
			}
			if _, err := d.Apply(after); !errors.Is(err, ErrBase) {
				t.Fatalf("applied twice: %v", err)
			}
			if _, err := d.Revert(before); !errors.Is(err, ErrBase) {
				t.Fatalf("reverted before it was applied: %v", err)
			}
		}
		checkChanges(t, before, after, d)
	}
}

func checkChanges(t *testing.T, before, after *Set, d *Delta) {
	t.Helper()
	total := int64(0)
	for _, g := range before.Segments() {
		m, _ := after.Find(g.Number)
		x, _ := Exclusive(g.Mask, m.Mask)
		total += x.Count()
		lo, hi, ok := x.Bounds()
		if got := d.Bounds(g.Number); got != (Bounds{lo, hi, ok}) {
			t.Fatalf("segment %d changed in %v, the delta says %v", g.Number, Bounds{lo, hi, ok}, got)
		}
	}
	if total != d.Changed() {
		t.Fatalf("%d voxels changed, the delta says %d", total, d.Changed())
	}
}

// TestADeltaAppliesToNothingElse: one voxel more in a brick it touches, a segment missing, another grid.
func TestADeltaAppliesToNothingElse(t *testing.T) {
	g := grid([3]int{100, 100, 20}, mgl64.Vec3{1, 1, 1})
	before := one(g)
	b := NewBuilder(NewMask(g.Size))
	b.SetRow(10, 80, 50, 3)
	after := before.WithMask(1, b.Mask())
	d, err := Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	extra := NewBuilder(NewMask(g.Size))
	extra.Set(99, 40, 0)
	far := NewBuilder(NewMask(g.Size))
	far.Set(99, 99, 19)
	small := one(grid([3]int{100, 100, 19}, mgl64.Vec3{1, 1, 1}))
	for _, c := range []struct {
		name string
		set  *Set
		ok   bool
	}{
		{"a voxel more in a brick that it touches", before.WithMask(1, extra.Mask()), false},
		{"a voxel more in a brick that it does not touch", before.WithMask(1, far.Mask()), true},
		{"the segment is missing", &Set{}, false},
		{"another grid", small, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := d.Apply(c.set)
			if c.ok != (err == nil) || !c.ok && !errors.Is(err, ErrBase) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

// TestADeletionIsADelta: a segment that is missing counts as empty.
func TestADeletionIsADelta(t *testing.T) {
	r := random(t)
	size := randomSize(r)
	s := randomSet(r, size)
	first := s.Segments()[0]
	d, err := Diff(s, s.Without(first.Number))
	if err != nil || d.Changed() != first.Mask.Count() {
		t.Fatalf("%d voxels of %d, %v", d.Changed(), first.Mask.Count(), err)
	}
	empty := s.WithMask(first.Number, NewMask(size))
	if got, err := d.Revert(empty); err != nil || !got.Equal(s) {
		t.Fatalf("the segment does not come back: %v", err)
	}
}

func TestDamagedDeltasAreRefused(t *testing.T) {
	r := random(t)
	before := randomSet(r, [3]int{70, 66, 9})
	after := before.WithMask(1, Invert(before.Segments()[0].Mask))
	d, err := Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	b := d.Marshal()
	for n := range b {
		if _, err := ParseDelta(b[:n]); err == nil {
			t.Fatalf("cut after %d of %d bytes it still parses", n, len(b))
		}
	}
	for n := range min(len(b), 300) * 8 {
		bad := bytes.Clone(b)
		bad[n/8] ^= 1 << (n % 8)
		got, err := ParseDelta(bad)
		if err != nil {
			continue
		}
		if !bytes.Equal(got.Marshal(), bad) {
			t.Fatalf("bit %d changed: it parses to something else than it says", n)
		}
		if set, err := got.Apply(before); err == nil && set.Equal(after) {
			t.Fatalf("bit %d changed: nobody noticed", n)
		}
	}
	b[4] = 9
	if _, err := ParseDelta(b); project.KindOf(err) != project.Unsupported {
		t.Fatalf("a later version gives %v", err)
	}
}

// TestAHugeClaimAllocatesNothing: sizes that the bytes do not justify cost nothing.
func TestAHugeClaimAllocatesNothing(t *testing.T) {
	claim := append([]byte(deltaMagic), version, 1, 1, 0x80, 0x80, 0x40, 0x80, 0x80, 0x40, 0x80, 0x80, 0x40, 0xff, 0xff, 0xff, 0xff, 0x0f, 0)
	if n := testing.AllocsPerRun(10, func() {
		if _, err := ParseDelta(claim); err == nil {
			t.Fatal("it parses")
		}
	}); n > 20 {
		t.Fatalf("%g allocations", n)
	}
}
