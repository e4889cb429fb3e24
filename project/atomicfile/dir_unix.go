//go:build !windows

package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// SyncDir makes a rename or a new name in dir durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open the directory: %w", cause(err))
	}
	defer d.Close()
	// Some file systems (FAT on a stick, some network mounts) cannot sync a directory and say so; there is nothing more to be done there.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return fmt.Errorf("sync the directory: %w", cause(err))
	}
	return nil
}
