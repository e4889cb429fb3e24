package segmentation

import (
	"math/bits"

	"hotlight/project"
	"hotlight/project/volume"
)

// valueRange is a stroke's limit to a range of rescaled values.
type valueRange struct {
	v      *volume.Volume
	lo, hi float64
}

func newValueRange(v *volume.Volume, limits [2]float64, size [3]int) (*valueRange, error) {
	switch {
	case !(limits[0] <= limits[1]):
		return nil, project.Errorf(project.Invalid, "range: its start must not lie above its end")
	case v == nil:
		return nil, project.Errorf(project.NotFound, "range: the images are not here, so their values are not known")
	case v.Pixel == volume.RGB8:
		return nil, project.Errorf(project.Invalid, "range: a colour image has no single value a voxel")
	case v.Size != size:
		return nil, gridError(v.Size, size)
	}
	return &valueRange{v: v, lo: limits[0], hi: limits[1]}, nil
}

// keep returns the voxels of word, whose bit 0 is column i of row (j, k), that have a value in the range.
func (r *valueRange) keep(word uint64, i, j, k int) (uint64, error) {
	v := r.v
	if !v.Arrived(k) {
		return 0, project.Errorf(project.Busy, "range: slice %d is still loading", k+1)
	}
	at := v.Offset(i, j, k)
	switch v.Pixel {
	case volume.Uint8:
		return keep(r, v.Uint8, at, word), nil
	case volume.Int16:
		return keep(r, v.Int16, at, word), nil
	case volume.Uint16:
		return keep(r, v.Uint16, at, word), nil
	}
	return keep(r, v.Float32, at, word), nil
}

func keep[T uint8 | int16 | uint16 | float32](r *valueRange, stored []T, at int, word uint64) uint64 {
	v, out := r.v, uint64(0)
	for rest := word; rest != 0; rest &= rest - 1 {
		n := bits.TrailingZeros64(rest)
		s := float64(stored[at+n])
		if v.HasPadding && s >= v.Padding[0] && s <= v.Padding[1] {
			continue
		}
		if value := v.Rescale(s); value >= r.lo && value <= r.hi { // false for what is not a number
			out |= 1 << n
		}
	}
	return out
}
