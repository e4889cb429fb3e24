package flow

import (
	"hotlight/project/disk"
	"hotlight/project/ingest"
	"hotlight/project/store"
)

// Room says when the disk of the project is nearly full; it is empty while there is room, or where the disk does not say. It may take a moment on a
// network drive.
func (p *Project) Room() string {
	r, err := disk.At(p.Dir)
	if err != nil || !r.Low() {
		return ""
	}
	return "The disk of this project is nearly full: " + disk.Size(r.Free) + " left. Make room soon: on a full disk nothing more can be saved."
}

// roomForItems refuses an import that the store has no room for, before the files are read.
func (p *Project) roomForItems(found *ingest.Result) error {
	instances := 0
	for _, study := range found.Studies {
		for _, series := range study.Series {
			for _, image := range series.Volumes {
				instances += len(image.Slices)
			}
		}
	}
	return disk.Need(p.Dir, store.RoomFor(instances*store.InstanceBytes))
}

// roomForStudy refuses to compute a phantom whose files the disk has no room for.
func roomForStudy(dir string, size [3]int) error {
	const bytes, header = 2, 4 << 10 // of a voxel; of a file
	return disk.Need(dir, int64(size[0])*int64(size[1])*int64(size[2])*bytes+int64(size[2])*header)
}
