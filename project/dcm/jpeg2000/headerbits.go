package jpeg2000

// headerBits reads the bits of a packet header. After a byte FF comes one with a stuffed bit (T.800 B.10.1).
type headerBits struct {
	b     []byte
	pos   int
	acc   uint
	n     uint // bits left in acc
	short bool // read beyond the end
}

func (r *headerBits) bit() uint {
	if r.n == 0 {
		r.fill()
	}
	r.n--
	return r.acc >> r.n & 1
}

func (r *headerBits) fill() {
	r.n = 8
	if r.acc&0xFF == 0xFF {
		r.n = 7
	}
	if r.pos >= len(r.b) {
		// Ones, so that no loop that waits for a one goes on; loops that wait for a zero look at short.
		r.acc, r.short = 0x7F, true
		return
	}
	r.acc = uint(r.b[r.pos])
	r.pos++
}

func (r *headerBits) bits(n int) int {
	v := 0
	for range n {
		v = v<<1 | int(r.bit())
	}
	return v
}

// align goes to the next byte; a stuffed one after FF belongs to the header.
func (r *headerBits) align() {
	if r.acc&0xFF == 0xFF {
		r.pos++
		if r.pos > len(r.b) {
			r.pos, r.short = len(r.b), true
		}
	}
	r.acc, r.n = 0, 0
}

// passes reads how many coding passes a code-block gets (T.800 table B.4).
func (r *headerBits) passes() int {
	switch {
	case r.bit() == 0:
		return 1
	case r.bit() == 0:
		return 2
	}
	if n := r.bits(2); n < 3 {
		return 3 + n
	}
	if n := r.bits(5); n < 31 {
		return 6 + n
	}
	return 37 + r.bits(7)
}
