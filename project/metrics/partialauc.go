package metrics

import "math"

// PartialAUCSensitivity is the area between the ROC curve and the left side for sensitivities from low to high: the mean specificity there times the width. Standardised
// by McClish it is 0.5 for chance and 1 for a curve without errors there. It is PartialAUC of the two classes exchanged.
func PartialAUCSensitivity(points []OperatingPoint, lowSens, highSens float64) (area, standardised Result) {
	turned := make([]OperatingPoint, len(points))
	for n, p := range points { // what was a positive is a negative now, and the other way round
		turned[len(points)-1-n] = OperatingPoint{-p.Threshold, Confusion{TP: p.TN, FP: p.FN, FN: p.FP, TN: p.TP}}
	}
	area, standardised = PartialAUC(turned, lowSens, highSens)
	area.Method, standardised.Method = "partial AUC over sensitivities", "partial AUC over sensitivities, McClish"
	return area, standardised
}

// BootstrapROC returns the percentile interval of any number that is read off a ROC curve: a partial area, the sensitivity at a specificity. Patients are drawn
// where the cases name them, otherwise cases by class. A draw with one class only counts as lost.
func BootstrapROC(s Scored, b Bootstrap, read func(points []OperatingPoint) float64) (Interval, error) {
	if err := s.check(); err != nil {
		return Interval{}, err
	}
	if len(s.Negative) < 2 || len(s.Positive) < 2 || b.Replicates < 1 {
		return Interval{}, nil
	}
	of := func(drawn Scored) float64 {
		points, err := ROC(drawn)
		if err != nil {
			return math.NaN()
		}
		return read(points)
	}
	if s.Patient != nil {
		clusters := clustersOf(s.Patient)
		return b.Percentile(len(clusters), func(pick []int) float64 {
			var drawn Scored
			for _, c := range pick {
				for _, n := range clusters[c] {
					drawn.take(s, n)
				}
			}
			return of(drawn)
		}), nil
	}
	stream := newDraw(b.Seed)
	var values []float64
	for range b.Replicates {
		var drawn Scored
		for range s.Negative {
			drawn.take(s, stream.below(len(s.Negative)))
		}
		for range s.Positive {
			drawn.take(s, len(s.Negative)+stream.below(len(s.Positive)))
		}
		if v := of(drawn); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return b.interval(values, "cases, stratified by class"), nil
}

// take adds case n of another, negatives counted first.
func (s *Scored) take(from Scored, n int) {
	if n < len(from.Negative) {
		s.Negative = append(s.Negative, from.Negative[n])
	} else {
		s.Positive = append(s.Positive, from.Positive[n-len(from.Negative)])
	}
}
