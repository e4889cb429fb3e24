package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hotlight/project"
)

const lockName = "holder.lock"

// folderLock is held while this process has the folder open. The operating system drops it when the process ends, however it ends.
type folderLock struct{ f *os.File }

// holderNote is what the lock file says for people: no patient data, no names.
type holderNote struct {
	Process int       `json:"process"`
	Since   time.Time `json:"since"`
}

var errHeld = errors.New("held by another process")

// lockFolder takes the folder or says who has it.
func lockFolder(dir string) (*folderLock, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, project.Errorf(kindOfIO(err), "open the folder's lock: %w", withoutPath(err))
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			return nil, project.Errorf(project.Busy, "this project is open in another Hotlight (%s)", holderOf(f))
		}
		return nil, project.Errorf(project.Other, "lock the folder: %w", err)
	}
	note, err := json.Marshal(holderNote{os.Getpid(), time.Now().Truncate(time.Second)})
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.WriteAt(append(note, '\n'), 0)
	}
	if err != nil {
		f.Close()
		return nil, project.Errorf(kindOfIO(err), "write the folder's lock: %w", withoutPath(err))
	}
	return &folderLock{f}, nil
}

func holderOf(f *os.File) string {
	var note holderNote
	b := make([]byte, 256)
	n, _ := f.ReadAt(b, 0)
	if json.Unmarshal(b[:n], &note) != nil {
		return "unknown process"
	}
	return fmt.Sprintf("process %d, since %s", note.Process, note.Since.Format("2006-01-02 15:04"))
}

func (l *folderLock) release() { l.f.Close() }
