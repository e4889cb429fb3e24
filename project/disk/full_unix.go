//go:build !windows

package disk

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// IsFull reports whether err says that there is no room: on the disk, in a quota, or under a limit of the process.
func IsFull(err error) bool {
	for _, full := range []syscall.Errno{unix.ENOSPC, unix.EDQUOT, unix.EFBIG} {
		// bbolt keeps only the text of an error when it grows its file.
		if errors.Is(err, full) || err != nil && strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}
