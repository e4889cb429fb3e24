package ht

// melExponent is E of the thirteen states of the MEL code (T.814 table 2): a whole run has 2^E events.
var melExponent = [13]uint8{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5}

// mel decodes the adaptive run-length code of rare events (T.814 7.1.3 and 7.3.3).
type mel struct {
	src    []byte // what is left; the last byte's lower half is not ours
	acc    uint64 // the next bits, from the top
	n      uint
	k      uint8
	before byte // the last byte taken
}

// next returns a run of events. Twice the number of zeros, plus one if an event that is 1 follows; less two if none follows. A reader takes two away
// at each event: -1 is the event 1, -2 is the last 0.
func (m *mel) next() int {
	if m.n < 6 {
		m.refill()
	}
	e := melExponent[m.k]
	if m.acc>>63 == 1 {
		m.acc <<= 1
		m.n--
		m.k = min(m.k+1, 12)
		return (1<<e - 1) << 1
	}
	run := int(m.acc >> (63 - e))
	m.acc <<= e + 1
	m.n -= uint(e) + 1
	m.k = max(m.k, 1) - 1
	return run<<1 | 1
}

// refill makes at least 49 bits count. Ones follow the end.
func (m *mel) refill() {
	for m.n <= 48 {
		v := byte(0xFF)
		if len(m.src) > 0 {
			v = m.src[0]
			if m.src = m.src[1:]; len(m.src) == 0 {
				v |= 0x0F
			}
		}
		n := uint(8)
		if m.before == 0xFF {
			n = 7
		}
		m.acc |= uint64(v) << (64 - n) >> m.n
		m.n += n
		m.before = v
	}
}
