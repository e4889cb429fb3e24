package mpr

import (
	"context"
	"math"

	"hotlight/project/volume"
)

// Void marks a pixel of Cut.Fixed that shows nothing: padding, or a slice that has not arrived.
const Void = math.MinInt32

// FixedBits is the number of fraction bits of Cut.Fixed.
const FixedBits = 8

// Cut is a plane through a volume before the window: W*H pixels, row by row, in the one of its slices that fits the volume. A Cutter reuses
// the memory of the Cut that it is given.
type Cut struct {
	W, H int
	// Fixed holds stored values times 256 for volumes of integers.
	Fixed []int32
	// Float holds stored values for float volumes; minus infinity and NaN show nothing.
	Float []float32
	// Colour holds finished pixels for colour: R, G, B and 255, R in the lowest byte.
	Colour []uint32
	// From and To bound the pixels of each row that lie in the volume; the others are not written.
	From, To []int32
	// Holes says that pixels within From and To may show nothing.
	Holes bool
}

// number is what a Cut is computed in.
type number interface{ int32 | float32 }

// void returns the number that shows nothing.
func void[N number]() N {
	var n N
	switch p := any(&n).(type) {
	case *int32:
		*p = Void
	case *float32:
		*p = float32(math.Inf(-1))
	}
	return n
}

// Cutter cuts planes for display. It holds scratch memory only; it serves one goroutine at a time.
type Cutter struct {
	columns []column
}

// Cut cuts plane p through v into dst, a picture of w x h pixels. Padding shows nothing; a pixel that would mix padding with values takes the
// nearest voxel. Errors as Values, but colour is cut too, on its own planes only.
func (c *Cutter) Cut(ctx context.Context, v *volume.Volume, p volume.Plane, w, h int, in Interpolation, slab Slab, dst *Cut) error {
	if err := in.Check(); err != nil {
		return err
	}
	if err := slab.Check(); err != nil {
		return err
	}
	if PlanewiseOnly(v) && slab.ThicknessMM > 0 {
		return ErrStack
	}
	a, err := NewAffine(&v.Geometry, p, w, h)
	if err != nil {
		return err
	}
	dst.shape(w, h)
	if v.Pixel == volume.RGB8 {
		return cutColour(ctx, v, p, a, in, dst)
	}
	exact, err := newSampler(v, in)
	if err != nil {
		return err
	}
	job := job{ctx: ctx, v: v, a: a, w: w, h: h, nearest: in == Nearest, mode: slab.Mode, offsets: slab.Offsets(&v.Geometry, p), exact: exact, scratch: c}
	switch v.Pixel {
	case volume.Uint8:
		return cutInts(&job, v.Uint8, dst)
	case volume.Int16:
		return cutInts(&job, v.Int16, dst)
	case volume.Uint16:
		return cutInts(&job, v.Uint16, dst)
	}
	dst.Float = sized(dst.Float, w*h)
	return cut(&job, &floats{data: v.Float32, job: &job}, dst.Float, dst)
}

func cutInts[T stored](j *job, data []T, dst *Cut) error {
	dst.Fixed = sized(dst.Fixed, j.w*j.h)
	return cut(j, newInts(j, data), dst.Fixed, dst)
}

// shape empties the picture and gives it its size.
func (c *Cut) shape(w, h int) {
	c.W, c.H, c.Holes = w, h, false
	c.Fixed, c.Float, c.Colour = c.Fixed[:0], c.Float[:0], c.Colour[:0]
	c.From, c.To = sized(c.From, h), sized(c.To, h)
}

// sized returns a slice of n entries, with s's memory where it suffices. Contents are undefined.
func sized[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// job is one plane to be cut.
type job struct {
	ctx     context.Context
	v       *volume.Volume
	a       Affine
	w, h    int
	nearest bool
	mode    SlabMode
	offsets []float64
	exact   *sampler
	scratch *Cutter
}

// guarded reports whether some voxels show nothing, so that every sample must be looked at.
func (j *job) guarded() bool { return j.v.HasPadding || j.exact.arrived != nil }

// strides are the distances of neighbours along the axes in the data.
func (j *job) strides() [3]int { return [3]int{1, j.v.Size[0], j.v.Size[0] * j.v.Size[1]} }

// cut picks the way: planes along the grid's axes are cut by rows and columns, all others by oblique rows.
func cut[N number](j *job, o ops[N], out []N, dst *Cut) error {
	if f, ok := newFlat(j); ok {
		return cutRows(j, func() rowMaker[N] { return &flat[N]{flatPlan: f, ops: o} }, out, dst)
	}
	return cutRows(j, func() rowMaker[N] { return &oblique[N]{job: j, ops: o} }, out, dst)
}
