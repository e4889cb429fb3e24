package distance

import "math"

// Sheets answers for a whole sheet of cells, all columns and slices of one row: where every cell of a box is asked for, the lower envelope over the last axis
// costs less than searching from each. It belongs to one goroutine.
type Sheets struct {
	field  *Field
	height []float64 // squared distance within its slice of each cell of the sheet, slice by slice
	apex   []int     // slices of the envelope's parabolas
	from   []float64 // where each of them begins to be the lowest, mm
}

// Sheets returns what answers for sheets.
func (f *Field) Sheets() *Sheets {
	return &Sheets{field: f, height: make([]float64, f.size[0]*f.size[2]), apex: make([]int, f.size[2]), from: make([]float64, f.size[2]+1)}
}

// At writes the millimetres from each cell (i, j, k) to the nearest of the set into out[k*columns+i].
func (s *Sheets) At(j int, out []float64) {
	columns := s.field.size[0]
	for k, slice := range s.field.slices {
		if slice == nil {
			continue
		}
		row := s.height[k*columns : (k+1)*columns]
		for i := range row {
			row[i] = s.field.square(k, j*columns+i)
		}
	}
	for i := range columns {
		s.column(i, out)
	}
}

func (s *Sheets) column(i int, out []float64) {
	z, columns, top := s.field.planes, s.field.size[0], -1
	for k, slice := range s.field.slices {
		if slice == nil {
			continue
		}
		v, start := s.height[k*columns+i], math.Inf(-1)
		for ; top >= 0; top-- {
			m := s.apex[top]
			if start = (v - s.height[m*columns+i] + z[k]*z[k] - z[m]*z[m]) / (2 * (z[k] - z[m])); start > s.from[top] {
				break
			}
			start = math.Inf(-1)
		}
		top++
		s.apex[top], s.from[top] = k, start
	}
	now := 0
	for k, at := range z {
		if top < 0 {
			out[k*columns+i] = math.Inf(1)
			continue
		}
		for now < top && s.from[now+1] < at {
			now++
		}
		m := s.apex[now]
		d := at - z[m]
		out[k*columns+i] = math.Sqrt(d*d + s.height[m*columns+i])
	}
}
