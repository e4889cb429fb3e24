package mpr

import "math"

// oblique cuts rows of any plane: each row is clipped to the volume once, and the samples between run without a test. The few samples within
// half a voxel of the border are computed by the definition.
type oblique[N number] struct {
	*job
	ops    ops[N]
	offset float64
	step   [3]int64 // from pixel to pixel, 32 fraction bits
	stride [3]int   // 0 along an axis on which the whole plane lies at one voxel's centre
	fixed  [3]int64 // the voxel on such an axis
	base   int      // offset in the data of those voxels
	spans  [bandRows]span
}

const unit = 1 << 32

func (o *oblique[N]) begin(offset float64) {
	o.offset, o.spans = offset, [bandRows]span{}
	o.stride, o.base = o.strides(), 0
	for n := range 3 {
		o.step[n] = toFixed(o.a.Right[n])
		if o.nearest || o.a.Right[n] != 0 || o.a.Down[n] != 0 {
			continue
		}
		// The plane does not leave its place on this axis. Where that is a voxel's centre or in the border, there is no neighbour to blend in.
		c := o.a.Origin[n] + offset*o.a.Along[n]
		voxel, weight := split(c, o.v.Size[n])
		if weight == 0 && c >= -0.5 && c < float64(o.v.Size[n])-0.5 {
			o.base += voxel * o.stride[n]
			o.stride[n], o.fixed[n] = 0, int64(voxel)
		}
	}
}

func toFixed(v float64) int64 { return int64(math.Round(min(max(v, -1<<30), 1<<30) * unit)) }

// tile is short where rows run through slices: voxels of neighbouring slices lie so far apart that a whole row of them pushes itself out of the
// cache before the next row needs the same ones.
func (o *oblique[N]) tile() int {
	if math.Abs(o.a.Right[2]) >= math.Abs(o.a.Right[0]) {
		return 32
	}
	return o.w
}

// span is a clipped row; y is one more than its row, 0 for none. Pixels [from, to) lie in the volume, [inFrom, inTo) between centres, and p is the place of inFrom.
type span struct {
	y, from, to, inFrom, inTo int
	p                         [3]int64
}

func (o *oblique[N]) span(y int) *span {
	s := &o.spans[y%bandRows]
	if s.y == y+1 {
		return s
	}
	start := o.a.At(0, float64(y), o.offset)
	*s = span{y: y + 1}
	if s.from, s.to = o.clip(start, -0.5, -0.5); s.from >= s.to {
		return s
	}
	s.inFrom, s.inTo = s.from, s.to
	if !o.nearest {
		if s.inFrom, s.inTo = o.clip(start, 0, -1); s.inFrom >= s.inTo {
			s.inFrom, s.inTo = s.from, s.from
		}
	}
	s.p = o.at(start, s.inFrom)
	s.inFrom, s.inTo, s.p = o.shrink(s.inFrom, s.inTo, s.p)
	return s
}

func (o *oblique[N]) row(y, x0, x1 int, out []N) (from, to int, holes bool) {
	s := o.span(y)
	from, to = max(s.from, x0), min(s.to, x1)
	inFrom, inTo := max(s.inFrom, from), min(s.inTo, to)
	if inFrom >= inTo {
		inFrom, inTo = to, to
	}
	for x := from; x < inFrom; x++ {
		holes = o.byDefinition(out, x, y) || holes
	}
	if inFrom < inTo {
		p := s.p
		for n := range 3 {
			p[n] += int64(inFrom-s.inFrom) * o.step[n]
		}
		holes = o.run(out[inFrom:inTo], inFrom, y, p) || holes
	}
	for x := inTo; x < to; x++ {
		holes = o.byDefinition(out, x, y) || holes
	}
	return from, to, holes
}

// run writes samples that all lie between centres.
func (o *oblique[N]) run(out []N, x, y int, p [3]int64) (holes bool) {
	if o.nearest {
		o.ops.nearest(out, p, o.step, o.stride)
	} else {
		o.ops.oblique(out, o.base, p, o.step, o.stride)
	}
	if o.guarded() {
		return o.obliqueGuard(out, x, y, p)
	}
	return false
}

// byDefinition computes one pixel in double precision.
func (o *oblique[N]) byDefinition(out []N, x, y int) (hole bool) {
	value := drawn(o.job, o.ops, o.a.At(float64(x), float64(y), o.offset))
	if math.IsNaN(value) {
		out[x] = void[N]()
		return true
	}
	out[x] = o.ops.finish(value)
	return false
}

// at returns the fixed-point position of pixel x.
func (o *oblique[N]) at(start [3]float64, x int) (p [3]int64) {
	for n := range 3 {
		if o.stride[n] == 0 {
			p[n] = o.fixed[n] * unit
			continue
		}
		p[n] = toFixed(start[n] + float64(x)*o.a.Right[n])
	}
	return p
}

// clip returns the pixels of a row whose coordinates lie within [lo, size+hi) on every axis. Axes without a stride only need to be inside.
func (o *oblique[N]) clip(start [3]float64, lo, hi float64) (from, to int) {
	first, last := 0.0, float64(o.w-1)
	for n := range 3 {
		low, high := lo, float64(o.v.Size[n])+hi
		if o.stride[n] == 0 {
			low, high = -0.5, float64(o.v.Size[n])-0.5
		}
		d := o.a.Right[n]
		switch {
		case d == 0:
			if !(start[n] >= low && start[n] < high) {
				return 0, 0
			}
		case d > 0:
			first, last = max(first, (low-start[n])/d), min(last, (high-start[n])/d)
		default:
			first, last = max(first, (high-start[n])/d), min(last, (low-start[n])/d)
		}
	}
	if !(first <= last) {
		return 0, 0
	}
	from, to = int(math.Ceil(first)), int(math.Floor(last))+1
	// The upper end is open, and division rounds: look at the ends themselves.
	inside := func(x int) bool {
		for n := range 3 {
			c := start[n] + float64(x)*o.a.Right[n]
			low, high := lo, float64(o.v.Size[n])+hi
			if o.stride[n] == 0 {
				low, high = -0.5, float64(o.v.Size[n])-0.5
			}
			if !(c >= low && c < high) {
				return false
			}
		}
		return true
	}
	for from < to && !inside(from) {
		from++
	}
	for to > from && !inside(to-1) {
		to--
	}
	return from, to
}

// shrink drops samples at the ends of a run whose fixed-point position, unlike the exact one, has a neighbour outside the data.
func (o *oblique[N]) shrink(from, to int, p [3]int64) (int, int, [3]int64) {
	fits := func(x int) bool {
		for n := range 3 {
			q := p[n] + int64(x-from)*o.step[n]
			if o.nearest {
				q += unit / 2
			}
			last := int64(o.v.Size[n])
			if !o.nearest && o.stride[n] != 0 {
				last--
			}
			if q < 0 || q >= last*unit {
				return false
			}
		}
		return true
	}
	for to > from && !fits(to-1) {
		to--
	}
	skip := from
	for skip < to && !fits(skip) {
		skip++
	}
	for n := range 3 {
		p[n] += int64(skip-from) * o.step[n]
	}
	return skip, to, p
}
