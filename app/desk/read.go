package desk

import (
	"context"
	"time"

	"hotlight/project"
	"hotlight/project/edit"
)

// Read is the reader's own pass over a case.
type Read interface {
	// History is the only way to change the read. Its changes are brought to disk by the house; Saved tells when.
	History() *edit.History
	// Classes are what the project lets the reader draw.
	Classes() []project.Class
	// State is where the read stands.
	State() project.ReadState
	// Saved says how much is on disk now.
	Saved() Saved
	// Watch calls f after every change of State or Saved, from any goroutine, never while History holds a lock.
	Watch(f func()) (cancel func())
	// Complete says that the reader is done; Reopen that the reader goes on.
	Complete() error
	Reopen() error
	// Record prepares what is to be signed: it hashes every source file, so it may take a while.
	Record(ctx context.Context, meaning project.Meaning, progress Progress) (Record, error)
	// Sign signs the record. A wrong passphrase is project.Locked; a change since Record is project.Conflict.
	Sign(ctx context.Context, r Record, passphrase []byte) (Signature, error)
	// Signature is the one that froze the read; ok is false before.
	Signature() (s Signature, ok bool)
}

// Saved is how far the disk is.
type Saved struct {
	Changes int       // changes on disk, undo and redo counted as such
	Waiting int       // changes made but not on disk yet
	Since   time.Time // since when the oldest of them waits; zero when none
	Err     error     // why saving stopped; nil while it works
}

// Record is what the signing dialog shows. Every line is a fact that is in the bytes to be signed.
type Record struct {
	Title     string // "Sign your read of case 0047"
	Facts     []Fact // Images, Segments, Record, Project, Digest, in this order
	Warnings  []project.Warning
	Meaning   project.Meaning
	Statement string // the sentence, with the printed name in it
	Name      string // printed name
	Key       string // short fingerprint of the signing key
	Device    string // short name of this computer's key
	// Token is the house's own and comes back unchanged in Sign.
	Token any
}

// Fact is one line: what, and what about it.
type Fact struct {
	Label, Text string
	Digest      bool // set in the fixed-width face
}

// Signature is what stands after signing.
type Signature struct {
	Name    string
	Meaning project.Meaning
	At      time.Time
	Sent    bool // the server's receipt is here
}
