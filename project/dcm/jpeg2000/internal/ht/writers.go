package ht

// forwardWriter writes bits from the lowest of a byte on; after a byte FF the highest bit is left 0.
type forwardWriter struct {
	out []byte
	acc uint64
	n   uint
}

func (w *forwardWriter) put(v uint64, n uint) {
	w.acc |= v << w.n
	for w.n += n; w.n >= w.room(); {
		room := w.room()
		w.out = append(w.out, byte(w.acc&(1<<room-1)))
		w.acc >>= room
		w.n -= room
	}
}

// room returns how many bits the next byte takes.
func (w *forwardWriter) room() uint {
	if len(w.out) > 0 && w.out[len(w.out)-1] == 0xFF {
		return 7
	}
	return 8
}

// flush fills the last byte with the bits of fill.
func (w *forwardWriter) flush(fill uint64) {
	if w.n > 0 {
		w.put(fill>>(8-(w.room()-w.n)), w.room()-w.n)
	}
}

// backWriter writes bits from the lowest of a byte on, for a stream that is read from its end: out is reversed. After a byte above 8F the highest
// bit of a byte x7F is left 0.
type backWriter struct {
	out []byte
	acc uint64
	n   uint
	big bool // the byte before was above 8F
}

func (w *backWriter) put(v uint64, n uint) {
	w.acc |= v << w.n
	for w.n += n; w.n >= 7; {
		room := uint(8)
		if w.big && w.acc&0x7F == 0x7F {
			room = 7
		} else if w.n < 8 {
			return
		}
		v := byte(w.acc & (1<<room - 1))
		w.out = append(w.out, v)
		w.big = v > 0x8F
		w.acc >>= room
		w.n -= room
	}
}

// flush fills the last byte with zeros.
func (w *backWriter) flush() {
	if w.n > 0 {
		w.out = append(w.out, byte(w.acc))
		w.acc, w.n = 0, 0
	}
}

func appendReversed(out, src []byte) []byte {
	for i := len(src) - 1; i >= 0; i-- {
		out = append(out, src[i])
	}
	return out
}

// melWriter writes events (T.814 7.3.3 read backwards).
type melWriter struct {
	out []byte
	acc byte
	n   uint
	run int // zeros not yet written
	k   int
}

func (w *melWriter) event(one bool) {
	e := int(melExponent[w.k])
	if !one {
		if w.run++; w.run == 1<<e {
			w.bit(1)
			w.run, w.k = 0, min(12, w.k+1)
		}
		return
	}
	w.bit(0)
	for e--; e >= 0; e-- {
		w.bit(byte(w.run >> e & 1))
	}
	w.run, w.k = 0, max(0, w.k-1)
}

// bit writes one bit, the highest of a byte first.
func (w *melWriter) bit(v byte) {
	w.acc = w.acc<<1 | v
	w.n++
	if w.left() == 0 {
		w.out = append(w.out, w.acc)
		w.acc, w.n = 0, 0
	}
}

// left returns how many bits of the byte in hand are free.
func (w *melWriter) left() uint {
	if len(w.out) > 0 && w.out[len(w.out)-1] == 0xFF {
		return 7 - w.n
	}
	return 8 - w.n
}
