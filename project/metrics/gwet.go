package metrics

import "math"

// Gwet is the agreement coefficient AC1, or AC2 with weights, with its standard error and percent agreement beside it.
type Gwet struct {
	Result
	SE          float64
	Agreement   Result // (weighted) percent agreement
	AgreementSE float64
}

// GwetAC returns AC1 (AC2 with weights): chance agreement is sum(w)/(q(q-1)) * sum(pi(1-pi)), which does not break down when one level
// dominates. q is the number of declared levels. When only one level occurs the value is 1 and the status says so.
//
// Source: Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008) 29; Handbook of Inter-Rater Reliability, 2014.
func GwetAC(r *Rated, w Weighting) (Gwet, error) {
	c, err := newChance(r, w)
	if err != nil {
		return Gwet{}, err
	}
	method := "Gwet AC1"
	if w != Unweighted && w != "" {
		method = w.name("Gwet AC2")
	}
	var g Gwet
	if r.q < 2 {
		g.Result, g.SE = undefined(TooFew, int(c.n2), method+": one declared level"), math.NaN()
	} else {
		scale := c.total / float64(r.q*(r.q-1))
		pe := 0.0
		for _, p := range c.pi {
			pe += scale * p * (1 - p)
		}
		g.Result, g.SE = c.coefficient(pe, func(u int) (s float64) {
			for k, p := range c.share[u] {
				s += scale * p * (1 - c.pi[k])
			}
			return s
		}, method)
	}
	g.Agreement, g.AgreementSE = c.coefficient(0, nil, w.name("percent agreement"))
	g.Excluded = r.excluded()
	g.Agreement.Excluded = g.Excluded
	if g.Defined() && oneLevel(c.pi) {
		g.Status = OneClassOnly
	}
	return g, nil
}

func oneLevel(pi []float64) bool {
	for _, p := range pi {
		if p == 1 {
			return true
		}
	}
	return false
}

// LargeSample turns a standard error of n sampled units (n-1 in its variance) into the large-sample form with n, which irrCAC and Gwet's formulas for
// the table of two readers use.
func LargeSample(se float64, n int) float64 { return se * math.Sqrt(float64(n-1)/float64(n)) }
