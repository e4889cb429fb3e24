package atomicfile

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write puts data at path: a temporary file beside it, synced, renamed over path, and the directory synced. It returns after the data is on
// the disk. After an error path is as it was and the temporary file is gone.
func Write(path string, data []byte, mode os.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return fmt.Errorf("make a temporary file: %w", cause(err))
	}
	defer func() {
		if err != nil {
			f.Close() // a second Close after the one below does nothing
			os.Remove(f.Name())
		}
	}()
	if err := f.Chmod(mode); err != nil {
		return fmt.Errorf("set the file's mode: %w", cause(err))
	}
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("write a temporary file: %w", cause(err))
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync a temporary file: %w", cause(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("close a temporary file: %w", cause(err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("rename a temporary file: %w", cause(err))
	}
	return SyncDir(filepath.Dir(path))
}

// cause drops the path from an error of package os: file names often hold patients' names and have no place in messages.
func cause(err error) error {
	switch e := err.(type) {
	case *os.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
