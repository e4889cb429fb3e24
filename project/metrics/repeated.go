package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hotlight/project"
)

// Repeatability describes repeated measurements of the same things: by one reader at two times, or by several readers.
type Repeatability struct {
	WithinSD    Result // standard deviation within a thing; chi-square interval
	Coefficient Result // 1.96 sqrt(2) WithinSD: two measurements of a thing differ by no more in 95 of 100
	Things      int
}

// Repeated takes for each thing all its measurements, NaN where one is missing. Things with fewer than two are counted and left out.
//
// Source: Bland and Altman, BMJ 313 (1996) 744; the interval is that of the mean square within, with its degrees of freedom.
func Repeated(things [][]float64) (Repeatability, error) {
	squares, df, few := 0.0, 0, 0
	out := Repeatability{}
	for n, row := range things {
		values := present(row)
		for _, v := range values {
			if math.IsInf(v, 0) {
				return out, project.Errorf(project.Invalid, "thing %d has an infinite measurement", n+1)
			}
		}
		if len(values) < 2 {
			few++
			continue
		}
		out.Things++
		_, sd := meanSD(values)
		squares += sd * sd * float64(len(values)-1)
		df += len(values) - 1
	}
	const within, coefficient = "within-subject standard deviation", "coefficient of repeatability, 1.96 sqrt(2) within-subject SD"
	out.WithinSD, out.Coefficient = undefined(TooFew, out.Things, within), undefined(TooFew, out.Things, coefficient)
	if df > 0 {
		sd, d, factor := math.Sqrt(squares/float64(df)), float64(df), 1.96*math.Sqrt2
		low := math.Sqrt(squares / distuv.ChiSquared{K: d}.Quantile(1-(1-level)/2))
		high := math.Sqrt(squares / distuv.ChiSquared{K: d}.Quantile((1-level)/2))
		out.WithinSD, out.Coefficient = good(sd, out.Things, within), good(factor*sd, out.Things, coefficient)
		out.WithinSD.Interval = Interval{low, high, level, "chi-square"}
		out.Coefficient.Interval = Interval{factor * low, factor * high, level, "chi-square"}
	}
	if few > 0 {
		out.WithinSD.Excluded = []Exclusion{{"fewer than two measurements", few}}
		out.Coefficient.Excluded = out.WithinSD.Excluded
	}
	return out, nil
}
