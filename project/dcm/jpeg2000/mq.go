package jpeg2000

import "encoding/binary"

// mq is the arithmetic decoder of T.800 annex C.
//
// The standard keeps an interval A and a code register C, both reduced by Qe with each symbol as long as the more probable one comes and A stays at 8000 or more.
// Here both are reduced at once: d is the smaller of what A may lose before it must be renormalised and of what C has above zero (after Taubman and
// Marcellin, JPEG2000, 17.1). A pass keeps d in a register and only calls renormalise when it becomes negative:
//
//	w := m.contexts[k]
//	bit := w & 1
//	if d -= int32(w >> 16); d < 0 {
//		d, bit = m.renormalise(d, k)
//	}
//
// That is best where most symbols are foreseen, in cleanup passes. In the others two of three renormalise and no branch can foresee which: those keep A and C
// themselves, see interval.
//
// C has 32 bits below its 16, filled in advance. Bytes are added rather than put in place, so that the stuffed bit after FF works as the carry it stands for.
type mq struct {
	contexts [256]uint32 // state words, see stateWord
	a        int32       // A - d
	c        int64       // C - d<<32
	t        int         // bits below the 16 that count
	src      []byte
	pos      int
	stuffed  bool // the last byte was FF
}

// start begins a segment and returns d.
func (m *mq) start(src []byte) int32 {
	m.src, m.pos, m.stuffed = src, 0, false
	m.t = -15 // C starts with 15 bits (T.800 C.3.5)
	c := m.fill(0)
	d := min(0, int32(c>>32)) // A starts with 8000
	m.a = 0x8000 - d
	m.c = c - int64(d)<<32
	return d
}

// renormalise decodes a symbol of context k that made d negative. It returns the new d and the symbol.
//
// Which of the two symbols it was no branch can foresee, so there is none: less is -1 if C lies in the lower interval, which is the less probable symbol's
// unless that is the larger one (T.800 C.3.2). The lower interval is Qe wide, so that its state knows how far it must be shifted; the upper one is at
// least 8000 - 5601 wide, so one or two bits are enough.
func (m *mq) renormalise(d int32, k uint8) (int32, uint32) {
	w := m.contexts[k]
	change := &transitions[uint8(w)]
	qe := int32(w >> 16)
	a := m.a + d
	c := m.c + int64(d)<<32
	less := int32(c >> 63)
	way := uint32(less ^ (a-qe)>>31) // -1: the less probable symbol
	m.contexts[k] = w ^ change[0] ^ change[1]&way
	shift := 1 - (a-0x4000)>>31
	shift ^= (shift ^ int32(w>>8&15)) & less
	c += int64(qe) << 32 & int64(less)
	a ^= (a ^ qe) & less
	a <<= shift & 31
	c <<= shift & 63
	if m.t -= int(shift); m.t < 0 {
		c = m.fill(c)
	}
	d = min(a-0x8000, int32(c>>32))
	m.a = a - d
	m.c = c - int64(d)<<32
	return d, (w ^ way) & 1
}

// fill adds bytes to c until at least 24 bits count. After the end, and at a marker, there are ones (T.800 C.3.4).
func (m *mq) fill(c int64) int64 {
	if !m.stuffed && m.pos+4 <= len(m.src) {
		v := binary.BigEndian.Uint32(m.src[m.pos:])
		if n := ^v; (n-0x01010101)&^n&0x80808080 == 0 { // no FF among them
			c += int64(v) << uint(-m.t)
			m.pos += 4
			m.t += 32
			return c
		}
	}
	for m.t <= 24 {
		b := int64(0xFF)
		width := 8
		if m.pos < len(m.src) {
			b = int64(m.src[m.pos])
			if m.stuffed {
				width = 7
				if b > 0x8F {
					b, width = 0xFF, 8
					m.pos = len(m.src)
				}
			}
			m.pos++
		}
		m.t += width
		c += b << uint(32-m.t)
		m.stuffed = b == 0xFF && m.pos <= len(m.src)
	}
	return c
}

// reset puts all contexts into their first state (T.800 table D.7).
func (m *mq) reset() {
	for k := range contextCount {
		m.contexts[k] = firstState(0)
	}
	m.contexts[contextZero] = firstState(4)
	m.contexts[contextRun] = firstState(3)
	m.contexts[contextUniform] = firstState(46)
}
