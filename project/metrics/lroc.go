package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// LocatedCase is one case of a localisation study by one reader: the rating of the whole case, and for a diseased one whether the one place that was
// marked is right.
type LocatedCase struct {
	Rating   float64
	Diseased bool
	Right    bool // of a diseased case
	Patient  int  // for the bootstrap; 0 in all: every case is its own
}

// LROCPoint is one threshold: cases with rating >= Threshold count.
type LROCPoint struct {
	Threshold, FalsePositive, Located float64
}

// LROC returns the curve of correctly located diseased cases against false positive healthy ones, from none to all, and the area under it. The area is the share of pairs
// in which the healthy case rates below a diseased one that is located (half a pair for equal ratings): at most the share that is located at all. One class only:
// undefined. The interval is DeLong's, with a diseased case that is not located below all.
//
// Source: Swensson, Medical Physics 23 (1996) 1709; the empirical area is the ALROC of RJafroc up to a share of 1.
func LROC(cases []LocatedCase) ([]LROCPoint, Area, error) {
	s, err := locatedScores(cases)
	if err != nil {
		return nil, Area{}, err
	}
	area := Area{undefined(SingleClass, len(cases), "area under the LROC curve"), math.NaN()}
	if len(s.Negative) == 0 || len(s.Positive) == 0 {
		return nil, area, nil
	}
	roc, err := AUC(s, DeLong)
	if err != nil {
		return nil, Area{}, err
	}
	roc.Method = area.Method
	return lrocPoints(s), roc, nil
}

// locatedScores puts diseased cases that are not located below everything.
func locatedScores(cases []LocatedCase) (s Scored, err error) {
	var patients [2][]int
	named := false
	for n, c := range cases {
		if math.IsNaN(c.Rating) || math.IsInf(c.Rating, 0) {
			return s, project.Errorf(project.Invalid, "case %d has no rating", n+1)
		}
		named = named || c.Patient != 0
		switch {
		case !c.Diseased && c.Right:
			return s, project.Errorf(project.Invalid, "case %d is healthy and located", n+1)
		case !c.Diseased:
			s.Negative, patients[0] = append(s.Negative, c.Rating), append(patients[0], c.Patient)
		case c.Right:
			s.Positive, patients[1] = append(s.Positive, c.Rating), append(patients[1], c.Patient)
		default:
			s.Positive, patients[1] = append(s.Positive, math.Inf(-1)), append(patients[1], c.Patient)
		}
	}
	if named {
		s.Patient = append(patients[0], patients[1]...)
	}
	return s, nil
}

func lrocPoints(s Scored) []LROCPoint {
	healthy, located := sorted(s.Negative), sorted(s.Positive)
	thresholds := sorted(append(append([]float64(nil), s.Negative...), s.Positive...))
	points := []LROCPoint{{math.Inf(1), 0, 0}}
	for n := len(thresholds) - 1; n >= 0; n-- {
		t := thresholds[n]
		if math.IsInf(t, -1) || n+1 < len(thresholds) && thresholds[n+1] == t {
			continue
		}
		points = append(points, LROCPoint{t, float64(len(healthy)-sort.SearchFloat64s(healthy, t)) / float64(len(healthy)),
			float64(len(located)-sort.SearchFloat64s(located, t)) / float64(len(located))})
	}
	return points
}

// LROCUpTo returns the area under the curve up to a share of false positives, and the share of diseased cases located there, on straight lines between points. It is
// undefined for no curve, and for a share that is not above 0 and at most 1.
func LROCUpTo(points []LROCPoint, falsePositive float64) (area, located Result) {
	const name, at = "partial area under the LROC curve", "share located at a share of false positives"
	if len(points) < 2 || !(falsePositive > 0 && falsePositive <= 1) {
		return undefined(Undefined, len(points), name), undefined(Undefined, len(points), at)
	}
	sum, height := 0.0, points[len(points)-1].Located
	for n := 1; n < len(points); n++ {
		a, b := points[n-1], points[n]
		sum += trapezoid(a.FalsePositive, a.Located, b.FalsePositive, b.Located, 0, falsePositive)
		if a.FalsePositive <= falsePositive && falsePositive < b.FalsePositive {
			height = a.Located + (b.Located-a.Located)*(falsePositive-a.FalsePositive)/(b.FalsePositive-a.FalsePositive)
		}
	}
	if last := points[len(points)-1]; last.FalsePositive < falsePositive {
		sum += last.Located * (falsePositive - last.FalsePositive)
	}
	return good(sum, len(points), name), good(height, len(points), at)
}

// BootstrapLROC returns the percentile interval of the area under the LROC curve, by patient where patients are named.
func BootstrapLROC(cases []LocatedCase, b Bootstrap) (Interval, error) {
	s, err := locatedScores(cases)
	if err != nil {
		return Interval{}, err
	}
	return BootstrapAUC(s, b)
}
