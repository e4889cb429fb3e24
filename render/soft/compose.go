package soft

import (
	"context"
	"image"
	"unsafe"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
)

// black is an opaque black pixel.
const black = 0xff000000

// compose draws the cut through the window, then all areas, then all casings, then all edges.
func (r *Renderer) compose(ctx context.Context, s *render.Scene, dst *image.RGBA) error {
	if s.Volume != nil && s.Volume.Pixel != volume.RGB8 {
		r.table.Set(s.VOI, s.Volume.Slope, s.Volume.Intercept)
	}
	return mpr.Bands(ctx, dst.Rect.Dy(), func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			row := words(dst, y)
			switch {
			case s.Volume == nil:
				fill(row, black)
			case !r.cutKey.half:
				r.imageRow(row, y)
			case y > y0 && y%2 == 1:
				copy(row, words(dst, y-1))
			default:
				r.doubledRow(row, y/2)
			}
		}
		r.composeLayers(s, dst, y0, y1)
	})
}

func (r *Renderer) composeLayers(s *render.Scene, dst *image.RGBA, y0, y1 int) {
	for y := y0; y < y1; y++ {
		row := words(dst, y)
		r.graphics.draw(row, y)
		for n, l := range s.Layers {
			if l.Fill > 0 {
				r.layers[n].cover.FillRow(row, y, l.Colour, l.Fill)
			}
		}
		for n, l := range s.Layers {
			if l.Outline {
				r.layers[n].outlines.CasingRow(row, y)
			}
		}
		for n, l := range s.Layers {
			if l.Outline {
				r.layers[n].outlines.EdgeRow(row, y, l.Colour)
			}
		}
	}
}

// imageRow draws row y of the cut through the window; row has the cut's width.
func (r *Renderer) imageRow(row []uint32, y int) {
	c := &r.cut
	from, to := int(c.From[y]), int(c.To[y])
	if from >= to {
		fill(row, black)
		return
	}
	fill(row[:from], black)
	fill(row[to:], black)
	at, end := y*c.W+from, y*c.W+to
	inside := row[from:to]
	switch {
	case len(c.Colour) > 0:
		copy(inside, c.Colour[at:end])
	case len(c.Float) > 0:
		r.table.Floats(inside, c.Float[at:end])
	default:
		r.table.Fixed(inside, c.Fixed[at:end])
		if c.Holes {
			for n, v := range c.Fixed[at:end] {
				if v == mpr.Void {
					inside[n] = black
				}
			}
		}
	}
}

// doubledRow draws row y of a cut of half width, each pixel twice.
func (r *Renderer) doubledRow(row []uint32, y int) {
	half := r.cut.W
	r.imageRow(row[len(row)-half:], y) // the right half of the row serves as scratch; reading stays ahead of writing
	for x, v := range row[len(row)-half:] {
		row[2*x] = v
		if 2*x+1 < len(row) {
			row[2*x+1] = v
		}
	}
}

func fill(row []uint32, v uint32) {
	for n := range row {
		row[n] = v
	}
}

// words returns row y of dst, counted from its top, as pixels with R in the lowest byte. Storing a pixel at once instead of byte by byte halves
// the time of a window drag; all processors that we build for are little-endian and store words at any address.
func words(dst *image.RGBA, y int) []uint32 {
	at := y * dst.Stride
	row := dst.Pix[at : at+4*dst.Rect.Dx()]
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(row))), dst.Rect.Dx())
}
