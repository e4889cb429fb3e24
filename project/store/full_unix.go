//go:build !windows

package store

import (
	"errors"

	"golang.org/x/sys/unix"
)

// isFull reports whether err says that there is no room: on the disk, in a quota, or under a limit of the process.
func isFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EFBIG)
}
