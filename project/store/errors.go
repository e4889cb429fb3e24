package store

import (
	"errors"
	"io/fs"
	"os"

	"hotlight/project"
	"hotlight/project/disk"
)

// Errors that callers decide on.
var (
	// ErrFenced is in the chain of every error that a fenced store gives: a write failed, the store is read-only until it is opened again.
	ErrFenced = errors.New("the store is read-only after a failed write")
	// ErrClosed is any use of a closed store.
	ErrClosed = &project.Error{Kind: project.NotPermitted, Text: "the project is closed"}
	// ErrOwner is the opening of another person's folder.
	ErrOwner = &project.Error{Kind: project.NotPermitted, Text: "this project folder belongs to another person"}
	// ErrShredded is the use of an item whose key was destroyed.
	ErrShredded = &project.Error{Kind: project.NotFound, Text: "this item was shredded and cannot be read any more"}
)

// errStorage marks a failure of the disk or of bbolt, as against a rule that was broken. It fences.
type errStorage struct{ err error }

func (e errStorage) Error() string { return e.err.Error() }
func (e errStorage) Unwrap() error { return e.err }

func damaged(format string, args ...any) error {
	return project.Errorf(project.Corrupt, format, args...)
}

func kindOfIO(err error) project.Kind {
	if disk.IsFull(err) {
		return project.Full
	}
	return project.Other
}

// withoutPath drops the file name from an error of package os: paths often hold patients' names.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
