package volume

import (
	"fmt"

	"hotlight/project"
)

// availableMemory returns how many bytes this process can still take without the system running short, 0 where that is not known. Tests replace it.
var availableMemory = systemMemory

// reservedBytes stay free for everything that is not the volume.
const reservedBytes = 64 << 20

// checkMemory refuses what memory cannot hold, before it is asked for: the system would otherwise end the program in the middle of the work.
func checkMemory(need int64) error {
	free := availableMemory()
	if free == 0 || need+reservedBytes <= free {
		return nil
	}
	return project.Errorf(project.Full, "this image needs %s of memory and this computer has %s free; close other studies and programs, or open it on a larger computer",
		gigabytes(need), gigabytes(max(0, free-reservedBytes)))
}

func gigabytes(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
}
