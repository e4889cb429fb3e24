package metrics

import "math"

// Fleiss is Fleiss' kappa with its companions.
type Fleiss struct {
	Result
	SE           float64   // of the interval: units sampled
	Z            float64   // against no agreement, Fleiss 1971; NaN unless all units have equally many ratings and no weights are used
	PerCategory  []float64 // kappa of each level against all others; NaN for a level that nobody used
	FreeMarginal Result    // Randolph's kappa (Brennan-Prediger): chance agreement from the number of declared levels alone
	Conger       Result    // chance agreement from each reader's own levels (exact kappa); MissingReading when only counts are known
}

// FleissKappa returns Fleiss' kappa in Gwet's generalised form, which is the classic one when every unit has equally many ratings, and allows
// missing ones and weights. One level only: undefined; the free-marginal value is then still defined.
func FleissKappa(r *Rated, w Weighting) (Fleiss, error) {
	c, err := newChance(r, w)
	if err != nil {
		return Fleiss{}, err
	}
	mean := make([]float64, r.q) // of the weights of a level against the shares
	pe := 0.0
	for k := range mean {
		for l, p := range c.pi {
			mean[k] += (c.weights[k][l] + c.weights[l][k]) / 2 * p
		}
		pe += c.pi[k] * mean[k]
	}
	var f Fleiss
	f.Result, f.SE = c.coefficient(pe, func(u int) (s float64) {
		for k, p := range c.share[u] {
			s += p * mean[k]
		}
		return s
	}, w.name("Fleiss kappa"))
	f.Excluded = r.excluded()
	f.FreeMarginal = brennanPrediger(r, c, w)
	f.Conger = conger(r, c, w)
	f.Z, f.PerCategory = classicFleiss(r, c, w, f.Value)
	return f, nil
}

// brennanPrediger is chance-corrected with equal shares of all declared levels.
func brennanPrediger(r *Rated, c *chance, w Weighting) Result {
	pe := c.total / float64(r.q*r.q)
	out, _ := c.coefficient(pe, nil, w.name("Brennan-Prediger (free-marginal)"))
	out.Excluded = r.excluded()
	return out
}

// conger takes chance agreement as the mean over pairs of readers, each with their own shares. Conger, Psychological Bulletin 88 (1980) 322.
func conger(r *Rated, c *chance, w Weighting) Result {
	method := w.name("Conger kappa")
	if len(r.levels) == 0 || len(r.levels[0]) < 2 {
		return undefined(MissingReading, int(c.n2), method)
	}
	readers := len(r.levels[0])
	mean, inner := make([]float64, r.q), 0.0
	for g := range readers {
		share, rated := make([]float64, r.q), 0.0
		for _, at := range r.reader(g) {
			if at >= 0 {
				share[at]++
				rated++
			}
		}
		if rated == 0 {
			return undefined(MissingReading, int(c.n2), method)
		}
		for k := range share {
			share[k] /= rated
			mean[k] += share[k]
		}
		inner += quadratic(c.weights, share)
	}
	pe := (quadratic(c.weights, mean) - inner) / float64(readers*(readers-1))
	out, _ := c.coefficient(pe, nil, method)
	out.Interval = Interval{}
	return out
}

// quadratic is the sum of w[k][l] v[k] v[l].
func quadratic(w [][]float64, v []float64) (s float64) {
	for k := range v {
		for l := range v {
			s += w[k][l] * v[k] * v[l]
		}
	}
	return s
}

// classicFleiss returns what only the classic form has: z under no agreement and the kappas of the levels.
// Fleiss, Psychological Bulletin 76 (1971) 378; Fleiss, Nee and Landis, 86 (1979) 974.
func classicFleiss(r *Rated, c *chance, w Weighting, kappa float64) (z float64, levels []float64) {
	raters := 0
	for _, row := range r.Counts {
		if raters == 0 {
			raters = sum(row)
		}
		if sum(row) != raters {
			return math.NaN(), nil
		}
	}
	if w != Unweighted && w != "" || raters < 2 {
		return math.NaN(), nil
	}
	m, n := float64(raters), c.n
	var pq, cubic float64
	for k, p := range c.pi {
		disagree := 0.0
		for _, row := range r.Counts {
			disagree += float64(row[k]) * (m - float64(row[k]))
		}
		pq += p * (1 - p)
		cubic += p * (1 - p) * (1 - 2*p)
		levels = append(levels, 1-disagree/(n*m*(m-1)*p*(1-p)))
	}
	variance := 2 / (pq * pq * n * m * (m - 1)) * (pq*pq - cubic)
	return kappa / math.Sqrt(variance), levels
}

// LightKappa is the mean of Cohen's kappa over all pairs of readers; pairs where it is undefined are counted. Light, Psychological Bulletin 76 (1971) 365.
func LightKappa(r *Rated, w Weighting) (Result, error) {
	method := w.name("Light kappa")
	if len(r.levels) == 0 || len(r.levels[0]) < 2 {
		return undefined(MissingReading, len(r.Counts), method), nil
	}
	total, pairs, undef, why := 0.0, 0, 0, SingleClass
	for a := range r.levels[0] {
		for b := a + 1; b < len(r.levels[0]); b++ {
			k, err := CohenKappa(pairTable(r, a, b), w)
			if err != nil {
				return Result{}, err
			}
			if !k.Defined() {
				why = k.Status
				undef++
				continue
			}
			total += k.Value
			pairs++
		}
	}
	if pairs == 0 {
		return undefined(why, len(r.Counts), method), nil
	}
	out := good(total/float64(pairs), len(r.Counts), method)
	if undef > 0 {
		out.Excluded = []Exclusion{{"pair of readers without a kappa", undef}}
	}
	return out, nil
}

func pairTable(r *Rated, a, b int) Table {
	t := newTable(r.q)
	for _, row := range r.levels {
		if row[a] >= 0 && row[b] >= 0 {
			t[row[a]][row[b]]++
		}
	}
	return t
}
