package phantom

import "hotlight/project/volume"

// Lesion is an ellipsoid in the liver with its axes along the patient's.
type Lesion struct {
	Centre  volume.Point
	RadiiMM [3]float64
	ValueHU float64 // within it, before noise, to a few HU
}

// Truth says what lies where in a patient, for tests and for painting by script. It may be used from several goroutines.
type Truth struct {
	a      *anatomy
	shapes []*Shape
}

// NewTruth returns the truth of the patient that Compute scans with this seed, without scanning.
func NewTruth(seed uint64) *Truth {
	return &Truth{a: newAnatomy(seed)}
}

// Shape is one known structure.
type Shape struct {
	Name string
}
