package overlay

import (
	"math"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render/mpr"
)

// GraphicColour is that of overlay planes (60xx): no grey, so that it is never taken for anatomy.
var GraphicColour = project.Colour{R: 0xFF, G: 0xD9, B: 0x66}

// GraphicSlice returns the slice whose overlays plane a shows, or ok false where it cuts across slices or lies between them.
func GraphicSlice(a mpr.Affine, w, h int) (k int, ok bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range [2]float64{0, float64(w - 1)} {
		for _, y := range [2]float64{0, float64(h - 1)} {
			z := a.At(x, y, 0)[2]
			low, high = min(low, z), max(high, z)
		}
	}
	at := math.Floor(low + 0.5)
	if math.IsNaN(at) || math.Abs(at) > 1<<30 || low < at-0.5 || high >= at+0.5 || high-low > 0.01 {
		return 0, false
	}
	return int(at), true
}

// ShapeGraphics prepares the cover for overlay planes in a picture of w x h pixels, instead of Shape; SampleGraphics then fills its rows.
func (c *Cover) ShapeGraphics(w, h int) {
	c.w, c.h, c.stride = w, h, (w+63)/64
	c.filled = sized(c.filled, h)
	c.words = sized(c.words, h*c.stride)
	clear(c.filled)
}

// SampleGraphics sets, in the rows [y0, y1), the pixels that any overlay of list covers. a maps the picture to the voxels that the overlays lie on.
// Enlarged, an overlay's pixel is as large as the voxel; reduced, it stays at least one pixel large, so that thin lines are not lost.
func (c *Cover) SampleGraphics(list []volume.Overlay, a mpr.Affine, y0, y1 int) {
	half := [2]float64{(math.Abs(a.Right[0]) + math.Abs(a.Down[0])) / 2, (math.Abs(a.Right[1]) + math.Abs(a.Down[1])) / 2}
	for y := y0; y < y1; y++ {
		row := c.words[y*c.stride : (y+1)*c.stride]
		clear(row)
		for x := range c.w {
			at := a.At(float64(x), float64(y), 0)
			i0, i1 := covered(at[0], half[0])
			j0, j1 := covered(at[1], half[1])
			if anySet(list, i0, i1, j0, j1) {
				row[x/64] |= 1 << (x % 64)
				c.filled[y] = true
			}
		}
	}
}

// covered returns the whole numbers [first, end) within half of at, or the nearest one where there are none.
func covered(at, half float64) (first, end int) {
	if math.Abs(at) > 1<<30 {
		return 0, 0
	}
	const settle = 1e-6 // a hair's breadth past the border is the border
	first, end = int(math.Ceil(at-half-settle)), int(math.Ceil(at+half-settle))
	if first >= end {
		first = int(math.Floor(at + 0.5))
		end = first + 1
	}
	return first, end
}

func anySet(list []volume.Overlay, i0, i1, j0, j1 int) bool {
	for n := range list {
		o := &list[n]
		for j := max(j0, o.Row); j < min(j1, o.Row+o.Rows); j++ {
			for i := max(i0, o.Column); i < min(i1, o.Column+o.Columns); i++ {
				if o.At(i, j) {
					return true
				}
			}
		}
	}
	return false
}

// SolidRow draws the covered pixels of row y in full colour. pix are that row's pixels, R in the lowest byte.
func (c *Cover) SolidRow(pix []uint32, y int, colour project.Colour) {
	if row := c.row(y); row != nil {
		paintBits(pix, row, 0, colour)
	}
}
