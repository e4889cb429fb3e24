package metrics

import (
	"encoding/json"
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// Status says whether a number is defined, and if not, why not. The texts are exported; the list only grows.
type Status string

// The statuses.
const (
	OK             Status = "ok"
	SingleClass    Status = "undefined_single_class" // only one class or level occurs: chance cannot be told from skill
	OneClassOnly   Status = "single_class"           // the value is defined, but only one class occurs
	NoReference    Status = "undefined_no_reference" // nothing in the reference to divide by
	Undefined      Status = "undefined"              // a denominator other than the reference's is zero
	BothEmpty      Status = "both_empty"             // neither mask has a voxel
	RefEmpty       Status = "ref_empty"              // the reference has none, the test has
	TestEmpty      Status = "test_empty"             // the test has none, the reference has
	TooFew         Status = "too_few"                // fewer units or readers than the formula needs
	MissingReading Status = "missing_reader"         // a reader that the design needs has no ratings
)

// Interval is a range with its level (0.95) and the name of the method. The zero value means that there is none.
type Interval struct {
	Low, High float64
	Level     float64
	Method    string
}

// Exclusion is how many units were left out for one reason.
type Exclusion struct {
	Reason string `json:"reason"`
	N      int    `json:"n"`
}

// Result is one number with all that is needed to print it honestly. Value is NaN unless the status is OK or OneClassOnly, or, where a
// definition says so, ±Inf (a distance to an empty mask).
type Result struct {
	Value      float64
	Status     Status
	N          int // units that the value stands on
	Excluded   []Exclusion
	Interval   Interval
	Method     string // estimator: "Cohen kappa, linear weights"
	Definition string // what exactly was computed, where several definitions share a name
}

// Defined reports whether the value may enter a mean.
func (r Result) Defined() bool { return r.Status == OK || r.Status == OneClassOnly }

// MarshalJSON writes numbers that JSON does not have as null; the status says why.
func (r Result) MarshalJSON() ([]byte, error) {
	out := map[string]any{"value": finite(r.Value), "status": r.Status, "n": r.N}
	if len(r.Excluded) > 0 {
		out["excluded"] = r.Excluded
	}
	if r.Interval.Method != "" {
		out["ci_low"], out["ci_high"] = finite(r.Interval.Low), finite(r.Interval.High)
		out["ci_level"], out["ci_method"] = r.Interval.Level, r.Interval.Method
	}
	if r.Method != "" {
		out["method"] = r.Method
	}
	if r.Definition != "" {
		out["definition"] = r.Definition
	}
	return json.Marshal(out)
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// level is the coverage of every interval here.
const level = 0.95

func good(value float64, n int, method string) Result {
	return Result{Value: value, Status: OK, N: n, Method: method}
}

func undefined(why Status, n int, method string) Result {
	return Result{Value: math.NaN(), Status: why, N: n, Method: method}
}

// ratio is num/den, or undefined with the given status when den is zero.
func ratio(num, den float64, n int, method string, why Status) Result {
	if den == 0 || math.IsNaN(num) || math.IsNaN(den) {
		return undefined(why, n, method)
	}
	return good(num/den, n, method)
}

// around is value ± quantile * se. A standard error of 0 comes from data in which nothing varied: the interval has no width, and its method says why.
func around(value, quantile, se float64, method string) Interval {
	if se == 0 {
		method += " (nothing varied: the width means nothing)"
	}
	return Interval{Low: value - quantile*se, High: value + quantile*se, Level: level, Method: method}
}

// normal975 is the 97.5th percentile of the standard normal distribution.
var normal975 = distuv.UnitNormal.Quantile(0.975)

// student975 is that of Student's t with df degrees of freedom; NaN for df below 1. It is found by search, and every replicate of a bootstrap asks
// for the same few: those of whole degrees are kept.
func student975(df float64) float64 {
	switch {
	case !(df >= 1):
		return math.NaN()
	case df != math.Trunc(df) || df > 1e5:
		return studentQuantile(df)
	}
	if kept, ok := students.Load(df); ok {
		return kept.(float64)
	}
	q := studentQuantile(df)
	students.Store(df, q)
	return q
}

var students sync.Map // of float64 by float64

func studentQuantile(df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(0.975)
}

// twoSided is the p value of a standard normal z.
func twoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }
