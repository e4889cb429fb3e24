package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hotlight/project"
)

// Room is the space of a file system in bytes.
type Room struct {
	Free  int64 // what this person may still use
	Total int64 // 0 where the file system does not say; Free means nothing then
}

// At returns the room where path is or will be: that of its nearest folder that exists. It may take a moment on a network drive.
func At(path string) (Room, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Room{}, fmt.Errorf("ask for the room on the disk: %w", pathless(err))
	}
	for {
		_, err := os.Stat(path)
		if parent := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) && parent != path {
			path = parent
			continue
		}
		r, err := roomOf(path)
		if err != nil {
			return Room{}, fmt.Errorf("ask for the room on the disk: %w", pathless(err))
		}
		return r, nil
	}
}

// Limits of Low.
const (
	lowFree  = 1 << 30
	lowShare = 20      // a twentieth of the disk ...
	lowMost  = 5 << 30 // ... but no more than this: a twentieth of a large disk is room for years
)

// Low reports whether the room is nearly used up: less than 1 GiB is left, or less than 5 % of a disk of up to 100 GiB, less than 5 GiB of a larger one.
func (r Room) Low() bool {
	return r.Total > 0 && r.Free < max(lowFree, min(r.Total/lowShare, lowMost))
}

// Need returns a project.Full error, which says how much is needed and how much there is, unless need bytes fit where path is or will be. A file system that
// does not say how much room it has gives no error: the write will tell.
func Need(path string, need int64) error {
	r, err := At(path)
	if err != nil || r.Total == 0 || r.Free >= need {
		return nil
	}
	return project.Errorf(project.Full, "there is too little room on the disk: %s needed, %s free; nothing was written", Size(need), Size(r.Free))
}

// Explain turns the error of a write that ran out of room into a project.Full one with a sentence, and leaves every other as it is. What was being written
// must be gone already.
func Explain(err error) error {
	if err == nil || project.KindOf(err) == project.Full || !IsFull(err) {
		return err
	}
	return project.Errorf(project.Full, "the disk is full; nothing was kept of what was being written, and what was there before is as it was: %w", err)
}

// Size writes a number of bytes as people read it, with two or three digits: "640 KB", "1.3 GB". Units are decimal, as disks are sold.
func Size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d bytes", max(n, 0))
	}
	x := float64(n)
	for _, unit := range []string{"KB", "MB", "GB"} {
		x /= 1000
		switch {
		case x < 9.95:
			return fmt.Sprintf("%.1f %s", x, unit)
		case x < 999.5:
			return fmt.Sprintf("%.0f %s", x, unit)
		}
	}
	return fmt.Sprintf("%.1f TB", x/1000)
}

// pathless drops the path from an error of package os: paths often hold patients' names.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
