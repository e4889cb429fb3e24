package mpr

import (
	"context"
	"math"

	"hotlight/project"
	"hotlight/project/volume"
)

// Values returns the rescaled values of a plane in double precision, rounded once to float32: w*h entries, row by row, NaN outside. Padding
// counts as the value it is stored as, so that the result agrees with other programs; Cutter draws it black.
//
// Errors: ErrStack, project.Invalid for a plane, size, interpolation or slab that cannot be, project.Unsupported for colour, ctx.Err().
func Values(ctx context.Context, v *volume.Volume, p volume.Plane, w, h int, in Interpolation, slab Slab) ([]float32, error) {
	s, err := newSampler(v, in)
	if err != nil {
		return nil, err
	}
	if err := slab.Check(); err != nil {
		return nil, err
	}
	if v.IsStack() && slab.ThicknessMM > 0 {
		return nil, ErrStack
	}
	a, err := NewAffine(&v.Geometry, p, w, h)
	if err != nil {
		return nil, err
	}
	offsets := slab.Offsets(&v.Geometry, p)
	out := make([]float32, w*h)
	err = bands(ctx, h, func(y int) {
		row := out[y*w : (y+1)*w]
		for x := range row {
			row[x] = float32(s.column(&a, float64(x), float64(y), offsets, slab.Mode))
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Sample returns the rescaled value at a patient point in double precision. ok is false outside, for a slice that has not arrived, for a value
// that is not a number and, in a stack, between its planes.
func Sample(v *volume.Volume, at volume.Point, in Interpolation) (value float64, ok bool) {
	s, err := newSampler(v, in)
	if err != nil {
		return 0, false
	}
	x := v.ToIndex(at)
	if v.IsStack() {
		k := min(max(math.Floor(x[2]+0.5), 0), float64(v.Size[2]-1))
		if behind := at.Sub(v.PlaneOrigin(int(k))).Dot(v.Axis(2)); math.Abs(behind) > ownPlaneMM {
			return 0, false
		}
		x[2] = k
	}
	value = s.at(x)
	return value, !math.IsNaN(value)
}

// sampler reads rescaled values at any index.
type sampler struct {
	v       *volume.Volume
	nearest bool
	arrived []bool // nil when all have
	stored  func(x, y, z int) float64
}

func newSampler(v *volume.Volume, in Interpolation) (*sampler, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	s := &sampler{v: v, nearest: in == Nearest, arrived: v.ArrivedSlices()}
	switch v.Pixel {
	case volume.Uint8:
		s.stored = reader(v, v.Uint8)
	case volume.Int16:
		s.stored = reader(v, v.Int16)
	case volume.Uint16:
		s.stored = reader(v, v.Uint16)
	case volume.Float32:
		s.stored = reader(v, v.Float32)
	default:
		return nil, project.Errorf(project.Unsupported, "colour has no single value a voxel")
	}
	return s, nil
}

func reader[T uint8 | int16 | uint16 | float32](v *volume.Volume, data []T) func(x, y, z int) float64 {
	return func(x, y, z int) float64 { return float64(data[v.Offset(x, y, z)]) }
}

// column joins the samples of one pixel through the slab. NaN when none is inside.
func (s *sampler) column(a *Affine, x, y float64, offsets []float64, mode SlabMode) float64 {
	if len(offsets) == 1 {
		return s.at(a.At(x, y, offsets[0]))
	}
	best, sum, count := math.NaN(), 0.0, 0
	for _, d := range offsets {
		value := s.at(a.At(x, y, d))
		if math.IsNaN(value) {
			continue
		}
		if count == 0 || mode != MinIP && value > best || mode == MinIP && value < best {
			best = value
		}
		sum += value
		count++
	}
	if mode == Mean && count > 0 {
		return sum / float64(count)
	}
	return best
}

// at returns the rescaled value at x, or NaN.
func (s *sampler) at(x volume.Index) float64 {
	if !s.v.Contains(x) {
		return math.NaN()
	}
	if s.nearest {
		n := x.Voxel()
		if s.arrived != nil && !s.arrived[n[2]] {
			return math.NaN()
		}
		return s.v.Rescale(s.stored(n[0], n[1], n[2]))
	}
	return s.v.Rescale(s.linear(x))
}

// linear interpolates stored values between the eight centres around x, which lies within the grid.
func (s *sampler) linear(x volume.Index) float64 {
	var lo, hi [3]int
	var f [3]float64
	for n := range 3 {
		c := min(max(x[n], 0), float64(s.v.Size[n]-1))
		lo[n] = int(c)
		f[n] = c - float64(lo[n])
		hi[n] = lo[n]
		if f[n] > 0 { // a neighbour without weight is not read: it may not have arrived, or not be a number
			hi[n]++
		}
	}
	if s.arrived != nil && !(s.arrived[lo[2]] && s.arrived[hi[2]]) {
		return math.NaN()
	}
	row := func(j, k int) float64 {
		a := s.stored(lo[0], j, k)
		if f[0] == 0 {
			return a
		}
		return a + f[0]*(s.stored(hi[0], j, k)-a)
	}
	face := func(k int) float64 {
		a := row(lo[1], k)
		if f[1] == 0 {
			return a
		}
		return a + f[1]*(row(hi[1], k)-a)
	}
	a := face(lo[2])
	if f[2] == 0 {
		return a
	}
	return a + f[2]*(face(hi[2])-a)
}
