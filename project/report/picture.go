package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/bits"
	"slices"
	"strings"

	"hotlight/project/metrics"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// outlined is one mask in a picture.
type outlined struct {
	name   string
	mask   *segmentation.Mask
	colour string
	dash   string
	width  float64
}

// styles tell readers apart by line as well as by colour.
var styles = []struct{ colour, dash string }{{"#1F6FD0", ""}, {"#D9650B", "5 2"}, {"#1D8A3C", "1.5 1.5"}, {"#A0287A", "7 2 1.5 2"}, {"#0B7C7C", "3 3"}, {"#7A5C00", "9 3"}}

// slicePicture draws the outlines of masks on slice k, over the image where there is one on the same grid: rows to the right, columns down, as acquired.
func slicePicture(g *volume.Geometry, v *volume.Volume, k int, lines []outlined, title string) string {
	lo, hi := cropOf(g, k, lines)
	sx, sy := g.Spacing[0], g.Spacing[1]
	w, h := float64(hi[0]-lo[0]+1)*sx, float64(hi[1]-lo[1]+1)*sy
	unit := max(w, h) / 240 // an SVG unit of line width: the picture is 240 wide or high
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img"><title>%s</title>`, num(w), num(h), escaped(title))
	background := "#FFFFFF"
	if v != nil && v.Complete() && v.Pixel != volume.RGB8 && v.Geometry.SameGrid(g, gridToleranceMM) {
		background = "#000000"
		fmt.Fprintf(&out, `<image width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,%s"/>`, num(w), num(h), greys(v, k, lo, hi))
	} else {
		fmt.Fprintf(&out, `<rect width="%s" height="%s" fill="%s" stroke="#B8B8B8" stroke-width="%s"/>`, num(w), num(h), background, num(unit))
	}
	for _, l := range lines {
		path := outline(l.mask, k, lo, hi, sx, sy)
		if path == "" {
			continue
		}
		if background == "#000000" {
			fmt.Fprintf(&out, `<path d="%s" fill="none" stroke="#000000" stroke-opacity="0.6" stroke-width="%s"/>`, path, num((l.width+1.4)*unit))
		}
		fmt.Fprintf(&out, `<path d="%s" fill="none" stroke="%s" stroke-width="%s"%s/>`, path, l.colour, num(l.width*unit), dashed(l.dash, unit))
	}
	furniture(&out, g, w, h, unit, background)
	out.WriteString(`</svg>`)
	return out.String()
}

func dashed(dash string, unit float64) string {
	if dash == "" {
		return ""
	}
	var parts []string
	for _, f := range strings.Fields(dash) {
		parts = append(parts, num(parsed(f)*unit))
	}
	return fmt.Sprintf(` stroke-dasharray="%s"`, strings.Join(parts, " "))
}

func num(v float64) string { return fmt.Sprintf("%.4g", v) }

// cropOf is the box of all masks on the slice with a margin, within the grid.
func cropOf(g *volume.Geometry, k int, lines []outlined) (lo, hi [2]int) {
	lo, hi = [2]int{math.MaxInt, math.MaxInt}, [2]int{-1, -1}
	row := make([]uint64, (g.Size[0]+63)/64)
	for _, l := range lines {
		for j := range g.Size[1] {
			if !l.mask.Row(j, k, row) {
				continue
			}
			lo[1], hi[1] = min(lo[1], j), max(hi[1], j)
			for i := range g.Size[0] {
				if row[i/64]>>(i%64)&1 == 1 {
					lo[0], hi[0] = min(lo[0], i), max(hi[0], i)
				}
			}
		}
	}
	if hi[0] < 0 {
		return [2]int{}, [2]int{g.Size[0] - 1, g.Size[1] - 1}
	}
	const marginMM = 15
	for a := range 2 {
		n := int(math.Ceil(marginMM / g.Spacing[a]))
		lo[a], hi[a] = max(0, lo[a]-n), min(g.Size[a]-1, hi[a]+n)
	}
	return lo, hi
}

// corner is a voxel's corner: column and row of the voxel to its lower right.
type corner [2]int

// outline is the border of the mask on slice k, exactly along its voxels' edges, as an SVG path in mm from the crop's corner: closed loops with the mask on the right, so that
// dashes run on round corners.
func outline(m *segmentation.Mask, k int, lo, hi [2]int, sx, sy float64) string {
	next := map[corner][]corner{}
	var starts []corner
	edge := func(a, b corner) {
		starts, next[a] = append(starts, a), append(next[a], b)
	}
	for j := lo[1]; j <= hi[1]; j++ {
		for i := lo[0]; i <= hi[0]; i++ {
			if !m.At(i, j, k) {
				continue
			}
			if !m.At(i, j-1, k) {
				edge(corner{i, j}, corner{i + 1, j})
			}
			if !m.At(i+1, j, k) {
				edge(corner{i + 1, j}, corner{i + 1, j + 1})
			}
			if !m.At(i, j+1, k) {
				edge(corner{i + 1, j + 1}, corner{i, j + 1})
			}
			if !m.At(i-1, j, k) {
				edge(corner{i, j + 1}, corner{i, j})
			}
		}
	}
	var out strings.Builder
	for _, from := range starts {
		at := from
		var last corner
		for n := 0; len(next[at]) > 0; n++ {
			to := take(next, at, last)
			step := corner{to[0] - at[0], to[1] - at[1]}
			if n == 0 {
				fmt.Fprintf(&out, "M%s %s", num(float64(at[0]-lo[0])*sx), num(float64(at[1]-lo[1])*sy))
			} else if step != last {
				fmt.Fprintf(&out, "L%s %s", num(float64(at[0]-lo[0])*sx), num(float64(at[1]-lo[1])*sy))
			}
			at, last = to, step
			if at == from && len(next[at]) == 0 {
				out.WriteString("Z")
			}
		}
	}
	return out.String()
}

// take removes and returns the next corner of a loop. Where two loops touch in a corner the one turns right, so that voxels that meet only there stay apart.
func take(next map[corner][]corner, at, last corner) corner {
	list := next[at]
	pick := 0
	right := corner{-last[1], last[0]}
	for n, to := range list {
		if (corner{to[0] - at[0], to[1] - at[1]}) == right {
			pick = n
		}
	}
	to := list[pick]
	next[at] = append(list[:pick:pick], list[pick+1:]...)
	return to
}

// furniture draws orientation letters and a scale bar.
func furniture(out *strings.Builder, g *volume.Geometry, w, h, unit float64, background string) {
	ink, halo := "#222222", "#FFFFFF"
	if background == "#000000" {
		ink, halo = "#FFFFFF", "#000000"
	}
	size := 11 * unit
	text := func(x, y float64, anchor, s string) {
		fmt.Fprintf(out, `<text x="%s" y="%s" text-anchor="%s" font-family="Liberation Sans,Arial,Helvetica,sans-serif" font-size="%s" fill="%s" stroke="%s" stroke-width="%s" paint-order="stroke">%s</text>`,
			num(x), num(y), anchor, num(size), ink, halo, num(2*unit), s)
	}
	if !g.NoPosition {
		right, down := g.Axis(0), g.Axis(1)
		text(3*unit, h/2, "start", firstLetter(volume.Letters(right.Mul(-1))))
		text(w-3*unit, h/2, "end", firstLetter(volume.Letters(right)))
		text(w/2, size, "middle", firstLetter(volume.Letters(down.Mul(-1))))
		text(w/2, h-3*unit, "middle", firstLetter(volume.Letters(down)))
	}
	if g.Uncalibrated {
		return
	}
	bar := 10.0
	for _, mm := range []float64{20, 50, 100} {
		if mm < w/3 {
			bar = mm
		}
	}
	y := h - 6*unit
	fmt.Fprintf(out, `<path d="M%s %sH%s" stroke="%s" stroke-width="%s" fill="none"/><path d="M%s %sH%s" stroke="%s" stroke-width="%s" fill="none"/>`,
		num(6*unit), num(y), num(6*unit+bar), halo, num(4*unit), num(6*unit), num(y), num(6*unit+bar), ink, num(2*unit))
	text(6*unit, y-4*unit, "start", fmt.Sprintf("%g mm", bar))
}

func firstLetter(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}

// greys is a crop of a slice as a PNG, from the 2nd to the 98th percentile of its values.
func greys(v *volume.Volume, k int, lo, hi [2]int) string {
	var values []float64
	for j := lo[1]; j <= hi[1]; j++ {
		for i := lo[0]; i <= hi[0]; i++ {
			if x, ok := v.Value(volume.Index{float64(i), float64(j), float64(k)}); ok {
				values = append(values, x)
			}
		}
	}
	slices.Sort(values)
	low, high := metrics.Quantile(values, 0.02), metrics.Quantile(values, 0.98)
	if !(high > low) {
		high = low + 1
	}
	img := image.NewGray(image.Rect(0, 0, hi[0]-lo[0]+1, hi[1]-lo[1]+1))
	for j := lo[1]; j <= hi[1]; j++ {
		for i := lo[0]; i <= hi[0]; i++ {
			if x, ok := v.Value(volume.Index{float64(i), float64(j), float64(k)}); ok {
				img.SetGray(i-lo[0], j-lo[1], color.Gray{uint8(math.Round(255 * min(1, max(0, (x-low)/(high-low)))))})
			}
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img); err != nil {
		panic("report: a buffer cannot be written: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

func ones(row []uint64) (n int64) {
	for _, w := range row {
		n += int64(bits.OnesCount64(w))
	}
	return n
}
