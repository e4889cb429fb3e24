package jpegls

import (
	"bytes"
	"encoding/binary"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/internal/jpegtest"
)

// plan is how a test frame is written.
type plan struct {
	rows, columns, components, precision int
	near, interleave, restart            int
	fill                                 int // bytes before a restart marker
	preset                               preset
}

func (p plan) shape() jpegstream.Shape {
	return jpegstream.Shape{Rows: p.rows, Columns: p.columns, Components: p.components, Bytes: (p.precision + 7) / 8}
}

func (p plan) header() jpegstream.Header {
	return jpegstream.Header{Rows: p.rows, Columns: p.columns, Components: p.components, Precision: p.precision}
}

// bitWriter puts bits behind each other; after FF it stuffs a zero bit.
type bitWriter struct {
	out  []byte
	acc  uint32
	n    int
	full int // bits of the byte in hand
}

func (w *bitWriter) bit(b int) {
	w.acc, w.n = w.acc<<1|uint32(b), w.n+1
	if w.n == w.full {
		w.out = append(w.out, byte(w.acc))
		w.full = 8
		if byte(w.acc) == 0xFF {
			w.full = 7
		}
		w.acc, w.n = 0, 0
	}
}

func (w *bitWriter) put(v, n int) {
	for n--; n >= 0; n-- {
		w.bit(v >> n & 1)
	}
}

// encoder follows T.87 annex A to the letter, with the standard's names, so that it and the decoder share no code but the parameters.
type encoder struct {
	bitWriter
	parameters
	A, B, C, N [367]int
	Nn         [2]int
	lines      [][]int // of each component, one sample wider on each side
	above      [][]int
}

func encode(samples []uint16, p plan) []byte {
	out := jpegtest.Start(jpegstream.SOF55, p.header())
	if p.preset != (preset{}) {
		b := []byte{1}
		for _, v := range []int{p.preset.maximum, p.preset.t1, p.preset.t2, p.preset.t3, p.preset.reset} {
			b = binary.BigEndian.AppendUint16(b, uint16(v))
		}
		out = jpegtest.Segment(out, jpegstream.LSE, b...)
	}
	if p.restart > 0 {
		out = jpegtest.Segment(out, jpegstream.DRI, byte(p.restart>>8), byte(p.restart))
	}
	if p.interleave != byComponent {
		all := []int{0, 1, 2, 3}
		return append(p.scan(out, samples, all[:p.components]), 0xFF, jpegstream.EOI)
	}
	for c := range p.components {
		out = p.scan(out, samples, []int{c})
	}
	return append(out, 0xFF, jpegstream.EOI)
}

func (p plan) scan(out []byte, samples []uint16, components []int) []byte {
	q, err := p.preset.settle(p.precision, p.near)
	if err != nil {
		panic(err)
	}
	body := []byte{byte(len(components))}
	for _, c := range components {
		body = append(body, byte(c+1), 0)
	}
	out = jpegtest.Segment(out, jpegstream.SOS, append(body, byte(p.near), byte(p.interleave), 0)...)
	e := &encoder{parameters: q, bitWriter: bitWriter{out: out, full: 8}}
	var index [4]int
	for y := range p.rows {
		if y == 0 || p.restart > 0 && y%p.restart == 0 {
			e.finish()
			if y > 0 {
				e.out = append(e.out, bytes.Repeat([]byte{0xFF}, p.fill)...)
				e.out = append(e.out, 0xFF, jpegstream.RST0+byte(y/p.restart-1)%8)
			}
			e.start(len(components), p.columns)
			index = [4]int{}
		}
		e.lines, e.above = e.above, e.lines
		for n, c := range components {
			e.lines[n] = make([]int, p.columns+2)
			for x := range p.columns {
				e.lines[n][x+1] = int(samples[(y*p.columns+x)*p.components+c])
			}
			e.lines[n][0], e.above[n][p.columns+1] = e.above[n][1], e.above[n][p.columns]
		}
		if p.interleave == bySample {
			e.pixels(0, len(components), &index[0])
		} else {
			for n := range components {
				e.pixels(n, n+1, &index[n])
			}
		}
	}
	e.finish()
	return e.out
}

func (e *encoder) start(components, columns int) {
	for n := range e.A {
		e.A[n], e.B[n], e.C[n], e.N[n] = max(2, (e.span+32)/64), 0, 0, 1
	}
	e.Nn = [2]int{}
	e.lines, e.above = make([][]int, components), make([][]int, components)
	for n := range components {
		e.lines[n], e.above[n] = make([]int, columns+2), make([]int, columns+2)
	}
}

// finish fills the last byte with zeros; after an FF there must be one more.
func (e *encoder) finish() {
	for e.n > 0 || e.full == 7 {
		e.bit(0)
	}
}

// pixels codes one line of components first to last-1 together.
func (e *encoder) pixels(first, last int, index *int) {
	for x := 1; x < len(e.lines[first])-1; {
		running := true
		var d [4][3]int
		for n := first; n < last; n++ {
			up, a := e.above[n], e.lines[n][x-1]
			d[n] = [3]int{int(e.quantize(up[x+1] - up[x])), int(e.quantize(up[x] - up[x-1])), int(e.quantize(up[x-1] - a))}
			running = running && d[n] == [3]int{}
		}
		if running {
			x = e.runs(first, last, x, index)
			continue
		}
		for n := first; n < last; n++ {
			e.regular(n, x, d[n])
		}
		x++
	}
}

func (e *encoder) regular(n, x int, d [3]int) {
	a, b, c := e.lines[n][x-1], e.above[n][x], e.above[n][x-1]
	q, sign := 81*d[0]+9*d[1]+d[2], 1
	if q < 0 {
		q, sign = -q, -1
	}
	px := a + b - c
	if c >= max(a, b) {
		px = min(a, b)
	} else if c <= min(a, b) {
		px = max(a, b)
	}
	px = max(0, min(e.maximum, px+sign*e.C[q]))
	err := e.modulo(e.quantized(sign * (e.lines[n][x] - px)))
	e.lines[n][x] = e.reconstruct(px, sign*err)
	k := 0
	for e.N[q]<<k < e.A[q] {
		k++
	}
	m := 2 * err
	if err < 0 {
		m = -2*err - 1
	}
	if k == 0 && e.near == 0 && 2*e.B[q] <= -e.N[q] {
		m = 2*err + 1
		if err < 0 {
			m = -2 * (err + 1)
		}
	}
	e.golomb(m, k, int(e.limit))
	e.B[q] += err * (2*e.near + 1)
	e.A[q] += max(err, -err)
	if e.N[q] == e.reset {
		e.A[q], e.B[q], e.N[q] = e.A[q]>>1, e.B[q]>>1, e.N[q]>>1
	}
	e.N[q]++
	if e.B[q] <= -e.N[q] {
		e.B[q] += e.N[q]
		e.C[q] = max(-128, e.C[q]-1)
		e.B[q] = max(e.B[q], -e.N[q]+1)
	} else if e.B[q] > 0 {
		e.B[q] -= e.N[q]
		e.C[q] = min(127, e.C[q]+1)
		e.B[q] = min(e.B[q], 0)
	}
}

// quantized is the error in steps: T.87 A.4.4.
func (e *encoder) quantized(err int) int {
	if err > 0 {
		return (err + e.near) / (2*e.near + 1)
	}
	return -((e.near - err) / (2*e.near + 1))
}

func (e *encoder) modulo(err int) int {
	if err < 0 {
		err += e.span
	}
	if err >= (e.span+1)/2 {
		err -= e.span
	}
	return err
}

func (e *encoder) reconstruct(px, err int) int {
	v, whole := px+err*(2*e.near+1), e.span*(2*e.near+1)
	if v < -e.near {
		v += whole
	} else if v > e.maximum+e.near {
		v -= whole
	}
	return max(0, min(e.maximum, v))
}

func (e *encoder) golomb(m, k, limit int) {
	if most := limit - int(e.bits) - 1; m>>k >= most {
		e.put(0, most)
		e.bit(1)
		e.put(m-1, int(e.bits))
		return
	}
	e.put(0, m>>k)
	e.bit(1)
	e.put(m, k)
}

func (e *encoder) close(a, b int) bool { return max(a-b, b-a) <= e.near }

// runs codes a run at x and the pixel that ends it; it returns where the line goes on.
func (e *encoder) runs(first, last, x int, index *int) int {
	end, run := len(e.lines[first])-1, 0
	for ; x < end; x, run = x+1, run+1 {
		same := true
		for n := first; n < last; n++ {
			same = same && e.close(e.lines[n][x], e.lines[n][x-1])
		}
		if !same {
			break
		}
		for n := first; n < last; n++ {
			e.lines[n][x] = e.lines[n][x-1]
		}
	}
	for run >= 1<<runOrder[*index] {
		e.bit(1)
		run -= 1 << runOrder[*index]
		*index = min(31, *index+1)
	}
	if x == end {
		if run > 0 {
			e.bit(1)
		}
		return x
	}
	e.bit(0)
	e.put(run, int(runOrder[*index]))
	for n := first; n < last; n++ {
		a, b := e.lines[n][x-1], e.above[n][x]
		kind := 0
		if e.close(a, b) && last-first == 1 {
			kind = 1
		}
		e.interruption(n, x, a, b, kind, *index)
	}
	*index = max(0, *index-1)
	return x + 1
}

func (e *encoder) interruption(n, x, a, b, kind, index int) {
	px, sign := b, 1
	if kind == 1 {
		px = a
	} else if a > b {
		sign = -1
	}
	err := e.quantized(sign * (e.lines[n][x] - px))
	e.lines[n][x] = e.reconstruct(px, sign*err)
	err = e.modulo(err)
	q, temp := 365+kind, e.A[365+kind]
	if kind == 1 {
		temp += e.N[q] >> 1
	}
	k := 0
	for e.N[q]<<k < temp {
		k++
	}
	turned := 0
	if k == 0 && err > 0 && 2*e.Nn[kind] < e.N[q] || err < 0 && 2*e.Nn[kind] >= e.N[q] || err < 0 && k != 0 {
		turned = 1
	}
	m := 2*max(err, -err) - kind - turned
	e.golomb(m, k, int(e.limit)-int(runOrder[index])-1)
	if err < 0 {
		e.Nn[kind]++
	}
	e.A[q] += (m + 1 - kind) >> 1
	if e.N[q] == e.reset {
		e.A[q], e.N[q], e.Nn[kind] = e.A[q]>>1, e.N[q]>>1, e.Nn[kind]>>1
	}
	e.N[q]++
}
