package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/audit"
)

// counts are how many rows each bucket must have. They stand sealed in the file and show rows that went missing.
type counts struct {
	Definitions uint64 `json:"definitions"`
	Items       uint64 `json:"items"`
	Images      uint64 `json:"images"`
	Reads       uint64 `json:"reads"`
	States      uint64 `json:"states"`
	Signed      uint64 `json:"signed"`
	Outbox      uint64 `json:"outbox"`
	Received    uint64 `json:"received"`
	Bundles     uint64 `json:"bundles"`
	Receipts    uint64 `json:"receipts"`
	Cursors     uint64 `json:"cursors"`
	Leaves      uint64 `json:"leaves"`
	Details     uint64 `json:"details"`
	Checkpoints uint64 `json:"checkpoints"`
}

var countsRow = []byte("counts")

// tx is one bbolt transaction with sealing. It belongs to one goroutine.
type tx struct {
	b       *bbolt.Tx
	s       *Store
	ring    *ring
	store   *sealer
	counts  counts
	before  counts
	after   []func()         // run once the transaction is on the disk
	dropped map[slotKey]bool // keys to destroy once the transaction is on the disk
}

func (s *Store) newTx(b *bbolt.Tx) (*tx, error) {
	store, err := s.ring.sealer(storeKey)
	if err != nil {
		return nil, err
	}
	t := &tx{b: b, s: s, ring: s.ring, store: store}
	if err := t.getJSON(store, bMeta, countsRow, &t.counts); err != nil {
		return nil, err
	}
	t.before = t.counts
	return t, nil
}

// finish writes the counts if they changed.
func (t *tx) finish() error {
	if t.counts == t.before {
		return nil
	}
	return t.putJSON(t.store, bMeta, countsRow, t.counts)
}

// raw returns the sealed value of a row, nil if there is none. It is valid until the transaction ends.
func (t *tx) raw(b bucket, row []byte) []byte {
	bk := t.b.Bucket(b.key())
	if bk == nil {
		return nil
	}
	return bk.Get(row)
}

// get opens a row. NotFound if there is none.
func (t *tx) get(s *sealer, b bucket, row []byte) ([]byte, error) {
	v := t.raw(b, row)
	if v == nil {
		return nil, project.Errorf(project.NotFound, "there is no such %s", b)
	}
	return s.open(b, row, v)
}

func (t *tx) getJSON(s *sealer, b bucket, row []byte, v any) error {
	plain, err := t.get(s, b, row)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return damaged("%s: the record cannot be read", b)
	}
	return nil
}

// put seals and writes a row and returns the sealed bytes.
func (t *tx) put(s *sealer, b bucket, row, plain []byte) ([]byte, error) {
	sealed := s.seal(b, row, plain)
	return sealed, t.putRaw(b, row, sealed)
}

// putNew is put under the store key for a row that must not be there yet: what is append-only is never written over.
func (t *tx) putNew(b bucket, row, plain []byte) error {
	if t.raw(b, row) != nil {
		return errStorage{damaged("there is a %s where the next one belongs", b)}
	}
	_, err := t.put(t.store, b, row, plain)
	return err
}

func (t *tx) putRaw(b bucket, row, value []byte) error {
	bk := t.b.Bucket(b.key())
	if bk == nil {
		return errStorage{damaged("a bucket is missing")}
	}
	if err := bk.Put(row, value); err != nil {
		return errStorage{fmt.Errorf("write a %s: %w", b, err)}
	}
	return nil
}

func (t *tx) putJSON(s *sealer, b bucket, row []byte, v any) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return project.Errorf(project.Invalid, "%s: %w", b, err)
	}
	_, err = t.put(s, b, row, plain)
	return err
}

func (t *tx) delete(b bucket, row []byte) error {
	if err := t.b.Bucket(b.key()).Delete(row); err != nil {
		return errStorage{fmt.Errorf("remove a %s: %w", b, err)}
	}
	return nil
}

// each calls f for every row of b in order, from the first that is not before start, until f gives an error.
func (t *tx) each(b bucket, start []byte, f func(row, value []byte) error) error {
	bk := t.b.Bucket(b.key())
	if bk == nil {
		return damaged("a bucket is missing")
	}
	c := bk.Cursor()
	for k, v := c.Seek(start); k != nil; k, v = c.Next() {
		if err := f(k, v); err != nil {
			return err
		}
	}
	return nil
}

// eachOf is each for the rows that start with prefix.
func (t *tx) eachOf(b bucket, prefix []byte, f func(row, value []byte) error) error {
	err := t.each(b, prefix, func(row, value []byte) error {
		if len(row) < len(prefix) || string(row[:len(prefix)]) != string(prefix) {
			return errEnough
		}
		return f(row, value)
	})
	if err == errEnough {
		return nil
	}
	return err
}

var errEnough = errors.New("enough")

// log is the audit log inside the transaction.
func (t *tx) log() audit.Log { return audit.Log{Storage: leaves{t}} }

// view runs f in a read transaction. A damaged file is an error here, not a crash.
func (s *Store) view(f func(*tx) error) error {
	s.life.RLock()
	defer s.life.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return guarded(func() error {
		return s.db.View(func(b *bbolt.Tx) error {
			t, err := s.newTx(b)
			if err != nil {
				return err
			}
			return f(t)
		})
	})
}

var errPanic = errors.New("a page of it contradicts itself")

// guarded turns a panic or page fault below f into a Corrupt error: bbolt trusts its pages, and the disk may have changed them.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged("the project file is damaged: %w", errPanic)
		}
	}()
	return f()
}
