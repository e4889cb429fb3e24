package encode

import (
	"math/bits"

	"hotlight/project/dcm/jpeg2000/internal/ht"
)

// pass is a coding pass of a block.
type pass struct {
	end  int  // bytes of the block that this pass and those before need
	last bool // of its codeword segment
}

// coded is a code-block after tier-1 coding.
type coded struct {
	data    []byte
	passes  []pass
	missing int // zero bit planes
}

// blockCoder codes code-blocks (annex D). It serves block after block.
type blockCoder struct {
	band      int
	style     Style
	w, h      int
	magnitude []uint64
	flags     []uint8 // with a border of one sample on each side
	mq        mq
	raw       raw
	bypassing bool
}

// part1Planes is the most bit planes of a block of Part 1: a packet can tell of 164 passes (table B.4).
const part1Planes = 55

// code codes coefficients of w columns, of which planes is Mb, up to part1Planes.
func (b *blockCoder) code(coefficients []ht.Magnitude, w, h, band, planes int, style Style) coded {
	b.band, b.style, b.w, b.h = band, style, w, h
	b.magnitude = append(b.magnitude[:0], make([]uint64, w*h)...)
	b.flags = append(b.flags[:0], make([]uint8, (w+2)*(h+2))...)
	most := uint64(0)
	for i, v := range coefficients {
		b.magnitude[i] = v.Lo
		most |= v.Lo
		if v.Negative {
			b.flags[b.at(i%w, i/w)] = isNegative
		}
	}
	n := bits.Len64(most)
	out := coded{missing: planes - n}
	b.mq.reset()
	total, begun := 3*n-2, false
	for p := range max(0, total) {
		kind := (p + 2) % 3 // 0 significance propagation, 1 refinement, 2 cleanup
		b.bypassing = style&Bypass != 0 && p >= 10 && kind < 2
		if !begun {
			b.mq.start()
			b.raw.start()
		}
		b.pass(kind, uint(n-1-(p+2)/3))
		if style&Reset != 0 {
			b.mq.reset()
		}
		last := p == total-1 || endsSegment(style, p)
		out.passes = append(out.passes, pass{b.end(&out, last), last})
		begun = !last
	}
	settle(&out)
	return out
}

// end returns how many bytes the passes so far need. At the last pass of a segment it adds the segment's bytes to out; before, it guesses: what the registers
// hold comes later.
func (b *blockCoder) end(out *coded, last bool) int {
	switch {
	case !last && b.bypassing:
		return len(out.data) + len(b.raw.out) + 2
	case !last:
		return len(out.data) + len(b.mq.out) + 5
	case b.bypassing:
		out.data = append(out.data, b.raw.finish()...)
	default:
		out.data = append(out.data, b.mq.finish(b.style&PredictableTermination != 0)...)
	}
	return len(out.data)
}

// endsSegment reports whether pass p ends a codeword segment (table D.9).
func endsSegment(style Style, p int) bool {
	return style&TerminateAll != 0 || style&Bypass != 0 && (p >= 9 && (p+2)%3 == 2 || p >= 10 && (p+2)%3 == 1)
}

// settle brings the ends of unfinished passes into their segments, and away from a byte FF, with which no packet may end.
func settle(c *coded) {
	limit := len(c.data)
	for i := len(c.passes) - 1; i >= 0; i-- {
		p := &c.passes[i]
		if p.last {
			limit = p.end
			continue
		}
		if p.end = min(p.end, limit); p.end > 0 && p.end < limit && c.data[p.end-1] == 0xFF {
			p.end++
		}
	}
}

func (b *blockCoder) at(x, y int) int { return (y+1)*(b.w+2) + x + 1 }

// pass codes one pass of a bit plane in stripes of four rows, column by column (D.1).
func (b *blockCoder) pass(kind int, plane uint) {
	for y0 := 0; y0 < b.h; y0 += 4 {
		for x := range b.w {
			if kind == 2 {
				b.cleanup(x, y0, plane)
				continue
			}
			for y := y0; y < min(y0+4, b.h); y++ {
				if kind == 0 {
					b.propagate(x, y, plane)
				} else {
					b.refine(x, y, plane)
				}
			}
		}
	}
	if kind == 2 {
		for i := range b.flags {
			b.flags[i] &^= isVisited
		}
		if b.style&SegmentationSymbols != 0 {
			for _, v := range [4]uint8{1, 0, 1, 0} {
				b.mq.encode(plainContext, v)
			}
		}
	}
}

// neighbours counts the significant samples around (x, y). With Causal, those in the next stripe do not count (D.7).
func (b *blockCoder) neighbours(x, y int) (h, v, d int) {
	i, across := b.at(x, y), b.w+2
	f := func(j int) int { return int(b.flags[j] & isSignificant) }
	h = f(i-1) + f(i+1)
	v = f(i - across)
	d = f(i-across-1) + f(i-across+1)
	if b.style&Causal == 0 || y&3 != 3 {
		v += f(i + across)
		d += f(i+across-1) + f(i+across+1)
	}
	return h, v, d
}

func (b *blockCoder) put(context int, bit uint8) {
	if b.bypassing {
		b.raw.bit(bit)
	} else {
		b.mq.encode(context, bit)
	}
}

func (b *blockCoder) bit(x, y int, plane uint) uint8 { return uint8(b.magnitude[y*b.w+x] >> plane & 1) }

// propagate is the significance propagation pass at a sample (D.3.1).
func (b *blockCoder) propagate(x, y int, plane uint) {
	i := b.at(x, y)
	h, v, d := b.neighbours(x, y)
	if b.flags[i]&isSignificant != 0 || h+v+d == 0 {
		return
	}
	b.flags[i] |= isVisited
	bit := b.bit(x, y, plane)
	b.put(zeroCoding(b.band, h, v, d), bit)
	if bit == 1 {
		b.sign(x, y)
	}
}

// refine is the magnitude refinement pass at a sample (D.3.3).
func (b *blockCoder) refine(x, y int, plane uint) {
	i := b.at(x, y)
	if b.flags[i]&(isSignificant|isVisited) != isSignificant {
		return
	}
	context := magContext
	if h, v, d := b.neighbours(x, y); b.flags[i]&isRefined != 0 {
		context += 2
	} else if h+v+d > 0 {
		context++
	}
	b.flags[i] |= isRefined
	b.put(context, b.bit(x, y, plane))
}

// cleanup is the cleanup pass of a column of a stripe (D.3.4).
func (b *blockCoder) cleanup(x, y0 int, plane uint) {
	y, end := y0, min(y0+4, b.h)
	if y0+4 <= b.h && b.quiet(x, y0) {
		run := 0
		for run < 4 && b.bit(x, y0+run, plane) == 0 {
			run++
		}
		if run == 4 {
			b.mq.encode(runContext, 0)
			return
		}
		b.mq.encode(runContext, 1)
		b.mq.encode(plainContext, uint8(run>>1))
		b.mq.encode(plainContext, uint8(run&1))
		b.sign(x, y0+run)
		y = y0 + run + 1
	}
	for ; y < end; y++ {
		if b.flags[b.at(x, y)]&(isSignificant|isVisited) != 0 {
			continue
		}
		h, v, d := b.neighbours(x, y)
		bit := b.bit(x, y, plane)
		b.mq.encode(zeroCoding(b.band, h, v, d), bit)
		if bit == 1 {
			b.sign(x, y)
		}
	}
}

// quiet reports whether four samples are coded together: none is significant or visited or has a significant neighbour.
func (b *blockCoder) quiet(x, y0 int) bool {
	for y := y0; y < y0+4; y++ {
		h, v, d := b.neighbours(x, y)
		if h+v+d > 0 || b.flags[b.at(x, y)]&(isSignificant|isVisited) != 0 {
			return false
		}
	}
	return true
}

// sign makes a sample significant and codes its sign (D.3.2).
func (b *blockCoder) sign(x, y int) {
	i, across := b.at(x, y), b.w+2
	of := func(j int) int {
		switch b.flags[j] & (isSignificant | isNegative) {
		case isSignificant:
			return 1
		case isSignificant | isNegative:
			return -1
		}
		return 0
	}
	h, v := of(i-1)+of(i+1), of(i-across)
	if b.style&Causal == 0 || y&3 != 3 {
		v += of(i + across)
	}
	context, flip := signCoding(max(-1, min(1, h)), max(-1, min(1, v)))
	negative := b.flags[i] & isNegative / isNegative
	if b.bypassing {
		b.raw.bit(negative)
	} else {
		b.mq.encode(context, negative^flip)
	}
	b.flags[i] |= isSignificant
}
