package jpegll

import (
	"math/bits"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/internal/jpegtest"
)

// plan is how a test frame is written.
type plan struct {
	rows, columns, components, precision int
	selection, shift                     int
	restartRows                          int  // 0: no restart markers
	separate                             bool // one scan a component
	signed                               bool // predict against the standard: see DecodeSigned
}

func (p plan) header() jpegstream.Header {
	return jpegstream.Header{Rows: p.rows, Columns: p.columns, Components: p.components, Precision: p.precision}
}

// writer puts bits behind each other and stuffs zeros.
type writer struct {
	out []byte
	acc uint64
	n   int
}

func (w *writer) put(v uint32, n int) {
	w.acc, w.n = w.acc<<n|uint64(v)&(1<<n-1), w.n+n
	for ; w.n >= 8; w.n -= 8 {
		b := byte(w.acc >> (w.n - 8))
		if w.out = append(w.out, b); b == 0xFF {
			w.out = append(w.out, 0)
		}
	}
}

func (w *writer) flush() {
	if w.n > 0 {
		w.put(1<<(8-w.n)-1, 8-w.n)
	}
}

// The test codes: categories 0 to 10 have four bits; 11 to 16 have five, or sixteen in the second table, longer than any look-up.
var counts = [2][16]byte{{3: 11, 4: 6}, {3: 11, 15: 6}}

func code(table, category int) (v uint32, n int) {
	switch {
	case category < 11:
		return uint32(category), 4
	case table == 0:
		return uint32(22 + category - 11), 5
	}
	return uint32(11<<12 + category - 11), 16
}

// encode writes samples (interleaved) as a stream. It is slow and follows T.81 H.1 to the letter, so that it and the decoder share no code.
func encode(samples []uint16, p plan) []byte {
	out := jpegtest.Start(jpegstream.SOF3, p.header())
	for t := range counts {
		body := append([]byte{byte(t)}, counts[t][:]...)
		for v := range 17 {
			body = append(body, byte(v))
		}
		out = jpegtest.Segment(out, jpegstream.DHT, body...)
	}
	if p.restartRows > 0 {
		n := p.restartRows * p.columns
		out = jpegtest.Segment(out, jpegstream.DRI, byte(n>>8), byte(n))
	}
	if p.separate {
		for c := range p.components {
			out = p.scan(out, samples, []int{c})
		}
	} else {
		all := []int{0, 1, 2, 3}
		out = p.scan(out, samples, all[:p.components])
	}
	return append(out, 0xFF, jpegstream.EOI)
}

func (p plan) scan(out []byte, samples []uint16, components []int) []byte {
	body := []byte{byte(len(components))}
	for _, c := range components {
		body = append(body, byte(c+1), byte(c%2)<<4)
	}
	w := writer{out: jpegtest.Segment(out, jpegstream.SOS, append(body, byte(p.selection), 0, byte(p.shift))...)}
	for y := range p.rows {
		if p.restartRows > 0 && y > 0 && y%p.restartRows == 0 {
			w.flush()
			w.out = append(w.out, 0xFF, jpegstream.RST0+byte(y/p.restartRows-1)%8)
		}
		for x := range p.columns {
			for _, c := range components {
				d := p.at(samples, x, y, c) - p.prediction(samples, x, y, c)
				put(&w, c%2, uint16(d))
			}
		}
	}
	w.flush()
	return w.out
}

func (p plan) at(samples []uint16, x, y, c int) int {
	v := samples[(y*p.columns+x)*p.components+c]
	if p.signed {
		return int(int16(v)) >> p.shift
	}
	return int(v) >> p.shift
}

func (p plan) prediction(samples []uint16, x, y, c int) int {
	first := y == 0 || p.restartRows > 0 && y%p.restartRows == 0
	switch {
	case first && x == 0:
		return 1 << (p.precision - p.shift - 1)
	case first:
		return p.at(samples, x-1, y, c)
	case x == 0:
		return p.at(samples, x, y-1, c)
	}
	a, b, d := p.at(samples, x-1, y, c), p.at(samples, x, y-1, c), p.at(samples, x-1, y-1, c)
	return []int{0, a, b, d, a + b - d, a + (b-d)>>1, b + (a-d)>>1, (a + b) >> 1}[p.selection]
}

func put(w *writer, table int, d uint16) {
	v := int(int16(d))
	if d == 32768 {
		c, n := code(table, 16)
		w.put(c, n)
		return
	}
	category := bits.Len(uint(max(v, -v)))
	c, n := code(table, category)
	w.put(c, n)
	if v < 0 {
		v--
	}
	w.put(uint32(v), category)
}
