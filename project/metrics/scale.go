package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// Scale is the declared levels of a rating, ascending. Nominal classes are numbered by the caller. Levels that nobody used still count:
// leaving them out changes weighted kappa.
type Scale []float64

// NewScale checks that the levels are finite and ascend.
func NewScale(levels ...float64) (Scale, error) {
	if len(levels) == 0 {
		return nil, project.Errorf(project.Invalid, "a scale needs a level")
	}
	for n, v := range levels {
		if math.IsNaN(v) || math.IsInf(v, 0) || n > 0 && levels[n-1] >= v {
			return nil, project.Errorf(project.Invalid, "the levels of a scale are finite and ascend; level %d does not", n+1)
		}
	}
	return append(Scale(nil), levels...), nil
}

// Observed returns the levels that occur, for comparison with programs that compact the scale. Weighted statistics on it are not ours.
func Observed(readers ...[]float64) Scale {
	seen := map[float64]bool{}
	var s Scale
	for _, r := range readers {
		for _, v := range r {
			if !math.IsNaN(v) && !seen[v] {
				seen[v] = true
				s = append(s, v)
			}
		}
	}
	sort.Float64s(s)
	return s
}

// place returns the position of v on the scale, or -1 for a value that is missing or off the scale.
func (s Scale) place(v float64) int {
	n := sort.SearchFloat64s(s, v)
	if n < len(s) && s[n] == v {
		return n
	}
	return -1
}

// Weighting says how far two levels are from agreement. Levels are taken as equally spaced: their positions count, not their values.
type Weighting string

// The weightings.
const (
	Unweighted Weighting = "unweighted" // agreement is equality
	Linear     Weighting = "linear"     // 1 - |i-j|/(q-1): Cicchetti and Allison 1971
	Quadratic  Weighting = "quadratic"  // 1 - (i-j)²/(q-1)²: Fleiss and Cohen 1973
	Radical    Weighting = "radical"    // 1 - sqrt(|i-j|/(q-1))
	Ordinal    Weighting = "ordinal"    // 1 - M(i,j)/M(1,q), M the number of pairs of levels from i to j: Gwet 2014
)

// matrix returns the weights of agreement, 1 on the diagonal, 0 at the far corners.
func (w Weighting) matrix(q int) ([][]float64, error) {
	distance := w.distance()
	if distance == nil {
		return nil, project.Errorf(project.Invalid, "unknown weighting %q", string(w))
	}
	out := make([][]float64, q)
	for i := range out {
		out[i] = make([]float64, q)
		for j := range out[i] {
			if i == j {
				out[i][j] = 1
			} else {
				out[i][j] = 1 - distance(math.Abs(float64(i-j)), float64(q-1))
			}
		}
	}
	return out, nil
}

// distance returns the share of the greatest disagreement that d steps of at most m are.
func (w Weighting) distance() func(d, m float64) float64 {
	switch w {
	case Unweighted, "":
		return func(_, _ float64) float64 { return 1 }
	case Linear:
		return func(d, m float64) float64 { return d / m }
	case Quadratic:
		return func(d, m float64) float64 { return d * d / (m * m) }
	case Radical:
		return func(d, m float64) float64 { return math.Sqrt(d / m) }
	case Ordinal:
		return func(d, m float64) float64 { return d * (d + 1) / (m * (m + 1)) }
	}
	return nil
}

// name completes a method's name.
func (w Weighting) name(method string) string {
	if w == Unweighted || w == "" {
		return method
	}
	return method + ", " + string(w) + " weights"
}
