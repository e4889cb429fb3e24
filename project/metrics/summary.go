package metrics

import (
	"math"
	"slices"
	"sort"

	"hotlight/project"
)

// Summary describes one metric over studies. Only defined numbers enter; the others are counted by their status. With fewer than ten studies read
// the intervals, not the numbers.
type Summary struct {
	Mean, Median  Result // intervals by bootstrap of patients
	SD            float64
	P10, Q25, Q75 float64
	Min, Max      float64
	Worst         []int // indices of the five worst studies, worst first
	ByStatus      map[Status]int
}

// Summarise takes one result a study. patient[n] is the patient of study n, so that studies of one patient are drawn together; nil makes each study its
// own patient. higherIsBetter is true for Dice, false for distances, and orders Worst.
func Summarise(studies []Result, patient []int, higherIsBetter bool, boot Bootstrap) (Summary, error) {
	if patient != nil && len(patient) != len(studies) {
		return Summary{}, project.Errorf(project.Invalid, "%d patients for %d studies", len(patient), len(studies))
	}
	out := Summary{ByStatus: map[Status]int{}}
	var values []float64
	var owner, index []int
	for n, s := range studies {
		out.ByStatus[s.Status]++
		if !s.Defined() || math.IsNaN(s.Value) {
			continue
		}
		values, index = append(values, s.Value), append(index, n)
		if patient == nil {
			owner = append(owner, n)
		} else {
			owner = append(owner, patient[n])
		}
	}
	out.describe(values)
	out.worst(values, index, higherIsBetter)
	if len(values) > 0 {
		clusters := clustersOf(owner)
		out.Mean.Interval = resampled(values, clusters, boot, func(v []float64) float64 { mean, _ := meanSD(v); return mean })
		out.Median.Interval = resampled(values, clusters, boot, func(v []float64) float64 { slices.Sort(v); return Quantile(v, 0.5) })
	}
	out.Mean.Excluded = out.excluded()
	out.Median.Excluded = out.Mean.Excluded
	return out, nil
}

func (s *Summary) describe(values []float64) {
	s.Mean, s.Median = undefined(TooFew, len(values), "mean over studies"), undefined(TooFew, len(values), "median over studies")
	if len(values) == 0 {
		nan := math.NaN()
		s.SD, s.P10, s.Q25, s.Q75, s.Min, s.Max = nan, nan, nan, nan, nan, nan
		return
	}
	mean, sd := meanSD(values)
	v := sorted(values)
	s.Mean, s.Median, s.SD = good(mean, len(v), s.Mean.Method), good(Quantile(v, 0.5), len(v), s.Median.Method), sd
	if len(v) < 2 {
		s.SD = math.NaN() // one study has no spread
	}
	s.P10, s.Q25, s.Q75, s.Min, s.Max = Quantile(v, 0.1), Quantile(v, 0.25), Quantile(v, 0.75), v[0], v[len(v)-1]
}

func (s *Summary) worst(values []float64, index []int, higherIsBetter bool) {
	order := make([]int, len(values))
	for n := range order {
		order[n] = n
	}
	sort.SliceStable(order, func(a, b int) bool {
		if higherIsBetter {
			return values[order[a]] < values[order[b]]
		}
		return values[order[a]] > values[order[b]]
	})
	for _, n := range order[:min(5, len(order))] {
		s.Worst = append(s.Worst, index[n])
	}
}

func (s *Summary) excluded() (out []Exclusion) {
	for status, n := range s.ByStatus {
		if status != OK && status != OneClassOnly {
			out = append(out, Exclusion{string(status), n})
		}
	}
	slices.SortFunc(out, func(a, b Exclusion) int {
		if a.Reason < b.Reason {
			return -1
		}
		return 1
	})
	return out
}

// resampled draws whole clusters.
func resampled(values []float64, clusters [][]int, boot Bootstrap, statistic func(v []float64) float64) Interval {
	drawn := make([]float64, 0, len(values))
	return boot.Percentile(len(clusters), func(pick []int) float64 {
		drawn = drawn[:0]
		for _, c := range pick {
			for _, n := range clusters[c] {
				drawn = append(drawn, values[n])
			}
		}
		return statistic(drawn)
	})
}
