package jpeg2000

import "math"

// level is what makes samples of a component's reconstructed values: rounded, shifted back to unsigned, and stopped at the ends of the range (T.800 G.1).
type level struct{ shift, low, high int32 }

func (s sampling) level() level {
	if s.signed {
		return level{0, -1 << (s.precision - 1), 1<<(s.precision-1) - 1}
	}
	return level{1 << (s.precision - 1), 0, 1<<s.precision - 1}
}

// exact makes samples of reversible values.
func (l level) exact(out, in []int32) {
	in = in[:len(out)]
	for i, v := range in {
		out[i] = max(l.low, min(l.high, v+l.shift))
	}
}

// rounded makes samples of irreversible values; halves go to the even number.
func (l level) rounded(out []int32, in []float32) {
	in = in[:len(out)]
	if l.high > 1<<20 {
		for i, v := range in {
			f := math.RoundToEven(float64(v)) + float64(l.shift)
			if !(f > float64(l.low)) { // also what is not a number
				f = float64(l.low)
			}
			out[i] = int32(min(f, float64(l.high)))
		}
		return
	}
	// Adding 1.5 * 2^23 leaves the rounded number in the lowest bits.
	const magic = 3 << 22
	low, high := float32(l.low-l.shift), float32(l.high-l.shift)
	for i, v := range in {
		if !(v > low) {
			v = low
		}
		if v > high {
			v = high
		}
		out[i] = int32(math.Float32bits(v+magic)-math.Float32bits(magic)) + l.shift
	}
}

// row makes samples of row y of what is wanted of c.
func (c *component) row(out []int32, y int, l level) {
	w := c.resolutions[c.top].window
	at := (c.need.y0+y-w.y0)*w.width() + c.need.x0 - w.x0
	in := c.samples[at:][:len(out)]
	if c.reversible {
		l.exact(out, in)
	} else {
		l.rounded(out, floats(in))
	}
}
