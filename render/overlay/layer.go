package overlay

import (
	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Layer is one segment as it is drawn.
type Layer struct {
	Mask *segmentation.Mask
	// Grid is the geometry that Mask lies on, or nil when it is the volume's. Its frame of reference must be the volume's.
	Grid   *volume.Geometry
	Colour project.Colour
	// Fill is the opacity of the area, 0 to 0.6; DefaultFill is usual, 0 leaves it clear.
	Fill float64
	// Outline draws the edge: 2 device pixels in full colour inside the border, 2 of black at 65 % outside it.
	Outline bool
	// Locked draws the edge 1 pixel wide.
	Locked bool
}

// DefaultFill and MaxFill are the usual and the greatest opacity of a segment's area.
const (
	DefaultFill = 0.30
	MaxFill     = 0.60
)
