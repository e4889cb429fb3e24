package encode

import "math"

// sample is what the wavelets work on: whole numbers when reversible.
type sample interface{ int64 | float64 }

// plane is a part of a grid with its values.
type plane[T sample] struct {
	rect
	v []T
}

func newPlane[T sample](r rect) plane[T] { return plane[T]{r, make([]T, max(0, r.w())*max(0, r.h()))} }

// analyse decomposes p once into its four sub-bands, rows after columns (F.4.2). lift transforms a line; odd says whether its first coordinate is.
func analyse[T sample](p plane[T], lift func(line []T, odd bool)) (bands [4]plane[T]) {
	line := make([]T, max(p.w(), p.h()))
	for x := range p.w() {
		column := line[:p.h()]
		for y := range column {
			column[y] = p.v[y*p.w()+x]
		}
		lift(column, p.y0&1 == 1)
		for y := range column {
			p.v[y*p.w()+x] = column[y]
		}
	}
	for y := range p.h() {
		lift(p.v[y*p.w():][:p.w()], p.x0&1 == 1)
	}
	for n := range bands {
		bx, by := n&1, n>>1
		bands[n] = newPlane[T](rect{ceil(p.x0-bx, 2), ceil(p.y0-by, 2), ceil(p.x1-bx, 2), ceil(p.y1-by, 2)})
		q := bands[n]
		for i := range q.v {
			x, y := 2*(q.x0+i%q.w())+bx, 2*(q.y0+i/q.w())+by
			q.v[i] = p.v[(y-p.y0)*p.w()+x-p.x0]
		}
	}
	return bands
}

// mirrored returns line[i], or beyond its ends what lies as far on the other side of the end (F.4.7).
func mirrored[T sample](line []T, i int) T {
	for i < 0 || i >= len(line) {
		if i < 0 {
			i = -i
		} else {
			i = 2*len(line) - 2 - i
		}
	}
	return line[i]
}

// step adds f of both neighbours to each second sample.
func step[T sample](line []T, first int, f func(sum T) T) {
	for i := first; i < len(line); i += 2 {
		line[i] += f(mirrored(line, i-1) + mirrored(line, i+1))
	}
}

// lift53 is the reversible transform (F.4.8.1).
func lift53(line []int64, odd bool) {
	even := parity(odd)
	if len(line) == 1 {
		if odd {
			line[0] *= 2
		}
		return
	}
	step(line, 1-even, func(sum int64) int64 { return -(sum >> 1) })
	step(line, even, func(sum int64) int64 { return (sum + 2) >> 2 })
}

// The irreversible filter (table F.4).
var lift97Factors = [4]float64{-1.586134342059924, -0.052980118572961, 0.882911075530934, 0.443506852043971}

const lift97K = 1.230174104914001

// lift97 is the irreversible transform (F.4.8.2).
func lift97(line []float64, odd bool) {
	even := parity(odd)
	if len(line) == 1 {
		if odd {
			line[0] *= 2
		}
		return
	}
	for n, factor := range lift97Factors {
		step(line, (1-even+n)&1, func(sum float64) float64 { return factor * sum })
	}
	for i := range line {
		if i&1 == even {
			line[i] /= lift97K
		} else {
			line[i] *= lift97K
		}
	}
}

// parity returns the index of the first sample with an even coordinate.
func parity(odd bool) int {
	if odd {
		return 1
	}
	return 0
}

// rct is the reversible component transform (G.2.1), in place.
func rct(c [3][]int64) {
	for i := range c[0] {
		r, g, b := c[0][i], c[1][i], c[2][i]
		c[0][i], c[1][i], c[2][i] = (r+2*g+b)>>2, b-g, r-g
	}
}

// ict is the irreversible component transform (G.3.1), in place.
func ict(c [3][]float64) {
	for i := range c[0] {
		r, g, b := c[0][i], c[1][i], c[2][i]
		c[0][i] = 0.299*r + 0.587*g + 0.114*b
		c[1][i] = -0.168736*r - 0.331264*g + 0.5*b
		c[2][i] = 0.5*r - 0.418688*g - 0.081312*b
	}
}

// quantise is equation E-1 with the step 2^exponent * (1 + mantissa/2048).
func quantise(v []float64, step float64) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		q := int64(math.Abs(x) / step)
		if x < 0 {
			q = -q
		}
		out[i] = q
	}
	return out
}
