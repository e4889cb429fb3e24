package encode

import "math/bits"

// quantisation is what QCD and QCC say of a component (A.6.4), and its region of interest.
type quantisation struct {
	guard, shift int
	reversible   bool
	derived      bool
	bits         int
	exponents    []int // of each sub-band
	mantissas    []int
}

// gain is the logarithm of a sub-band's gain (table E.1).
func gain(n int) int {
	if n == 0 {
		return 0
	}
	return [3]int{1, 1, 2}[(n-1)%3]
}

// quantisationOf settles exponents: for reversible coding as many bit planes as the transforms can need, otherwise steps near c.Step.
func quantisationOf(c Coding, sampleBits, guard int, transform bool) quantisation {
	q := quantisation{guard: guard, reversible: !c.Irreversible, bits: sampleBits, shift: c.Shift, derived: c.Derived && c.Irreversible}
	for n := range 3*c.Levels + 1 {
		r := sampleBits + gain(n)
		exponent, mantissa := r, 0
		if q.reversible && transform {
			exponent++
		} else if !q.reversible {
			// the step is 2^(r-exponent) * (1 + mantissa/2048): equation E-3
			step := c.Step
			for step < 1 {
				step *= 2
				exponent++
			}
			for step >= 2 {
				step /= 2
				exponent--
			}
			mantissa = int((step - 1) * 2048)
		}
		if q.derived && n == 0 {
			exponent = max(exponent, c.Levels) // so that none falls below 0
		} else if q.derived { // equation E-5; band n is (n-1)/3 levels below the deepest
			exponent, mantissa = q.exponents[0]-(n-1)/3, q.mantissas[0]
		}
		exponent = max(0, min(31, exponent))
		q.exponents, q.mantissas = append(q.exponents, exponent), append(q.mantissas, mantissa)
	}
	if q.shift < 0 {
		for n := range q.exponents {
			q.shift = max(q.shift, q.planes(n))
		}
	}
	return q
}

// planes returns Mb of sub-band n (equation E-2).
func (q *quantisation) planes(n int) int { return q.guard + q.exponents[n] - 1 }

func (q *quantisation) step(n int) float64 {
	s := 1 + float64(q.mantissas[n])/2048
	e := q.bits + gain(n) - q.exponents[n]
	for ; e > 0; e-- {
		s *= 2
	}
	for ; e < 0; e++ {
		s /= 2
	}
	return s
}

// write returns Sqcd and SPqcd.
func (q *quantisation) write() []byte {
	if q.reversible {
		out := []byte{byte(q.guard << 5)}
		for _, e := range q.exponents {
			out = append(out, byte(e<<3))
		}
		return out
	}
	out, exponents := []byte{byte(q.guard<<5 | 2)}, q.exponents
	if q.derived {
		out[0]--
		exponents = exponents[:1]
	}
	for n, e := range exponents {
		out = append(out, byte(e<<3|q.mantissas[n]>>8), byte(q.mantissas[n]))
	}
	return out
}

// deepest returns the most bit planes of any sub-band.
func (q *quantisation) deepest() (most int) {
	for n := range q.exponents {
		most = max(most, q.planes(n))
	}
	return most
}

func log2(v int) int { return bits.Len(uint(v)) - 1 }
