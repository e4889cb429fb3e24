package store

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/atomicfile"
	"hotlight/project/audit"
	"hotlight/project/keys"
)

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
