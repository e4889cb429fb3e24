package export

import (
	"hotlight/project"
	"hotlight/project/volume"
)

// Options say what goes along with a volume.
type Options struct {
	// Warnings are what the reader was told about the images. They are written into the file: a gap or a tilt stays known to whoever opens it.
	Warnings []project.Warning
}

// Labels is a label map: one number a voxel, 0 meaning nothing. Values are column fastest, then row, then slice, on Geometry's grid.
type Labels struct {
	Geometry volume.Geometry
	Values   []uint16
}

// checkComplete refuses a volume with slices that never arrived: they would be written as zeros, which look like air or nothing.
func checkComplete(v *volume.Volume) error {
	missing := 0
	for _, here := range v.ArrivedSlices() {
		if !here {
			missing++
		}
	}
	if missing > 0 {
		return project.Errorf(project.Invalid, "%d of %d slices are not loaded; an incomplete volume is not written", missing, v.Size[2])
	}
	return nil
}
