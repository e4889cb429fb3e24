package mpr

import (
	"errors"
	"math"

	"hotlight/project"
	"hotlight/project/volume"
)

// ErrStack says that a plane is not one of the stack's own. SnapToStack finds the nearest that is.
var ErrStack = errors.New("the images are a stack, exact on its own planes only")

// Interpolation says how a value between voxel centres is found. The empty value means Linear.
type Interpolation string

// The interpolations.
const (
	Linear  Interpolation = "linear"
	Nearest Interpolation = "nearest"
)

// SlabMode says how the samples along the normal become one value.
type SlabMode string

// The slab modes: greatest, least, arithmetic mean of the samples inside the volume.
const (
	MIP   SlabMode = "mip"
	MinIP SlabMode = "minip"
	Mean  SlabMode = "mean"
)

// Slab is a thickness around a plane. The zero Slab is the plane itself. The empty Mode means MIP.
type Slab struct {
	ThicknessMM float64
	Mode        SlabMode
}

// maxSlabSamples bounds the work of one picture; 4096 samples of 0.1 mm are 40 cm.
const maxSlabSamples = 4096

// Offsets returns the distances from the plane, in mm along its normal, at which a slab is sampled: evenly from -ThicknessMM/2 to
// +ThicknessMM/2, both included, no further apart than one voxel along any axis of the grid. One offset of 0 for the zero Slab.
func (s Slab) Offsets(g *volume.Geometry, p volume.Plane) []float64 {
	if !(s.ThicknessMM > 0) {
		return []float64{0}
	}
	n := p.Normal()
	fastest := 0.0 // voxels per mm
	for a := range 3 {
		if g.Spacing[a] > 0 {
			fastest = max(fastest, math.Abs(n.Dot(g.Axis(a)))/g.Spacing[a])
		}
	}
	// The small allowance keeps 20 mm of exactly 1 mm voxels at 21 samples in spite of rounding.
	count := int(math.Ceil(s.ThicknessMM*fastest-1e-6)) + 1
	count = min(max(count, 2), maxSlabSamples)
	out := make([]float64, count)
	for i := range out {
		out[i] = s.ThicknessMM * (float64(i)/float64(count-1) - 0.5)
	}
	return out
}

// Check fails with project.Invalid for a thickness that is negative or not finite and for an unknown mode.
func (s Slab) Check() error {
	if !(s.ThicknessMM >= 0) || math.IsInf(s.ThicknessMM, 0) {
		return project.Errorf(project.Invalid, "a slab is 0 mm thick or more")
	}
	switch s.Mode {
	case "", MIP, MinIP, Mean:
		return nil
	}
	return project.Errorf(project.Invalid, "%q is not a slab mode (mip, minip, mean)", string(s.Mode))
}

// Check fails with project.Invalid for an unknown interpolation.
func (i Interpolation) Check() error {
	switch i {
	case "", Linear, Nearest:
		return nil
	}
	return project.Errorf(project.Invalid, "%q is not an interpolation (linear, nearest)", string(i))
}
