package metrics

import "math"

// chance is the skeleton that the agreement coefficients for many readers share: weighted agreement pa over the units with two ratings or more,
// and a chance agreement pe that each coefficient defines. Gwet, Handbook of Inter-Rater Reliability, 4th edition, 2014, chapters 2 and 5.
type chance struct {
	n, n2   float64     // units with a rating, units with two
	pa      float64     // weighted agreement
	unit    []float64   // each unit's own agreement, 0 for a unit with one rating
	two     []bool      // the unit has two ratings
	pi      []float64   // mean share of each level
	share   [][]float64 // each unit's share of each level
	weights [][]float64
	total   float64 // sum of the weights
}

func newChance(r *Rated, w Weighting) (*chance, error) {
	weights, err := w.matrix(r.q)
	if err != nil {
		return nil, err
	}
	c := &chance{weights: weights, pi: make([]float64, r.q)}
	for _, row := range weights {
		for _, v := range row {
			c.total += v
		}
	}
	shares := grid[float64](len(r.Counts), r.q)
	for u, row := range r.Counts {
		ratings := float64(sum(row))
		if ratings == 0 {
			continue
		}
		share := shares[u]
		for k, count := range row {
			share[k] = float64(count) / ratings
			c.pi[k] += share[k]
		}
		c.n++
		agreement := 0.0
		if ratings >= 2 {
			agreement = pairAgreement(row, weights, ratings)
			c.n2++
		}
		c.pa += agreement
		c.unit, c.two, c.share = append(c.unit, agreement), append(c.two, ratings >= 2), append(c.share, share)
	}
	c.pa /= c.n2
	for k := range c.pi {
		c.pi[k] /= c.n
	}
	return c, nil
}

// pairAgreement is the weighted share of agreeing ordered pairs of one unit.
func pairAgreement(row []int, weights [][]float64, ratings float64) (sum float64) {
	for k, a := range row {
		if a == 0 {
			continue
		}
		weighted := 0.0
		for l, b := range row {
			weighted += weights[k][l] * float64(b)
		}
		sum += float64(a) * (weighted - 1)
	}
	return sum / (ratings * (ratings - 1))
}

// coefficient returns (pa-pe)/(1-pe) with the standard error that Gwet's linearisation gives when units are a sample: own(u) is what the unit's
// ratings contribute to chance agreement, its mean over units being pe. Without own the chance term has no error of its own.
func (c *chance) coefficient(pe float64, own func(unit int) float64, method string) (Result, float64) {
	if c.n2 < 2 { // of one unit there is no chance to tell agreement from
		return undefined(TooFew, int(c.n2), method), math.NaN()
	}
	if 1-pe < 1e-15 {
		return undefined(SingleClass, int(c.n2), method), math.NaN()
	}
	value := (c.pa - pe) / (1 - pe)
	out := good(value, int(c.n2), method)
	squares := 0.0
	for u := range c.unit {
		v := 0.0
		if c.two[u] {
			v = c.n / c.n2 * (c.unit[u] - pe) / (1 - pe)
		}
		if own != nil {
			v -= 2 * (1 - value) * (own(u) - pe) / (1 - pe)
		}
		squares += (v - value) * (v - value)
	}
	if c.n < 2 {
		return out, math.NaN()
	}
	se := math.Sqrt(squares / (c.n * (c.n - 1)))
	out.Interval = around(value, student975(c.n-1), se, "t, Gwet linearised, units sampled")
	return out, se
}
