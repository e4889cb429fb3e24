package export

import "hotlight/project/volume"

// Labels is a label map: one number a voxel, 0 meaning nothing. Values are column fastest, then row, then slice, on Geometry's grid.
type Labels struct {
	Geometry volume.Geometry
	Values   []uint16
}
