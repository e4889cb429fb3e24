package metrics

import (
	"fmt"
	"math"
	"slices"
)

// Hausdorff is the greatest distance from any element of one surface to the other surface. With one mask empty it is +Inf and the status says
// which; with both empty there is none (SurfelArea's library says +Inf, and so does its value here).
func (d *Distances) Hausdorff() Result { return d.HausdorffPercentile(100) }

// HausdorffPercentile is the greater of the two directed percentiles: "HD95" for 95. Weighted surfaces take the first distance within which the
// given share of the area lies; unweighted ones interpolate linearly. MedPy's HD95 is another number: PooledPercentile.
func (d *Distances) HausdorffPercentile(percent float64) Result {
	method := "Hausdorff distance"
	if percent != 100 {
		method = fmt.Sprintf("%gth percentile of the directed surface distances, the greater", percent)
	}
	if !isPercent(percent) {
		return undefined(Undefined, 0, method)
	}
	if d.empty != OK {
		value := math.Inf(1)
		if d.empty == BothEmpty && d.surface != SurfelArea {
			value = math.NaN()
		}
		return d.result(value, method)
	}
	return d.result(max(d.percentile(d.fromRef, percent), d.percentile(d.fromTest, percent)), method)
}

func (d *Distances) percentile(e []element, percent float64) float64 {
	if percent == 100 {
		return e[len(e)-1].mm
	}
	if d.surface != SurfelArea {
		return Quantile(distancesOf(e), percent/100)
	}
	need, within := percent/100*totalWeight(e)*(1-1e-12), 0.0 // rounding must not push an exact share over to the next distance
	for _, x := range e {
		if within += x.weight; within >= need {
			return x.mm
		}
	}
	return e[len(e)-1].mm
}

// PooledPercentile is the percentile of the distances of both surfaces taken together, linearly interpolated and unweighted: MedPy's hd95.
func (d *Distances) PooledPercentile(percent float64) Result {
	method := fmt.Sprintf("%gth percentile of the pooled surface distances", percent)
	if d.empty != OK {
		return d.result(d.HausdorffPercentile(percent).Value, method)
	}
	if !isPercent(percent) {
		return undefined(Undefined, 0, method)
	}
	both := append(distancesOf(d.fromRef), distancesOf(d.fromTest)...)
	slices.Sort(both)
	return d.result(Quantile(both, percent/100), method)
}

// isPercent is false for what is no percentage above 0, NaN included; isTolerance for what is no finite distance.
func isPercent(v float64) bool   { return v > 0 && v <= 100 }
func isTolerance(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

func distancesOf(e []element) []float64 {
	out := make([]float64, len(e))
	for n, x := range e {
		out[n] = x.mm
	}
	return out
}

// MeanDirected returns the (area-weighted) mean distance from the reference's surface to the test's, and the other way. A surface that does not exist
// has no mean; the mean distance to it is +Inf.
func (d *Distances) MeanDirected() (refToTest, testToRef Result) {
	return d.result(weighted(d.fromRef)/totalWeight(d.fromRef), "average surface distance, reference to test"),
		d.result(weighted(d.fromTest)/totalWeight(d.fromTest), "average surface distance, test to reference")
}

// ASSD is the average symmetric surface distance: the (area-weighted) mean over the elements of both surfaces.
func (d *Distances) ASSD() Result {
	sum := weighted(d.fromRef) + weighted(d.fromTest)
	return d.result(sum/(totalWeight(d.fromRef)+totalWeight(d.fromTest)), "average symmetric surface distance, pooled")
}

// MASD is the mean of the two directed means: both surfaces count alike however many elements they have.
func (d *Distances) MASD() Result {
	a, b := d.MeanDirected()
	return d.result((a.Value+b.Value)/2, "mean of the directed average surface distances")
}

// NSD is the normalised surface distance, or surface Dice: the share of both surfaces that lies within toleranceMM, inclusive, of the other.
// One empty mask gives 0, two have none. A tolerance that is no distance gives Undefined.
func (d *Distances) NSD(toleranceMM float64) Result {
	method := fmt.Sprintf("normalised surface distance within %g mm", toleranceMM)
	if !isTolerance(toleranceMM) {
		return undefined(Undefined, 0, method)
	}
	r := d.result((within(d.fromRef, toleranceMM)+within(d.fromTest, toleranceMM))/(totalWeight(d.fromRef)+totalWeight(d.fromTest)), method)
	if d.empty != BothEmpty {
		r.Status = OK
	}
	return r
}

// Within returns the share of the reference's surface within toleranceMM of the test's, and of the test's within it of the reference's.
func (d *Distances) Within(toleranceMM float64) (reference, test Result) {
	method := fmt.Sprintf("share of the surface within %g mm", toleranceMM)
	if !isTolerance(toleranceMM) {
		return undefined(Undefined, 0, method), undefined(Undefined, 0, method)
	}
	return d.result(within(d.fromRef, toleranceMM)/totalWeight(d.fromRef), method+", reference"),
		d.result(within(d.fromTest, toleranceMM)/totalWeight(d.fromTest), method+", test")
}

func within(e []element, mm float64) (sum float64) {
	for _, x := range e {
		if x.mm > mm {
			break
		}
		sum += x.weight
	}
	return sum
}
