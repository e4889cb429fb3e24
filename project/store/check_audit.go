package store

import (
	"fmt"

	"hotlight/project"
	"hotlight/project/audit"
)

// audit computes the tree again, holds the checkpoints against it, reads every event and ties details to events.
func (c *checker) audit() error {
	if _, err := c.t.log().Verify(c.ctx); err != nil {
		if err := c.broken("audit log", err); err != nil {
			return err
		}
	} else if err := c.t.verifyCheckpoints(); err != nil {
		if err := c.broken("audit log", err); err != nil {
			return err
		}
	}
	c.edits = map[string]uint64{}
	for i := uint64(0); i < c.t.counts.Leaves; i++ {
		if err := c.leaf(i); err != nil {
			return err
		}
	}
	return c.details()
}

func (c *checker) leaf(i uint64) error {
	where := fmt.Sprintf("audit event %d", i)
	b, err := leaves{c.t}.Leaf(int64(i))
	if err != nil {
		return c.broken(where, err)
	}
	e, err := audit.ParseEvent(b)
	if err != nil {
		return c.broken(where, err)
	}
	switch {
	case e.Seq != int64(i):
		c.add(where, "it says that it is event %d", e.Seq)
	case e.Actor != c.s.holder.ReaderID() || e.Device != c.s.holder.DeviceID():
		c.add(where, "it was recorded by another person or device")
	case i == 0 && e.Type != audit.StoreCreated:
		c.add(where, "the log does not begin with the store's creation")
	}
	if !e.Detail.IsZero() {
		c.leafOf[e.Detail]++
	}
	if e.Type == audit.ReadEdited || e.Type == audit.ReadRecovered {
		c.edits[e.Object]++
	}
	return nil
}

// details checks that each kept detail is the one its event names, and opens it if its key is there.
func (c *checker) details() error {
	return c.t.each(bDetail, nil, func(at, v []byte) error {
		where := fmt.Sprintf("audit event %d", number(at, 0))
		sc, sealed, err := parseDetail(v)
		if err != nil {
			return c.broken(where, err)
		}
		if b, err := (leaves{c.t}).Leaf(int64(number(at, 0))); err == nil {
			if e, err := audit.ParseEvent(b); err == nil && e.Detail != project.HashOf(sealed) {
				c.add(where, "its detail is not the one it names")
			}
		} else if err := c.broken(where, err); err != nil {
			return err
		}
		key, err := c.t.ring.sealer(slotKey(sc))
		if project.KindOf(err) == project.NotFound {
			return nil // shredded
		}
		if err == nil {
			_, err = key.open(bDetail, at, sealed)
		}
		return c.broken(where, err)
	})
}
