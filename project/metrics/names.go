package metrics

import (
	"math"

	"hotlight/project"
)

// AgreementMetric is a metric of agreement under the name that analysis plans and reports use.
type AgreementMetric struct {
	Name         string
	NeedsOrder   bool // the levels must be ordered
	NeedsNumbers bool // the ratings must be numbers, not choices
	NeedsLevels  bool // the ratings must be of a declared scale
	compute      func(a agreement) (Result, error)
}

// agreement is what a metric is computed from.
type agreement struct {
	ratings Ratings // on the scale, NaN elsewhere
	scale   Scale
	boot    Bootstrap
}

// agreementMetrics lists them. Names are exported; the list only grows.
var agreementMetrics = []AgreementMetric{
	{Name: "percent_agreement", compute: func(a agreement) (Result, error) { p, err := Percent(a.ratings, 0); return p.All, err }},
	{Name: "pairwise_agreement", compute: func(a agreement) (Result, error) { p, err := Percent(a.ratings, 0); return p.Pairwise, err }},
	{Name: "cohen_kappa", NeedsLevels: true, compute: pairKappa(Unweighted)},
	{Name: "weighted_kappa_linear", NeedsLevels: true, NeedsOrder: true, compute: pairKappa(Linear)},
	{Name: "weighted_kappa_quadratic", NeedsLevels: true, NeedsOrder: true, compute: pairKappa(Quadratic)},
	{Name: "fleiss_kappa", NeedsLevels: true, compute: ofFleiss(func(f Fleiss) Result { return f.Result })},
	{Name: "conger_kappa", NeedsLevels: true, compute: ofFleiss(func(f Fleiss) Result { return f.Conger })},
	{Name: "free_marginal_kappa", NeedsLevels: true, compute: ofFleiss(func(f Fleiss) Result { return f.FreeMarginal })},
	{Name: "krippendorff_nominal", compute: krippendorff(NominalLevel)},
	{Name: "krippendorff_ordinal", NeedsOrder: true, compute: krippendorff(OrdinalLevel)},
	{Name: "krippendorff_interval", NeedsOrder: true, NeedsNumbers: true, compute: krippendorff(IntervalLevel)},
	{Name: "krippendorff_ratio", NeedsOrder: true, NeedsNumbers: true, compute: krippendorff(RatioLevel)},
	{Name: "gwet_ac1", NeedsLevels: true, compute: gwet(Unweighted)},
	{Name: "gwet_ac2_linear", NeedsLevels: true, NeedsOrder: true, compute: gwet(Linear)},
	{Name: "gwet_ac2_quadratic", NeedsLevels: true, NeedsOrder: true, compute: gwet(Quadratic)},
	{Name: "gwet_ac2_ordinal", NeedsLevels: true, NeedsOrder: true, compute: gwet(Ordinal)},
	{Name: "icc_1_1", NeedsOrder: true, NeedsNumbers: true, compute: intraclass(func(c ICC) Result { return c.OneWay })},
	{Name: "icc_2_1", NeedsOrder: true, NeedsNumbers: true, compute: intraclass(func(c ICC) Result { return c.Absolute })},
	{Name: "icc_3_1", NeedsOrder: true, NeedsNumbers: true, compute: intraclass(func(c ICC) Result { return c.Consistency })},
}

// FindAgreement returns the metric of a name.
func FindAgreement(name string) (AgreementMetric, bool) {
	for _, m := range agreementMetrics {
		if m.Name == name {
			return m, true
		}
	}
	return AgreementMetric{}, false
}

// AgreementNames lists the metrics of agreement.
func AgreementNames() (names []string) {
	for _, m := range agreementMetrics {
		names = append(names, m.Name)
	}
	return names
}

// Agreement computes a metric by its name. s is the declared scale; ratings off it are left out and counted. nil: the ratings are numbers of any value. With more
// than two readers the kappas of two are the mean over all pairs (Light), and the interval is boot's. An unknown name is Unsupported.
func Agreement(name string, r Ratings, s Scale, boot Bootstrap) (Result, error) {
	m, ok := FindAgreement(name)
	if !ok {
		return Result{}, project.Errorf(project.Unsupported, "unknown metric of agreement %q", name)
	}
	if err := r.check(); err != nil {
		return Result{}, err
	}
	if boot.Patient != nil && len(boot.Patient) != len(r) {
		return Result{}, project.Errorf(project.Invalid, "%d patients for %d units", len(boot.Patient), len(r))
	}
	if m.NeedsLevels && len(s) == 0 {
		return Result{}, project.Errorf(project.Invalid, "%s needs the declared scale", name)
	}
	a := agreement{ratings: r, scale: s, boot: boot}
	off := 0
	if s != nil {
		a.ratings, off = onScale(r, s)
	}
	out, err := m.compute(a)
	if err != nil {
		return Result{}, err
	}
	out.Definition = name
	if off > 0 {
		out.Excluded = append([]Exclusion{{"rating off the scale", off}}, out.Excluded...)
	}
	return out, nil
}

// onScale takes out, and counts, what is not a level.
func onScale(r Ratings, s Scale) (out Ratings, off int) {
	out = make(Ratings, len(r))
	for u, row := range r {
		out[u] = make([]float64, len(row))
		for n, v := range row {
			if out[u][n] = v; !math.IsNaN(v) && s.place(v) < 0 {
				out[u][n] = math.NaN()
				off++
			}
		}
	}
	return out, off
}

// pairKappa is Cohen's kappa of two readers, Light's of more.
func pairKappa(w Weighting) func(agreement) (Result, error) {
	return func(a agreement) (Result, error) {
		rated, err := Rate(a.ratings, a.scale)
		if err != nil {
			return Result{}, err
		}
		if a.ratings.readers() == 2 {
			k, err := CohenKappa(pairTable(rated, 0, 1), w)
			if excluded := rated.excluded(); err == nil && excluded != nil {
				k.Excluded = excluded
			}
			return k.Result, err
		}
		out, err := LightKappa(rated, w)
		if err != nil || !out.Defined() {
			return out, err
		}
		out.Interval, err = a.boot.units(len(rated.levels), func(pick []int) float64 {
			drawn := &Rated{q: rated.q}
			for _, u := range pick {
				drawn.levels = append(drawn.levels, rated.levels[u])
			}
			k, err := LightKappa(drawn, w)
			if err != nil {
				return math.NaN()
			}
			return k.Value
		})
		return out, err
	}
}

func ofFleiss(pick func(Fleiss) Result) func(agreement) (Result, error) {
	return func(a agreement) (Result, error) {
		rated, err := Rate(a.ratings, a.scale)
		if err != nil {
			return Result{}, err
		}
		f, err := FleissKappa(rated, Unweighted)
		return pick(f), err
	}
}

func gwet(w Weighting) func(agreement) (Result, error) {
	return func(a agreement) (Result, error) {
		rated, err := Rate(a.ratings, a.scale)
		if err != nil {
			return Result{}, err
		}
		g, err := GwetAC(rated, w)
		return g.Result, err
	}
}

func krippendorff(l Level) func(agreement) (Result, error) {
	return func(a agreement) (Result, error) { return KrippendorffAlpha(a.ratings, l, a.boot) }
}

func intraclass(pick func(ICC) Result) func(agreement) (Result, error) {
	return func(a agreement) (Result, error) {
		c, err := IntraclassCorrelation(a.ratings)
		return pick(c), err
	}
}
