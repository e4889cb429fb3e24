//go:build linux || darwin

package disk

import (
	"math"

	"golang.org/x/sys/unix"
)

func roomOf(path string) (Room, error) {
	var s unix.Statfs_t
	for {
		err := unix.Statfs(path, &s)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return Room{}, err
		}
	}
	// Bavail is what others than the superuser may use.
	return Room{Free: bytes(s.Bavail, uint64(s.Bsize)), Total: bytes(s.Blocks, uint64(s.Bsize))}, nil
}

// bytes multiplies without running over: some network drives claim more blocks than an int64 has bytes.
func bytes(blocks, size uint64) int64 {
	if size > 0 && blocks > math.MaxInt64/size {
		return math.MaxInt64
	}
	return int64(blocks * size)
}
