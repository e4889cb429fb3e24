package metrics

import (
	"math"

	"hotlight/project"
	"hotlight/project/volume"
)

// Space is what distances need to know of a mask's grid: the millimetres between voxel centres along columns, rows and slices.
// A Planar space has one slice, and its surfaces are contours: their elements have a length, and nothing lies above or below.
type Space struct {
	SpacingMM [3]float64
	Planar    bool
}

// SpaceOf returns the space of a geometry. A single slice is planar. Millimetres that are not known are refused, never guessed: uncalibrated
// pixels and stacks, whose planes are tilted or not evenly apart, give an Unsupported error.
func SpaceOf(g *volume.Geometry) (Space, error) {
	switch {
	case g.Uncalibrated:
		return Space{}, project.Errorf(project.Unsupported, "the pixels have no size in millimetres: there are no distances")
	case g.IsStack():
		return Space{}, project.Errorf(project.Unsupported, "the planes are not on one uniform grid: there are no distances through them")
	}
	s := Space{SpacingMM: g.Spacing, Planar: g.Size[2] == 1}
	if s.Planar {
		s.SpacingMM[2] = 1
	}
	return s, s.check()
}

func (s Space) check() error {
	for _, v := range s.SpacingMM {
		if !(v > 0) || math.IsInf(v, 0) {
			return project.Errorf(project.Invalid, "the spacing is not a positive number of millimetres")
		}
	}
	return nil
}

// voxelMM3 is the volume of one voxel; of a planar space the area of one pixel.
func (s Space) voxelMM3() float64 {
	v := s.SpacingMM[0] * s.SpacingMM[1]
	if s.Planar {
		return v
	}
	return v * s.SpacingMM[2]
}

// VolumeMM3 returns the volume of voxels in cubic millimetres (a planar space: the area in square millimetres).
func (s Space) VolumeMM3(voxels int64) float64 { return float64(voxels) * s.voxelMM3() }
