package store

import (
	"encoding/json"
	"fmt"

	"hotlight/project"
)

// items opens every item, its images and its reads.
func (c *checker) items() error {
	def, _ := c.s.definition()
	seen := map[project.ItemID]uint64{}
	owners := map[uint64]uint64{} // read number to item number
	for n := uint64(1); n <= c.t.counts.Items; n++ {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if c.t.isShredded(n) {
			continue
		}
		where := fmt.Sprintf("item %d", n)
		it, err := c.t.item(n, true)
		if err != nil {
			if err := c.broken(where, err); err != nil {
				return err
			}
			continue
		}
		if other, twice := seen[it.ID]; twice {
			c.add(where, "it is item %d again", other)
		}
		seen[it.ID] = n
		if it.ID != project.NewItemID(def.CaseKey, it.Study) {
			c.add(where, "its id does not belong to its study")
		}
		if err := c.reads(n, it, owners); err != nil {
			return err
		}
	}
	return c.orphans(owners)
}

// reads opens every read of an item.
func (c *checker) reads(n uint64, it Item, owners map[uint64]uint64) error {
	study, err := c.t.ring.sealer(slotKey{studySlot, n})
	if err != nil {
		return c.broken(fmt.Sprintf("item %d", n), shredded(err))
	}
	known := map[project.ReadID]*readRecord{}
	return c.t.eachOf(bRead, row(n), func(at, v []byte) error {
		where := fmt.Sprintf("read %d", number(at, 1))
		owners[number(at, 1)] = n
		plain, err := study.open(bRead, at, v)
		if err != nil {
			return c.broken(where, err)
		}
		rec := &readRecord{}
		if json.Unmarshal(plain, rec) != nil {
			c.add(where, "the record cannot be read")
			return nil
		}
		c.seat(where, it, rec, known)
		known[rec.ID] = rec
		return c.content(where, readRow{n, number(at, 1)}, it, rec)
	})
}

// seat checks what a read says of itself.
func (c *checker) seat(where string, it Item, rec *readRecord, known map[project.ReadID]*readRecord) {
	if rec.Seat.Item != it.ID {
		c.add(where, "it says that it is of another item")
	}
	if known[rec.ID] != nil {
		c.add(where, "another read has its id")
	}
	if !c.readers[rec.Seat.Reader] {
		c.add(where, "its reader was never in the roster")
	}
	if rec.Supersedes == "" {
		return
	}
	old := known[rec.Supersedes]
	switch {
	case old == nil:
		c.add(where, "the read that it supersedes is missing")
	case old.Seat != rec.Seat:
		c.add(where, "it supersedes another person's read")
	case wasSigned(rec.State) && old.State != project.Superseded:
		c.add(where, "the read that it supersedes does not say so")
	}
}

func wasSigned(s project.ReadState) bool {
	return s == project.Signed || s == project.Committed || s == project.Superseded
}

// orphans finds images, journal entries, states and signed reads that belong to nothing. Those of shredded items stay, sealed for ever.
func (c *checker) orphans(owners map[uint64]uint64) error {
	for n := uint64(1); n <= c.t.counts.Items; n++ {
		if !c.t.isShredded(n) {
			continue
		}
		if err := c.t.eachOf(bRead, row(n), func(at, _ []byte) error { owners[number(at, 1)] = n; return nil }); err != nil {
			return err
		}
	}
	for _, b := range []bucket{bJournal, bState, bSigned} {
		last := uint64(0)
		err := c.t.each(b, nil, func(at, _ []byte) error {
			if r := number(at, 0); owners[r] == 0 && r != last {
				c.add(fmt.Sprintf("read %d", r), "there is a %s but no read", b)
				last = r
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.t.each(bImage, nil, func(at, _ []byte) error {
		if n := number(at, 0); n == 0 || n > c.t.counts.Items {
			c.add(fmt.Sprintf("item %d", n), "there is an image but no item")
		}
		return nil
	})
}
