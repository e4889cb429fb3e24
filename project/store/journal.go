package store

import (
	"errors"
	"fmt"
	"iter"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/edit"
)

// pendingEdit is a change that is not on the disk yet.
type pendingEdit struct {
	read  project.ReadID
	entry edit.Entry
	bytes []byte // entry's record, made on the writing goroutine
	typ   audit.Type
}

func (p *pendingEdit) record() []byte {
	if p.bytes == nil {
		p.bytes = p.entry.Marshal()
	}
	return p.bytes
}

// AppendEdit appends e to the journal of a read, with its audit event in the same transaction. It returns at once; the result says when the change
// is on the disk. Changes are written in the order of the calls. e and what it refers to must not be changed afterwards.
//
// Rules are checked inside the transaction: a signed read gives project.ErrSigned, another person's NotPermitted, an entry that does not follow
// the journal's last Conflict. After a failed write the error has ErrFenced in its chain and the kind Full or Other; the change is kept in
// the emergency file, which the next Open takes in.
func (s *Store) AppendEdit(read project.ReadID, e edit.Entry) Saved {
	return s.appendEdit(&pendingEdit{read: read, entry: e, typ: audit.ReadEdited})
}

func (s *Store) appendEdit(p *pendingEdit) Saved {
	j := &job{ticket: newTicket(), edit: p}
	if err := s.queue.add(j); err != nil {
		j.finish(err)
	}
	return j
}

// Pending returns how many changes wait to be written or are being written.
func (s *Store) Pending() int {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	n := s.queue.writing
	for _, j := range s.queue.jobs {
		if j.edit != nil {
			n++
		}
	}
	return n
}

// writeEdits commits a run of edits in one transaction. Each is checked before anything of it is put, so that one that breaks a rule
// fails alone.
func (s *Store) writeEdits(batch []*job) {
	if err := s.fenced(); err != nil {
		s.finishAll(batch, nil, s.fence(nil, batch))
		return
	}
	failed := make([]error, len(batch))
	after, err := s.tryTransact(func(t *tx) error {
		for i, j := range batch {
			failed[i] = t.appendEdit(j.edit)
			var broken errStorage
			if errors.As(failed[i], &broken) {
				return failed[i]
			}
		}
		return nil
	})
	var broken errStorage
	if errors.As(err, &broken) {
		err = s.fence(broken.err, withoutRefused(batch, failed))
	}
	if err == nil {
		for _, f := range after {
			f()
		}
	}
	s.finishAll(batch, failed, err)
}

// finishAll tells each caller: its own error, or the error of all.
func (s *Store) finishAll(batch []*job, failed []error, all error) {
	s.queue.mu.Lock()
	s.queue.writing = 0
	s.queue.mu.Unlock()
	for i, j := range batch {
		err := all
		if failed != nil && failed[i] != nil && (all == nil || refused(failed[i])) {
			err = failed[i]
		}
		j.finish(err)
	}
}

// refused reports whether err is a rule that an edit broke, as against a failing disk.
func refused(err error) bool {
	var broken errStorage
	return err != nil && !errors.As(err, &broken)
}

// withoutRefused leaves out the edits that broke a rule: they are not to be kept for later.
func withoutRefused(batch []*job, failed []error) (out []*job) {
	for i, j := range batch {
		if !refused(failed[i]) {
			out = append(out, j)
		}
	}
	return out
}

// appendEdit checks and puts one edit.
func (t *tx) appendEdit(p *pendingEdit) error {
	at, ok := t.s.readRow(p.read)
	if !ok {
		return project.Errorf(project.NotFound, "there is no such read")
	}
	study, err := t.ring.sealer(slotKey{studySlot, at.item})
	if err != nil {
		return err
	}
	rec, err := t.read(study, at)
	if err != nil {
		return err
	}
	next, err := rec.State.Next(project.EventChange, rec.Seat, t.s.actor())
	if err != nil {
		return err
	}
	if err := rec.follows(p.entry); err != nil {
		return err
	}
	key, err := t.ring.sealer(slotKey{readSlot, at.read})
	if err != nil {
		return err
	}
	if t.raw(bJournal, row(at.read, p.entry.Seq)) != nil {
		return errStorage{damaged("there is a journal entry where the next one belongs")}
	}
	sealed, err := t.put(key, bJournal, row(at.read, p.entry.Seq), p.record())
	if err != nil {
		return err
	}
	rec.State, rec.Changes, rec.Cursor = next, p.entry.Seq, p.entry.Cursor
	if err := t.putJSON(study, bRead, at.key(), rec); err != nil {
		return errStorage{err} // the entry is in already: not half of it
	}
	if err := t.append(audit.Event{Type: p.typ, Object: string(p.read), Detail: project.HashOf(sealed)}); err != nil {
		return errStorage{err}
	}
	return nil
}

// follows checks that e is the journal's next entry, made where the journal stands.
func (r *readRecord) follows(e edit.Entry) error {
	if e.Seq != r.Changes+1 {
		return project.Errorf(project.Conflict, "change %d does not follow change %d", e.Seq, r.Changes)
	}
	if e.Parent != r.Cursor {
		return project.Errorf(project.Conflict, "change %d was made on change %d, the journal stands at %d", e.Seq, e.Parent, r.Cursor)
	}
	if e.Cursor > e.Seq {
		return project.Errorf(project.Invalid, "change %d would move the journal to change %d", e.Seq, e.Cursor)
	}
	return nil
}

// Journal returns the records of a read's changes in order, to be read with edit.ParseEntry. It reads in batches, so the caller may append meanwhile
// and will see what it appended.
func (s *Store) Journal(id project.ReadID) iter.Seq2[[]byte, error] { return s.JournalFrom(id, 1) }

// JournalFrom is Journal from the change seq on.
func (s *Store) JournalFrom(id project.ReadID, seq uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for at := seq; ; {
			batch, err := s.journalBatch(id, at)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(batch) == 0 {
				return
			}
			for _, b := range batch {
				if !yield(b, nil) {
					return
				}
			}
			at += uint64(len(batch))
		}
	}
}

func (s *Store) journalBatch(id project.ReadID, at uint64) (out [][]byte, err error) {
	err = s.view(func(t *tx) error {
		r, key, rec, err := t.content(id)
		if err != nil {
			return err
		}
		for seq := at; seq <= rec.Changes && seq < at+batchSize; seq++ {
			b, err := t.get(key, bJournal, row(r.read, seq))
			if project.KindOf(err) == project.NotFound {
				return damaged("change %d of a read is missing", seq)
			}
			if err != nil {
				return err
			}
			out = append(out, b)
		}
		return nil
	})
	return out, err
}

// Entry returns the record of one change of a read.
func (s *Store) Entry(id project.ReadID, seq uint64) (entry []byte, err error) {
	err = s.view(func(t *tx) error {
		r, key, _, err := t.content(id)
		if err != nil {
			return err
		}
		entry, err = t.get(key, bJournal, row(r.read, seq))
		return err
	})
	return entry, err
}

// keepStates is how many states of a read are kept, so that a damaged one has a neighbour.
const keepStates = 2

// SaveState keeps the state of a read as it stands after the change seq, so that opening it need not replay all changes before
// (edit.History.MarshalState and edit.Restore). Only the newest two are kept. The journal stays the truth: states may be lost.
func (s *Store) SaveState(id project.ReadID, seq uint64, state []byte) error {
	if err := s.room(len(state)); err != nil {
		return err
	}
	return s.update(func(t *tx) error {
		r, key, rec, err := t.content(id)
		if err != nil {
			return err
		}
		if seq > rec.Changes {
			return project.Errorf(project.Conflict, "the journal has %d changes, the state is of %d", rec.Changes, seq)
		}
		hash := project.HashOf(state)
		if t.raw(bState, row(r.read, seq)) == nil {
			t.counts.States++
		}
		if _, err := t.put(key, bState, row(r.read, seq), append(hash[:], state...)); err != nil {
			return err
		}
		var have [][]byte
		if err := t.eachOf(bState, row(r.read), func(row, _ []byte) error { have = append(have, row); return nil }); err != nil {
			return err
		}
		for len(have) > keepStates {
			if err := t.delete(bState, have[0]); err != nil {
				return err
			}
			t.counts.States--
			have = have[1:]
		}
		return nil
	})
}

// State returns the newest kept state of a read that can be read, and the change that it stands after. NotFound if there is none.
func (s *Store) State(id project.ReadID) (seq uint64, state []byte, err error) {
	err = s.view(func(t *tx) error {
		r, key, _, err := t.content(id)
		if err != nil {
			return err
		}
		err = t.eachOf(bState, row(r.read), func(row, v []byte) error {
			if b, err := openState(key, row, v); err == nil {
				seq, state = number(row, 1), b
			}
			return nil
		})
		if err == nil && state == nil {
			return project.Errorf(project.NotFound, "no state of this read is kept")
		}
		return err
	})
	return seq, state, err
}

func openState(key *sealer, row, v []byte) ([]byte, error) {
	b, err := key.open(bState, row, v)
	if err != nil {
		return nil, err
	}
	if len(b) < len(project.Hash{}) || project.HashOf(b[len(project.Hash{}):]) != project.Hash(b[:len(project.Hash{})]) {
		return nil, damaged("the kept state of a read does not match its digest")
	}
	return b[len(project.Hash{}):], nil
}

// content returns what opens a read's content.
func (t *tx) content(id project.ReadID) (readRow, *sealer, *readRecord, error) {
	at, ok := t.s.readRow(id)
	if !ok {
		return at, nil, nil, project.Errorf(project.NotFound, "there is no such read")
	}
	study, err := t.ring.sealer(slotKey{studySlot, at.item})
	if err != nil {
		return at, nil, nil, shredded(err)
	}
	rec, err := t.read(study, at)
	if err != nil {
		return at, nil, nil, err
	}
	key, err := t.ring.sealer(slotKey{readSlot, at.read})
	if err != nil {
		return at, nil, nil, fmt.Errorf("open the read: %w", err)
	}
	return at, key, rec, nil
}
