package encode

// mqState is a line of table C.2.
type mqState struct {
	qe         uint32
	mps, lps   uint8 // the next state
	exchanging uint8
}

var mqStates = [47]mqState{
	{0x5601, 1, 1, 1}, {0x3401, 2, 6, 0}, {0x1801, 3, 9, 0}, {0x0AC1, 4, 12, 0}, {0x0521, 5, 29, 0}, {0x0221, 38, 33, 0},
	{0x5601, 7, 6, 1}, {0x5401, 8, 14, 0}, {0x4801, 9, 14, 0}, {0x3801, 10, 14, 0}, {0x3001, 11, 17, 0}, {0x2401, 12, 18, 0},
	{0x1C01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1}, {0x5401, 16, 14, 0}, {0x5101, 17, 15, 0}, {0x4801, 18, 16, 0},
	{0x3801, 19, 17, 0}, {0x3401, 20, 18, 0}, {0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0}, {0x2201, 24, 21, 0},
	{0x1C01, 25, 22, 0}, {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0}, {0x1401, 28, 25, 0}, {0x1201, 29, 26, 0}, {0x1101, 30, 27, 0},
	{0x0AC1, 31, 28, 0}, {0x09C1, 32, 29, 0}, {0x08A1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0}, {0x02A1, 36, 33, 0},
	{0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0}, {0x0085, 40, 37, 0}, {0x0049, 41, 38, 0}, {0x0025, 42, 39, 0},
	{0x0015, 43, 40, 0}, {0x0009, 44, 41, 0}, {0x0005, 45, 42, 0}, {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0},
}

// Contexts of the coefficient bits (D.3).
const (
	zeroContext  = 0  // to 8
	signContext  = 9  // to 13
	magContext   = 14 // to 16
	runContext   = 17
	plainContext = 18
	contexts     = 19
)

// mq is the arithmetic coder of annex C.2. Each codeword segment begins with start.
type mq struct {
	out   []byte // the segment; its first byte is none of it
	a, c  uint32
	ct    uint
	index [contexts]uint8
	more  [contexts]uint8 // the more probable symbol
}

// reset gives all contexts their first state (table D.7).
func (m *mq) reset() {
	m.index, m.more = [contexts]uint8{}, [contexts]uint8{}
	m.index[zeroContext], m.index[runContext], m.index[plainContext] = 4, 3, 46
}

// start begins a codeword segment (figure C.10).
func (m *mq) start() {
	m.out, m.a, m.c, m.ct = append(m.out[:0], 0), 0x8000, 0, 12
}

// encode codes one decision (figures C.3 to C.7).
func (m *mq) encode(context int, bit uint8) {
	s := &mqStates[m.index[context]]
	m.a -= s.qe
	if bit == m.more[context] {
		if m.a&0x8000 != 0 {
			m.c += s.qe
			return
		}
		if m.a < s.qe {
			m.a = s.qe
		} else {
			m.c += s.qe
		}
		m.index[context] = s.mps
	} else {
		if m.a < s.qe {
			m.c += s.qe
		} else {
			m.a = s.qe
		}
		m.more[context] ^= s.exchanging
		m.index[context] = s.lps
	}
	for {
		m.a, m.c = m.a<<1, m.c<<1
		if m.ct--; m.ct == 0 {
			m.byteOut()
		}
		if m.a&0x8000 != 0 {
			return
		}
	}
}

// byteOut is figure C.8.
func (m *mq) byteOut() {
	last := &m.out[len(m.out)-1]
	if *last != 0xFF && m.c >= 0x8000000 {
		*last++
		m.c &= 0x7FFFFFF
	}
	if *last == 0xFF {
		m.out = append(m.out, byte(m.c>>20))
		m.c, m.ct = m.c&0xFFFFF, 7
	} else {
		m.out = append(m.out, byte(m.c>>19))
		m.c, m.ct = m.c&0x7FFFF, 8
	}
}

// finish ends the segment and returns it: as figure C.11 does, or so that the end can be predicted (D.4.2).
func (m *mq) finish(predictable bool) []byte {
	if predictable {
		for k := int(12 - m.ct); k > 0; k -= int(m.ct) {
			m.c <<= m.ct
			m.ct = 0
			m.byteOut()
		}
	} else {
		if top := m.c + m.a; m.c|0xFFFF >= top {
			m.c = (m.c | 0xFFFF) - 0x8000
		} else {
			m.c |= 0xFFFF
		}
		m.c <<= m.ct
		m.byteOut()
		m.c <<= m.ct
	}
	if !predictable || m.out[len(m.out)-1] != 0xFF {
		m.byteOut()
	}
	if predictable {
		m.out = m.out[:len(m.out)-1]
	}
	if m.out[len(m.out)-1] == 0xFF {
		m.out = m.out[:len(m.out)-1]
	}
	return m.out[min(1, len(m.out)):]
}

// raw writes bits as they are (D.6); after a byte FF comes one of seven bits.
type raw struct {
	out  []byte
	acc  byte
	free uint // bits of acc
}

func (r *raw) start() { r.out, r.acc, r.free = r.out[:0], 0, 8 }

func (r *raw) bit(v uint8) {
	r.free--
	r.acc |= v << r.free
	if r.free == 0 {
		r.out = append(r.out, r.acc)
		if r.free = 8; r.acc == 0xFF {
			r.free = 7
		}
		r.acc = 0
	}
}

// finish fills the last byte with 0 and 1 in turn, beginning with 0 (D.4.2), and returns the segment.
func (r *raw) finish() []byte {
	full := uint(8)
	if n := len(r.out); n > 0 && r.out[n-1] == 0xFF {
		full = 7
	}
	for v := uint8(0); r.free < full || full == 7; v ^= 1 {
		n := len(r.out)
		r.bit(v)
		if len(r.out) > n {
			break
		}
	}
	return r.out
}
