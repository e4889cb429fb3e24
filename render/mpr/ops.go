package mpr

import (
	"math"
	"unsafe"

	"hotlight/project/volume"
)

// weightBits is the precision of display weights: 1/16384 of the contrast between two neighbours.
const (
	weightBits = 14
	one        = 1 << weightBits
)

// stored is an integer voxel.
type stored interface{ uint8 | int16 | uint16 }

// ops are the inner loops over voxels of one type. A "line" holds values with weightBits fraction bits for integers, plain ones for floats.
type ops[N number] interface {
	// line gathers len(dst) voxels from offset at on, stride apart, and blends in those further on by next with weight f of one.
	line(dst []N, at, stride, next int, f int32)
	// blend joins two lines with weight f of one for the second.
	blend(dst, a, b []N, f int32)
	// spread interpolates a line at columns and writes finished numbers.
	spread(out, line []N, columns []column)
	// pick writes finished numbers from the nearest of each column.
	pick(out, line []N, columns []column)
	// oblique writes len(out) trilinear samples at p, p+d, ... (32 fraction bits). All eight neighbours of each lie in the data. base is where
	// voxel 0 lies on axes of stride 0.
	oblique(out []N, base int, p, d [3]int64, stride [3]int)
	// nearest writes the voxels that hold p, p+d, ...
	nearest(out []N, p, d [3]int64, stride [3]int)
	// padded reports whether the voxel at offset n is padding.
	padded(n int) bool
	// hide writes which of len(dst) voxels from offset at on, stride apart, are padding (nothing, else whole), and reports whether any is.
	hide(dst []guardState, at, stride int) bool
	// finish turns a stored value into a finished number.
	finish(stored float64) N
}

// column says where a pixel of an axis-aligned row lies in its line.
type column struct {
	at     int32 // the voxel on its left, counted from the line's start
	weight int32 // of its right neighbour, of one
	near   int32 // the nearest voxel
}

// roundTo turns a mean of finished numbers into one.
func roundTo[N number](v float64) N {
	var n N
	switch p := any(&n).(type) {
	case *int32:
		*p = int32(math.Floor(v + 0.5))
	case *float32:
		*p = float32(v)
	}
	return n
}

// ints are the loops over integer voxels.
type ints[T stored] struct {
	data       []T
	padLo      int64 // padding is padLo <= v <= padLo+padSpan
	padSpan    uint64
	hasPadding bool
}

func newInts[T stored](j *job, data []T) *ints[T] {
	o := &ints[T]{data: data}
	if j.v.HasPadding {
		lo, hi := math.Ceil(j.v.Padding[0]), math.Floor(j.v.Padding[1])
		if lo = max(lo, -1<<20); lo <= hi {
			o.padLo, o.padSpan, o.hasPadding = int64(lo), uint64(min(hi, 1<<20)-lo), true
		}
	}
	return o
}

func (o *ints[T]) padded(n int) bool {
	return o.hasPadding && uint64(int64(o.data[n])-o.padLo) <= o.padSpan
}

func (o *ints[T]) hide(dst []guardState, at, stride int) bool {
	clear(dst)
	if !o.hasPadding {
		return false
	}
	some := false
	for n := range dst {
		if uint64(int64(o.data[at])-o.padLo) <= o.padSpan {
			dst[n], some = nothing, true
		}
		at += stride
	}
	return some
}

func (o *ints[T]) finish(v float64) int32 { return int32(math.Floor(v*(1<<FixedBits) + 0.5)) }

func (o *ints[T]) line(dst []int32, at, stride, next int, f int32) {
	switch {
	case stride == 1 && f == 0:
		for n, v := range o.data[at:][:len(dst)] {
			dst[n] = int32(v) << weightBits
		}
	case stride == 1:
		b := o.data[at+next:][:len(dst)]
		for n, v := range o.data[at:][:len(dst)] {
			dst[n] = int32(v)<<weightBits + f*(int32(b[n])-int32(v))
		}
	case f == 0:
		for n := range dst {
			dst[n] = int32(o.data[at]) << weightBits
			at += stride
		}
	default:
		for n := range dst {
			v := int32(o.data[at])
			dst[n] = v<<weightBits + f*(int32(o.data[at+next])-v)
			at += stride
		}
	}
}

func (o *ints[T]) blend(dst, a, b []int32, f int32) {
	a, b = a[:len(dst)], b[:len(dst)]
	weight := int64(f)
	for n := range dst {
		v := int64(a[n])
		dst[n] = int32(v + (weight*(int64(b[n])-v)+one/2)>>weightBits)
	}
}

func (o *ints[T]) spread(out, line []int32, columns []column) {
	out = out[:len(columns)]
	for n, c := range columns {
		v := line[c.at : c.at+2 : c.at+2]
		a := int64(v[0])
		sum := a<<weightBits + int64(c.weight)*(int64(v[1])-a)
		out[n] = int32((sum + 1<<(2*weightBits-FixedBits-1)) >> (2*weightBits - FixedBits))
	}
}

func (o *ints[T]) pick(out, line []int32, columns []column) {
	out = out[:len(columns)]
	for n, c := range columns {
		out[n] = line[c.near] >> (weightBits - FixedBits)
	}
}

func (o *ints[T]) oblique(out []int32, base int, p, d [3]int64, stride [3]int) {
	if stride[0] == 0 { // the plane lies at one column
		o.obliqueStrided(out, base, p, d, stride)
		return
	}
	mustStayInside(len(o.data), len(out), base, p, d, stride)
	data, sy, sz := o.data[base:], stride[1], stride[2]
	first := unsafe.Pointer(unsafe.SliceData(data))
	each := unsafe.Sizeof(data[0])
	down, deep := uintptr(sy)*each, uintptr(sz)*each
	x, y, z := p[0], p[1], p[2]
	for n := range out {
		at := unsafe.Add(first, uintptr(int(x>>32)+int(y>>32)*sy+int(z>>32)*sz)*each)
		fx, fy, fz := int64(uint32(x)>>18), int64(uint32(y)>>18), int64(uint32(z)>>18)
		a0, a1 := across[T](at, fx), across[T](unsafe.Add(at, down), fx)
		at = unsafe.Add(at, deep)
		b0, b1 := across[T](at, fx), across[T](unsafe.Add(at, down), fx)
		front := a0<<weightBits + fy*(a1-a0)
		back := b0<<weightBits + fy*(b1-b0)
		sum := front<<weightBits + fz*(back-front)
		out[n] = int32((sum + 1<<(3*weightBits-FixedBits-1)) >> (3*weightBits - FixedBits))
		x, y, z = x+d[0], y+d[1], z+d[2]
	}
}

// mustStayInside panics unless all neighbours of a run's samples lie in data of the given length. Offsets grow or fall with each axis alone, so the
// two ends of the run bound them all. It is what lets oblique read without a test for every voxel.
func mustStayInside(data, samples, base int, p, d [3]int64, stride [3]int) {
	first, last := base, base
	for n := range 3 {
		a, b := int(p[n]>>32), int((p[n]+int64(max(samples-1, 0))*d[n])>>32)
		first += min(a, b) * stride[n]
		last += (max(a, b) + 1) * stride[n]
	}
	if first < 0 || last >= data {
		panic("mpr: a run leaves the volume")
	}
}

// across blends the voxel at p with its right neighbour.
func across[T stored](p unsafe.Pointer, weight int64) int64 {
	var a, b int64
	if unsafe.Sizeof(T(0)) == 2 {
		both := *(*uint32)(p)
		a, b = int64(T(both)), int64(T(both>>16))
	} else {
		pair := (*[2]T)(p)
		a, b = int64(pair[0]), int64(pair[1])
	}
	return a<<weightBits + weight*(b-a)
}

// obliqueStrided is oblique for two axes, neither of which is the one along which voxels lie side by side.
func (o *ints[T]) obliqueStrided(out []int32, base int, p, d [3]int64, stride [3]int) {
	data, sy, sz := o.data[base:], stride[1], stride[2]
	y, z := p[1], p[2]
	for n := range out {
		at := int(y>>32)*sy + int(z>>32)*sz
		fy, fz := int64(uint32(y)>>18), int64(uint32(z)>>18)
		a0, a1 := int64(data[at]), int64(data[at+sy])
		b0, b1 := int64(data[at+sz]), int64(data[at+sz+sy])
		front := a0<<weightBits + fy*(a1-a0)
		back := b0<<weightBits + fy*(b1-b0)
		sum := front<<weightBits + fz*(back-front)
		out[n] = int32((sum + 1<<(2*weightBits-FixedBits-1)) >> (2*weightBits - FixedBits))
		y, z = y+d[1], z+d[2]
	}
}

func (o *ints[T]) nearest(out []int32, p, d [3]int64, stride [3]int) {
	const half = 1 << 31
	x, y, z := p[0]+half, p[1]+half, p[2]+half
	for n := range out {
		out[n] = int32(o.data[int(x>>32)*stride[0]+int(y>>32)*stride[1]+int(z>>32)*stride[2]]) << FixedBits
		x, y, z = x+d[0], y+d[1], z+d[2]
	}
}

// drawn returns the stored value that display shows at x, by the definition: NaN where it shows nothing. A sample that would mix padding with
// values takes the nearest voxel.
func drawn[N number](j *job, o ops[N], x volume.Index) float64 {
	if !j.v.Contains(x) {
		return math.NaN()
	}
	near := x.Voxel()
	at := j.v.Offset(near[0], near[1], near[2])
	if a := j.exact.arrived; a != nil && !a[near[2]] || o.padded(at) {
		return math.NaN()
	}
	if j.nearest || j.v.HasPadding && touchesPadding(j, o, x) {
		return j.v.StoredAt(at)
	}
	return j.exact.linear(x)
}

// touchesPadding reports whether a voxel with weight at x is padding.
func touchesPadding[N number](j *job, o ops[N], x volume.Index) bool {
	var lo, hi [3]int
	for n := range 3 {
		c := min(max(x[n], 0), float64(j.v.Size[n]-1))
		lo[n], hi[n] = int(c), int(math.Ceil(c))
	}
	for k := lo[2]; k <= hi[2]; k++ {
		for r := lo[1]; r <= hi[1]; r++ {
			for i := lo[0]; i <= hi[0]; i++ {
				if o.padded(j.v.Offset(i, r, k)) {
					return true
				}
			}
		}
	}
	return false
}
