package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// Level is the level of measurement of Krippendorff's alpha.
type Level string

// The levels.
const (
	NominalLevel  Level = "nominal"
	OrdinalLevel  Level = "ordinal"
	IntervalLevel Level = "interval"
	RatioLevel    Level = "ratio"
)

// KrippendorffAlpha returns 1 - Do/De over all pairable ratings. Readers may be missing from units; units with fewer than two ratings are
// left out and counted. No variation: undefined. The interval resamples units, by patient where boot names them, and needs boot's Replicates above 0.
//
// Source: Krippendorff, Content Analysis, 4th edition, 2019, chapter 12.
func KrippendorffAlpha(r Ratings, l Level, boot Bootstrap) (Result, error) {
	method := "Krippendorff alpha, " + string(l)
	if err := r.check(); err != nil {
		return Result{}, err
	}
	if l != NominalLevel && l != OrdinalLevel && l != IntervalLevel && l != RatioLevel {
		return Result{}, project.Errorf(project.Invalid, "unknown level of measurement %q", string(l))
	}
	if l == RatioLevel && negative(r) {
		return Result{}, project.Errorf(project.Invalid, "ratings on a ratio scale are not negative")
	}
	if boot.Patient != nil && len(boot.Patient) != len(r) {
		return Result{}, project.Errorf(project.Invalid, "%d patients for %d units", len(boot.Patient), len(r))
	}
	var units [][]float64
	var patients []int
	few := 0
	for u, row := range r {
		values := present(row)
		if len(values) < 2 {
			few++
			continue
		}
		units = append(units, values)
		if boot.Patient != nil {
			patients = append(patients, boot.Patient[u])
		}
	}
	boot.Patient = patients
	out := undefined(TooFew, len(units), method)
	if len(units) > 1 {
		out = undefined(SingleClass, len(units), method)
		if v := alpha(units, l); !math.IsNaN(v) {
			out = good(v, len(units), method)
			var err error
			drawn := make([][]float64, 0, len(units))
			if out.Interval, err = boot.units(len(units), func(pick []int) float64 {
				drawn = drawn[:0]
				for _, u := range pick {
					drawn = append(drawn, units[u])
				}
				return alpha(drawn, l)
			}); err != nil {
				return Result{}, err
			}
		}
	}
	if few > 0 {
		out.Excluded = []Exclusion{{"fewer than two ratings", few}}
	}
	return out, nil
}

// NominalAlpha is Krippendorff's nominal alpha from counts, where who rated does not matter.
func NominalAlpha(r *Rated) Result {
	method := "Krippendorff alpha, " + string(NominalLevel)
	used, units := make([]float64, r.q), 0
	observed, n := 0.0, 0.0
	for _, row := range r.Counts {
		m := float64(sum(row))
		if m < 2 {
			continue
		}
		units++
		n += m
		for k, count := range row {
			used[k] += float64(count)
			observed += float64(count) * (m - float64(count)) / (m - 1)
		}
	}
	expected := n * n
	for _, v := range used {
		expected -= v * v
	}
	out := ratio((n-1)*observed, expected, units, method, SingleClass)
	if out.Defined() {
		out.Value = 1 - out.Value
	}
	if units < 2 {
		out = undefined(TooFew, units, method)
	}
	out.Excluded = r.excluded()
	return out
}

func negative(r Ratings) bool {
	for _, row := range r {
		for _, v := range row {
			if v < 0 {
				return true
			}
		}
	}
	return false
}

// present returns the ratings that exist; the row itself if all do.
func present(row []float64) []float64 {
	for n, v := range row {
		if math.IsNaN(v) {
			return presentFrom(row, n)
		}
	}
	return row
}

func presentFrom(row []float64, first int) []float64 {
	out := append([]float64(nil), row[:first]...)
	for _, v := range row[first+1:] {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

// alpha is NaN when there is no variation. Every unit has two values or more.
func alpha(units [][]float64, l Level) float64 {
	values, counts, n := tally(units)
	delta := deltaOf(l)
	if l == OrdinalLevel { // the ordinal difference is that of mid ranks
		rank, before := map[float64]float64{}, 0.0
		for k, v := range values {
			rank[v] = before + counts[k]/2
			before += counts[k]
		}
		for k := range values {
			values[k] = rank[values[k]]
		}
		units = mapped(units, rank)
	}
	observed := 0.0
	for _, u := range units {
		pairs := 0.0
		for a, v := range u {
			for _, w := range u[a+1:] {
				pairs += 2 * delta(v, w)
			}
		}
		observed += pairs / float64(len(u)-1)
	}
	expected := expectedDelta(values, counts, n, l)
	if expected == 0 {
		return math.NaN()
	}
	return 1 - (n-1)*observed/expected
}

// tally returns the distinct values, ascending, how often each occurs, and how many there are.
func tally(units [][]float64) (values, counts []float64, n float64) {
	var all []float64
	for _, u := range units {
		all = append(all, u...)
	}
	sort.Float64s(all)
	for i, v := range all {
		if i == 0 || v != all[i-1] {
			values, counts = append(values, v), append(counts, 0)
		}
		counts[len(counts)-1]++
	}
	return values, counts, float64(len(all))
}

func mapped(units [][]float64, to map[float64]float64) [][]float64 {
	total := 0
	for _, u := range units {
		total += len(u)
	}
	out, backing := make([][]float64, len(units)), make([]float64, 0, total)
	for i, u := range units {
		from := len(backing)
		for _, v := range u {
			backing = append(backing, to[v])
		}
		out[i] = backing[from:len(backing):len(backing)]
	}
	return out
}

func deltaOf(l Level) func(a, b float64) float64 {
	switch l {
	case NominalLevel:
		return func(a, b float64) float64 {
			if a == b {
				return 0
			}
			return 1
		}
	case RatioLevel:
		return func(a, b float64) float64 {
			if a == b {
				return 0
			}
			return (a - b) / (a + b) * (a - b) / (a + b)
		}
	}
	return func(a, b float64) float64 { return (a - b) * (a - b) }
}

// expectedDelta is the sum of the difference over all ordered pairs of ratings. All levels but ratio have a closed form.
func expectedDelta(values, counts []float64, n float64, l Level) (sum float64) {
	switch l {
	case NominalLevel:
		sum = n * n
		for _, c := range counts {
			sum -= c * c
		}
		return sum
	case RatioLevel:
		delta := deltaOf(l)
		for a := range values {
			for b := a + 1; b < len(values); b++ {
				sum += 2 * counts[a] * counts[b] * delta(values[a], values[b])
			}
		}
		return sum
	}
	mean := 0.0
	for k, v := range values {
		mean += counts[k] * v / n
	}
	for k, v := range values {
		sum += 2 * n * counts[k] * (v - mean) * (v - mean)
	}
	return sum
}
