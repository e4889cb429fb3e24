package ht

import "math/bits"

// Encode encodes the samples of b (Planes, Missing, Passes, Width, Height and Causal say how; Data and the lengths are filled in). src has whole numbers of
// quantiser steps, rows stride apart, magnitudes below 1<<Planes. What lies below the last plane of the passes is lost: nothing is
// when Missing is Planes-1 and Passes 1, or Planes-2 and 2 or 3. Magnitudes need not fill the planes above the cleanup pass.
func Encode(b *Block, src []int32, stride int) {
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
	value        [4]uint32 // 2(mu-1)+s
}

// quad gathers the samples of the quad at column 2*q and row 2*r.
func (e *encoder) quad(src []int32, stride, plane, q, r int) (c quad) {
	for n := range 4 {
		x, y := 2*q+n/2, 2*r+n%2
		if x >= e.w || y >= e.h {
			continue
		}
		v := src[y*stride+x]
		if mu := uint32(max(v, -v)) >> plane; mu > 0 {
			c.rho |= 1 << n
			c.exponent[n] = bits.Len32(2*mu - 1)
			c.value[n] = 2*(mu-1) + uint32(v)>>31
			c.most = max(c.most, c.exponent[n])
			e.sigma[y*e.w+x] = true
		}
	}
	return c
}

// quads writes all quads (T.814 7.3 read backwards).
func (e *encoder) quads(src []int32, stride, plane int) {
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
			e.mag.put(uint64(c.value[n])&(1<<m-1), uint(m))
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
			prefix, suffix := excessFor(a)
			e.vlc.put(prefix.word, prefix.length)
			e.vlc.put(uint64(b-1), 1)
			e.vlc.put(suffix.word, suffix.length)
			return
		}
	}
	prefixA, suffixA := excessFor(a)
	prefixB, suffixB := excessFor(b)
	for _, p := range []piece{prefixA, prefixB, suffixA, suffixB} {
		e.vlc.put(p.word, p.length)
	}
}

// piece is a few bits.
type piece struct {
	word   uint64
	length uint
}

// excessFor returns the prefix and the suffix of u (T.814 table 3), which is at most 32.
func excessFor(u int) (prefix, suffix piece) {
	switch {
	case u == 0:
		return piece{}, piece{}
	case u <= 2:
		return piece{uint64(u), uint(u)}, piece{}
	case u <= 4:
		return piece{4, 3}, piece{uint64(u - 3), 1}
	}
	return piece{0, 3}, piece{uint64(u - 5), 5}
}
