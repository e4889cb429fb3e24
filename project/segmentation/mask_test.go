package segmentation

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/bits"
	"testing"

	"hotlight/project"
)

// TestAlgebraAgreesWithNaiveModel compares every set operation with one bool a voxel, on grids of odd sizes.
func TestAlgebraAgreesWithNaiveModel(t *testing.T) {
	r := random(t)
	for range 60 {
		size := randomSize(r)
		a, b := randomCells(r, size), randomCells(r, size)
		x, y := a.mask(), b.mask()
		same(t, "built", x, a)
		for _, op := range []struct {
			name string
			mask func(a, b *Mask) (*Mask, error)
			bit  func(a, b bool) bool
		}{
			{"union", Union, func(a, b bool) bool { return a || b }},
			{"intersect", Intersect, func(a, b bool) bool { return a && b }},
			{"subtract", Subtract, func(a, b bool) bool { return a && !b }},
			{"exclusive", Exclusive, func(a, b bool) bool { return a != b }},
			{"invert", func(a, b *Mask) (*Mask, error) { return Invert(a), nil }, func(a, b bool) bool { return !a }},
		} {
			got, err := op.mask(x, y)
			if err != nil {
				t.Fatal(err)
			}
			want := newCells(size)
			want.each(func(i, j, k int, on *bool) { *on = op.bit(*a.at(i, j, k), *b.at(i, j, k)) })
			same(t, op.name, got, want)
		}
		both, _ := Intersect(x, y)
		if n, err := CountBoth(x, y); err != nil || n != both.Count() {
			t.Fatalf("CountBoth %d %v, want %d", n, err, both.Count())
		}
		if !Invert(Invert(x)).Equal(x) {
			t.Fatal("inverting twice is not the same mask")
		}
		same(t, "operations left the first operand alone", x, a)
	}
}

func TestBoundsRowAndDigestAgreeWithNaiveModel(t *testing.T) {
	r := random(t)
	for range 60 {
		c := randomCells(r, randomSize(r))
		m := c.mask()
		var box Bounds
		packed := make([]byte, (len(c.on)+7)/8)
		c.each(func(i, j, k int, on *bool) {
			if *on {
				v := [3]int{i, j, k}
				box.Include(Bounds{v, v, true})
				n := (k*c.size[1]+j)*c.size[0] + i
				packed[n/8] |= 1 << (n % 8)
			}
		})
		lo, hi, ok := m.Bounds()
		if (Bounds{lo, hi, ok}) != box {
			t.Fatalf("bounds %v %v %v, want %v", lo, hi, ok, box)
		}
		if got, want := m.SHA256(), project.Hash(sha256.Sum256(packed)); got != want {
			t.Fatalf("digest of a grid of %v is %s, want %s", c.size, got, want)
		}
		row := make([]uint64, (c.size[0]+63)/64)
		for range 50 {
			j, k := r.IntN(c.size[1]), r.IntN(c.size[2])
			if !m.Row(j, k, row) {
				clear(row)
			}
			for i := range c.size[0] {
				if row[i/64]>>(i%64)&1 == 1 != *c.at(i, j, k) {
					t.Fatalf("row (%d, %d) differs at column %d", j, k, i)
				}
			}
		}
	}
}

// TestDigestByHand: five columns, so that rows start within a byte.
func TestDigestByHand(t *testing.T) {
	b := NewBuilder(NewMask([3]int{5, 2, 1}))
	b.SetRow(0, 1, 0, 0) // bits 0, 1
	b.Set(4, 1, 0)       // bit 9
	if got, want := b.Mask().SHA256(), project.HashOf([]byte{0x03, 0x02}); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}

// TestExampleOfBricksMD is the example that BRICKS.md writes out.
func TestExampleOfBricksMD(t *testing.T) {
	b := NewBuilder(NewMask([3]int{3, 2, 1}))
	b.SetRow(1, 2, 0, 0)
	b.Set(0, 1, 0)
	want := "484c424d" + "01" + "030201" + "01" + "00" + "01" + "0102" + "3d01" + "bfff01"
	if got := hex.EncodeToString(b.Mask().Marshal()); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestMaskRoundTrip(t *testing.T) {
	r := random(t)
	for range 60 {
		c := randomCells(r, randomSize(r))
		m := c.mask()
		b := m.Marshal()
		got, err := ParseMask(b, c.size)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "parsed", got, c)
		if !got.Equal(m) || !bytes.Equal(got.Marshal(), b) || got.SHA256() != m.SHA256() {
			t.Fatal("the parsed mask differs")
		}
		if _, err := ParseMask(b, [3]int{c.size[0] + 1, c.size[1], c.size[2]}); project.KindOf(err) != project.Corrupt {
			t.Fatalf("a mask of another grid was read: %v", err)
		}
	}
}

// TestDamagedMasksAreRefused: cut at any byte, or with any bit of its head changed, it does not parse, or it parses to what its bytes say.
func TestDamagedMasksAreRefused(t *testing.T) {
	r := random(t)
	c := randomCells(r, [3]int{70, 9, 9})
	*c.at(69, 8, 8) = true
	b := c.mask().Marshal()
	for n := range b {
		if _, err := ParseMask(b[:n], c.size); err == nil {
			t.Fatalf("cut after %d of %d bytes it still parses", n, len(b))
		}
	}
	if _, err := ParseMask(append(bytes.Clone(b), 0), c.size); err == nil {
		t.Fatal("a byte too many was not noticed")
	}
	for n := range min(len(b), 400) * 8 {
		bad := bytes.Clone(b)
		bad[n/8] ^= 1 << (n % 8)
		m, err := ParseMask(bad, c.size)
		if err == nil && (!bytes.Equal(m.Marshal(), bad) || m.Check() != nil) {
			t.Fatalf("bit %d changed: it parses to something else than it says", n)
		}
	}
	b[4] = 2
	if _, err := ParseMask(b, c.size); project.KindOf(err) != project.Unsupported {
		t.Fatalf("a later version gives %v", err)
	}
}

func TestAPublishedMaskNeverChanges(t *testing.T) {
	r := random(t)
	size := [3]int{130, 70, 17}
	b := NewBuilder(Invert(NewMask(size))) // full bricks: the shared one must not be written
	var kept []*Mask
	var digests []project.Hash
	for range 30 {
		m := b.Mask()
		kept, digests = append(kept, m), append(digests, m.SHA256())
		p := b.writable(r.IntN(2), 0, r.IntN(2))
		for n := range p {
			b.count -= int64(bits.OnesCount64(p[n] & 0xff))
			p[n] &^= 0xff
		}
		lo := r.IntN(130)
		b.SetRow(lo, lo+r.IntN(130-lo), r.IntN(70), r.IntN(17))
	}
	for n, m := range kept {
		if m.SHA256() != digests[n] || m.Check() != nil {
			t.Fatalf("mask %d changed after it was published", n)
		}
	}
	for _, w := range full {
		if w != ^uint64(0) {
			t.Fatal("the shared full brick was written")
		}
	}
}

func TestGridsOfDifferentSizesAreRefused(t *testing.T) {
	a, b := NewMask([3]int{3, 3, 3}), NewMask([3]int{3, 3, 4})
	for _, f := range []func(a, b *Mask) (*Mask, error){Union, Intersect, Subtract, Exclusive} {
		if _, err := f(a, b); err == nil {
			t.Fatal("two grids were combined")
		}
	}
	if _, err := CountBoth(a, b); err == nil {
		t.Fatal("two grids were counted")
	}
}
