package disk

import (
	"math"

	"golang.org/x/sys/windows"
)

func roomOf(path string) (Room, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return Room{}, err
	}
	var free, total uint64 // of this person, quotas included
	if err := windows.GetDiskFreeSpaceEx(name, &free, &total, nil); err != nil {
		return Room{}, err
	}
	return Room{Free: int64(min(free, math.MaxInt64)), Total: int64(min(total, math.MaxInt64))}, nil
}
