package jpeg2000

// interval is A and C of the standard, C with 32 bits below its 16 of which t count, for passes that keep them in registers. Between passes mq has them.
type interval struct {
	a, c int64
	t    int
}

// interval returns A and C after a pass that left d.
func (m *mq) interval(d int32) interval { return interval{int64(m.a + d), m.c + int64(d)<<32, m.t} }

// keep takes A and C back and returns d for the next pass.
func (m *mq) keep(v interval) (d int32) {
	d = int32(min(v.a-0x8000, v.c>>32))
	m.a, m.c, m.t = int32(v.a)-d, v.c-int64(d)<<32, v.t
	return d
}

// next returns the next symbol of context k and the interval after it, whether that has to be renormalised or not, with no branch but the one for more
// bytes. See renormalise; the upper interval may be large enough to stay as it is, and its state with it.
func (m *mq) next(v interval, k uint8) (interval, uint32) {
	w := m.contexts[k]
	change := &transitions[uint8(w)]
	qe := int64(w >> 16)
	a := v.a - qe
	c := v.c - qe<<32
	less := c >> 63
	small := (a - 0x8000) >> 63
	way := uint32(less ^ (a-qe)>>63)
	m.contexts[k] = w ^ (change[0]^change[1]&way)&uint32(small|less)
	shift := -(small + (a-0x4000)>>63)
	// Conditional moves for the compiler, one by one.
	if far := int64(w >> 8 & 15); less < 0 {
		shift = far
	}
	if less < 0 {
		a = qe
	}
	if less < 0 {
		c = v.c
	}
	a <<= shift & 63
	c <<= shift & 63
	t := v.t - int(shift)
	if t < 0 {
		m.t = t
		c = m.fill(c)
		t = m.t
	}
	return interval{a, c, t}, (w ^ way) & 1
}
