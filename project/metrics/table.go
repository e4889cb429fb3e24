package metrics

import (
	"math"

	"hotlight/project"
)

// Table counts pairs of ratings: rows are the first reader's levels, columns the second's.
type Table [][]int

// check refuses a table that is not square or has negative counts, and returns the total.
func (t Table) check() (total int, err error) {
	for i, row := range t {
		if len(row) != len(t) {
			return 0, project.Errorf(project.Invalid, "row %d of the table has %d columns, not %d", i+1, len(row), len(t))
		}
		for _, n := range row {
			if n < 0 {
				return 0, project.Errorf(project.Invalid, "row %d of the table has a negative count", i+1)
			}
			if n > math.MaxInt32 || total > math.MaxInt32 {
				return 0, project.Errorf(project.Full, "the table counts more than %d units", math.MaxInt32)
			}
			total += n
		}
	}
	return total, nil
}

// CrossTable counts the pairs of two readers' ratings on a scale. Pairs with a missing rating or one off the scale are left out and counted.
func CrossTable(a, b []float64, s Scale) (Table, []Exclusion, error) {
	if len(a) != len(b) {
		return nil, nil, project.Errorf(project.Invalid, "the readers have %d and %d ratings", len(a), len(b))
	}
	t := newTable(len(s))
	missing, off := 0, 0
	for n := range a {
		i, j := s.place(a[n]), s.place(b[n])
		switch {
		case i >= 0 && j >= 0:
			t[i][j]++
		case math.IsNaN(a[n]) || math.IsNaN(b[n]):
			missing++
		default:
			off++
		}
	}
	var out []Exclusion
	if missing > 0 {
		out = append(out, Exclusion{"rating missing", missing})
	}
	if off > 0 {
		out = append(out, Exclusion{"rating off the scale", off})
	}
	return t, out, nil
}

func newTable(q int) Table {
	t := make(Table, q)
	for i := range t {
		t[i] = make([]int, q)
	}
	return t
}

// units turns a table into the ratings it counts, for statistics over many readers. Cost is the total of the table.
func (t Table) units() *Rated {
	out := &Rated{q: len(t)}
	for i, row := range t {
		for j, n := range row {
			for ; n > 0; n-- {
				counts := make([]int, len(t))
				counts[i]++
				counts[j]++
				out.Counts = append(out.Counts, counts)
				out.levels = append(out.levels, []int{i, j})
			}
		}
	}
	return out
}

// maxUnits is the most units that a table is spread into.
const maxUnits = 10_000_000

// Rated returns the ratings that the table counts: two readers, as many units as the table's total, which may be 10 million.
func (t Table) Rated() (*Rated, error) {
	total, err := t.check()
	if err != nil {
		return nil, err
	}
	if total > maxUnits {
		return nil, project.Errorf(project.Full, "the table counts %d units; %d can be spread out", total, maxUnits)
	}
	return t.units(), nil
}
