package store

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"hotlight/project"
)

// Problem is one thing that Check found wrong. Both texts carry numbers and handles only.
type Problem struct{ Where, What string }

func (p Problem) String() string { return p.Where + ": " + p.What }

// Check walks everything: pages, seals, counts, references, journals with their replay, signed reads, bundles, key slots, the audit tree, its checkpoints and its
// ties to what was done. It returns what is wrong, in that order, and an error only if it could not look: the vault is locked, the store is
// closed, ctx ended. It reads one consistent state; edits may go on meanwhile.
func (s *Store) Check(ctx context.Context) ([]Problem, error) {
	c := &checker{ctx: ctx, s: s, leafOf: map[project.Hash]int{}, readers: map[project.ReaderID]bool{}}
	if err := s.checkFile(c); err != nil {
		return nil, err
	}
	err := s.view(func(t *tx) error {
		c.t = t
		for _, step := range []func() error{c.rows, c.definitions, c.audit, c.items, c.bundles, c.slots} {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if project.KindOf(err) == project.Corrupt {
		c.add("project file", "%v", err)
		err = nil
	}
	return c.problems, err
}

// checkFile walks the pages, on the writing goroutine so that they stand still.
func (s *Store) checkFile(c *checker) error {
	j := &job{ticket: newTicket(), idle: func() error {
		_, err := checkPages(filepath.Join(s.dir, storeName))
		return err
	}}
	if err := s.queue.add(j); err != nil {
		return err
	}
	<-j.Done()
	if j.err != nil {
		c.add("project file", "%v", j.err)
	}
	if s.recovery.OneBack {
		c.add("project file", "when it was opened, one of the two pages that name its newest state was damaged; the last write before may be missing")
	}
	return nil
}

// checker is one walk.
type checker struct {
	ctx      context.Context
	s        *Store
	t        *tx
	problems []Problem
	leafOf   map[project.Hash]int // how many events have this detail
	edits    map[string]uint64    // how many edit events each read has
	readers  map[project.ReaderID]bool
}

// maxProblems bounds the report: a store with more is to be restored, not read about.
const maxProblems = 1000

func (c *checker) add(where, what string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, Problem{where, fmt.Sprintf(what, args...)})
	}
}

// broken reports err as a problem, unless it says that the walk itself cannot go on.
func (c *checker) broken(where string, err error) error {
	if err == nil {
		return nil
	}
	if project.KindOf(err) == project.Locked || c.ctx.Err() != nil {
		return err
	}
	c.add(where, "%v", err)
	return nil
}

// rows holds the number of rows of each bucket against the sealed counts, and the form of each row.
func (c *checker) rows() error {
	n := c.t.counts
	wants := map[bucket]uint64{bHeader: 1, bMeta: 1, bDefinition: n.Definitions, bItem: n.Items, bImage: n.Images, bRead: n.Reads, bState: n.States, bSigned: n.Signed,
		bOutbox: n.Outbox, bReceived: n.Received, bBundle: n.Bundles, bReceipt: n.Receipts, bCursor: n.Cursors, bLeaf: n.Leaves, bDetail: n.Details,
		bCheckpoint: n.Checkpoints}
	sizes := map[bucket]int{bDefinition: 8, bItem: 8, bImage: 16, bRead: 16, bJournal: 16, bState: 16, bSigned: 8, bOutbox: 8, bReceived: 8, bBundle: 16,
		bReceipt: 16, bCursor: 16, bLeaf: 8, bTree: 8, bDetail: 8, bCheckpoint: 8}
	for _, b := range allBuckets {
		have := uint64(0)
		last := []byte(nil)
		err := c.t.each(b, nil, func(at, v []byte) error {
			have++
			if got := c.t.raw(b, at); !bytes.Equal(got, v) || got == nil {
				c.add(b.String(), "a row is there but is not found") // the tree above it is damaged
			}
			if size, ok := sizes[b]; ok && len(at) != size {
				c.add(b.String(), "a row has the wrong form")
			}
			if last != nil && string(last) >= string(at) {
				c.add(b.String(), "rows are out of order")
			}
			last = at
			return nil
		})
		if err != nil {
			return c.broken(b.String(), err)
		}
		if want, ok := wants[b]; ok && have != want {
			c.add(b.String(), "there are %d rows, there must be %d", have, want)
		}
	}
	return nil
}

// definitions verifies every version and that each succeeds the one before.
func (c *checker) definitions() error {
	var before *project.Definition
	for n := uint64(1); n <= c.t.counts.Definitions; n++ {
		where := fmt.Sprintf("definition %d", n)
		e, err := c.t.definition(n)
		if err != nil {
			if err := c.broken(where, err); err != nil {
				return err
			}
			continue
		}
		def, _, err := project.OpenDefinition(e)
		if err == nil && before != nil {
			err = before.Succeeds(def)
		}
		if err != nil {
			c.add(where, "%v", err)
			continue
		}
		before = def
		for _, r := range def.Readers {
			c.readers[r.ID] = true
		}
	}
	return nil
}

// slots checks that every key that is needed has a slot and that what was shredded has none.
func (c *checker) slots() error {
	f, err := readSlots(c.s.dir)
	if err != nil {
		return c.broken("key slots", err)
	}
	if err := f.verify(c.t.store.derive("mac")); err != nil {
		return c.broken("key slots", err)
	}
	have := map[slotKey]bool{}
	for _, s := range f.records {
		have[slotKey{s.typ, s.number}] = true
	}
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	for n := uint64(1); n <= c.t.counts.Items; n++ {
		if shredded := c.t.isShredded(n); have[slotKey{studySlot, n}] == shredded {
			c.add(fmt.Sprintf("item %d", n), "its key slot is %s", map[bool]string{true: "there although it was shredded", false: "missing"}[shredded])
		}
	}
	return nil
}
