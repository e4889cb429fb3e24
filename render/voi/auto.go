package voi

import (
	"math"
	"slices"

	"hotlight/project/volume"
)

// autoSamples is about how many voxels Auto looks at: enough for percentiles to within a tenth of one, few enough for a frame.
const autoSamples = 1 << 18

// Auto returns the window from percentiles of the volume, not of one slice, so that it stays the same while scrolling: 1 to 99.5 of the
// values that are not 0 for MR, 0 to the greatest for NM, 0 to 99.9 for PET (inverted), 1 to 99 for the rest. Padding, values that are not
// numbers and slices that have not arrived are left out; a volume with nothing left gives the window 0 to 1. Colour gives 0 to 255.
//
// It reads a regular sample of about 260,000 voxels.
func Auto(v *volume.Volume) VOI {
	if v.Pixel == volume.RGB8 {
		return FromRange(0, 255)
	}
	values := sample(v, v.Modality == "MR")
	if len(values) == 0 && v.Modality == "MR" {
		values = sample(v, false)
	}
	if len(values) == 0 {
		return FromRange(0, 1)
	}
	slices.Sort(values)
	switch v.Modality {
	case "MR":
		return FromRange(percentile(values, 1), percentile(values, 99.5))
	case "NM":
		return FromRange(0, values[len(values)-1])
	case "PT":
		w := FromRange(0, percentile(values, 99.9))
		w.Invert = true
		return w
	}
	return FromRange(percentile(values, 1), percentile(values, 99))
}

// percentile interpolates linearly between closest ranks, as numpy does by default. values are sorted and not empty.
func percentile(values []float64, p float64) float64 {
	at := p / 100 * float64(len(values)-1)
	n := int(at)
	if n+1 >= len(values) {
		return values[len(values)-1]
	}
	return values[n] + (at-float64(n))*(values[n+1]-values[n])
}

// sample returns rescaled values at a step that shares no factor with the row length, so that no column is favoured.
func sample(v *volume.Volume, skipZero bool) []float64 {
	step := max(1, v.Voxels()/autoSamples)
	for step > 1 && gcd(step, v.Size[0]) != 1 {
		step++
	}
	perSlice := v.Size[0] * v.Size[1]
	arrived := v.ArrivedSlices()
	out := make([]float64, 0, v.Voxels()/step+1)
	for n := 0; n < v.Voxels(); n += step {
		if arrived != nil && !arrived[n/perSlice] {
			continue
		}
		stored := v.StoredAt(n)
		if math.IsNaN(stored) || math.IsInf(stored, 0) || v.HasPadding && stored >= v.Padding[0] && stored <= v.Padding[1] {
			continue
		}
		if x := v.Rescale(stored); !skipZero || x != 0 {
			out = append(out, x)
		}
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
