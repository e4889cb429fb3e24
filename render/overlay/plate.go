package overlay

import (
	"image"
	"image/color"
)

// Plate draws lines of text on black at 72 %, hugging them, and returns the plate's rectangle. anchor is the point of dst that the plate touches;
// right and bottom say with which of its corners (false: left, top).
func Plate(dst *image.RGBA, lines []Line, anchor image.Point, right, bottom bool, px, scale float64) image.Rectangle {
	o := Options{Scale: scale}
	st := func(l Line) Style { return Style{px * scale, l.Bold} }
	lineHeight := o.px(px * 4 / 3)
	w := 0
	for _, l := range lines {
		lw, _ := MeasureText(l.Text, st(l))
		w = max(w, lw)
	}
	padX, padY := o.px(6), o.px(3)
	r := image.Rect(0, 0, w+2*padX, len(lines)*lineHeight+2*padY).Add(anchor)
	if right {
		r = r.Sub(image.Pt(r.Dx(), 0))
	}
	if bottom {
		r = r.Sub(image.Pt(0, r.Dy()))
	}
	fillRounded(dst, r, o.px(3), plateColour)
	for n, l := range lines {
		lw, _ := MeasureText(l.Text, st(l))
		x := r.Min.X + padX
		if right {
			x = r.Max.X - padX - lw
		}
		baseline := r.Min.Y + padY + n*lineHeight + capBaseline(st(l), lineHeight)
		DrawText(dst, l.Text, x, baseline, st(l), textColour)
	}
	return r
}

// capBaseline returns where the baseline lies in a line so that capitals stand in its middle.
func capBaseline(st Style, lineHeight int) int {
	h := -drawnText("H", st).mask.Rect.Min.Y
	return (lineHeight + h + 1) / 2
}

// fillRounded blends c over r, leaving out the corners of the given radius.
func fillRounded(dst *image.RGBA, r image.Rectangle, radius int, c color.NRGBA) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		inset := 0
		if d := min(y-r.Min.Y, r.Max.Y-1-y); d < radius {
			inset = cornerInset(radius, d)
		}
		blendSpan(dst, r.Min.X+inset, r.Max.X-inset, y, c)
	}
}

// cornerInset returns how far a quarter circle of the given radius stands back in its row d.
func cornerInset(radius, d int) int {
	for inset := range radius {
		dx, dy := 2*(radius-inset)-1, 2*(radius-d)-1
		if dx*dx+dy*dy <= 4*radius*radius {
			return inset
		}
	}
	return radius
}

// blendSpan blends c over the pixels [x0, x1) of row y that lie in dst.
func blendSpan(dst *image.RGBA, x0, x1, y int, c color.NRGBA) {
	b := dst.Rect
	x0, x1 = max(x0, b.Min.X), min(x1, b.Max.X)
	if y < b.Min.Y || y >= b.Max.Y || x0 >= x1 {
		return
	}
	paint := newBlend(c)
	row := dst.Pix[dst.PixOffset(x0, y) : dst.PixOffset(x1-1, y)+4]
	for ; len(row) >= 4; row = row[4:] {
		paint.pixel(row)
	}
}

// blendRect blends c over r.
func blendRect(dst *image.RGBA, r image.Rectangle, c color.NRGBA) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		blendSpan(dst, r.Min.X, r.Max.X, y, c)
	}
}
