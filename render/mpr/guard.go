package mpr

import "math"

// guardState says whether display may use a gathered voxel as it is.
type guardState uint8

const (
	whole   guardState = iota // it may
	partly                    // one of the two voxels it was blended from shows nothing
	nothing                   // neither shows anything
)

// guardLine fills states[n] for row r, whose first voxel lies at offset at. It is empty where all is clear, which is the usual case.
func (f *flat[N]) guardLine(n, r, at int) {
	s := sized(f.states[n], f.length)
	any := false
	var index [3]int
	index[f.v], index[f.n] = r, f.fixed
	for i := range s {
		index[f.u] = f.first + i
		s[i] = f.stateAt(at+i*f.stride[f.u], index[2])
		any = any || s[i] != whole
	}
	if !any {
		s = s[:0]
	}
	f.states[n] = s
}

// stateAt looks at the voxel at offset at of slice k, and at the next one along n if it has weight.
func (f *flat[N]) stateAt(at, k int) guardState {
	hidden := func(at, k int) bool {
		return f.exact.arrived != nil && !f.exact.arrived[k] || f.ops.padded(at)
	}
	first := hidden(at, k)
	if f.weight == 0 {
		if first {
			return nothing
		}
		return whole
	}
	nextSlice := k
	if f.n == 2 {
		nextSlice++
	}
	second := hidden(at+f.next, nextSlice)
	switch {
	case first && second:
		return nothing
	case first || second:
		return partly
	}
	return whole
}

// guardRow redraws by the definition the pixels that touch voxels which show nothing.
func (f *flat[N]) guardRow(y int, out []N, a, b int) (holes bool) {
	if !f.guarded() || len(f.states[a]) == 0 && len(f.states[b]) == 0 {
		return false
	}
	state := func(n, i int) guardState {
		if len(f.states[n]) == 0 {
			return whole
		}
		return f.states[n][min(i, f.length-1)]
	}
	for x, c := range f.columns {
		i := int(c.at)
		corners := [4]guardState{state(a, i), state(a, i+1), state(b, i), state(b, i+1)}
		if corners == [4]guardState{} {
			continue
		}
		value := math.NaN()
		if corners != [4]guardState{nothing, nothing, nothing, nothing} {
			value = drawn(f.job, f.ops, f.a.At(float64(f.from+x), float64(y), f.offset))
		}
		if math.IsNaN(value) {
			out[x], holes = void[N](), true
		} else {
			out[x] = f.ops.finish(value)
		}
	}
	return holes
}

// obliqueGuard redraws by the definition the samples of an oblique run that touch voxels which show nothing. The run's first pixel is x of row y.
func (o *oblique[N]) obliqueGuard(out []N, x, y int, p [3]int64) (holes bool) {
	for n := range out {
		if o.touches(p) {
			value := drawn(o.job, o.ops, o.a.At(float64(x+n), float64(y), o.offset))
			if math.IsNaN(value) {
				out[n], holes = void[N](), true
			} else {
				out[n] = o.ops.finish(value)
			}
		}
		for a := range 3 {
			p[a] += o.step[a]
		}
	}
	return holes
}

// touches reports whether one of the voxels around fixed-point position p shows nothing.
func (o *oblique[N]) touches(p [3]int64) bool {
	if o.nearest {
		for a := range 3 {
			p[a] += 1 << 31
		}
	}
	var lo, more [3]int
	for a := range 3 {
		lo[a] = int(p[a] >> 32)
		if !o.nearest && o.stride[a] != 0 && uint32(p[a]) != 0 {
			more[a] = 1
		}
	}
	if s := o.exact.arrived; s != nil && !(s[lo[2]] && s[lo[2]+more[2]]) {
		return true
	}
	if !o.v.HasPadding {
		return false
	}
	for corner := range 8 {
		dx, dy, dz := corner&1, corner>>1&1, corner>>2
		if dx > more[0] || dy > more[1] || dz > more[2] {
			continue
		}
		if o.ops.padded(o.v.Offset(lo[0]+dx, lo[1]+dy, lo[2]+dz)) {
			return true
		}
	}
	return false
}
