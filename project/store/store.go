package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"hotlight/project"
	"hotlight/project/atomicfile"
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

// Create makes a project folder in dir, which may exist, for the owner h and opens it. definition is the signed definition that it starts with.
// Conflict if dir holds a store already. A crash before the end leaves no store.
func Create(dir string, h *keys.Holder, definition *project.Envelope, o Options) (*Store, error) {
	def, hash, err := project.OpenDefinition(definition)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, project.Errorf(kindOfIO(err), "make the project folder: %w", withoutPath(err))
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if lock != nil {
			lock.release()
		}
	}()
	final := filepath.Join(dir, storeName)
	if _, err := os.Lstat(final); !errors.Is(err, fs.ErrNotExist) {
		return nil, project.Errorf(project.Conflict, "there is a project in this folder already")
	}
	temp := final + ".tmp"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, project.Errorf(project.Other, "remove an unfinished project: %w", withoutPath(err))
	}
	if err := build(dir, temp, h, o, definition, def, hash); err != nil {
		os.Remove(temp)
		os.Remove(filepath.Join(dir, slotsName))
		os.Remove(filepath.Join(dir, emergencyName))
		return nil, err
	}
	if err := os.Rename(temp, final); err != nil {
		return nil, project.Errorf(kindOfIO(err), "finish the project: %w", withoutPath(err))
	}
	if err := atomicfile.SyncDir(dir); err != nil {
		return nil, project.Errorf(project.Other, "finish the project: %w", err)
	}
	lock.release()
	lock = nil
	return Open(dir, h, o)
}

// build writes all files of a new folder, the database under the name temp.
func build(dir, temp string, h *keys.Holder, o Options, e *project.Envelope, def *project.Definition, hash project.Hash) error {
	id, key := storeID(random(len(storeID{}))), newKey()
	me := h.Public()
	body, err := keys.Wrap(key, me.Recipient, me.Recovery)
	if err != nil {
		return err
	}
	mac := newSealer(id, key).derive("mac")
	slots := marshalSlots(mac, newSlotHeader(id, me.ID), []slot{{storeSlot, 0, body}})
	if err := atomicfile.Write(filepath.Join(dir, slotsName), slots, 0o600); err != nil {
		return project.Errorf(kindOfIO(err), "write the key slots: %w", err)
	}
	if err := writeReserve(filepath.Join(dir, emergencyName)); err != nil {
		return err
	}
	s, err := newStore(dir, h, o)
	if err != nil {
		return err
	}
	if s.db, err = openBolt(temp, o); err != nil {
		return err
	}
	err = s.fill(e, def, hash)
	if closing := s.db.Close(); err == nil && closing != nil {
		err = project.Errorf(kindOfIO(closing), "finish the project file: %w", withoutPath(closing))
	}
	return err
}

// fill makes the first transaction.
func (s *Store) fill(e *project.Envelope, def *project.Definition, hash project.Hash) error {
	err := s.db.Update(func(b *bbolt.Tx) error {
		for _, name := range allBuckets {
			if _, err := b.CreateBucket(name.key()); err != nil {
				return err
			}
		}
		header := binary.BigEndian.AppendUint32([]byte(headerMagic), Schema)
		if err := b.Bucket(bHeader.key()).Put(headerRow, append(header, s.ring.id[:]...)); err != nil {
			return err
		}
		store, err := s.ring.sealer(storeKey)
		if err != nil {
			return err
		}
		t := &tx{b: b, s: s, ring: s.ring, store: store}
		if err := t.append(audit.Event{Type: audit.StoreCreated, Object: s.Origin(), Program: s.options.Program}); err != nil {
			return err
		}
		if err := t.putDefinition(e, def, hash); err != nil {
			return err
		}
		return t.putJSON(store, bMeta, countsRow, t.counts)
	})
	var broken errStorage
	if errors.As(err, &broken) {
		return project.Errorf(kindOfIO(broken.err), "write the new project: %w", withoutPath(broken.err))
	}
	return err
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

func openBolt(path string, o Options) (*bbolt.DB, error) {
	options := &bbolt.Options{Timeout: 2 * time.Second, FreelistType: bbolt.FreelistMapType, OpenFile: o.openFile, PreLoadFreelist: true}
	if runtime.GOOS != "windows" {
		// Growing the map waits for readers; room ahead keeps a stroke from that. Windows would make the file this large.
		options.InitialMmapSize = 256 << 20
	}
	var db *bbolt.DB
	err := guarded(func() (err error) {
		db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	if err != nil {
		return nil, openError(err)
	}
	db.AllocSize = 1 << 20 // the file grows by this much at a time
	return db, nil
}

func openError(err error) error {
	switch {
	case project.KindOf(err) == project.Corrupt:
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		return project.Errorf(project.Busy, "the project file is locked by another program")
	case errors.Is(err, fs.ErrNotExist):
		return project.Errorf(project.NotFound, "there is no project in this folder")
	case isFull(err):
		return project.Errorf(project.Full, "open the project file: the disk is full")
	case errors.Is(withoutPath(err), err):
		// bbolt's own errors: invalid database, checksum, version.
		return damaged("open the project file: %w", err)
	}
	return project.Errorf(project.Other, "open the project file: %w", withoutPath(err))
}

// Open opens the project folder dir for its owner. Busy, with the holder's process, if it is open elsewhere; ErrOwner if it belongs to another person;
// Unsupported if a newer program wrote it; Corrupt if a file was damaged. Changes in an emergency file are taken in (Recovered).
func Open(dir string, h *keys.Holder, o Options) (s *Store, err error) {
	path := filepath.Join(dir, storeName)
	if _, err := os.Stat(path); err != nil {
		return nil, openError(err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.release()
		}
	}()
	if s, err = newStore(dir, h, o); err != nil {
		return nil, err
	}
	s.lock = lock
	if err = s.settle(path); err != nil {
		return nil, err
	}
	if err = checkPages(path); err != nil {
		return nil, err
	}
	if s.db, err = openBolt(path, o); err != nil {
		return nil, err
	}
	if o.opened != nil {
		o.opened()
	}
	if err = s.start(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// start reads what is kept in memory, begins to write, and takes in emergency files.
func (s *Store) start() error {
	go s.write()
	if err := s.checkHeader(); err != nil {
		return err
	}
	if err := s.view(func(t *tx) error { return t.load() }); err != nil {
		return err
	}
	if err := s.dropShredded(); err != nil {
		return err
	}
	if err := s.recover(); err != nil {
		return err
	}
	return s.update(func(t *tx) error {
		return t.append(audit.Event{Type: audit.SessionStart, Program: s.options.Program})
	})
}

// stop ends writing and closes the file.
func (s *Store) stop() error {
	s.queue.close()
	<-s.written
	s.life.Lock()
	defer s.life.Unlock()
	s.closed = true
	return s.db.Close()
}

// checkHeader reads the one value that is in clear.
func (s *Store) checkHeader() error {
	return guarded(func() error {
		return s.db.View(func(b *bbolt.Tx) error {
			bk := b.Bucket(bHeader.key())
			if bk == nil {
				return damaged("this is not a project file")
			}
			v := bk.Get(headerRow)
			if len(v) != 8+len(storeID{}) || string(v[:4]) != headerMagic {
				return damaged("this is not a project file")
			}
			schema := binary.BigEndian.Uint32(v[4:])
			if schema == 0 {
				return damaged("this is not a project file")
			}
			if schema > Schema {
				return project.Errorf(project.Unsupported, "this project has the form %d and needs a newer Hotlight; this one knows form %d", schema, Schema)
			}
			if storeID(v[8:]) != s.ring.id {
				return damaged("the key slots belong to another project")
			}
			return nil
		})
	})
}

// load fills the maps and the definition in force.
func (t *tx) load() error {
	e, err := t.definition(t.counts.Definitions)
	if err != nil {
		return err
	}
	def, hash, err := project.OpenDefinition(e)
	if err != nil {
		return err
	}
	t.s.setDefinition(def, hash)
	for n := uint64(1); n <= t.counts.Items; n++ {
		if err := t.loadItem(n); err != nil {
			return err
		}
	}
	for n := uint64(1); n <= t.counts.Received; n++ {
		var in Incoming
		if err := t.getJSON(t.store, bReceived, row(n), &in); err != nil {
			return err
		}
		t.s.setReceived(in.Hash)
	}
	return nil
}

func (t *tx) loadItem(n uint64) error {
	if t.isShredded(n) {
		return nil
	}
	if !t.ring.has(slotKey{studySlot, n}) {
		return damaged("the key slot of item %d is missing or damaged", n)
	}
	it, err := t.item(n, false)
	if err != nil {
		return fmt.Errorf("item %d: %w", n, err)
	}
	t.s.setItem(it.ID, n)
	return t.readsOf(n, func(at readRow, rec *readRecord) error {
		if rec.Seat.Reader == t.s.holder.ReaderID() && !t.ring.has(slotKey{readSlot, at.read}) {
			return damaged("the key slot of read %d is missing or damaged", at.read)
		}
		t.s.setRead(rec.ID, at)
		return nil
	})
}

// dropShredded ends a shredding that a crash cut short: the record says so, the slots are still there.
func (s *Store) dropShredded() error {
	gone := map[slotKey]bool{}
	err := s.view(func(t *tx) error {
		for n := uint64(1); n <= t.counts.Items; n++ {
			if !t.isShredded(n) || !t.ring.has(slotKey{studySlot, n}) {
				continue
			}
			gone[slotKey{studySlot, n}] = true
			err := t.eachOf(bRead, row(n), func(at, _ []byte) error {
				gone[slotKey{readSlot, number(at, 1)}] = true
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	return s.ring.drop(gone)
}

// readByNumber finds a read by its number.
func (s *Store) readByNumber(n uint64) (project.ReadID, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for id, at := range s.reads {
		if at.read == n {
			return id, true
		}
	}
	return "", false
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
