package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// OperatingPoint is a decision: positive if score >= Threshold.
type OperatingPoint struct {
	Threshold float64
	Confusion
}

// Rates returns sensitivity and specificity.
func (p OperatingPoint) Rates() (sens, spec float64) {
	return float64(p.TP) / float64(p.TP+p.FN), float64(p.TN) / float64(p.TN+p.FP)
}

// ROC returns all operating points, from all positive (threshold -Inf) to none (+Inf). Thresholds between are the middles of neighbouring distinct
// scores, so that tied scores change sides together. One class only gives a NotFound error: there is no curve.
func ROC(s Scored) ([]OperatingPoint, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(s.Negative) == 0 || len(s.Positive) == 0 {
		return nil, project.Errorf(project.NotFound, "one class only: there is no ROC curve")
	}
	negative, positive := sorted(s.Negative), sorted(s.Positive)
	distinct := []float64{}
	for _, v := range sorted(append(append([]float64(nil), negative...), positive...)) {
		if len(distinct) == 0 || distinct[len(distinct)-1] != v {
			distinct = append(distinct, v)
		}
	}
	points := make([]OperatingPoint, 0, len(distinct)+1)
	for n := range len(distinct) + 1 {
		t := math.Inf(-1)
		fp, tp := len(negative), len(positive)
		if n > 0 {
			t = math.Inf(1)
			if n < len(distinct) {
				t = middle(distinct[n-1], distinct[n])
			}
			fp -= upTo(negative, distinct[n-1])
			tp -= upTo(positive, distinct[n-1])
		}
		points = append(points, OperatingPoint{t, Confusion{TP: tp, FP: fp, FN: len(positive) - tp, TN: len(negative) - fp}})
	}
	return points, nil
}

func sorted(v []float64) []float64 {
	out := append([]float64(nil), v...)
	sort.Float64s(out)
	return out
}

// middle of two distinct scores; an infinite one leaves the other, which is then the threshold itself.
func middle(a, b float64) float64 {
	if math.IsInf(a, 0) {
		return b
	}
	if math.IsInf(b, 0) {
		return math.MaxFloat64
	}
	return a + (b-a)/2
}

func upTo(v []float64, limit float64) int {
	return sort.Search(len(v), func(i int) bool { return v[i] > limit })
}

// BestYouden returns the points with the greatest sensitivity + specificity: all of them when several tie.
func BestYouden(points []OperatingPoint) []OperatingPoint {
	var best []OperatingPoint
	top := math.Inf(-1)
	for _, p := range points {
		sens, spec := p.Rates()
		switch j := sens + spec; {
		case j > top+1e-12:
			top, best = j, []OperatingPoint{p}
		case j > top-1e-12:
			best = append(best, p)
		}
	}
	return best
}

// AtSensitivity returns the point with the greatest specificity among those with at least the given sensitivity; ok is false for a target above 1.
func AtSensitivity(points []OperatingPoint, target float64) (best OperatingPoint, ok bool) {
	return pick(points, func(sens, spec float64) (bool, float64) { return sens >= target, spec })
}

// AtSpecificity is the same with the two exchanged.
func AtSpecificity(points []OperatingPoint, target float64) (best OperatingPoint, ok bool) {
	return pick(points, func(sens, spec float64) (bool, float64) { return spec >= target, sens })
}

func pick(points []OperatingPoint, judge func(sens, spec float64) (bool, float64)) (best OperatingPoint, ok bool) {
	top := math.Inf(-1)
	for _, p := range points {
		if allowed, value := judge(p.Rates()); allowed && value > top {
			top, best, ok = value, p, true
		}
	}
	return best, ok
}

// PartialAUC is the area under the ROC curve for specificities from low to high, as an area and standardised by McClish to 0.5 (chance) to 1.
func PartialAUC(points []OperatingPoint, lowSpec, highSpec float64) (area, standardised Result) {
	n := 0
	if len(points) > 0 {
		n = points[0].total()
	}
	if !(0 <= lowSpec && lowSpec < highSpec && highSpec <= 1) || n == 0 {
		return undefined(Undefined, n, "partial AUC"), undefined(Undefined, n, "partial AUC, McClish")
	}
	from, to := 1-highSpec, 1-lowSpec
	value := 0.0
	for n := 1; n < len(points); n++ { // false positive share falls along the points
		sensB, specB := points[n-1].Rates()
		sensA, specA := points[n].Rates()
		value += trapezoid(1-specA, sensA, 1-specB, sensB, from, to)
	}
	least, most := (to*to-from*from)/2, to-from
	return good(value, n, "partial AUC"), good((1+(value-least)/(most-least))/2, n, "partial AUC, McClish")
}

// trapezoid is the area under the line from (xa, ya) to (xb, yb) between from and to.
func trapezoid(xa, ya, xb, yb, from, to float64) float64 {
	lo, hi := max(xa, from), min(xb, to)
	if hi <= lo || xb == xa {
		return 0
	}
	at := func(x float64) float64 { return ya + (yb-ya)*(x-xa)/(xb-xa) }
	return (at(lo) + at(hi)) / 2 * (hi - lo)
}
