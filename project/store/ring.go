package store

import (
	"sync"

	"hotlight/project"
	"hotlight/project/keys"
)

// ring holds the keys that are in use. It opens slots through the holder when they are first needed and forgets them when the vault locks.
type ring struct {
	dir    string
	holder *keys.Holder
	id     storeID

	mu      sync.Mutex
	file    *slotFile
	wrapped map[slotKey][]byte // the newest slot of each type and number
	open    map[slotKey]*sealer
}

type slotKey struct {
	typ    slotType
	number uint64
}

var storeKey = slotKey{storeSlot, 0}

// newRing reads the slots, opens the store's own key and verifies all slots with it.
func newRing(dir string, h *keys.Holder) (*ring, error) {
	f, err := readSlots(dir)
	if err != nil {
		return nil, err
	}
	if f.owner() != h.ReaderID() {
		return nil, ErrOwner
	}
	r := &ring{dir: dir, holder: h, id: f.id(), file: f, wrapped: map[slotKey][]byte{}, open: map[slotKey]*sealer{}}
	if len(f.records) == 0 || f.records[0].typ != storeSlot {
		return nil, damaged("the store's own key slot is missing")
	}
	r.wrapped[storeKey] = f.records[0].body
	s, err := r.sealer(storeKey)
	if err != nil {
		return nil, err
	}
	if err := f.verify(s.derive("mac")); err != nil {
		return nil, err
	}
	for _, s := range f.records[1:] {
		r.wrapped[slotKey{s.typ, s.number}] = s.body
	}
	return r, nil
}

// sealer returns the sealer of a slot. ErrLocked if the vault is locked, NotFound if there is no such slot.
func (r *ring) sealer(k slotKey) (*sealer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.locked(k)
}

func (r *ring) locked(k slotKey) (*sealer, error) {
	if s := r.open[k]; s != nil {
		return s, nil
	}
	body, ok := r.wrapped[k]
	if !ok {
		return nil, project.Errorf(project.NotFound, "there is no key for this")
	}
	key, err := r.unwrap(k, body)
	if err != nil {
		return nil, err
	}
	if len(key) != keySize {
		return nil, damaged("a key slot holds no key")
	}
	s := newSealer(r.id, key)
	r.open[k] = s
	return s, nil
}

func (r *ring) unwrap(k slotKey, body []byte) ([]byte, error) {
	if k.typ != studySlot {
		return r.holder.Unwrap(body)
	}
	store, err := r.locked(storeKey)
	if err != nil {
		return nil, err
	}
	return store.open(sSlot, row(k.number), body)
}

// has reports whether there is a slot.
func (r *ring) has(k slotKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wrapped[k] != nil
}

// add makes a new key for each of ks, in the file and synced before it returns.
func (r *ring) add(ks ...slotKey) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	store, err := r.locked(storeKey)
	if err != nil {
		return err
	}
	var records []slot
	var made []*sealer
	for _, k := range ks {
		key := newKey()
		body := store.seal(sSlot, row(k.number), key)
		if k.typ == readSlot {
			me := r.holder.Public()
			if body, err = keys.Wrap(key, me.Recipient, me.Recovery); err != nil {
				return err
			}
		}
		records, made = append(records, slot{k.typ, k.number, body}), append(made, newSealer(r.id, key))
	}
	if err := r.file.appendSlots(r.dir, store.derive("mac"), records); err != nil {
		return errStorage{err}
	}
	for i, k := range ks {
		r.wrapped[k], r.open[k] = records[i].body, made[i]
	}
	return nil
}

// drop destroys slots: the file is rewritten without them.
func (r *ring) drop(gone map[slotKey]bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	store, err := r.locked(storeKey)
	if err != nil {
		return err
	}
	var keep []slot
	for _, s := range r.file.records {
		if !gone[slotKey{s.typ, s.number}] {
			keep = append(keep, s)
		}
	}
	if err := r.file.rewrite(r.dir, store.derive("mac"), keep); err != nil {
		return errStorage{err}
	}
	for k := range gone {
		if s := r.open[k]; s != nil {
			s.wipe()
		}
		delete(r.wrapped, k)
		delete(r.open, k)
	}
	return nil
}

// forget overwrites the open keys.
func (r *ring) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.open {
		s.wipe()
	}
	clear(r.open)
}
