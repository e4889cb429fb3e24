package jpeg2000

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// TestLedger gives random pieces to code-blocks, packet by packet, some of which are damaged or cut short, and reads all again.
func TestLedger(t *testing.T) {
	r := random(t)
	var d decoder
	d.stream.b = make([]byte, 1<<22)
	for range 30 {
		d.reset()
		d.budget, d.packets.keep = math.MaxInt, all
		d.ledger.begin(math.MaxInt)
		blocks := 1 + r.IntN(600)
		first := d.blocks.take(blocks, &d.budget)
		want := make([][]piece, blocks)
		for range 40 {
			began, start := d.ledger.end, r.IntN(1<<20)
			given, at := make([][]piece, blocks), start
			d.packets.before, d.packets.kept = 0, true
			for n := range blocks {
				k := d.blocks.at(first + uint32(n))
				d.packets.at, d.packets.last = first+uint32(n), 0
				for range r.IntN(7) - 3 {
					p := piece{offset: uint32(at), length: r.Uint32N(1 << r.IntN(10)), passes: uint8(1 + r.IntN(40)), fresh: r.IntN(2) == 0}
					if int(k.passes)+int(p.passes) > maxPasses || !d.ledger.reserve(entryHead+pieceMost, &d.budget) {
						break
					}
					d.give(k, int(p.length), int(p.passes), p.fresh)
					given[n], at = append(given[n], p), at+int(p.length)
				}
			}
			if r.IntN(4) == 0 {
				d.forget(began)
				continue
			}
			if d.packets.body = d.stream.b[start:at]; r.IntN(4) == 0 {
				d.packets.body = d.stream.b[start : start+r.IntN(at-start+1)]
			}
			end := start + len(d.packets.body)
			err := d.packetBody(began)
			if (err != nil) != (end < at) || err != nil && !errors.Is(err, ErrTruncated) {
				t.Fatalf("%d of %d bytes: %v", end-start, at-start, err)
			}
			addWhole(want, given, end)
		}
		var w worker
		for n := range blocks {
			k, passes := d.blocks.at(first+uint32(n)), 0
			for _, p := range want[n] {
				passes += int(p.passes)
			}
			if w.listed(&d.ledger, k); !slices.Equal(w.pieces, want[n]) || int(k.passes) != passes {
				t.Fatalf("code-block %d has %d passes and %v, not %d and %v", n, k.passes, w.pieces, passes, want[n])
			}
		}
	}
}

// addWhole adds the pieces given by a packet to want, up to the first whose data go on behind end.
func addWhole(want, given [][]piece, end int) {
	for n, pieces := range given {
		for _, p := range pieces {
			if int(p.offset+p.length) > end {
				return
			}
			want[n] = append(want[n], p)
		}
	}
}

// TestLedgerOfLongPieces: no length and no number of passes is too large for what was reserved.
func TestLedgerOfLongPieces(t *testing.T) {
	var d decoder
	d.reset()
	d.budget = math.MaxInt
	d.ledger.begin(math.MaxInt)
	d.packets.kept = true
	k := d.blocks.at(d.blocks.take(1, &d.budget))
	d.packets.at = 1
	d.ledger.reserve(entryHead+pieceMost, &d.budget)
	d.give(k, math.MaxInt, maxPasses, true)
	if n := d.ledger.end - 1; n > entryHead+pieceMost {
		t.Errorf("an entry of one piece has %d bytes", n)
	}
	if bytes, passes, _ := d.ledger.sum(1); bytes != math.MaxUint32 || passes != maxPasses {
		t.Errorf("it has %d bytes and %d passes", bytes, passes)
	}
}

// TestPages takes runs of random length, again after a reset: all are zero, none overlap, all are paid for once, whatever was there before.
func TestPages(t *testing.T) {
	r := random(t)
	var p pages[uint32]
	paid := 0
	for i := range 30 {
		if p.reset(); i&1 == 0 {
			p.release()
		}
		room, taken := budget(1<<20), uint32(1)
		for n := 1 + r.IntN(3*pageSize); ; n = 1 + r.IntN(3*pageSize) {
			first := p.take(n, &room)
			if first == 0 {
				break
			}
			if first != taken {
				t.Fatalf("%d come at %d, not at %d", n, first, taken)
			}
			for i := range uint32(n) {
				if *p.at(first + i) != 0 {
					t.Fatalf("number %d is not zero", first+i)
				}
				*p.at(first + i) = first + i
			}
			taken += uint32(n)
		}
		most := uint32(1 << 20 / (4*pageSize + 8) * pageSize)
		if i&1 == 1 {
			most += uint32(paid) * pageSize
		}
		if taken > most || taken < most-4*pageSize {
			t.Fatalf("%d numbers were paid, there is room for %d", taken, most)
		}
		paid = p.paid
		for n := uint32(1); n < taken; n++ {
			if *p.at(n) != n {
				t.Fatalf("number %d was overwritten", n)
			}
		}
	}
}
