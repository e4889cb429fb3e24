package metrics

import "math"

// Box is a region between two corners, continuous and half-open: [Lo, Hi) along each axis, in millimetres or pixels, all boxes alike. A box in a
// plane has Lo[2] = 0 and Hi[2] = 1.
type Box struct{ Lo, Hi [3]float64 }

// PlaneBox is a box in a plane.
func PlaneBox(x0, y0, x1, y1 float64) Box { return Box{[3]float64{x0, y0, 0}, [3]float64{x1, y1, 1}} }

// InclusivePlaneBox is a box between whole pixels, both included, as some programs store it: x1-x0+1 pixels wide. The same corners as a PlaneBox give
// another IoU.
func InclusivePlaneBox(x0, y0, x1, y1 float64) Box { return PlaneBox(x0, y0, x1+1, y1+1) }

// Size returns the box's volume (area in a plane); 0 for a box inside out.
func (b Box) Size() float64 {
	size := 1.0
	for n := range b.Lo {
		size *= max(0, b.Hi[n]-b.Lo[n])
	}
	return size
}

// Centre returns the middle of the box.
func (b Box) Centre() (c [3]float64) {
	for n := range c {
		c[n] = (b.Lo[n] + b.Hi[n]) / 2
	}
	return c
}

// Contains reports whether p lies in the box.
func (b Box) Contains(p [3]float64) bool {
	for n, v := range p {
		if !(b.Lo[n] <= v && v < b.Hi[n]) {
			return false
		}
	}
	return true
}

// isNumber is false if a coordinate is NaN.
func (b Box) isNumber() bool {
	for n := range b.Lo {
		if math.IsNaN(b.Lo[n]) || math.IsNaN(b.Hi[n]) {
			return false
		}
	}
	return true
}

// IoU is the share of the union that two boxes have in common, 0 for boxes without size, NaN (which no assignment takes) for boxes that are nowhere.
func IoU(a, b Box) float64 {
	if !a.isNumber() || !b.isNumber() {
		return math.NaN()
	}
	var both Box
	for n := range both.Lo {
		both.Lo[n], both.Hi[n] = max(a.Lo[n], b.Lo[n]), min(a.Hi[n], b.Hi[n])
	}
	common := both.Size()
	if union := a.Size() + b.Size() - common; union > 0 {
		return common / union
	}
	return 0
}

// The scores below are matching criteria: 1 or a share for a test mark that may belong to a reference lesion, 0 for one that may not.

// CentreInBox is 1 if the centre of the test box lies in the reference box; NaN for boxes that are nowhere.
func CentreInBox(test, reference Box) float64 {
	if !test.isNumber() || !reference.isNumber() {
		return math.NaN()
	}
	if reference.Contains(test.Centre()) {
		return 1
	}
	return 0
}

// Nearness falls from 1 at the same point to 0 at limitMM, so that the nearest lesion wins an assignment. It is NaN, which no assignment takes,
// for points that are nowhere and a limit that is no distance above 0.
func Nearness(test, reference [3]float64, limitMM float64) float64 {
	d := math.Sqrt(square(test[0]-reference[0]) + square(test[1]-reference[1]) + square(test[2]-reference[2]))
	if math.IsNaN(d) || !(limitMM > 0) {
		return math.NaN()
	}
	if d > limitMM {
		return 0
	}
	return max(1-d/limitMM, math.SmallestNonzeroFloat64)
}

func square(v float64) float64 { return v * v }

// IoR is the share of the reference mask that the test covers; 0 for an empty reference.
func (o Overlap) IoR() float64 {
	if o.Reference == 0 {
		return 0
	}
	return float64(o.Both) / float64(o.Reference)
}
