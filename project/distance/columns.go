package distance

import "math"

// Columns answers for whole columns of cells, along the slices: where every cell of a box is asked for, the lower envelope over the last axis costs less than
// searching from each. It belongs to one goroutine.
type Columns struct {
	field  *Field
	apex   []int     // slices of the envelope's parabolas
	from   []float64 // where each of them begins to be the lowest, mm
	height []float64 // squared distance within each slice
}

// Columns returns what answers for columns.
func (f *Field) Columns() *Columns {
	return &Columns{field: f, apex: make([]int, f.size[2]), from: make([]float64, f.size[2]+1), height: make([]float64, f.size[2])}
}

// At writes the millimetres from each cell (i, j, k) to the nearest of the set into out[k], which has as many entries as the box has slices.
func (c *Columns) At(i, j int, out []float64) {
	z, at, top := c.field.planes, j*c.field.size[0]+i, -1
	for k, slice := range c.field.slices {
		if slice == nil {
			continue
		}
		v := c.field.square(k, at)
		c.height[k] = v
		start := math.Inf(-1)
		for ; top >= 0; top-- {
			m := c.apex[top]
			if start = (v - c.height[m] + z[k]*z[k] - z[m]*z[m]) / (2 * (z[k] - z[m])); start > c.from[top] {
				break
			}
			start = math.Inf(-1)
		}
		top++
		c.apex[top], c.from[top] = k, start
	}
	now := 0
	for k := range out {
		if top < 0 {
			out[k] = math.Inf(1)
			continue
		}
		for now < top && c.from[now+1] < z[k] {
			now++
		}
		d := z[k] - z[c.apex[now]]
		out[k] = math.Sqrt(d*d + c.height[c.apex[now]])
	}
}
