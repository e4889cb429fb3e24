package store

import (
	"context"
	"encoding/binary"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
	"hotlight/project/audit"
)

// leaves is the audit log's storage in a transaction.
type leaves struct{ t *tx }

// Size implements audit.Storage.
func (l leaves) Size() (int64, error) { return int64(l.t.counts.Leaves), nil }

// Leaf implements audit.Storage.
func (l leaves) Leaf(i int64) ([]byte, error) { return l.t.get(l.t.store, bLeaf, row(uint64(i))) }

// ReadHashes implements tlog.HashReader.
func (l leaves) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		h, err := l.t.get(l.t.store, bTree, row(uint64(x)))
		if err != nil {
			return nil, err
		}
		if copy(out[i][:], h) != len(h) || len(h) != tlog.HashSize {
			return nil, damaged("an audit hash has the wrong length")
		}
	}
	return out, nil
}

// Append implements audit.Storage.
func (l leaves) Append(index int64, leaf []byte, first int64, hashes []tlog.Hash) error {
	if err := l.t.putNew(bLeaf, row(uint64(index)), leaf); err != nil {
		return err
	}
	for i, h := range hashes {
		if err := l.t.putNew(bTree, row(uint64(first)+uint64(i)), h[:]); err != nil {
			return err
		}
	}
	l.t.counts.Leaves++
	return nil
}

// scope says under whose key an event's detail is sealed.
type scope struct {
	typ    slotType // storeSlot, studySlot or readSlot
	number uint64
}

var storeScope = scope{storeSlot, 0}

func scopeByte(t slotType) byte { return byte(t) - byte(storeSlot) }

// event appends an event whose detail, if there is any, is sealed under sc's key and kept beside the log.
func (t *tx) event(typ audit.Type, object string, sc scope, detail []byte) error {
	e := audit.Event{Type: typ, Object: object}
	if detail == nil {
		return t.append(e)
	}
	s, err := t.ring.sealer(slotKey(sc))
	if err != nil {
		return err
	}
	at := row(t.counts.Leaves)
	sealed := s.seal(bDetail, at, detail)
	e.Detail = project.HashOf(sealed)
	value := append([]byte{scopeByte(sc.typ)}, row(sc.number)...)
	if err := t.putRaw(bDetail, at, append(value, sealed...)); err != nil {
		return err
	}
	t.counts.Details++
	return t.append(e)
}

// append completes an event with who, where and when.
func (t *tx) append(e audit.Event) error {
	e.Actor, e.Device, e.Time = t.s.holder.ReaderID(), t.s.holder.DeviceID(), t.s.now()
	_, err := t.log().Append(e)
	return err
}

// Event records something that happened without a change in the store, such as an export. object is a handle or digest; detail, which may be nil, is
// sealed.
func (s *Store) Event(typ audit.Type, object string, detail []byte) error {
	return s.update(func(t *tx) error { return t.event(typ, object, storeScope, detail) })
}

// Checkpoint signs the audit log's present state with the device key, keeps the note and returns it. The same state gives the same note again.
func (s *Store) Checkpoint() (string, error) {
	var note string
	err := s.update(func(t *tx) (err error) {
		note, err = t.checkpoint()
		return err
	})
	return note, err
}

// Origin names this store's audit log in its checkpoints.
func (s *Store) Origin() string {
	return audit.OriginPrefix + "log/" + project.Fingerprint(s.ring.id[:])
}

func (t *tx) checkpoint() (string, error) {
	head, err := t.log().Head()
	if err != nil {
		return "", err
	}
	at := row(uint64(head.Size))
	if note, err := t.get(t.store, bCheckpoint, at); err == nil {
		return string(note), nil
	} else if project.KindOf(err) != project.NotFound {
		return "", err
	}
	signer, err := audit.NewSigner(t.s.holder.Public().DeviceKey, t.s.holder.SignCheckpoint)
	if err != nil {
		return "", err
	}
	note, err := audit.SignCheckpoint(audit.Checkpoint{Origin: t.s.Origin(), Head: head}, signer)
	if err != nil {
		return "", err
	}
	if _, err := t.put(t.store, bCheckpoint, at, note); err != nil {
		return "", err
	}
	t.counts.Checkpoints++
	return string(note), nil
}

// Events returns the log's events in order. It reads in batches, so the caller may write to the store meanwhile.
func (s *Store) Events(ctx context.Context) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		for at := uint64(0); ; {
			batch, err := s.eventsFrom(at)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(audit.Event{}, err)
				return
			}
			if len(batch) == 0 {
				return
			}
			for _, e := range batch {
				if !yield(e, nil) {
					return
				}
			}
			at += uint64(len(batch))
		}
	}
}

const batchSize = 256

func (s *Store) eventsFrom(at uint64) (out []audit.Event, err error) {
	err = s.view(func(t *tx) error {
		for i := at; i < min(t.counts.Leaves, at+batchSize); i++ {
			b, err := leaves{t}.Leaf(int64(i))
			if err != nil {
				return err
			}
			e, err := audit.ParseEvent(b)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// Detail opens the sealed detail of the event at seq. NotFound if it has none or its key was destroyed.
func (s *Store) Detail(seq int64) (detail []byte, err error) {
	err = s.view(func(t *tx) error {
		at := row(uint64(seq))
		v := t.raw(bDetail, at)
		if v == nil {
			return project.Errorf(project.NotFound, "this event has no detail")
		}
		sc, sealed, err := parseDetail(v)
		if err != nil {
			return err
		}
		key, err := t.ring.sealer(slotKey(sc))
		if err != nil {
			return err
		}
		detail, err = key.open(bDetail, at, sealed)
		return err
	})
	return detail, err
}

func parseDetail(v []byte) (scope, []byte, error) {
	if len(v) < 9 || v[0] > scopeByte(readSlot) {
		return scope{}, nil, damaged("an audit detail is damaged")
	}
	return scope{storeSlot + slotType(v[0]), binary.BigEndian.Uint64(v[1:])}, v[9:], nil
}

// VerifyAudit computes the whole tree again, holds every checkpoint against it, and returns the log's state.
func (s *Store) VerifyAudit(ctx context.Context) (head audit.Head, err error) {
	err = s.view(func(t *tx) error {
		if head, err = t.log().Verify(ctx); err != nil {
			return err
		}
		return t.verifyCheckpoints()
	})
	return head, err
}

// verifyCheckpoints holds each stored checkpoint against the tree: signed by this device, and the root that the leaves give at its size.
func (t *tx) verifyCheckpoints() error {
	verifier, err := audit.NewVerifier(t.s.holder.Public().DeviceKey)
	if err != nil {
		return err
	}
	return t.each(bCheckpoint, nil, func(at, v []byte) error {
		note, err := t.store.open(bCheckpoint, at, v)
		if err != nil {
			return err
		}
		c, err := audit.OpenCheckpoint(note, t.s.Origin(), verifier)
		if err != nil {
			return err
		}
		if uint64(c.Size) != number(at, 0) || uint64(c.Size) > t.counts.Leaves {
			return damaged("a checkpoint of %d events does not belong to a log of %d", c.Size, t.counts.Leaves)
		}
		head, err := t.log().HeadAt(c.Size)
		if err != nil {
			return err
		}
		if head != c.Head {
			return damaged("the audit log contradicts its checkpoint at %d events", c.Size)
		}
		return nil
	})
}
