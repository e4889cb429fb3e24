package voi

import (
	"math"
	"slices"

	"hotlight/project/volume"
)

// What First asks of a window. A slice of a chest that is nine tenths air has some per cent of tissue left; of a window that has nothing to do with the
// values (noise, raw detector counts, values said to be Hounsfield units that are not) nothing is left.
const (
	firstSamples = 1 << 14 // about how many pixels it looks at
	crowd        = 0.995   // this share of them at one end is too much ...
	hidden       = 0.1     // ... if it hides more than this part of the range of the values
)

// First returns the index of the first of sources that shows something of slice k of v, len(sources) if none does. It is 0 while there is nothing to judge
// by: a slice that has not arrived, that is all padding, that has one value only, or in colour.
//
// A window shows nothing where more than 99.5 % of the pixels are all black or all white under it although they differ: the values of those pixels
// (percentiles 1 to 99) span more than a tenth of those of all (0.05 to 99.95). So a mask, a point source in air, or a small object on an even
// ground keeps its window, since nothing but the ground is at the end. Inversion and presentation do not matter.
//
// It reads a regular sample of about 16,000 pixels and is the same for the same slice.
func First(v *volume.Volume, k int, sources ...VOI) int {
	if v.Pixel == volume.RGB8 || !v.Arrived(k) {
		return 0
	}
	values := sampleSlice(v, k)
	slices.Sort(values)
	if len(values) == 0 || percentile(values, 0.05) == percentile(values, 99.95) {
		return 0
	}
	for n, w := range sources {
		if w.Check() == nil && !w.hides(values) {
			return n
		}
	}
	return len(sources)
}

// hides reports whether w shows nothing of values, which are sorted and differ.
func (v VOI) hides(values []float64) bool {
	v.Invert, v.Presentation = false, nil
	var dark, bright []float64
	for _, x := range values {
		switch v.Level(x) {
		case 0:
			dark = append(dark, x)
		case 255:
			bright = append(bright, x)
		}
	}
	end := dark
	if len(bright) > len(dark) {
		end = bright
	}
	if float64(len(end)) <= crowd*float64(len(values)) {
		return false
	}
	all := percentile(values, 99.95) - percentile(values, 0.05)
	return percentile(end, 99)-percentile(end, 1) > hidden*all
}

// sampleSlice returns rescaled values of slice k, without padding and what is no number, at a step that favours no column.
func sampleSlice(v *volume.Volume, k int) []float64 {
	n := v.Size[0] * v.Size[1]
	step := max(1, n/firstSamples)
	for step > 1 && gcd(step, v.Size[0]) != 1 {
		step++
	}
	out := make([]float64, 0, n/step+1)
	for at := k * n; at < (k+1)*n; at += step {
		stored := v.StoredAt(at)
		if math.IsNaN(stored) || math.IsInf(stored, 0) || v.HasPadding && stored >= v.Padding[0] && stored <= v.Padding[1] {
			continue
		}
		out = append(out, v.Rescale(stored))
	}
	return out
}
