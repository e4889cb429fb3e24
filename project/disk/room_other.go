//go:build !linux && !darwin && !windows

package disk

// roomOf does not know here: Room says so.
func roomOf(string) (Room, error) { return Room{}, nil }
