package mpr

import (
	"context"
	"math"

	"hotlight/project/volume"
)

// cutColour cuts one of a colour series' own planes, each channel for itself. The window does not apply: colour is shown as stored.
func cutColour(ctx context.Context, v *volume.Volume, p volume.Plane, a Affine, in Interpolation, dst *Cut) error {
	k, ok := ownPlane(&v.Geometry, p)
	if !ok {
		return ErrStack
	}
	dst.Colour = sized(dst.Colour, dst.W*dst.H)
	if s := v.ArrivedSlices(); s != nil && !s[k] {
		fill32(dst.From, 0)
		fill32(dst.To, 0)
		return nil
	}
	size := v.Size[0] * v.Size[1] * 3
	face := face{data: v.RGB[k*size:][:size], w: v.Size[0], h: v.Size[1], nearest: in == Nearest}
	return bands(ctx, dst.H, func(y int) {
		from, to := dst.W, 0
		row := dst.Colour[y*dst.W:][:dst.W]
		for x := range row {
			at := a.At(float64(x), float64(y), 0)
			if at[0] < -0.5 || at[1] < -0.5 || at[0] >= float64(face.w)-0.5 || at[1] >= float64(face.h)-0.5 {
				continue
			}
			row[x] = face.at(at[0], at[1])
			from, to = min(from, x), x+1
		}
		dst.From[y], dst.To[y] = int32(from), int32(to)
	})
}

func fill32(s []int32, v int32) {
	for n := range s {
		s[n] = v
	}
}

// face is one colour picture, three bytes a pixel.
type face struct {
	data    []uint8
	w, h    int
	nearest bool
}

// at returns the colour at (x, y), within half a pixel of the face, as a pixel.
func (f *face) at(x, y float64) uint32 {
	if f.nearest {
		q := f.data[(int(math.Floor(y+0.5))*f.w+int(math.Floor(x+0.5)))*3:][:3]
		return 0xff000000 | uint32(q[2])<<16 | uint32(q[1])<<8 | uint32(q[0])
	}
	i, fx := split(x, f.w)
	j, fy := split(y, f.h)
	right, down := 0, 0
	if fx > 0 {
		right = 3
	}
	if fy > 0 {
		down = 3 * f.w
	}
	at := (j*f.w + i) * 3
	px := uint32(0xff000000)
	for c := range 3 {
		q := f.data[at+c:]
		top := int32(q[0])<<weightBits + fx*(int32(q[right])-int32(q[0]))
		bottom := int32(q[down])<<weightBits + fx*(int32(q[down+right])-int32(q[down]))
		sum := int64(top)<<weightBits + int64(fy)*int64(bottom-top)
		px |= uint32((sum+1<<(2*weightBits-1))>>(2*weightBits)) << (8 * c)
	}
	return px
}
