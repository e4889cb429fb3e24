package panel

import "math"

// squaredDistances turns at, which is 0 where a voxel is a target and +Inf elsewhere, into the squared distance in mm² to the nearest target. size is columns,
// rows, slices, columns fastest; positions are the places of the centres along each axis in mm, ascending.
//
// Source: Felzenszwalb and Huttenlocher, Theory of Computing 8 (2012) 415: the lower envelope of parabolas, an axis at a time. It is exact.
func squaredDistances(at []float64, size [3]int, positions [3][]float64) {
	stride := [3]int{1, size[0], size[0] * size[1]}
	longest := max(size[0], size[1], size[2])
	e := envelope{value: make([]float64, longest), from: make([]float64, longest+1), apex: make([]int, longest)}
	for axis := range size {
		b, c := (axis+1)%3, (axis+2)%3
		for j := range size[b] {
			for k := range size[c] {
				e.line(at[j*stride[b]+k*stride[c]:], stride[axis], positions[axis])
			}
		}
	}
}

// envelope is the scratch of one line.
type envelope struct {
	value []float64 // of the line, as it was
	apex  []int     // of the parabolas of the envelope, left to right
	from  []float64 // where each of them begins to be the lowest
}

func (e *envelope) line(at []float64, stride int, x []float64) {
	top := -1
	for n := range x {
		v := at[n*stride]
		e.value[n] = v
		if math.IsInf(v, 1) {
			continue
		}
		start := math.Inf(-1)
		for top >= 0 {
			m := e.apex[top]
			start = (v - e.value[m] + x[n]*x[n] - x[m]*x[m]) / (2 * (x[n] - x[m]))
			if start > e.from[top] {
				break
			}
			top--
			start = math.Inf(-1)
		}
		top++
		e.apex[top], e.from[top] = n, start
	}
	if top < 0 {
		return // no target in this line
	}
	now := 0
	for n := range x {
		for now < top && e.from[now+1] < x[n] {
			now++
		}
		d := x[n] - x[e.apex[now]]
		at[n*stride] = d*d + e.value[e.apex[now]]
	}
}
