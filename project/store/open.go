package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/disk"
	"hotlight/project/keys"
)

// allocSize is by how much the file grows at a time.
const allocSize = 1 << 20

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
	db.AllocSize = allocSize
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
	case disk.IsFull(err):
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
	if s.recovery.OneBack, err = checkPages(path); err != nil {
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
		if s.recovery.OneBack {
			if err := t.append(audit.Event{Type: audit.StoreOneBack}); err != nil {
				return err
			}
		}
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
