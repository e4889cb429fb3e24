package mpr

import "math"

// guardState says whether display may use a gathered voxel as it is.
type guardState uint8

const (
	whole   guardState = iota // it may
	partly                    // one of the two voxels it was blended from shows nothing
	nothing                   // neither shows anything
)

// guardLine fills states[n] for row r, whose first voxel lies at offset at. It is empty where all is whole, which is the usual case.
func (f *flat[N]) guardLine(n, r, at int) {
	s := sized(f.states[n], f.length+1)
	near := s[:f.length]
	some := f.hide(near, r, at, f.fixed)
	if f.weight > 0 {
		f.further = sized(f.further, f.length)
		some = f.hide(f.further, r, at+f.next, f.fixed+1) || some
		for i, next := range f.further {
			if next != near[i] {
				near[i] = partly
			}
		}
	}
	if !some {
		s = s[:0]
	} else {
		s[f.length] = s[f.length-1]
	}
	f.states[n] = s
}

// hide marks the voxels of row r at place fixed of axis n, from offset at on, that show nothing, and reports whether there are any.
func (f *flat[N]) hide(dst []guardState, r, at, fixed int) (some bool) {
	some = f.ops.hide(dst, at, f.stride[f.u])
	here := f.exact.arrived
	if here == nil {
		return some
	}
	var index [3]int
	index[f.v], index[f.n] = r, fixed
	for i := range dst {
		if index[f.u] = f.first + i; !here[index[2]] {
			dst[i], some = nothing, true
		}
	}
	return some
}

// guardRow redraws by the definition the pixels that touch voxels which show nothing.
func (f *flat[N]) guardRow(y int, out []N, a, b int) (holes bool) {
	if !f.guarded() || len(f.states[a]) == 0 && len(f.states[b]) == 0 {
		return false
	}
	upper, lower := f.stateLine(a), f.stateLine(b)
	none := void[N]()
	for x, c := range f.columns {
		i := int(c.at)
		u0, u1, l0, l1 := upper[i], upper[i+1], lower[i], lower[i+1]
		if u0|u1|l0|l1 == whole {
			continue
		}
		value := math.NaN()
		if u0&u1&l0&l1 != nothing {
			value = drawn(f.job, f.ops, f.a.At(float64(f.from+x), float64(y), f.offset))
		}
		if math.IsNaN(value) {
			out[x], holes = none, true
		} else {
			out[x] = f.ops.finish(value)
		}
	}
	return holes
}

// stateLine returns the states of a line, also when all are whole.
func (f *flat[N]) stateLine(n int) []guardState {
	if len(f.states[n]) > 0 {
		return f.states[n]
	}
	if len(f.allWhole) != f.length+1 {
		f.allWhole = make([]guardState, f.length+1)
	}
	return f.allWhole
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
