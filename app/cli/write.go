package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hotlight/project/atomicfile"
	"hotlight/project/disk"
)

// writeWhole writes a file through a temporary name beside it, so that after a failure nothing is left and an older file is as it was. Where fewer than need
// bytes are free nothing is begun.
func writeWhole(path string, need int64, write func(w io.Writer) error) (err error) {
	if err := disk.Need(path, need); err != nil {
		return err
	}
	defer func() { err = disk.Explain(err) }() // after what was written is gone
	f, err := os.CreateTemp(filepath.Dir(path), ".hotlight-*")
	if err != nil {
		return fmt.Errorf("make the output file: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<18)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the output: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync the output: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("close the output: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("name the output: %w", err)
	}
	return atomicfile.SyncDir(filepath.Dir(path))
}
