package overlay

import (
	"image/color"
	"math/bits"

	"hotlight/project"
)

// casingColour is black at 65 %, so that an edge shows on air and on bone.
var casingColour = color.NRGBA{A: 166}

// FillRow blends colour at opacity (0 to MaxFill) over the pixels of row y that c holds. pix are that row's pixels, R in the lowest byte.
func (c *Cover) FillRow(pix []uint32, y int, colour project.Colour, opacity float64) {
	if row := c.row(y); row != nil && opacity > 0 {
		a := uint8(min(opacity, MaxFill)*255 + 0.5)
		blendBits(pix, row, newBlend(color.NRGBA{colour.R, colour.G, colour.B, a}))
	}
}

// CasingRow darkens the pixels just outside the segment in row y.
func (o *Outlines) CasingRow(pix []uint32, y int) {
	if o.some[y] {
		lo, hi := o.within[y][0], o.within[y][1]
		blendBits(pix[64*lo:], o.dark[y*o.cover.stride:][lo:hi], newBlend(casingColour))
	}
}

// EdgeRow draws the edge of row y in full colour.
func (o *Outlines) EdgeRow(pix []uint32, y int, colour project.Colour) {
	if !o.some[y] {
		return
	}
	lo, hi := o.within[y][0], o.within[y][1]
	paintBits(pix, o.edge[y*o.cover.stride:][lo:hi], int(lo), colour)
}

// paintBits sets the pixels whose bit is set; the first word is the picture's word from.
func paintBits(pix []uint32, row []uint64, from int, colour project.Colour) {
	solid := uint32(colour.R) | uint32(colour.G)<<8 | uint32(colour.B)<<16 | 0xff000000
	for n, w := range row {
		for ; w != 0; w &= w - 1 {
			pix[(n+from)*64+bits.TrailingZeros64(w)] = solid
		}
	}
}

// blendBits blends b over the pixels whose bit is set, run by run.
func blendBits(pix []uint32, row []uint64, b blend) {
	for n, w := range row {
		for w != 0 {
			from := bits.TrailingZeros64(w)
			run := bits.TrailingZeros64(^(w >> from))
			part := pix[n*64+from:][:run]
			for x, under := range part {
				part[x] = b.over(under)
			}
			if from+run == 64 {
				break
			}
			w &= ^uint64(0) << (from + run)
		}
	}
}
