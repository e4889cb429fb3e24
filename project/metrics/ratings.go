package metrics

import (
	"math"

	"hotlight/project"
)

// Ratings are what readers said: one row a unit, one column a reader, NaN where a reader gave none.
type Ratings [][]float64

// check refuses rows of different length and infinite ratings.
func (r Ratings) check() error {
	for n, row := range r {
		if len(row) != len(r[0]) {
			return project.Errorf(project.Invalid, "unit %d has %d readers, the first one %d", n+1, len(row), len(r[0]))
		}
		for _, v := range row {
			if math.IsInf(v, 0) {
				return project.Errorf(project.Invalid, "unit %d has an infinite rating", n+1)
			}
		}
	}
	return nil
}

// readers returns the number of columns.
func (r Ratings) readers() int {
	if len(r) == 0 {
		return 0
	}
	return len(r[0])
}

// Rated is ratings on a scale: for each unit how often each level was chosen, and which reader chose which.
type Rated struct {
	Counts   [][]int // unit by level
	levels   [][]int // unit by reader: the level's position, -1 for none; nil when only counts are known
	q        int
	OffScale int // ratings that are not a level of the scale (BI-RADS 0, PI-RADS X), counted and left out
}

// Rate places ratings on a scale. A rating off the scale is taken as none, and counted.
func Rate(r Ratings, s Scale) (*Rated, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	out := &Rated{q: len(s), Counts: grid[int](len(r), len(s)), levels: grid[int](len(r), r.readers())}
	for u, row := range r {
		for reader, v := range row {
			at := s.place(v)
			out.levels[u][reader] = at
			switch {
			case at >= 0:
				out.Counts[u][at]++
			case !math.IsNaN(v):
				out.OffScale++
			}
		}
	}
	return out, nil
}

// RateCounts takes units by level counts, where who chose what is not known. Conger's and Light's kappa then do not exist.
func RateCounts(counts [][]int) (*Rated, error) {
	out := &Rated{Counts: counts}
	for u, row := range counts {
		if len(row) != len(counts[0]) {
			return nil, project.Errorf(project.Invalid, "unit %d has %d levels, the first one %d", u+1, len(row), len(counts[0]))
		}
		for _, n := range row {
			if n < 0 {
				return nil, project.Errorf(project.Invalid, "unit %d has a negative count", u+1)
			}
		}
		out.q = len(row)
	}
	return out, nil
}

// reader returns the column of one reader as levels, for pairwise statistics.
func (r *Rated) reader(n int) []int {
	out := make([]int, len(r.levels))
	for u := range r.levels {
		out[u] = r.levels[u][n]
	}
	return out
}

// excluded lists what a statistic over units with at least two ratings leaves out.
func (r *Rated) excluded() []Exclusion {
	few := 0
	for _, row := range r.Counts {
		if sum(row) < 2 {
			few++
		}
	}
	var out []Exclusion
	if few > 0 {
		out = append(out, Exclusion{"fewer than two ratings", few})
	}
	if r.OffScale > 0 {
		out = append(out, Exclusion{"rating off the scale", r.OffScale})
	}
	return out
}

func sum(row []int) (total int) {
	for _, n := range row {
		total += n
	}
	return total
}

// grid returns rows by columns in one piece of memory.
func grid[T any](rows, columns int) [][]T {
	all, out := make([]T, rows*columns), make([][]T, rows)
	for n := range out {
		out[n] = all[n*columns : (n+1)*columns : (n+1)*columns]
	}
	return out
}
