package store

import (
	"errors"
	"fmt"

	"hotlight/project"
)

// fenceState is what is known since a write failed. The writing goroutine alone changes it; s.mu guards it for the others.
type fenceState struct {
	err   error // nil: not fenced
	kind  project.Kind
	cause error
	kept  []*pendingEdit // not in the store, oldest first
	safe  bool           // all of kept are in an emergency file
}

// Fenced returns nil, or why the store is read-only: a sentence for the reader, of kind Full when the disk is full. Only opening it again ends that.
func (s *Store) Fenced() error { return s.fenced() }

func (s *Store) fenced() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.fencing.err
}

// Kept returns how many changes are not in the store since it was fenced, and whether all of them are in an emergency file. If not, they are in this
// process's memory only.
func (s *Store) Kept() (changes int, safe bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.fencing.kept), s.fencing.safe
}

// fence makes the store read-only because of cause (nil: it is already) and keeps the edits of batch in memory and in the emergency files. It returns the
// error that all writes get from now on. After a failed write or sync nobody knows what is on the disk, so nothing is tried again on this
// handle.
func (s *Store) fence(cause error, batch []*job) error {
	s.mu.Lock()
	f := &s.fencing
	if f.err == nil {
		f.kind, f.cause = kindOfIO(cause), withoutPath(cause)
		if project.KindOf(cause) == project.Corrupt {
			f.kind = project.Corrupt
		}
	}
	for _, j := range batch {
		f.kept = append(f.kept, j.edit)
	}
	kept := f.kept
	s.mu.Unlock()

	safe := s.emergency.keep(s, kept)

	s.mu.Lock()
	defer s.mu.Unlock()
	f.safe = safe
	f.err = &project.Error{Kind: f.kind, Text: fenceText(f.kind, len(kept), safe), Err: errors.Join(ErrFenced, f.cause)}
	return f.err
}

func fenceText(kind project.Kind, kept int, safe bool) string {
	text := "the disk failed while saving; the project is read-only until it is opened again"
	switch kind {
	case project.Full:
		text = "the disk is full; the project is read-only until there is room and it is opened again"
	case project.Corrupt:
		text = "the project file is damaged; it is read-only until it is restored and opened again"
	}
	switch {
	case kept == 0:
		return text
	case safe:
		return text + fmt.Sprintf(". %d unsaved changes are in the emergency file and will be taken in then", kept)
	}
	return text + fmt.Sprintf(". %d unsaved changes are in memory only: do not close the program", kept)
}
