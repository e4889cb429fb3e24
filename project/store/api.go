package store

import (
	"context"
	"iter"
	"time"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/keys"
)

// Signatures promised to the flows; this file goes as the bodies land.

type (
	Store   struct{}
	Options struct {
		EmergencyDir string // a second place for the emergency file, best on another volume; may be empty
		Program      string // name and version, recorded in the audit log
	}
	Problem  struct{ Where, What string }
	Outgoing struct {
		Seq    uint64       // order of sending
		Hash   project.Hash // SHA-256 of the bundle's bytes
		Size   int64
		Header []byte // opaque to the store
		Queued time.Time
	}
	Incoming struct {
		Hash   project.Hash
		Size   int64
		Header []byte
		From   project.ReaderID
		Item   project.ItemID
		Read   project.ReadID
		At     time.Time
	}
)

func Create(dir string, h *keys.Holder, definition *project.Envelope, o Options) (*Store, error) {
	panic("soon")
}
func Open(dir string, h *keys.Holder, o Options) (*Store, error)                  { panic("soon") }
func (s *Store) Close() error                                                     { panic("soon") } // writes a signed checkpoint
func (s *Store) Forget()                                                          { panic("soon") } // on idle lock: waits for pending edits, drops keys
func (s *Store) PutDefinition(e *project.Envelope) error                          { panic("soon") }
func (s *Store) Definition() (*project.Definition, project.Hash, error)           { panic("soon") }
func (s *Store) Definitions() ([]*project.Envelope, error)                        { panic("soon") }
func (s *Store) AddItem(it Item) error                                            { panic("soon") } // Conflict if there
func (s *Store) Items() ([]Item, error)                                           { panic("soon") } // without Images
func (s *Store) Item(id project.ItemID) (Item, error)                             { panic("soon") }
func (s *Store) MovePaths(id project.ItemID, found map[project.Hash]string) error { panic("soon") }
func (s *Store) AddRead(seat project.ReadSeat, supersedes project.ReadID) (Read, error) {
	panic("soon")
}                                                                          // own seat: a key is made; another's: an assignment only
func (s *Store) Reads() ([]Read, error)                                    { panic("soon") }
func (s *Store) Read(id project.ReadID) (Read, error)                      { panic("soon") }
func (s *Store) Move(id project.ReadID, e project.ReadEvent) (Read, error) { panic("soon") } // complete, reopen, decline, withdraw
// AppendEdit(read, edit.Entry) (Saved): never blocks on the disk
func (s *Store) Journal(id project.ReadID) iter.Seq2[[]byte, error]                    { panic("soon") }
func (s *Store) Sign(id project.ReadID, e *project.Envelope) (Read, error)             { panic("soon") } // e: SignedReadType, verified against the read; freezes; checkpoint
func (s *Store) SignedRead(id project.ReadID) (*project.Envelope, error)               { panic("soon") }
func (s *Store) Event(typ, object string, detail []byte) error                         { panic("soon") } // an audit event without a change
func (s *Store) Checkpoint() (string, error)                                           { panic("soon") } // signs the log's head, stores it
func (s *Store) Events(ctx context.Context) iter.Seq2[audit.Event, error]              { panic("soon") }
func (s *Store) VerifyAudit(ctx context.Context) (audit.Head, error)                   { panic("soon") }
func (s *Store) Queue(o Outgoing, bundle []byte) (Outgoing, error)                     { panic("soon") } // with author sequence in one transaction
func (s *Store) Sequence() (seq uint64, prev project.Hash, err error)                  { panic("soon") } // of the author's last queued bundle
func (s *Store) Outbox() ([]Outgoing, error)                                           { panic("soon") } // not yet delivered
func (s *Store) Bundle(h project.Hash) ([]byte, error)                                 { panic("soon") } // queued or received
func (s *Store) Delivered(h project.Hash, receipt []byte) error                        { panic("soon") } // idempotent
func (s *Store) Receipt(h project.Hash) ([]byte, error)                                { panic("soon") }
func (s *Store) Receive(in Incoming, bundle []byte, cursor string, value []byte) error { panic("soon") } // idempotent, cursor in the same transaction
func (s *Store) Received() ([]Incoming, error)                                         { panic("soon") }
func (s *Store) Cursor(name string) ([]byte, error)                                    { panic("soon") } // nil when never set
func (s *Store) SetCursor(name string, value []byte) error                             { panic("soon") }
func (s *Store) Check(ctx context.Context) ([]Problem, error)                          { panic("soon") }
