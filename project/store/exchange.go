package store

import (
	"time"

	"hotlight/project"
	"hotlight/project/audit"
)

// Outgoing is a bundle that was queued for sending. It stays listed after it was delivered.
type Outgoing struct {
	Seq    uint64       `json:"seq"`  // the author's sequence number, from 1, without gaps
	Hash   project.Hash `json:"hash"` // SHA-256 of the bundle's bytes: its address
	Size   int64        `json:"size"`
	Header []byte       `json:"header"` // the caller's note, opaque here
	Queued time.Time    `json:"queued"`
}

// Incoming is a bundle that was received, verified by whoever calls Receive.
type Incoming struct {
	Hash   project.Hash     `json:"hash"`
	Size   int64            `json:"size"`
	Header []byte           `json:"header"` // the caller's note, opaque here
	From   project.ReaderID `json:"from"`
	Item   project.ItemID   `json:"item,omitempty"`
	Read   project.ReadID   `json:"read,omitempty"`
	At     time.Time        `json:"at"`
}

// Sequence returns what the owner's next bundle must carry: the number that follows the last queued one's, from 1, and that one's hash (zero for the first).
func (s *Store) Sequence() (seq uint64, prev project.Hash, err error) {
	err = s.view(func(t *tx) error {
		seq, prev, err = t.sequence()
		return err
	})
	return seq, prev, err
}

func (t *tx) sequence() (uint64, project.Hash, error) {
	n := t.counts.Outbox
	if n == 0 {
		return 1, project.Hash{}, nil
	}
	var last Outgoing
	err := t.getJSON(t.store, bOutbox, row(n), &last)
	return last.Seq + 1, last.Hash, err
}

// Queue puts a sealed bundle into the outbox. o.Seq must be what Sequence gave and o.Hash the bundle's digest: another bundle queued in between is a
// Conflict. Queueing the same bundle again gives the one that is there.
func (s *Store) Queue(o Outgoing, bundle []byte) (Outgoing, error) {
	if o.Hash != project.HashOf(bundle) {
		return Outgoing{}, project.Errorf(project.Invalid, "the bundle does not have its digest")
	}
	if err := s.room(len(bundle)); err != nil {
		return Outgoing{}, err
	}
	o.Size = int64(len(bundle))
	err := s.update(func(t *tx) error {
		var have Outgoing
		if t.counts.Outbox > 0 {
			if err := t.getJSON(t.store, bOutbox, row(t.counts.Outbox), &have); err != nil {
				return err
			}
		}
		if have.Hash == o.Hash {
			o = have
			return nil
		}
		if o.Seq != have.Seq+1 {
			return project.Errorf(project.Conflict, "bundle %d does not follow bundle %d", o.Seq, have.Seq)
		}
		if err := t.putBundle(o.Hash, bundle); err != nil {
			return err
		}
		if err := t.putJSON(t.store, bOutbox, row(t.counts.Outbox+1), o); err != nil {
			return err
		}
		t.counts.Outbox++
		return t.event(audit.BundleQueued, o.Hash.String(), storeScope, nil)
	})
	return o, err
}

func (t *tx) putBundle(h project.Hash, bundle []byte) error {
	name := t.store.name("bundle", h.String())
	if t.raw(bBundle, name) != nil {
		return nil
	}
	t.counts.Bundles++
	_, err := t.put(t.store, bBundle, name, bundle)
	return err
}

// Outbox returns all bundles that were ever queued, in order. Receipt tells which are delivered.
func (s *Store) Outbox() (out []Outgoing, err error) {
	err = s.view(func(t *tx) error {
		for n := uint64(1); n <= t.counts.Outbox; n++ {
			var o Outgoing
			if err := t.getJSON(t.store, bOutbox, row(n), &o); err != nil {
				return err
			}
			out = append(out, o)
		}
		return nil
	})
	return out, err
}

// Waiting returns the addresses of queued bundles without a receipt, in order. With Bundle and Delivered it makes the store a client.Outbox.
func (s *Store) Waiting() (out []project.Hash, err error) {
	all, err := s.Outbox()
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		_, err := s.Receipt(o.Hash)
		if project.KindOf(err) == project.NotFound {
			out = append(out, o.Hash)
		} else if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Bundle returns the bytes of a queued or received bundle.
func (s *Store) Bundle(h project.Hash) (bundle []byte, err error) {
	err = s.view(func(t *tx) error {
		if bundle, err = t.get(t.store, bBundle, t.store.name("bundle", h.String())); err != nil {
			return err
		}
		if project.HashOf(bundle) != h {
			return damaged("a bundle does not have its digest")
		}
		return nil
	})
	return bundle, err
}

// Delivered keeps the verified receipt of a queued bundle. Repeating it changes nothing: the first receipt stays. (A bundle that went over the network
// and on a drive gets one of each, quoting different states of the same log.)
func (s *Store) Delivered(h project.Hash, receipt []byte) error {
	if len(receipt) == 0 {
		return project.Errorf(project.Invalid, "the receipt is empty")
	}
	return s.update(func(t *tx) error {
		if t.raw(bBundle, t.store.name("bundle", h.String())) == nil {
			return project.Errorf(project.NotFound, "there is no such bundle in the outbox")
		}
		name := t.store.name("receipt", h.String())
		if t.raw(bReceipt, name) != nil {
			return nil
		}
		if _, err := t.put(t.store, bReceipt, name, receipt); err != nil {
			return err
		}
		t.counts.Receipts++
		return t.event(audit.BundleDelivered, h.String(), storeScope, receipt)
	})
}

// Receipt returns the receipt of a bundle. NotFound if it has none.
func (s *Store) Receipt(h project.Hash) (receipt []byte, err error) {
	err = s.view(func(t *tx) error {
		receipt, err = t.get(t.store, bReceipt, t.store.name("receipt", h.String()))
		return err
	})
	return receipt, err
}

// Receive keeps a verified bundle with its index entry and moves a cursor, all or nothing. A bundle that is there already only moves the cursor. An empty
// cursor name moves none.
func (s *Store) Receive(in Incoming, bundle []byte, cursor string, value []byte) error {
	if in.Hash != project.HashOf(bundle) {
		return project.Errorf(project.Invalid, "the bundle does not have its digest")
	}
	if err := s.room(len(bundle)); err != nil {
		return err
	}
	in.Size = int64(len(bundle))
	return s.update(func(t *tx) error {
		if !s.hasReceived(in.Hash) {
			if err := t.receive(in, bundle); err != nil {
				return err
			}
		}
		if cursor == "" {
			return nil
		}
		return t.setCursor(cursor, value)
	})
}

func (t *tx) receive(in Incoming, bundle []byte) error {
	if err := t.putBundle(in.Hash, bundle); err != nil {
		return err
	}
	if err := t.putJSON(t.store, bReceived, row(t.counts.Received+1), in); err != nil {
		return err
	}
	t.counts.Received++
	t.after = append(t.after, func() { t.s.setReceived(in.Hash) })
	return t.event(audit.BundleReceived, in.Hash.String(), storeScope, nil)
}

func (s *Store) hasReceived(h project.Hash) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.arrived[h]
}

func (s *Store) setReceived(h project.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived[h] = true
}

// Received returns all bundles that were received, in order of arrival.
func (s *Store) Received() (out []Incoming, err error) {
	err = s.view(func(t *tx) error {
		for n := uint64(1); n <= t.counts.Received; n++ {
			var in Incoming
			if err := t.getJSON(t.store, bReceived, row(n), &in); err != nil {
				return err
			}
			out = append(out, in)
		}
		return nil
	})
	return out, err
}

type cursorRecord struct {
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

// Cursor returns what was last set under name, nil if nothing was.
func (s *Store) Cursor(name string) (value []byte, err error) {
	err = s.view(func(t *tx) error {
		var rec cursorRecord
		err := t.getJSON(t.store, bCursor, t.store.name("cursor", name), &rec)
		if project.KindOf(err) == project.NotFound {
			return nil
		}
		value = rec.Value
		return err
	})
	return value, err
}

// SetCursor keeps a small value under a name: how far a feed was read, what a screen remembers.
func (s *Store) SetCursor(name string, value []byte) error {
	return s.update(func(t *tx) error { return t.setCursor(name, value) })
}

func (t *tx) setCursor(name string, value []byte) error {
	at := t.store.name("cursor", name)
	if t.raw(bCursor, at) == nil {
		t.counts.Cursors++
	}
	return t.putJSON(t.store, bCursor, at, cursorRecord{name, value})
}
