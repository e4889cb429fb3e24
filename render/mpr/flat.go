package mpr

import "math"

// flatPlan is a plane along the grid's axes: columns of the picture run along axis u, rows along axis v, and axis n is fixed. Rows and
// columns then interpolate apart, and everything about columns is the same for all rows.
type flatPlan struct {
	*job
	u, v, n  int
	columns  []column
	from, to int // columns inside the volume
	first    int // voxel along u at the start of a line
	length   int // voxels in a line
	stride   [3]int
}

// newFlat returns the plan of j, or ok false if the plane does not lie along the axes.
func newFlat(j *job) (*flatPlan, bool) {
	u, v, ok := j.a.Axes()
	if !ok {
		return nil, false
	}
	f := &flatPlan{job: j, u: u, v: v, n: 3 - u - v, stride: j.strides()}
	f.plan()
	return f, true
}

// plan finds where each column of the picture lies.
func (f *flatPlan) plan() {
	size := f.job.v.Size[f.u]
	at := func(x int) float64 { return f.a.Origin[f.u] + float64(x)*f.a.Right[f.u] }
	inside := func(x int) bool { return at(x) >= -0.5 && at(x) < float64(size)-0.5 }
	f.from, f.to = 0, f.w
	for f.from < f.to && !inside(f.from) {
		f.from++
	}
	for f.to > f.from && !inside(f.to-1) {
		f.to--
	}
	if f.from == f.to {
		return
	}
	lo, hi := at(f.from), at(f.to-1)
	if lo > hi {
		lo, hi = hi, lo
	}
	last := size - 1
	f.first = min(max(int(math.Floor(lo)), 0), max(last-1, 0))
	end := min(max(int(math.Floor(hi))+1, f.first+1), last)
	f.length = end - f.first + 1
	f.scratch.columns = sized(f.scratch.columns, f.to-f.from)
	f.columns = f.scratch.columns
	for n := range f.columns {
		f.columns[n] = columnAt(at(f.from+n), size, f.first)
	}
}

// columnAt places coordinate c of an axis with size voxels in a line that starts at voxel first and has at least two.
func columnAt(c float64, size, first int) column {
	left, weight := split(c, size)
	near := min(max(int(math.Floor(c+0.5)), 0), size-1)
	if left == size-1 && left > first {
		left, weight = left-1, one
	}
	return column{at: int32(left - first), weight: weight, near: int32(near - first)}
}

// split clamps c to the centres and returns the voxel at or below it and the weight of the next one.
func split(c float64, size int) (voxel int, weight int32) {
	c = min(max(c, 0), float64(size-1))
	voxel = int(c)
	weight = int32((c-float64(voxel))*one + 0.5)
	if weight == one {
		return voxel + 1, 0
	}
	return voxel, weight
}

// flat cuts rows of a flatPlan. It keeps the two lines that it used last.
type flat[N number] struct {
	*flatPlan
	ops    ops[N]
	offset float64
	fixed  int   // voxel along n, -1 outside the volume
	next   int   // distance of the next voxel along n in the data, or 0
	weight int32 // of that voxel
	held   [2]int
	lines  [2][]N
	states [2][]guardState // what each voxel of a line shows; empty when all are clear
	joined []N

	further, allWhole []guardState // scratch, and a line of whole voxels
}

func (f *flat[N]) begin(offset float64) {
	f.offset = offset
	c := f.a.Origin[f.n] + offset*f.a.Along[f.n]
	f.held = [2]int{-1, -1}
	size := f.job.v.Size[f.n]
	if !(c >= -0.5 && c < float64(size)-0.5) {
		f.fixed = -1
		return
	}
	if f.nearest {
		f.fixed, f.weight = min(max(int(math.Floor(c+0.5)), 0), size-1), 0
	} else {
		f.fixed, f.weight = split(c, size)
	}
	f.next = 0
	if f.weight > 0 {
		f.next = f.stride[f.n]
	}
	if f.lines[0] == nil {
		// One more than the line, so that a line of a single voxel has a right neighbour of no weight.
		for n := range f.lines {
			f.lines[n] = make([]N, f.length+1)
		}
		f.joined = make([]N, f.length+1)
	}
}

func (f *flat[N]) tile() int { return f.w }

func (f *flat[N]) row(y, _, _ int, out []N) (from, to int, holes bool) {
	c := f.a.Origin[f.v] + float64(y)*f.a.Down[f.v]
	size := f.job.v.Size[f.v]
	if f.fixed < 0 || f.from == f.to || !(c >= -0.5 && c < float64(size)-0.5) {
		return 0, 0, false
	}
	out = out[f.from:f.to]
	if f.nearest {
		r := min(max(int(math.Floor(c+0.5)), 0), size-1)
		n := f.hold(r, -1)
		f.ops.pick(out, f.lines[n], f.columns)
		return f.from, f.to, f.guardRow(y, out, n, n)
	}
	r, weight := split(c, size)
	a := f.hold(r, r+1)
	b, line := a, f.lines[a]
	if weight > 0 {
		b = f.hold(r+1, r)
		f.ops.blend(f.joined, f.lines[a], f.lines[b], weight)
		line = f.joined
	}
	f.ops.spread(out, line, f.columns)
	return f.from, f.to, f.guardRow(y, out, a, b)
}

// hold returns which of the two lines holds row r, gathering it if need be in place of the one that is not row keep.
func (f *flat[N]) hold(r, keep int) int {
	for n, held := range f.held {
		if held == r {
			return n
		}
	}
	n := 0
	if f.held[0] == keep && keep >= 0 {
		n = 1
	}
	f.held[n] = r
	at := f.first*f.stride[f.u] + r*f.stride[f.v] + f.fixed*f.stride[f.n]
	f.ops.line(f.lines[n][:f.length], at, f.stride[f.u], f.next, f.weight)
	f.lines[n][f.length] = f.lines[n][f.length-1]
	if f.guarded() {
		f.guardLine(n, r, at)
	}
	return n
}
