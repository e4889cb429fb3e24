package overlay

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// margin is the distance of plates from the picture's edge, in design pixels.
const margin = 8

// drawLetters puts the letter of each side's direction at its middle.
func drawLetters(dst *image.RGBA, g *volume.Geometry, p volume.Plane, o Options) {
	letters := volume.Letters
	if g.NoPosition {
		letters = func(v mgl64.Vec3) string { return volume.PictureLetters(o.Sides, v) }
	}
	if letters(p.Right) == "" {
		at := image.Pt(middle(dst.Rect).X, dst.Rect.Max.Y-o.px(margin))
		plateCentred(dst, "orientation unknown", at, 0, -1, Style{15 * o.Scale, false}, o)
		return
	}
	st := Style{24 * o.Scale, true}
	if o.Small {
		st.Px = 20 * o.Scale
	}
	c, m := middle(dst.Rect), o.px(margin)
	plateCentred(dst, letters(p.Right.Mul(-1)), image.Pt(dst.Rect.Min.X+m, c.Y), 1, 0, st, o)
	plateCentred(dst, letters(p.Right), image.Pt(dst.Rect.Max.X-m, c.Y), -1, 0, st, o)
	plateCentred(dst, letters(p.Down.Mul(-1)), image.Pt(c.X, dst.Rect.Min.Y+m), 0, 1, st, o)
	plateCentred(dst, letters(p.Down), image.Pt(c.X, dst.Rect.Max.Y-m), 0, -1, st, o)
}

func middle(r image.Rectangle) image.Point { return image.Pt((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2) }

// plateCentred draws one text on a plate beside at: to its right for toX 1, to its left for -1, centred on it for 0; toY likewise.
func plateCentred(dst *image.RGBA, s string, at image.Point, toX, toY int, st Style, o Options) {
	w, _ := MeasureText(s, st)
	size := image.Pt(max(w, int(st.Px*0.75))+o.px(8), int(st.Px*1.1)+o.px(2))
	r := image.Rectangle{Max: size}.Add(at).Add(image.Pt((toX-1)*size.X/2, (toY-1)*size.Y/2))
	fillRounded(dst, r, o.px(3), plateColour)
	DrawText(dst, s, r.Min.X+(size.X-w+1)/2, r.Min.Y+capBaseline(st, size.Y), st, textColour)
}

func drawCorners(dst *image.RGBA, o Options) {
	m := o.px(margin)
	b := dst.Rect.Inset(m)
	for _, c := range []struct {
		lines         []Line
		at            image.Point
		right, bottom bool
	}{
		{o.Corners.TopLeft, b.Min, false, false},
		{o.Corners.TopRight, image.Pt(b.Max.X, b.Min.Y), true, false},
		{o.Corners.BottomLeft, image.Pt(b.Min.X, b.Max.Y), false, true},
		{o.Corners.BottomRight, b.Max, true, true},
	} {
		if len(c.lines) > 0 {
			Plate(dst, c.lines, c.at, c.right, c.bottom, 15, o.Scale)
		}
	}
}

// ScaleStep returns the length of a scale bar, in the unit that mmPerPixel counts: the largest of 1, 2, 5 times a power of ten that is at most
// 180 design pixels long. It is 72 to 180 px long, 80 or more but for the widest step between 2 and 5.
func ScaleStep(mmPerPixel, scale float64) float64 { return stepWithin(180 * scale * mmPerPixel) }

// stepWithin returns the largest 1, 2 or 5 times a power of ten that is not longer.
func stepWithin(longest float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(longest)))
	for _, step := range []float64{5, 2} {
		if step*power <= longest*(1+1e-9) {
			return step * power
		}
	}
	return power
}

// scaleLabel returns the bar's text: px where there is no calibration, cm from 1 cm on, else mm or micrometres.
func scaleLabel(step float64, g *volume.Geometry, lengths string) string {
	number := func(v float64) string { return fmt.Sprintf("%.6g", v) }
	switch {
	case g.Uncalibrated:
		return number(step) + " px"
	case lengths != "" && lengths != "mm":
		return number(step) + " " + strings.Replace(lengths, " at ", " @ ", 1)
	case step >= 10:
		return number(step/10) + " cm"
	case step >= 0.1:
		return number(step) + " mm"
	}
	return number(step*1000) + " µm"
}

// drawScaleBar draws a bar with upright ends above the bottom letter, and its length to the right of it.
func drawScaleBar(dst *image.RGBA, g *volume.Geometry, p volume.Plane, o Options) {
	// In a narrow pane the bar takes half the width at most, and moves left to make room for its length.
	step := min(ScaleStep(p.MMPerPixel, o.Scale), stepWithin(float64(dst.Rect.Dx())/2*p.MMPerPixel))
	long := int(step/p.MMPerPixel + 0.5)
	thick, tall := o.px(2), o.px(9)
	st := Style{15 * o.Scale, false}
	label := scaleLabel(step, g, o.Lengths)
	wide, _ := MeasureText(label, st)
	left := min(middle(dst.Rect).X-long/2, dst.Rect.Max.X-long-wide-o.px(3*margin))
	bottom := dst.Rect.Max.Y - o.px(margin+24*1.1+2+8)
	bar := []image.Rectangle{
		image.Rect(left, bottom-thick, left+long, bottom),
		image.Rect(left, bottom-tall, left+thick, bottom-thick),
		image.Rect(left+long-thick, bottom-tall, left+long, bottom-thick),
	}
	casing := o.px(1)
	dark := color.NRGBA{A: 140}
	blendRect(dst, image.Rect(left-casing, bottom-thick-casing, left+long+casing, bottom+casing), dark)
	blendRect(dst, image.Rect(left-casing, bottom-tall-casing, left+thick+casing, bottom-thick-casing), dark)
	blendRect(dst, image.Rect(left+long-thick-casing, bottom-tall-casing, left+long+casing, bottom-thick-casing), dark)
	for _, r := range bar {
		blendRect(dst, r, textColour)
	}
	plateCentred(dst, label, image.Pt(left+long+o.px(margin), bottom-tall/2), 1, 0, st, o)
}

// drawCrosshair draws lines of 1 px at 60 % on 3 px of black at 55 %, open round the point.
func drawCrosshair(dst *image.RGBA, p volume.Plane, at volume.Point, o Options) {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	fx, fy, _ := p.Project(at, w, h)
	if math.IsNaN(fx) || math.IsNaN(fy) || math.Abs(fx) > 1e6 || math.Abs(fy) > 1e6 {
		return
	}
	x, y := dst.Rect.Min.X+int(math.Floor(fx+0.5)), dst.Rect.Min.Y+int(math.Floor(fy+0.5))
	open := o.px(26)
	if o.Small {
		open = o.px(20)
	}
	light := color.NRGBA{textColour.R, textColour.G, textColour.B, 153}
	for _, line := range []struct {
		thick int
		c     color.NRGBA
	}{{o.px(3), color.NRGBA{A: 140}}, {o.px(1), light}} {
		a := line.thick / 2
		b := line.thick - a
		blendRect(dst, image.Rect(dst.Rect.Min.X, y-a, x-open, y+b), line.c)
		blendRect(dst, image.Rect(x+open, y-a, dst.Rect.Max.X, y+b), line.c)
		blendRect(dst, image.Rect(x-a, dst.Rect.Min.Y, x+b, y-open), line.c)
		blendRect(dst, image.Rect(x-a, y+open, x+b, dst.Rect.Max.Y), line.c)
	}
}
