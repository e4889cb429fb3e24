package disk

import (
	"errors"

	"golang.org/x/sys/windows"
)

// IsFull reports whether err says that there is no room on the disk or in a quota.
func IsFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) || errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}
