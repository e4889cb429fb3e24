package store

import (
	"encoding/json"
	"fmt"

	"hotlight/project"
)

// bundles checks the outbox, what was received, the bundles themselves, receipts and cursors.
func (c *checker) bundles() error {
	known, queued := map[string]bool{}, map[string]bool{}
	if err := c.outbox(known, queued); err != nil {
		return err
	}
	if err := c.received(known); err != nil {
		return err
	}
	if err := c.named(bBundle, known, nil); err != nil {
		return err
	}
	if err := c.named(bReceipt, queued, nil); err != nil {
		return err
	}
	return c.named(bCursor, nil, func(at, plain []byte) error {
		var rec cursorRecord
		if json.Unmarshal(plain, &rec) != nil || string(c.t.store.name("cursor", rec.Name)) != string(at) {
			return damaged("a cursor is not where it belongs")
		}
		return nil
	})
}

func (c *checker) outbox(known, queued map[string]bool) error {
	prev := uint64(0)
	for n := uint64(1); n <= c.t.counts.Outbox; n++ {
		where := fmt.Sprintf("outgoing bundle %d", n)
		var o Outgoing
		err := c.t.getJSON(c.t.store, bOutbox, row(n), &o)
		if err == nil && o.Seq != prev+1 {
			err = damaged("its sequence number is %d after %d", o.Seq, prev)
		}
		if err == nil {
			err = c.bundle(o.Hash, o.Size, known)
			queued[string(c.t.store.name("receipt", o.Hash.String()))] = true
		}
		prev = o.Seq
		if err := c.broken(where, err); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) received(known map[string]bool) error {
	seen := map[project.Hash]bool{}
	for n := uint64(1); n <= c.t.counts.Received; n++ {
		var in Incoming
		err := c.t.getJSON(c.t.store, bReceived, row(n), &in)
		if err == nil && seen[in.Hash] {
			err = damaged("it is listed twice")
		}
		if err == nil {
			seen[in.Hash] = true
			err = c.bundle(in.Hash, in.Size, known)
		}
		if err := c.broken(fmt.Sprintf("received bundle %d", n), err); err != nil {
			return err
		}
	}
	return nil
}

// bundle checks the bytes of one bundle.
func (c *checker) bundle(h project.Hash, size int64, known map[string]bool) error {
	name := c.t.store.name("bundle", h.String())
	known[string(name)] = true
	b, err := c.t.get(c.t.store, bBundle, name)
	if err != nil {
		return err
	}
	if project.HashOf(b) != h || int64(len(b)) != size {
		return damaged("the bundle does not have its digest and size")
	}
	return nil
}

// named opens every row of a bucket whose rows are names. known, if not nil, are the names that may be there.
func (c *checker) named(b bucket, known map[string]bool, also func(at, plain []byte) error) error {
	return c.t.each(b, nil, func(at, v []byte) error {
		plain, err := c.t.store.open(b, at, v)
		if err == nil && known != nil && !known[string(at)] {
			err = damaged("it belongs to nothing")
		}
		if err == nil && also != nil {
			err = also(at, plain)
		}
		return c.broken(b.String(), err)
	})
}
