package store

import (
	"errors"
	"os"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/keys"
)

const (
	storeName   = "store.hl"
	headerMagic = "HLST"
)

var headerRow = []byte("store")

// Options of a store. The zero value is good.
type Options struct {
	// EmergencyDir is a second place for unsaved changes when the disk fails, best on another volume. It may be empty.
	EmergencyDir string
	// Program is the name and version of the program, for the audit log.
	Program string

	openFile func(string, int, os.FileMode) (*os.File, error) // tests put a failing file there
	opened   func()                                           // tests make it fail then
	unasked  bool                                             // tests write although there is no room
}

// Store is an open project folder. Its methods may be called from several goroutines; writes are done one after another on a goroutine of
// its own.
type Store struct {
	dir     string
	holder  *keys.Holder
	options Options
	now     func() time.Time
	lock    *folderLock
	ring    *ring
	db      *bbolt.DB

	queue     queue
	written   chan struct{} // closed when the writing goroutine has ended
	emergency emergency     // of the writing goroutine
	recovery  Recovery

	life   sync.RWMutex // held for reading by every view, for writing by Close
	closed bool

	mu      sync.RWMutex // guards what follows: what is known without opening a seal
	items   map[project.ItemID]uint64
	reads   map[project.ReadID]readRow
	arrived map[project.Hash]bool
	def     *project.Definition
	defHash project.Hash
	fencing fenceState
}

func newStore(dir string, h *keys.Holder, o Options) (*Store, error) {
	ring, err := newRing(dir, h)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, holder: h, options: o, now: time.Now, ring: ring, written: make(chan struct{}),
		emergency: emergency{dir: dir, second: o.EmergencyDir, id: ring.id},
		items:     map[project.ItemID]uint64{}, reads: map[project.ReadID]readRow{}, arrived: map[project.Hash]bool{}}
	s.queue.init()
	return s, nil
}

// Forget waits until everything that was queued is written and then overwrites the keys, for when the vault locks. Whatever needs a key after that
// gives keys.ErrLocked until the holder is unlocked; nothing else is to be done then.
func (s *Store) Forget() error {
	j := &job{ticket: newTicket(), idle: func() error { s.ring.forget(); return nil }}
	if err := s.queue.add(j); err != nil {
		return err
	}
	<-j.Done()
	return nil
}

// Flush returns when everything that was queued before is on the disk or was refused.
func (s *Store) Flush() error {
	j := &job{ticket: newTicket(), idle: s.fenced}
	if err := s.queue.add(j); err != nil {
		return err
	}
	<-j.Done()
	return j.err
}

// Close writes what waits, ends the session with an event and a signed checkpoint, and releases the folder. When the vault is locked the event and
// the checkpoint are left out: the next session's start shows that. A fenced store that could bring its unsaved changes nowhere tries again, and stays open
// with an error if that fails too: they are in memory only.
func (s *Store) Close() error {
	if err := s.saveKept(); err != nil {
		return err
	}
	err := s.update(func(t *tx) error {
		if err := t.append(audit.Event{Type: audit.SessionEnd}); err != nil {
			return err
		}
		_, err := t.checkpoint()
		return err
	})
	if errors.Is(err, ErrClosed) {
		return nil
	}
	if errors.Is(err, keys.ErrLocked) || errors.Is(err, ErrFenced) {
		err = nil // told already to whoever had to know
	}
	if closing := s.stop(); err == nil && closing != nil {
		err = project.Errorf(kindOfIO(closing), "close the project file: %w", withoutPath(closing))
	}
	s.ring.forget()
	s.lock.release()
	return err
}

// saveKept tries once more to bring unsaved changes into an emergency file.
func (s *Store) saveKept() error {
	j := &job{ticket: newTicket(), idle: func() error {
		if n, safe := s.Kept(); n == 0 || safe {
			return nil
		}
		if err := s.fence(nil, nil); !s.fencing.safe {
			return err
		}
		return nil
	}}
	if s.queue.add(j) != nil {
		return nil // closed before
	}
	<-j.Done()
	return j.err
}
