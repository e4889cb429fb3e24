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

// exact makes samples of reversible values; out may be in.
func (l level[T]) exact(out, in []T) {
	in = in[:len(out)]
	for i, v := range in {
		out[i] = max(l.low, min(l.high, v+l.shift))
	}
}

// rounded makes samples of irreversible values; halves go to the even number. out may lie in the memory of in: it goes from the last on, as int64 take more.
func (l level[T]) rounded(out []T, in []float32) {
	in = in[:len(out)]
	if l.high > 1<<20 {
		for i := len(in) - 1; i >= 0; i-- {
			out[i] = l.round(in[i])
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

// round is rounded for one value of any size.
func (l level[T]) round(v float32) T {
	f := math.RoundToEven(float64(v)) + float64(l.shift)
	if !(f > float64(l.low)) { // also what is not a number
		f = float64(l.low)
	}
	return T(min(f, float64(l.high)))
}
