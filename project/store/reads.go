package store

import (
	"encoding/base32"
	"encoding/json"

	"hotlight/project"
	"hotlight/project/audit"
)

// readRow is where a read lies.
type readRow struct{ item, read uint64 }

func (r readRow) key() []byte { return row(r.item, r.read) }

// readRecord is a read as it is kept.
type readRecord struct {
	Read
	Cursor uint64 `json:"cursor"` // the change the journal stands at
}

func (s *Store) readRow(id project.ReadID) (readRow, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.reads[id]
	return r, ok
}

func (t *tx) read(study *sealer, at readRow) (*readRecord, error) {
	var rec readRecord
	if err := t.getJSON(study, bRead, at.key(), &rec); err != nil {
		return nil, err
	}
	return &rec, nil
}

// shredded says so when a study key is gone.
func shredded(err error) error {
	if project.KindOf(err) == project.NotFound {
		return ErrShredded
	}
	return err
}

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func newReadID() project.ReadID { return project.ReadID(lowerBase32.EncodeToString(random(16))) }

// AddRead assigns a read of an item to a reader of the definition, with a new random ID. For the owner's own read a key is made; for another
// person's only the assignment is kept, for nothing of its content can be here. A reader has one open read of an item: a second is a Conflict unless it
// supersedes a signed one.
func (s *Store) AddRead(seat project.ReadSeat, supersedes project.ReadID) (Read, error) {
	var out Read
	err := s.update(func(t *tx) error {
		at, err := t.newReadRow(seat, supersedes)
		if err != nil {
			return err
		}
		study, err := t.ring.sealer(slotKey{studySlot, at.item})
		if err != nil {
			return shredded(err)
		}
		if seat.Reader == s.holder.ReaderID() {
			if err := t.ring.add(slotKey{readSlot, at.read}); err != nil {
				return err
			}
		}
		out = Read{ID: newReadID(), Seat: seat, State: project.Assigned, Supersedes: supersedes, Created: s.now().UTC()}
		if err := t.putJSON(study, bRead, at.key(), readRecord{Read: out}); err != nil {
			return err
		}
		t.counts.Reads++
		t.after = append(t.after, func() { s.setRead(out.ID, at) })
		return t.event(audit.ReadAssigned, string(out.ID), scope{studySlot, at.item}, mustJSON(seat))
	})
	return out, err
}

func (s *Store) setRead(id project.ReadID, at readRow) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads[id] = at
}

// newReadRow checks the assignment and returns where the read will lie.
func (t *tx) newReadRow(seat project.ReadSeat, supersedes project.ReadID) (readRow, error) {
	item, ok := t.s.itemRow(seat.Item)
	if !ok {
		return readRow{}, project.Errorf(project.NotFound, "the project has no item by that name")
	}
	reader, ok := t.s.reader(seat.Reader)
	switch {
	case !ok:
		return readRow{}, project.Errorf(project.NotFound, "%s is not in the project's roster", project.ShortFingerprint(string(seat.Reader)))
	case reader.Revoked:
		return readRow{}, project.Errorf(project.NotPermitted, "the key of %s was revoked", project.ShortFingerprint(string(seat.Reader)))
	case !reader.Role.Reads():
		return readRow{}, project.Errorf(project.NotPermitted, "a %s makes no reads", reader.Role)
	}
	replaced := supersedes == ""
	err := t.readsOf(item, func(_ readRow, rec *readRecord) error {
		if rec.Seat.Reader != seat.Reader {
			return nil
		}
		if rec.ID == supersedes && (rec.State == project.Signed || rec.State == project.Committed) {
			replaced = true
			return nil
		}
		if rec.State == project.Superseded || rec.State == project.Withdrawn || rec.State == project.Declined {
			return nil
		}
		return project.Errorf(project.Conflict, "this reader has a read of this item")
	})
	if err == nil && !replaced {
		err = project.Errorf(project.NotFound, "there is no signed read of this reader to supersede")
	}
	return readRow{item, t.counts.Reads + 1}, err
}

// readsOf calls f for each read of an item.
func (t *tx) readsOf(item uint64, f func(readRow, *readRecord) error) error {
	study, err := t.ring.sealer(slotKey{studySlot, item})
	if err != nil {
		return shredded(err)
	}
	return t.eachOf(bRead, row(item), func(at, v []byte) error {
		plain, err := study.open(bRead, at, v)
		if err != nil {
			return err
		}
		var rec readRecord
		if err := json.Unmarshal(plain, &rec); err != nil {
			return damaged("read: the record cannot be read")
		}
		return f(readRow{number(at, 0), number(at, 1)}, &rec)
	})
}

// Reads returns all reads of items that were not shredded, in the order of items, then of assignment.
func (s *Store) Reads() (out []Read, err error) {
	err = s.view(func(t *tx) error {
		for item := uint64(1); item <= t.counts.Items; item++ {
			err := t.readsOf(item, func(_ readRow, rec *readRecord) error {
				out = append(out, rec.Read)
				return nil
			})
			if err != nil && err != error(ErrShredded) {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Read returns one read.
func (s *Store) Read(id project.ReadID) (out Read, err error) {
	err = s.view(func(t *tx) error {
		_, _, rec, err := t.seat(id)
		if err == nil {
			out = rec.Read
		}
		return err
	})
	return out, err
}

// seat is content for what needs no read key.
func (t *tx) seat(id project.ReadID) (readRow, *sealer, *readRecord, error) {
	at, ok := t.s.readRow(id)
	if !ok {
		return at, nil, nil, project.Errorf(project.NotFound, "there is no such read")
	}
	study, err := t.ring.sealer(slotKey{studySlot, at.item})
	if err != nil {
		return at, nil, nil, shredded(err)
	}
	rec, err := t.read(study, at)
	return at, study, rec, err
}

// Move makes a step of a read's state machine that changes nothing in it: complete, reopen, decline, withdraw, commit. Changes go through
// AppendEdit, signatures through Sign.
func (s *Store) Move(id project.ReadID, e project.ReadEvent) (Read, error) {
	if e == project.EventChange || e == project.EventSign || e == project.EventSupersede {
		return Read{}, project.Errorf(project.Invalid, "%s is not a move of its own", e)
	}
	var out Read
	err := s.update(func(t *tx) (err error) {
		out, err = t.move(id, e, audit.ReadMoved)
		return err
	})
	return out, err
}

func (t *tx) move(id project.ReadID, e project.ReadEvent, typ audit.Type) (Read, error) {
	at, study, rec, err := t.seat(id)
	if err != nil {
		return Read{}, err
	}
	next, err := rec.State.Next(e, rec.Seat, t.s.actor())
	if err != nil {
		return Read{}, err
	}
	if next == rec.State {
		return rec.Read, nil // said again: nothing happened
	}
	from := rec.State
	rec.State = next
	if err := t.putJSON(study, bRead, at.key(), rec); err != nil {
		return Read{}, err
	}
	detail := mustJSON(map[string]string{"from": string(from), "to": string(next)})
	return rec.Read, t.event(typ, string(id), scope{studySlot, at.item}, detail)
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: marshal a record of strings: " + err.Error())
	}
	return b
}
