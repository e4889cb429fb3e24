package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// Scored are scores of cases with and without the disease; a higher score means more disease. Patient names the patient of each case for the
// bootstrap, negatives first, then positives; nil makes every case its own.
type Scored struct {
	Negative, Positive []float64
	Patient            []int
}

// Split parts scores by their reference label.
func Split(positive []bool, score []float64) (Scored, error) {
	if len(positive) != len(score) {
		return Scored{}, project.Errorf(project.Invalid, "%d labels for %d scores", len(positive), len(score))
	}
	var s Scored
	for n, v := range score {
		if positive[n] {
			s.Positive = append(s.Positive, v)
		} else {
			s.Negative = append(s.Negative, v)
		}
	}
	return s, s.check()
}

// check refuses scores that are not numbers. Infinite ones are allowed: -Inf is a case without a mark.
func (s Scored) check() error {
	for _, group := range [][]float64{s.Negative, s.Positive} {
		for n, v := range group {
			if math.IsNaN(v) {
				return project.Errorf(project.Invalid, "score %d is not a number", n+1)
			}
		}
	}
	if s.Patient != nil && len(s.Patient) != s.n() {
		return project.Errorf(project.Invalid, "%d patients for %d cases", len(s.Patient), s.n())
	}
	return nil
}

func (s Scored) n() int { return len(s.Negative) + len(s.Positive) }

// AUCMethod picks AUC's interval.
type AUCMethod string

// The methods: DeLong's variance with a normal interval clipped to [0, 1], or on the logit scale. BootstrapAUC is a function of its own.
const (
	DeLong      AUCMethod = "DeLong"
	DeLongLogit AUCMethod = "DeLong, logit"
)

// Area is an AUC with its variance.
type Area struct {
	Result
	Variance float64
}

// AUC returns the area under the empirical ROC curve, the Mann-Whitney statistic with ties counting half. One class only: undefined.
//
// Variance: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837; it needs two cases of each class.
func AUC(s Scored, m AUCMethod) (Area, error) {
	if err := s.check(); err != nil {
		return Area{}, err
	}
	if m != DeLong && m != DeLongLogit {
		return Area{}, project.Errorf(project.Invalid, "unknown interval of an AUC %q", string(m))
	}
	if len(s.Negative) == 0 || len(s.Positive) == 0 {
		return Area{undefined(SingleClass, s.n(), "AUC"), math.NaN()}, nil
	}
	p := placements(s)
	out := Area{good(p.auc, s.n(), "AUC"), p.covariance(p)}
	if math.IsNaN(out.Variance) {
		return out, nil
	}
	se := math.Sqrt(out.Variance)
	out.Interval = around(p.auc, normal975, se, string(DeLong))
	if m == DeLongLogit {
		out.Interval = Interval{}
		if p.auc > 0 && p.auc < 1 {
			half := normal975 * se / (p.auc * (1 - p.auc))
			logit := math.Log(p.auc / (1 - p.auc))
			out.Interval = Interval{1 / (1 + math.Exp(half-logit)), 1 / (1 + math.Exp(-half-logit)), level, string(DeLongLogit)}
		}
	}
	out.Interval.Low, out.Interval.High = max(0, out.Interval.Low), min(1, out.Interval.High)
	return out, nil
}

// placement is each case's own share in the AUC: of a positive, how many negatives lie below it; of a negative, how many positives above.
type placement struct {
	auc                float64
	positive, negative []float64
}

func placements(s Scored) placement {
	p := placement{positive: ranked(s.Positive, s.Negative), negative: ranked(s.Negative, s.Positive)}
	for n, v := range p.negative {
		p.negative[n] = 1 - v
	}
	for _, v := range p.positive {
		p.auc += v
	}
	p.auc /= float64(len(p.positive))
	return p
}

// ranked returns for each of a the share of b below it, ties counting half.
func ranked(a, b []float64) []float64 {
	sorted := append([]float64(nil), b...)
	sort.Float64s(sorted)
	out := make([]float64, len(a))
	for n, v := range a {
		below := sort.SearchFloat64s(sorted, v)
		upTo := below + sort.Search(len(sorted)-below, func(i int) bool { return sorted[below+i] > v })
		out[n] = (float64(below) + float64(upTo)) / 2 / float64(len(b))
	}
	return out
}

// covariance of two AUCs on the same cases; NaN with fewer than two cases of a class.
func (p placement) covariance(o placement) float64 {
	return covariance(p.positive, o.positive, p.auc, o.auc)/float64(len(p.positive)) +
		covariance(p.negative, o.negative, p.auc, o.auc)/float64(len(p.negative))
}

func covariance(a, b []float64, meanA, meanB float64) float64 {
	if len(a) < 2 {
		return math.NaN()
	}
	sum := 0.0
	for n := range a {
		sum += (a[n] - meanA) * (b[n] - meanB)
	}
	return sum / float64(len(a)-1)
}

// Comparison is the difference of two numbers measured on the same cases.
type Comparison struct {
	Result             // first minus second
	Z, P       float64 // two-sided
	Covariance float64
}

// CompareAUC is DeLong's paired test of two scores of the same cases, in the same order. Both must rate the same cases.
func CompareAUC(a, b Scored) (Comparison, error) {
	if err := errorOf(a.check(), b.check()); err != nil {
		return Comparison{}, err
	}
	if len(a.Negative) != len(b.Negative) || len(a.Positive) != len(b.Positive) {
		return Comparison{}, project.Errorf(project.Invalid, "a paired test needs the same cases in both")
	}
	method := "difference of paired AUCs"
	nan := math.NaN()
	if len(a.Negative) < 2 || len(a.Positive) < 2 {
		why := TooFew
		if len(a.Negative) == 0 || len(a.Positive) == 0 {
			why = SingleClass
		}
		return Comparison{undefined(why, a.n(), method), nan, nan, nan}, nil
	}
	p, q := placements(a), placements(b)
	out := Comparison{Result: good(p.auc-q.auc, a.n(), method), Covariance: p.covariance(q)}
	variance := p.covariance(p) + q.covariance(q) - 2*out.Covariance
	if variance <= 1e-18 { // the same ranking: no error to divide by
		out.Z, out.P = nan, nan
		return out, nil
	}
	out.Z = out.Value / math.Sqrt(variance)
	out.P = twoSided(out.Z)
	out.Interval = around(out.Value, normal975, math.Sqrt(variance), "DeLong, paired")
	return out, nil
}

func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
