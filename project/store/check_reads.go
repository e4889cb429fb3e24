package store

import (
	"fmt"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/segmentation"
)

// content checks a read's journal, kept states and signed record.
func (c *checker) content(where string, at readRow, it Item, rec *readRecord) error {
	if rec.Seat.Reader != c.s.holder.ReaderID() {
		return c.nothing(where, at, rec)
	}
	key, err := c.t.ring.sealer(slotKey{readSlot, at.read})
	if err != nil {
		if project.KindOf(err) == project.NotFound {
			c.add(where, "its key slot is missing")
			return nil
		}
		return c.broken(where, err)
	}
	entries, whole, err := c.journal(where, at, key, rec)
	if err != nil {
		return err
	}
	var set *segmentation.Set
	if whole {
		if set, err = c.replay(where, it, entries); err != nil {
			return err
		}
	}
	if err := c.states(where, at, key, rec); err != nil {
		return err
	}
	return c.signature(where, at, key, rec, set)
}

// nothing checks that there is no content of another person's read.
func (c *checker) nothing(where string, at readRow, rec *readRecord) error {
	if rec.Changes != 0 {
		c.add(where, "it is another person's and counts changes")
	}
	for _, b := range []bucket{bJournal, bState, bSigned} {
		err := c.t.eachOf(b, row(at.read), func([]byte, []byte) error {
			c.add(where, "it is another person's and has a %s", b)
			return errEnough
		})
		if err != nil && err != errEnough {
			return err
		}
	}
	return nil
}

// journal opens every entry, follows the chain of parents, and finds each in the audit log. whole is false when an entry is missing or
// cannot be read.
func (c *checker) journal(where string, at readRow, key *sealer, rec *readRecord) (entries []edit.Entry, whole bool, err error) {
	walk := readRecord{}
	whole = true
	err = c.t.eachOf(bJournal, row(at.read), func(row, v []byte) error {
		here := fmt.Sprintf("%s, change %d", where, number(row, 1))
		if c.leafOf[project.HashOf(v)] == 0 {
			c.add(here, "the audit log does not know it")
		}
		plain, err := key.open(bJournal, row, v)
		if err != nil {
			whole = false
			return c.broken(here, err)
		}
		e, err := edit.ParseEntry(plain)
		if err == nil && e.Seq != number(row, 1) {
			err = damaged("it says that it is change %d", e.Seq)
		}
		if err == nil {
			err = walk.follows(e)
		}
		if err != nil {
			whole = false
			c.add(here, "%v", err)
			return nil
		}
		walk.Changes, walk.Cursor = e.Seq, e.Cursor
		entries = append(entries, e)
		return c.ctx.Err()
	})
	if err != nil {
		return nil, false, err
	}
	if walk.Changes != rec.Changes || walk.Cursor != rec.Cursor {
		whole = false
		c.add(where, "its journal ends at change %d, cursor %d; it must be %d, %d", walk.Changes, walk.Cursor, rec.Changes, rec.Cursor)
	}
	if got := c.edits[string(rec.ID)]; got != rec.Changes {
		c.add(where, "the audit log knows %d changes, the read %d", got, rec.Changes)
	}
	return entries, whole, nil
}

// replay does the journal again, which verifies every brick's hash, and checks that no mask has a bit outside its volume.
func (c *checker) replay(where string, it Item, entries []edit.Entry) (*segmentation.Set, error) {
	def, _ := c.s.definition()
	h, err := edit.Replay(editImages(it), def.Classes, func(yield func(edit.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, c.ctx.Err()) {
				return
			}
		}
	})
	if err != nil {
		return nil, c.broken(where, fmt.Errorf("replay: %w", err))
	}
	set := h.Set()
	for _, g := range set.Segments() {
		if g.Image < 0 || g.Image >= len(it.Images) || g.Mask.Size() != it.Images[g.Image].Geometry.Size {
			c.add(where, "segment %d does not lie on an image of the item", g.Number)
			continue
		}
		if n := bitsOutside(g.Mask); n > 0 {
			c.add(where, "segment %d has %d bits outside the volume", g.Number, n)
		}
	}
	return set, nil
}

func editImages(it Item) []edit.Image {
	images := make([]edit.Image, len(it.Images))
	for i := range images {
		images[i].Geometry = &it.Images[i].Geometry
	}
	return images
}

// bitsOutside counts bits that lie in a brick but not in the volume.
func bitsOutside(m *segmentation.Mask) (n int) {
	size := m.Size()
	for at, b := range m.Bricks() {
		n += bitsBeyond(b, size[0]-at[0]*segmentation.BrickColumns, size[1]-at[1]*segmentation.BrickRows, size[2]-at[2]*segmentation.BrickSlices)
	}
	return n
}

// bitsBeyond counts bits of b at or beyond the given columns, rows or slices.
func bitsBeyond(b *segmentation.Brick, columns, rows, slices int) (n int) {
	for w, word := range b {
		j, k := w%segmentation.BrickRows, w/segmentation.BrickRows
		for i := range segmentation.BrickColumns {
			if word>>i&1 == 1 && (i >= columns || j >= rows || k >= slices) {
				n++
			}
		}
	}
	return n
}

// states opens what is kept of a read's states.
func (c *checker) states(where string, at readRow, key *sealer, rec *readRecord) error {
	n := 0
	err := c.t.eachOf(bState, row(at.read), func(row, v []byte) error {
		n++
		if number(row, 1) > rec.Changes {
			c.add(where, "a state is kept of change %d, which does not exist", number(row, 1))
		}
		_, err := openState(key, row, v)
		return c.broken(where, err)
	})
	if n > keepStates {
		c.add(where, "%d states are kept", n)
	}
	return err
}

// signature checks that a read is signed if and only if it says so, by whom and of what. set is nil if the journal could not be replayed.
func (c *checker) signature(where string, at readRow, key *sealer, rec *readRecord, set *segmentation.Set) error {
	b, err := c.t.get(key, bSigned, row(at.read))
	if project.KindOf(err) == project.NotFound {
		if wasSigned(rec.State) {
			c.add(where, "it is %s but its signed record is missing", rec.State)
		}
		return nil
	}
	if err != nil {
		return c.broken(where, err)
	}
	if !wasSigned(rec.State) {
		c.add(where, "it is %s but has a signed record", rec.State)
	}
	if c.leafOf[project.HashOf(c.t.raw(bSigned, row(at.read)))] == 0 {
		c.add(where, "the audit log does not know its signed record")
	}
	signed, err := c.openSigned(b)
	if err != nil {
		return c.broken(where, err)
	}
	if signed.ReadID != rec.ID || signed.Item != rec.Seat.Item || signed.Supersedes != rec.Supersedes || uint64(signed.Journal.Changes) != rec.Changes {
		c.add(where, "its signed record is of another read")
	}
	if set != nil {
		c.masks(where, signed, set)
	}
	return nil
}

func (c *checker) openSigned(b []byte) (*project.SignedRead, error) {
	e, err := project.ParseEnvelope(b)
	if err != nil {
		return nil, err
	}
	body, err := e.Verify(project.SignedReadType, c.s.holder.Public().SigningKey)
	if err != nil {
		return nil, err
	}
	return parseSignedRead(body)
}

// masks holds what was signed against what the journal gives.
func (c *checker) masks(where string, signed *project.SignedRead, set *segmentation.Set) {
	if len(signed.Segments) != len(set.Segments()) {
		c.add(where, "%d segments were signed, the journal gives %d", len(signed.Segments), len(set.Segments()))
	}
	for _, want := range signed.Segments {
		got, ok := set.Find(want.Number)
		if !ok || got.Mask.Count() != want.Voxels || got.Mask.SHA256() != want.Mask || got.Name != want.Name || got.Image != want.Image {
			c.add(where, "segment %d is not what was signed", want.Number)
		}
	}
}
