package jpeg2000

import "math"

// level is what makes samples of a component's reconstructed values: rounded, shifted back to unsigned, and stopped at the ends of the range (T.800 G.1).
type level[T int32 | int64] struct{ shift, low, high T }

func levelOf[T int32 | int64](s sampling) level[T] {
	half := T(1) << (s.precision - 1)
	if s.signed {
		return level[T]{0, -half, half - 1}
	}
	return level[T]{half, 0, half - 1 + half}
}

// exact makes samples of reversible values.
func (l level[T]) exact(out, in []T) {
	in = in[:len(out)]
	for i, v := range in {
		out[i] = max(l.low, min(l.high, v+l.shift))
	}
}

// rounded makes samples of irreversible values; halves go to the even number.
func (l level[T]) rounded(out []T, in []float32) {
	in = in[:len(out)]
	if l.high > 1<<20 {
		for i, v := range in {
			f := math.RoundToEven(float64(v)) + float64(l.shift)
			if !(f > float64(l.low)) { // also what is not a number
				f = float64(l.low)
			}
			out[i] = T(min(f, float64(l.high)))
		}
		return
	}
	// Adding 1.5 * 2^23 leaves the rounded number in the lowest bits. What is too large or small to be rounded so has a sum that, taken as an integer, is too
	// large or small as well, so that nothing need be known before; infinity is the largest, and what is not a number becomes the smallest.
	const magic, infinity = 0x4B400000, 0x7F800000
	low, high := int32(l.low-l.shift)+magic, int32(l.high-l.shift)+magic
	for i, v := range in {
		sum := int32(math.Float32bits(v + 3<<22))
		if sum > infinity {
			sum = 0
		}
		out[i] = T(max(low, min(high, sum))-magic) + l.shift
	}
}

// wantedRow returns where row y of what is wanted of c starts in its samples.
func (c *component) wantedRow(y int) int {
	w := c.resolutions[c.top].window
	return (c.need.y0+y-w.y0)*w.width() + c.need.x0 - w.x0
}

// row makes samples of row y of what is wanted of c, which has a precision of up to narrowPrecision.
func (c *component) row(out []int32, y int, l level[int32]) {
	if at := c.wantedRow(y); c.reversible {
		l.exact(out, c.samples[at:])
	} else {
		l.rounded(out, floats(c.samples[at:]))
	}
}

// deepRow is row for any precision.
func (c *component) deepRow(out []int64, y int, l level[int64]) {
	if at := c.wantedRow(y); c.deep {
		l.exact(out, c.deepSamples[at:])
	} else {
		l.rounded(out, floats(c.samples[at:]))
	}
}
