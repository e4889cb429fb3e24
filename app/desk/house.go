package desk

import (
	"context"

	"hotlight/project"
)

// Progress is told how much of a long work is done. total is 0 while it is not known yet. It may be called often and from any goroutine.
type Progress func(done, total int)

// House is the installation: the person's vault, the projects opened lately, and folders that are only looked at.
type House interface {
	// Person is the owner of the vault on this computer. ok is false when there is none yet.
	Person() (person Person, ok bool)
	// NewPerson makes the vault and unlocks it. The recovery key is shown once and kept nowhere.
	NewPerson(ctx context.Context, name string, role project.Role, passphrase []byte) (recoveryKey string, err error)
	// Unlock opens the vault. A wrong passphrase is project.Locked.
	Unlock(ctx context.Context, passphrase []byte) error
	// Lock forgets the keys. Reads that are open stay on disk as saved; their histories refuse changes until Unlock.
	Lock()
	// Locked reports whether the keys are away. True without a vault.
	Locked() bool
	// Touch says that somebody is working, which puts the idle lock off.
	Touch()
	// OnLock registers what to do when the idle lock falls. There is one listener; a later call replaces it.
	OnLock(func())

	// Recent lists what was opened lately, newest first. Those that are gone are left out.
	Recent() []Recent
	// OpenFolder scans files and folders and lays out what it finds, one Case a study, to be looked at: their Read is nil.
	OpenFolder(ctx context.Context, paths []string, progress Progress) (Found, error)
	// Phantom computes the built-in study, as files in a place of the house's choosing, in a practice project of its own when the vault
	// is open, so that it can be painted on.
	Phantom(ctx context.Context, progress Progress) (Found, error)
	// IsProject reports whether path is a project folder. It only looks; nothing is opened.
	IsProject(path string) bool
	// OpenProject opens the project folder dir for the person of the vault. Without an open vault it is project.Locked; when another
	// process holds the project, project.Busy, with the holder's name in the text.
	OpenProject(ctx context.Context, dir string) (Desk, error)
}

// Person is the owner of the vault.
type Person struct {
	ID   project.ReaderID
	Name string
	Role project.Role
}

// Recent is a folder or project opened lately.
type Recent struct {
	Path    string
	Title   string // the project's title, or the last part of the path
	Project bool
}

// Found is what a folder holds.
type Found struct {
	Cases []Case
	// Files counts what was looked at, Skipped what could not be used and why.
	Files   int
	Skipped []Skipped
}

// Skipped is a file that could not be used. The path is shown only in a list that the reader asks for.
type Skipped struct{ Path, Reason string }
