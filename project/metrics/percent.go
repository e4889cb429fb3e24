package metrics

import "math"

// PercentAgreement is the share of units on which all readers agree, and the mean share of agreeing pairs.
type PercentAgreement struct {
	All      Result // all readers of the unit within the tolerance; Wilson interval
	Pairwise Result // mean over units of the agreeing pairs' share; interval from units drawn at random, t with n-1
}

// Percent returns both kinds of percent agreement. Ratings that differ by no more than tolerance agree; units with fewer than two ratings
// are left out and counted.
func Percent(r Ratings, tolerance float64) (PercentAgreement, error) {
	if err := r.check(); err != nil {
		return PercentAgreement{}, err
	}
	var shares []float64
	all, few := 0, 0
	for _, row := range r {
		same, pairs := pairsWithin(row, tolerance)
		if pairs == 0 {
			few++
			continue
		}
		if same == pairs {
			all++
		}
		shares = append(shares, float64(same)/float64(pairs))
	}
	out := PercentAgreement{All: Proportion(all, len(shares), Wilson), Pairwise: meanOf(shares, "mean pairwise agreement")}
	out.All.Method = "all readers agree"
	if few > 0 {
		out.All.Excluded = []Exclusion{{"fewer than two ratings", few}}
		out.Pairwise.Excluded = out.All.Excluded
	}
	return out, nil
}

func pairsWithin(row []float64, tolerance float64) (same, pairs int) {
	for a, v := range row {
		for _, w := range row[a+1:] {
			if math.IsNaN(v) || math.IsNaN(w) {
				continue
			}
			pairs++
			if math.Abs(v-w) <= tolerance {
				same++
			}
		}
	}
	return same, pairs
}

// meanOf returns the mean of values with a t interval; the interval needs two.
func meanOf(values []float64, method string) Result {
	if len(values) == 0 {
		return undefined(TooFew, 0, method)
	}
	mean, sd := meanSD(values)
	out := good(mean, len(values), method)
	if len(values) > 1 {
		out.Interval = around(mean, student975(float64(len(values)-1)), sd/math.Sqrt(float64(len(values))), "t, units sampled")
	}
	return out
}

// meanSD returns the mean and the standard deviation with n-1; 0 for one value.
func meanSD(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	for _, v := range values {
		sd += (v - mean) * (v - mean)
	}
	if len(values) < 2 {
		return mean, 0
	}
	return mean, math.Sqrt(sd / float64(len(values)-1))
}
