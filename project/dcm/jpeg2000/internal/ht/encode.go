package ht

import "math/bits"

// Encode encodes the samples of b (Planes, Missing, Passes, Width, Height and Causal say how; Data and the lengths are filled in). src has rows stride apart,
// magnitudes below 2^Planes, up to WidePlanes. What lies below the last plane of the passes is lost: nothing is
// when Missing is Planes-1 and Passes 1, or Planes-2 and 2 or 3. Magnitudes need not fill the planes above the cleanup pass.
func Encode(b *Block, src []Magnitude, stride int) {
	plane := b.Planes - 1 - b.Missing
	e := encoder{vlc: backWriter{big: true, n: 4, acc: 15}, w: b.Width, h: b.Height}
	e.quads(src, stride, plane)
	b.Data = e.cleanup()
	b.Cleanup, b.Refinement = len(b.Data), 0
	if b.Passes < 2 {
		return
	}
	spp, mrp := &forwardWriter{}, &backWriter{big: true}
	e.propagate(src, stride, plane, b.Causal, spp)
	spp.flush(0)
	if len(spp.out) > 0 && spp.out[len(spp.out)-1] == 0xFF {
		spp.out = append(spp.out, 0)
	}
	if b.Passes > 2 {
		e.refine(src, stride, plane, mrp)
		mrp.flush()
	}
	if len(spp.out)+len(mrp.out) == 0 {
		spp.out = []byte{0}
	}
	b.Refinement = len(spp.out) + len(mrp.out)
	b.Data = appendReversed(append(b.Data, spp.out...), mrp.out)
}

// encoder holds the streams of a cleanup pass and what the other passes need of it.
type encoder struct {
	mel   melWriter
	vlc   backWriter
	mag   forwardWriter
	w, h  int
	sigma []bool // significant after the cleanup pass
}

// quad is what the cleanup pass writes of four samples.
type quad struct {
	rho, epsilon int // significant samples; those with the largest exponent
	most, u      int // that exponent, its excess over the prediction
	exponent     [4]int
	value        [4]Magnitude // 2(mu-1)+s
}

// quad gathers the samples of the quad at column 2*q and row 2*r.
func (e *encoder) quad(src []Magnitude, stride, plane, q, r int) (c quad) {
	for n := range 4 {
		x, y := 2*q+n/2, 2*r+n%2
		if x >= e.w || y >= e.h {
			continue
		}
		v := src[y*stride+x]
		if mu := v.down(uint(plane)); !mu.zero() {
			c.rho |= 1 << n
			c.exponent[n] = mu.up(1).plus(-1).len()
			c.value[n] = mu.plus(-1).up(1).plus(int64(v.sign()))
			c.most = max(c.most, c.exponent[n])
			e.sigma[y*e.w+x] = true
		}
	}
	return c
}

// quads writes all quads (T.814 7.3 read backwards).
func (e *encoder) quads(src []Magnitude, stride, plane int) {
	e.sigma = make([]bool, e.w*e.h)
	across := (e.w + 1) / 2
	above := make([]quad, across+3) // entry q+1 is quad q
	for r := range (e.h + 1) / 2 {
		row := make([]quad, across+3)
		for q := 0; q < across; q += 2 {
			for n := q; n < min(q+2, across); n++ {
				row[n+1] = e.quad(src, stride, plane, n, r)
				e.write(&row[n+1], row[n].rho, above[n:n+3], r == 0)
			}
			e.excesses(row[q+1].u, row[q+2].u, r == 0)
		}
		above = row
	}
}

// write writes one quad but its u.
func (e *encoder) write(c *quad, left int, above []quad, first bool) {
	kappa := 1
	if c.rho&(c.rho-1) != 0 {
		most := max(above[0].exponent[3], above[1].exponent[1], above[1].exponent[3], above[2].exponent[1])
		kappa = max(1, most-1)
	}
	u := max(c.most, kappa)
	c.u = u - kappa
	for n, v := range c.exponent {
		if c.u > 0 && v == c.most {
			c.epsilon |= 1 << n
		}
	}
	context := left>>1 | left&1
	if !first {
		up := func(q quad, n int) int { return q.rho >> n & 1 }
		context = up(above[0], 3) | up(above[1], 1) | (left>>2&1|left>>3&1)<<1 | (up(above[1], 3)|up(above[2], 1))<<2
	}
	if context == 0 {
		e.mel.event(c.rho != 0)
	}
	known := 0
	if context != 0 || c.rho != 0 {
		word := wordFor(first, context, c)
		e.vlc.put(uint64(word.Word), uint(word.Length))
		known = int(word.Known)
	}
	for n := range 4 {
		if c.rho>>n&1 == 1 {
			m := u - known>>n&1
			low := min(m, 38) // put takes 56 bits
			e.mag.put(c.value[n].Lo&(1<<low-1), uint(low))
			e.mag.put(c.value[n].down(uint(low)).Lo&(1<<(m-low)-1), uint(m-low))
		}
	}
}

// wordFor finds the codeword of a quad: the one that tells most of the exponents.
func wordFor(first bool, context int, c *quad) (best Codeword) {
	for _, w := range Codewords(first) {
		if int(w.Context) != context || int(w.Significance) != c.rho || int(w.Offset) != min(c.u, 1) || int(w.Known)&c.epsilon != int(w.Top) {
			continue
		}
		if best.Length == 0 || bits.OnesCount8(w.Known) > bits.OnesCount8(best.Known) {
			best = w
		}
	}
	return best
}

// excesses writes the u of two quads.
func (e *encoder) excesses(a, b int, first bool) {
	if first && a > 0 && b > 0 {
		both := min(a, b) > 2
		e.mel.event(both)
		if both {
			a, b = a-2, b-2
		} else if a > 2 {
			p := excessFor(a)
			e.pieces(p[0], piece{uint64(b - 1), 1}, p[1], p[2])
			return
		}
	}
	p, q := excessFor(a), excessFor(b)
	e.pieces(p[0], q[0], p[1], q[1], p[2], q[2])
}

// piece is a few bits.
type piece struct {
	word   uint64
	length uint
}

func (e *encoder) pieces(all ...piece) {
	for _, p := range all {
		e.vlc.put(p.word, p.length)
	}
}

// excessFor returns the prefix, the suffix and the extension of u (T.814 table 3), which is at most 96.
func excessFor(u int) [3]piece {
	switch {
	case u == 0:
		return [3]piece{}
	case u <= 2:
		return [3]piece{{uint64(u), uint(u)}}
	case u <= 4:
		return [3]piece{{4, 3}, {uint64(u - 3), 1}}
	case u <= 32:
		return [3]piece{{0, 3}, {uint64(u - 5), 5}}
	}
	return [3]piece{{0, 3}, {uint64(28 + (u-33)%4), 5}, {uint64(u-33) / 4, 4}}
}
