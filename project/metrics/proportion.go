package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ProportionMethod names an interval for a share.
type ProportionMethod string

// The methods: Wilson's score interval is the default, Clopper and Pearson's exact one what regulators ask for.
const (
	Wilson         ProportionMethod = "Wilson"
	ClopperPearson ProportionMethod = "Clopper-Pearson"
)

// Proportion is x of n with its interval. No n: undefined. x outside 0..n is a caller's bug and gives Undefined too. A method
// that is not known is Wilson's, and says so.
func Proportion(x, n int, m ProportionMethod) Result {
	if n == 0 {
		return undefined(TooFew, 0, "proportion")
	}
	if x < 0 || x > n {
		return undefined(Undefined, n, "proportion")
	}
	out := good(float64(x)/float64(n), n, "proportion")
	low, high := wilson(float64(x), float64(n))
	if m == ClopperPearson {
		low, high = clopperPearson(float64(x), float64(n))
	} else {
		m = Wilson
	}
	out.Interval = Interval{Low: low, High: high, Level: level, Method: string(m)}
	return out
}

// wilson: Wilson, Journal of the American Statistical Association 22 (1927) 209. The ends at x = 0 and x = n are exact.
func wilson(x, n float64) (low, high float64) {
	z := normal975
	p := x / n
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	low, high = max(0, centre-half), min(1, centre+half)
	if x == 0 {
		low = 0
	}
	if x == n {
		high = 1
	}
	return low, high
}

// clopperPearson: Biometrika 26 (1934) 404, by quantiles of the beta distribution.
func clopperPearson(x, n float64) (low, high float64) {
	low, high = 0, 1
	if x > 0 {
		low = distuv.Beta{Alpha: x, Beta: n - x + 1}.Quantile((1 - level) / 2)
	}
	if x < n {
		high = distuv.Beta{Alpha: x + 1, Beta: n - x}.Quantile(1 - (1-level)/2)
	}
	return low, high
}
