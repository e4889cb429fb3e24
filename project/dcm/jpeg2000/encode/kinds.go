package encode

import (
	"slices"

	"hotlight/project/dcm/jpeg2000/internal/ht"
)

// part15Next says whether the next block with anything on it is to be of 15444-15.
func (k *maker) part15Next(c Coding) bool {
	if c.Style&Mixed == 0 {
		return c.Style&HighThroughput != 0
	}
	k.n++
	return c.Mix>>((k.n-1)%64)&1 == 1
}

// part1 takes the passes of a block of Part 1.
func (q *block) part1(c coded, late int) {
	q.coded = c
	q.data = append([]byte(nil), q.data...)
	for i := range min(late, q.firstSegment()-1) {
		q.passes[i].end = 0
	}
}

// firstSegment returns how many passes the first codeword segment has.
func (c *coded) firstSegment() int {
	return 1 + slices.IndexFunc(c.passes, func(p pass) bool { return p.last })
}

// tellable reports whether a block of Part 1 can be told from one of 15444-15 in so many layers: it has bytes, and its first packet no more than
// one segment. Where that takes a packet of its own q.most says so.
func (q *block) tellable(layers int) bool {
	n := q.firstSegment()
	if n < len(q.passes) {
		q.most = n
	}
	return q.passes[n-1].end > 0 && (q.most == 0 || layers > 1)
}

// part15 codes a block of 15444-15.
func (q *block) part15(v []ht.Magnitude, w, h, planes int, c Coding) {
	b := ht.Block{Planes: planes, Missing: planes - 1, Passes: c.HTPasses, Width: w, Height: h, Causal: c.Style&Causal != 0}
	if planes < 2 {
		b.Passes = 1
	} else if b.Passes > 1 {
		b.Missing--
	}
	if twice := b; c.HTTwice && b.Missing > 0 {
		twice.Missing, twice.Passes = b.Missing-1, 3
		ht.Encode(&twice, v, w)
		q.highThroughput(&twice, 0)
		q.most = 3
	}
	ht.Encode(&b, v, w)
	q.highThroughput(&b, min(c.Placeholders, b.Missing))
}

// highThroughput takes the passes of a block of 15444-15; those of a bit plane above it may be there. Placeholders are three passes each, which
// share the segment of the cleanup pass.
func (q *block) highThroughput(b *ht.Block, placeholders int) {
	first := len(q.data)
	q.sets++
	if q.data = append(q.data, b.Data...); first == 0 {
		q.missing = b.Missing - placeholders
		for range 3 * placeholders {
			q.passes = append(q.passes, pass{})
		}
	}
	q.passes = append(q.passes, pass{first + b.Cleanup, true})
	for p := 1; p < b.Passes; p++ {
		q.passes = append(q.passes, pass{len(q.data), p == b.Passes-1})
	}
}
