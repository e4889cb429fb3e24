package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/metrics"
)

// ratings is what several raters said of units on one scale.
type ratings struct {
	rows   metrics.Ratings // unit by rater: the level's position; above the scale: a value off it; NaN: none
	owner  []string        // patient of each unit
	study  []*study
	raters []string
	levels []string
	order  bool // the levels ascend
}

// offScale is where the positions of values begin that the question has and its order lacks.
const offScale = 1000

// levelsOf returns the scale of a question and whether it has an order; nil: it has no levels.
func levelsOf(q *project.Question) (levels []string, order bool) {
	switch {
	case q.Type == project.AnswerEnum:
		return q.Scale(), q.Ordinal
	case q.Type == project.AnswerScale && q.Min != nil && q.Max != nil && *q.Max-*q.Min <= 20:
		for v := *q.Min; v <= *q.Max; v++ {
			levels = append(levels, fmt.Sprint(v))
		}
		return levels, true
	}
	return nil, false
}

// place is an answer's position on the scale.
func place(q *project.Question, levels []string, a Answer, given bool) float64 {
	if !given {
		return math.NaN()
	}
	text := a.Text
	if q.Type == project.AnswerScale {
		text = fmt.Sprint(a.Number)
	}
	if n := slices.Index(levels, text); n >= 0 {
		return float64(n)
	}
	return float64(offScale + max(0, slices.Index(q.IDs(), text)))
}

// columns keeps some raters.
func (r ratings) columns(raters ...string) ratings {
	out := r
	out.raters, out.rows = raters, nil
	for _, row := range r.rows {
		var picked []float64
		for _, name := range raters {
			picked = append(picked, row[slices.Index(r.raters, name)])
		}
		out.rows = append(out.rows, picked)
	}
	return out
}

// only keeps the units of some studies.
func (r ratings) only(keep func(*study) bool) ratings {
	out := r
	out.rows, out.owner, out.study = nil, nil, nil
	for n, s := range r.study {
		if keep(s) {
			out.rows, out.owner, out.study = append(out.rows, r.rows[n]), append(out.owner, r.owner[n]), append(out.study, s)
		}
	}
	return out
}

func (r ratings) scale() metrics.Scale {
	var s metrics.Scale
	for n := range r.levels {
		s = append(s, float64(n))
	}
	return s
}

// coefficient is one measure of agreement on labels.
type coefficient struct {
	id, label, definition string
	of                    func(rows metrics.Ratings, s metrics.Scale) (metrics.Result, error)
	count                 func(row []float64) (hits, trials int) // in place of of: a share
}

var weightings = map[string]metrics.Weighting{"": metrics.Unweighted, "linear": metrics.Linear, "quadratic": metrics.Quadratic}

// coefficients returns the measure that a plan names; ok is false for one that is not known.
func coefficientOf(id string) (coefficient, bool) {
	name, weight := id, ""
	for _, w := range []string{"linear", "quadratic"} {
		if s, cut := strings.CutSuffix(id, "_"+w); cut {
			name, weight = s, w
		}
	}
	weighted := ""
	if weight != "" {
		weighted = ", " + weight + " weights on the declared scale"
	}
	w := weightings[weight]
	switch name {
	case "percent_agreement":
		return coefficient{id: id, label: "Agreement of pairs", definition: "pairs of ratings of one unit that are equal / all pairs", count: func(row []float64) (hits, trials int) { return equalPairs(row) }}, weight == ""
	case "percent_all":
		return coefficient{id: id, label: "All readers agree", definition: "units on which all ratings are equal / units with two ratings or more", count: func(row []float64) (hits, trials int) {
			same, pairs := equalPairs(row)
			return one(pairs > 0 && same == pairs), one(pairs > 0)
		}}, weight == ""
	case "cohen_kappa", "weighted_kappa":
		if (name == "weighted_kappa") != (weight != "") {
			return coefficient{}, false
		}
		return coefficient{id: id, label: "Kappa" + weighted, definition: "Cohen's kappa; of more than two readers the mean over all pairs (Light)", of: func(rows metrics.Ratings, s metrics.Scale) (metrics.Result, error) {
			return pairwiseKappa(rows, s, w)
		}}, true
	case "fleiss_kappa":
		return coefficient{id: id, label: "Fleiss' kappa", definition: "chance agreement from the levels' shares over all readers; Gwet's form for missing ratings", of: func(rows metrics.Ratings, s metrics.Scale) (metrics.Result, error) {
			r, err := metrics.Rate(rows, s)
			if err != nil {
				return metrics.Result{}, err
			}
			f, err := metrics.FleissKappa(r, w)
			return f.Result, err
		}}, weight == ""
	case "gwet_ac1", "gwet_ac2":
		if (name == "gwet_ac2") != (weight != "") {
			return coefficient{}, false
		}
		label := "AC1"
		if weight != "" {
			label = "AC2" + weighted
		}
		return coefficient{id: id, label: label, definition: "Gwet's agreement coefficient; chance agreement does not break down when one level dominates", of: func(rows metrics.Ratings, s metrics.Scale) (metrics.Result, error) {
			r, err := metrics.Rate(rows, s)
			if err != nil {
				return metrics.Result{}, err
			}
			g, err := metrics.GwetAC(r, w)
			return g.Result, err
		}}, true
	case "krippendorff_nominal", "krippendorff_ordinal":
		level := metrics.Level(strings.TrimPrefix(name, "krippendorff_"))
		return coefficient{id: id, label: "Krippendorff's alpha, " + string(level), definition: "1 − Do/De over all pairable ratings", of: func(rows metrics.Ratings, s metrics.Scale) (metrics.Result, error) {
			return metrics.KrippendorffAlpha(onlyOnScale(rows, s), level, metrics.Bootstrap{})
		}}, weight == ""
	}
	return coefficient{}, false
}

// onlyOnScale takes ratings off the scale as none.
func onlyOnScale(rows metrics.Ratings, s metrics.Scale) metrics.Ratings {
	out := make(metrics.Ratings, len(rows))
	for n, row := range rows {
		out[n] = slices.Clone(row)
		for k, v := range row {
			if v >= float64(len(s)) {
				out[n][k] = math.NaN()
			}
		}
	}
	return out
}

// pairwiseKappa is Cohen's kappa of two readers with its own interval, or the mean over all pairs of more.
func pairwiseKappa(rows metrics.Ratings, s metrics.Scale, w metrics.Weighting) (metrics.Result, error) {
	if len(rows) == 0 || len(rows[0]) != 2 {
		r, err := metrics.Rate(rows, s)
		if err != nil {
			return metrics.Result{}, err
		}
		return metrics.LightKappa(r, w)
	}
	a, b := make([]float64, len(rows)), make([]float64, len(rows))
	for n, row := range rows {
		a[n], b[n] = row[0], row[1]
	}
	t, left, err := metrics.CrossTable(a, b, s)
	if err != nil {
		return metrics.Result{}, err
	}
	k, err := metrics.CohenKappa(t, w)
	k.Excluded = left
	return k.Result, err
}

// agreement computes a coefficient. Its own interval holds where every unit is another patient's; otherwise, and where it has none, patients are drawn.
func (b *builder) agreement(c coefficient, r ratings) (metrics.Result, int, error) {
	s, g := r.scale(), group(r.owner)
	out := metrics.Result{Value: math.NaN(), Status: metrics.TooFew, Method: c.label, Definition: c.definition}
	if len(r.rows) == 0 || len(s) < 2 || len(r.raters) < 2 {
		return out, len(g.units), nil
	}
	if c.count != nil {
		return b.shareOf(c, r, g), len(g.units), nil
	}
	out, err := c.of(r.rows, s)
	if err != nil {
		return out, 0, err
	}
	out.Definition = c.definition
	if out.Defined() && out.N < 2 {
		out.Value, out.Status = math.NaN(), metrics.TooFew // one unit agrees or does not: that is no coefficient
	}
	if !out.Defined() {
		return out, len(g.units), nil
	}
	if g.clustered() || out.Interval.Method == "" {
		rows := make(metrics.Ratings, 0, len(r.rows))
		out.Interval = g.resample(b.boot, func(units []int) float64 {
			rows = rows[:0]
			for _, u := range units {
				rows = append(rows, r.rows[u])
			}
			x, err := c.of(rows, s)
			if err != nil || !x.Defined() {
				return math.NaN()
			}
			return x.Value
		})
	} else if !(out.Interval.High-out.Interval.Low > 1e-9) {
		out.Interval = noInterval("none: the formula's standard error is zero; the data show no variation")
	} else if out.Interval.Low < -1 || out.Interval.High > 1 {
		out.Interval.Low, out.Interval.High = max(-1, out.Interval.Low), min(1, out.Interval.High)
		out.Interval.Method += ", clipped to [−1, 1]"
	}
	return out, len(g.units), nil
}

// shareOf is a share of pairs or units. Pairs of one unit, and units of one patient, are not independent: the interval respects that.
func (b *builder) shareOf(c coefficient, r ratings, g clusters) metrics.Result {
	var hits, trials []int
	few := 0
	for _, row := range onlyOnScale(r.rows, r.scale()) {
		x, n := c.count(row)
		if n == 0 {
			few++
		}
		hits, trials = append(hits, x), append(trials, n)
	}
	out := g.share(hits, trials, c.label)
	out.Definition = c.definition
	if out.N == 0 {
		out.Status = metrics.TooFew
	}
	out.N = len(r.rows) - few
	if few > 0 {
		out.Excluded = []metrics.Exclusion{{Reason: "fewer than two ratings", N: few}}
	}
	return out
}

func equalPairs(row []float64) (same, pairs int) {
	for n, v := range row {
		for _, w := range row[n+1:] {
			if math.IsNaN(v) || math.IsNaN(w) {
				continue
			}
			pairs++
			same += one(v == w)
		}
	}
	return same, pairs
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// coefficientsOf returns what is printed of a question: what the plan names, and always percent agreement, a kappa and Gwet's coefficient beside each other.
func (b *builder) coefficientsOf(q string, order bool) (out []coefficient) {
	ids := []string{"percent_agreement", "percent_all"}
	var planned []string
	if p := b.in.Definition.Metrics; p != nil {
		planned = p.Labels[q]
	}
	for _, id := range planned {
		if _, ok := coefficientOf(id); !ok {
			b.deviations = append(b.deviations, Deviation{Found: byReport, Text: fmt.Sprintf("The plan asks for %s of %s, which this program does not compute.", id, q)})
		}
	}
	weight := ""
	for _, id := range planned {
		for w := range weightings {
			if w != "" && strings.HasSuffix(id, "_"+w) && strings.Contains(id, "kappa") {
				weight = w
			}
		}
	}
	switch {
	case order && weight == "" && !slices.ContainsFunc(planned, func(id string) bool { return strings.Contains(id, "kappa") }):
		weight = "quadratic"
		fallthrough
	case weight != "":
		ids = append(ids, "weighted_kappa_"+weight, "gwet_ac2_"+weight)
	default:
		ids = append(ids, "cohen_kappa", "gwet_ac1")
	}
	if order {
		ids = append(ids, "krippendorff_ordinal")
	} else {
		ids = append(ids, "krippendorff_nominal")
	}
	for _, id := range append(ids, planned...) {
		if c, ok := coefficientOf(id); ok && !slices.ContainsFunc(out, func(o coefficient) bool { return o.id == id }) {
			out = append(out, c)
		}
	}
	return out
}
