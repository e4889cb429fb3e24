package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hotlight/project/disk"
	"hotlight/project/volume"
)

// replace writes path by way of a temporary file beside it: write, sync, rename. After an error path is as it was before. Where fewer than need bytes are
// free nothing is begun.
func replace(path string, need int64, write func(io.Writer) error) (err error) {
	if err := disk.Need(path, need); err != nil {
		return err
	}
	defer func() { err = disk.Explain(err) }() // after what was written is gone
	f, err := os.CreateTemp(filepath.Dir(path), ".hotlight-*")
	if err != nil {
		return fmt.Errorf("create the output: %w", bare(err))
	}
	defer func() {
		if err != nil {
			f.Close() // a second Close does no harm
			os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w); err != nil {
		return fmt.Errorf("write the output: %w", bare(err))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the output: %w", bare(err))
	}
	// Temporary files are private; what is exported is meant for others, as far as the directory lets them in.
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("set the output's mode: %w", bare(err))
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync the output: %w", bare(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("close the output: %w", bare(err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("rename the output: %w", bare(err))
	}
	return nil
}

// compressed is how much smaller than its voxels a compressed volume is expected to be at the very most: how much room it needs is known only afterwards.
const compressed = 16

// bytesOf is how many bytes the voxels of v take in a file.
func bytesOf(v *volume.Volume, s samples) int64 { return int64(v.Voxels()) * int64(s.bytes) }

// bare takes the file name out of an error of package os: names often hold those of patients.
func bare(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
