package overlay

import (
	"image"
	"image/color"

	"hotlight/project/volume"
)

// The tokens of the design that lie on images.
var (
	textColour  = color.NRGBA{0xD8, 0xD6, 0xD0, 0xFF}
	plateColour = color.NRGBA{0, 0, 0, 184} // black at 72 %
)

// Options says what furniture a picture carries. The zero Options draws none.
type Options struct {
	// Scale is device pixels per design pixel, 1 when 0. Every size multiplies with it.
	Scale float64
	// Small is for panes beside a large one: letters of 20 px instead of 24, a crosshair open 20 px instead of 26.
	Small bool
	// Letters draws the four orientation letters, or "orientation unknown" where the file gives none. A picture without a position has those of
	// Sides, its Patient Orientation (0020,0020).
	Letters bool
	Sides   [2]string
	// ScaleBar draws the bar at the bottom. Lengths says what its millimetres are where they are not simply the patient's: "mm at detector",
	// "mm estimated", "mm on film"; "mm" and nothing mean the patient's.
	ScaleBar bool
	Lengths  string
	// Crosshair is the point marked, projected onto the plane along its normal, or nil.
	Crosshair *volume.Point
	// Corners are the corner texts.
	Corners Corners
}

// Corners are the lines of the four corner texts, top to bottom. An empty corner has no plate.
type Corners struct {
	TopLeft, TopRight, BottomLeft, BottomRight []Line
}

// Line is one line of text of one weight.
type Line struct {
	Text string
	Bold bool
}

// DrawFurniture draws o on dst, a picture of plane p through g whose first pixel is dst.Rect.Min. g may be nil, then there are no letters and no bar.
func DrawFurniture(dst *image.RGBA, g *volume.Geometry, p volume.Plane, o Options) {
	if !(o.Scale > 0) {
		o.Scale = 1
	}
	if o.Crosshair != nil {
		drawCrosshair(dst, p, *o.Crosshair, o)
	}
	if g != nil && o.ScaleBar {
		drawScaleBar(dst, g, p, o)
	}
	if g != nil && o.Letters {
		drawLetters(dst, g, p, o)
	}
	drawCorners(dst, o)
}

// px turns design pixels into device pixels, at least 1.
func (o *Options) px(design float64) int { return max(1, int(design*o.Scale+0.5)) }
