package report

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"hotlight/project/metrics"
)

// level is the coverage of every interval.
const level = 0.95

// clusters are units by patient: units of one patient are not independent, so they are drawn together.
type clusters struct {
	units [][]int // of each patient
	n     int
}

// group parts units 0..len(owner)-1 by their owner, in the order in which owners first occur.
func group(owner []string) clusters {
	at := map[string]int{}
	c := clusters{n: len(owner)}
	for n, p := range owner {
		k, ok := at[p]
		if !ok {
			k = len(c.units)
			at[p], c.units = k, append(c.units, nil)
		}
		c.units[k] = append(c.units[k], n)
	}
	return c
}

// clustered reports whether any patient has several units.
func (c clusters) clustered() bool { return len(c.units) < c.n }

// resample is the percentile interval of a statistic over units, by drawing patients. Where all replicates agree there is no variation to speak from, and so no interval.
func (c clusters) resample(boot metrics.Bootstrap, statistic func(units []int) float64) metrics.Interval {
	out := c.draw(boot, statistic)
	if out.Level > 0 && !(out.High-out.Low > 1e-9) {
		return noInterval("none: all replicates are equal; the data show no variation")
	}
	return out
}

// draw is resample without the last rule.
func (c clusters) draw(boot metrics.Bootstrap, statistic func(units []int) float64) metrics.Interval {
	if len(c.units) < 2 {
		return noInterval("none: fewer than two patients")
	}
	drawn := make([]int, 0, c.n)
	out := boot.Percentile(len(c.units), func(pick []int) float64 {
		drawn = drawn[:0]
		for _, k := range pick {
			drawn = append(drawn, c.units[k]...)
		}
		return statistic(drawn)
	})
	if out.Method == "" {
		return noInterval("none: more than half of the replicates are undefined")
	}
	return out
}

func noInterval(why string) metrics.Interval {
	return metrics.Interval{Low: math.NaN(), High: math.NaN(), Method: why}
}

// share is the sum of hits over the sum of trials, each given by unit, with Wilson's interval. Where patients have several trials the number of trials is
// divided by the design effect of patients before Wilson's formula is used, and the degrees of freedom of few patients are respected; a share of 0 or 1 shows
// no design effect, and each patient then counts as one trial.
//
// Sources: Rao and Scott, Biometrics 48 (1992) 577; Korn and Graubard, Survey Methodology 24 (1998) 193 (the effective sample size with degrees of freedom).
func (c clusters) share(hits, trials []int, method string) metrics.Result {
	x, n := 0, 0
	sizes := make([][2]int, 0, len(c.units))
	single := true
	for _, units := range c.units {
		var h, t int
		for _, u := range units {
			h, t = h+hits[u], t+trials[u]
		}
		if t == 0 {
			continue
		}
		x, n, single = x+h, n+t, single && t == 1
		sizes = append(sizes, [2]int{h, t})
	}
	out := metrics.Proportion(x, n, metrics.Wilson)
	out.Method = method
	if n == 0 {
		out.Status = metrics.NoReference
		return out
	}
	if single {
		return out
	}
	m := float64(len(sizes))
	if m < 2 {
		out.Interval = noInterval("none: fewer than two patients")
		return out
	}
	p := float64(x) / float64(n)
	effective, text := m, "patients counted once, since the share is 0 or 1"
	if x > 0 && x < n {
		sum := 0.0
		for _, s := range sizes {
			d := float64(s[0]) - p*float64(s[1])
			sum += d * d
		}
		deff := max(1, m/(m-1)*sum/float64(n)/(p*(1-p)))
		effective, text = float64(n)/deff, fmt.Sprintf("n divided by the design effect of patients %.3g", deff)
	}
	t := func(df float64) float64 { return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(0.975) }
	if n > 1 {
		ratio := t(float64(n-1)) / t(m-1)
		effective *= ratio * ratio
	}
	low, high := wilson(p, effective)
	out.Interval = metrics.Interval{Low: low, High: high, Level: level, Method: fmt.Sprintf("Wilson, %s, t with %d df", text, len(sizes)-1)}
	return out
}

// wilson is the score interval of a share p of n trials, which need not be whole.
func wilson(p, n float64) (low, high float64) {
	z := distuv.UnitNormal.Quantile(0.975)
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, centre-half), min(1, centre+half)
}

// rate is the mean of counts by unit. No event at all has the exact upper limit of a Poisson count over the patients.
func (c clusters) rate(counts []int, boot metrics.Bootstrap, method string) metrics.Result {
	total := 0
	for _, v := range counts {
		total += v
	}
	if len(counts) == 0 {
		return metrics.Result{Value: math.NaN(), Status: metrics.TooFew, Method: method}
	}
	out := metrics.Result{Value: float64(total) / float64(len(counts)), Status: metrics.OK, N: len(counts), Method: method}
	if total == 0 {
		out.Interval = metrics.Interval{Low: 0, High: -math.Log(0.025) / float64(len(c.units)), Level: level, Method: "exact Poisson, no event in any patient"}
		return out
	}
	out.Interval = c.resample(boot, func(units []int) float64 {
		sum := 0
		for _, u := range units {
			sum += counts[u]
		}
		return float64(sum) / float64(len(units))
	})
	return out
}

// spread describes values by unit.
type spread struct {
	Mean, Median, P10, Q25, Q75, Least, Most metrics.Result
	SD                                       float64
}

// describe summarises the defined ones of results, of which owner names the patient. The others are counted by status.
func describe(results []metrics.Result, owner []string, boot metrics.Bootstrap) (spread, int) {
	var values []float64
	var own []string
	left := map[metrics.Status]int{}
	for n, r := range results {
		if r.Defined() && finite(r.Value) {
			values, own = append(values, r.Value), append(own, owner[n])
		} else {
			left[r.Status]++
		}
	}
	excluded := exclusions(left)
	c := group(own)
	of := func(name string, p float64, interval bool) metrics.Result {
		out := metrics.Result{Value: math.NaN(), Status: metrics.TooFew, N: len(values), Excluded: excluded, Method: name}
		if len(values) == 0 {
			return out
		}
		sorted := slices.Sorted(slices.Values(values))
		out.Value, out.Status = metrics.Quantile(sorted, p), metrics.OK
		if interval {
			out.Interval = c.quantile(boot, values, p)
		}
		return out
	}
	s := spread{Median: of("median over units", 0.5, true), P10: of("10th percentile over units, type 7", 0.1, true), Q25: of("25th percentile over units, type 7", 0.25, false),
		Q75: of("75th percentile over units, type 7", 0.75, false), Least: of("least", 0, false), Most: of("greatest", 1, false), SD: math.NaN()}
	s.Mean = metrics.Result{Value: math.NaN(), Status: metrics.TooFew, N: len(values), Excluded: excluded, Method: "mean over units"}
	if len(values) > 0 {
		mean, sd := meanSD(values)
		s.Mean.Value, s.Mean.Status, s.SD = mean, metrics.OK, sd
		s.Mean.Interval = c.resample(boot, func(units []int) float64 {
			sum := 0.0
			for _, u := range units {
				sum += values[u]
			}
			return sum / float64(len(units))
		})
	}
	return s, len(c.units)
}

// quantile resamples a quantile; units are ranked once, and each replicate counts how often each rank was drawn.
func (c clusters) quantile(boot metrics.Bootstrap, values []float64, p float64) metrics.Interval {
	order := make([]int, len(values))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	rank, sorted, times := make([]int, len(values)), make([]float64, len(values)), make([]int, len(values))
	for r, u := range order {
		rank[u], sorted[r] = r, values[u]
	}
	out := c.draw(boot, func(units []int) float64 {
		clear(times)
		for _, u := range units {
			times[rank[u]]++
		}
		at := p * float64(len(units)-1)
		low := int(math.Floor(at))
		seen, lower := 0, math.NaN()
		for r, t := range times {
			seen += t
			if math.IsNaN(lower) && seen > low {
				lower = sorted[r]
			}
			if seen > min(low+1, len(units)-1) {
				return lower + (at-float64(low))*(sorted[r]-lower)
			}
		}
		return lower
	})
	if out.Level == 0 || out.High-out.Low > 1e-9 {
		return out
	}
	// A quantile of many tied values is the same in every replicate though the values differ: that is known well. Of few patients, or equal values, it is not.
	if len(c.units) >= 10 && sorted[0] < sorted[len(sorted)-1] {
		out.Method += ", all equal: many values are tied"
		return out
	}
	return noInterval("none: all replicates are equal; the data show no variation")
}

func medianOf(values []float64) float64 {
	return metrics.Quantile(slices.Sorted(slices.Values(values)), 0.5)
}

func meanSD(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	if len(values) < 2 {
		return mean, math.NaN()
	}
	for _, v := range values {
		sd += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sd / float64(len(values)-1))
}

// exclusions lists counts by status, in the statuses' order.
func exclusions(left map[metrics.Status]int) (out []metrics.Exclusion) {
	for s, n := range left {
		out = append(out, metrics.Exclusion{Reason: string(s), N: n})
	}
	slices.SortFunc(out, func(a, b metrics.Exclusion) int {
		if a.Reason < b.Reason {
			return -1
		}
		return 1
	})
	return out
}
