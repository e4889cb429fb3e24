package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"hotlight/project"
	"hotlight/project/atomicfile"
	"hotlight/project/disk"
)

// settle copies the project file if an emergency file says that a write or sync of it failed. The operating system may show pages of it that never
// reached the disk: after a failed sync Linux keeps them in memory and calls them clean. Reading them and writing them to a new file puts on the
// disk what we are about to trust.
func (s *Store) settle(path string) error {
	used := false
	for _, p := range s.emergency.paths() {
		head, err := readHead(p, emergencyHeader)
		if err != nil {
			return err
		}
		used = used || len(bytes.Trim(head, "\x00")) > 0
	}
	if !used {
		return nil
	}
	temp := path + ".copy"
	if err := copySynced(path, temp); err != nil {
		os.Remove(temp)
		if disk.IsFull(err) {
			return noRoomToSettle(path, err)
		}
		return project.Errorf(kindOfIO(err), "bring the project file to the disk again after a failed write: %w", withoutPath(err))
	}
	if err := os.Rename(temp, path); err != nil {
		return project.Errorf(kindOfIO(err), "put the project file in its place: %w", withoutPath(err))
	}
	return atomicfile.SyncDir(filepath.Dir(path))
}

// noRoomToSettle says that the project opens again when there is room, and how much is needed.
func noRoomToSettle(path string, cause error) error {
	text := "the project was not saved to the end the last time, and there is too little room on the disk to open it again; nothing is lost"
	info, err := os.Stat(path)
	room, unknown := disk.At(path)
	if err == nil && unknown == nil {
		text += ": " + disk.Size(info.Size()) + " needed, " + disk.Size(room.Free) + " free"
	}
	return &project.Error{Kind: project.Full, Text: text, Err: withoutPath(cause)}
}

// readHead returns the first n bytes of a file, fewer if it is shorter, none if it is not there.
func readHead(path string, n int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, project.Errorf(project.Other, "open the emergency file: %w", withoutPath(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return nil, project.Errorf(project.Other, "read the emergency file: %w", withoutPath(err))
	}
	return b, nil
}

func copySynced(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	// Through our own memory: the kernel's copy may let both files share blocks, and it is the blocks that are not trusted.
	_, err = io.Copy(struct{ io.Writer }{out}, struct{ io.Reader }{in})
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
