package edit

import (
	"encoding/binary"
	"iter"

	"hotlight/project"
	"hotlight/project/segmentation"
)

const stateMagic = "HLST"

type stateHeader struct {
	Seq    uint64   `json:"seq"`
	Cursor uint64   `json:"cursor"`
	Redo   []uint64 `json:"redo,omitempty"`
	Next   int      `json:"next"`
	Rows   []*Row   `json:"rows,omitempty"`
}

// MarshalState returns the whole state, without a stroke in progress: segments, cursor and what redo would do. It is a checkpoint for Restore, in
// the form of JOURNAL.md, and holds all entries up to Seq at the moment of the call.
func (h *History) MarshalState() []byte {
	h.mu.Lock()
	header := stateHeader{Seq: h.seq, Cursor: h.cursor, Redo: append([]uint64(nil), h.redo...), Next: h.next}
	set := h.set
	h.mu.Unlock()
	for _, g := range set.Segments() {
		header.Rows = append(header.Rows, rowOf(g))
	}
	out := appendHeader(stateMagic, header)
	for _, g := range set.Segments() {
		mask := g.Mask.Marshal()
		out = binary.AppendUvarint(out, uint64(len(mask)))
		out = append(out, mask...)
	}
	return out
}

// Replay returns the history after the given entries, which must be a whole journal from Seq 1 on. It verifies the order, each row and every brick's
// hash: an entry that does not fit gives a Corrupt error or segmentation.ErrBase, with its number.
func Replay(images []Image, classes []project.Class, entries iter.Seq2[Entry, error]) (*History, error) {
	h := New(images, classes)
	if err := h.replay(entries); err != nil {
		return nil, err
	}
	return h, nil
}

// Restore returns the history from a state that MarshalState made and the entries after it. load returns an older entry by Seq when undo
// reaches it; it is called under the history's lock. classes may be those of a later definition.
func Restore(images []Image, classes []project.Class, state []byte, tail iter.Seq2[Entry, error], load func(seq uint64) (Entry, error)) (*History, error) {
	h := New(images, classes)
	h.load = load
	if err := h.restore(state); err != nil {
		return nil, err
	}
	h.publish(nil)
	if err := h.replay(tail); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *History) restore(state []byte) error {
	var header stateHeader
	rest, err := cutHeader(state, stateMagic, "a checkpoint", &header)
	if err != nil {
		return err
	}
	if err := header.check(); err != nil {
		return err
	}
	var segments []*segmentation.Segment
	for _, row := range header.Rows {
		if row == nil || row.Number >= header.Next || row.Image < 0 || row.Image >= len(h.images) {
			return corrupt("a checkpoint has a segment that cannot be")
		}
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > uint64(len(rest)-n) {
			return corrupt("a checkpoint is cut short")
		}
		mask, err := segmentation.ParseMask(rest[n:n+int(length)], h.images[row.Image].Geometry.Size)
		if err != nil {
			return err
		}
		rest = rest[n+int(length):]
		segments = append(segments, row.segment(mask))
	}
	if len(rest) > 0 {
		return corrupt("a checkpoint has %d bytes too many", len(rest))
	}
	h.set, err = segmentation.NewSet(segments...)
	h.seq, h.cursor, h.redo, h.next = header.Seq, header.Cursor, header.Redo, header.Next
	return err
}

func (s *stateHeader) check() error {
	last := s.Seq + 1
	for _, r := range s.Redo {
		if r >= last || r <= s.Cursor {
			return corrupt("a checkpoint's redo is out of order")
		}
		last = r
	}
	if s.Cursor > s.Seq || s.Next < 1 || s.Next > MaxSegments+1 || len(s.Rows) > MaxSegments {
		return corrupt("a checkpoint has impossible numbers")
	}
	return nil
}

// replay performs entries that were made before. On an error the history is not to be used.
func (h *History) replay(entries iter.Seq2[Entry, error]) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e, err := range entries {
		if err == nil {
			err = h.again(&e)
		}
		if err != nil {
			return project.Errorf(project.KindOf(err), "journal entry %d: %w", h.seq+1, err)
		}
	}
	h.publish(nil)
	return nil
}

func (h *History) again(e *Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	if e.Seq != h.seq+1 || e.Parent != h.cursor {
		return corrupt("does not follow on entry %d at change %d", h.seq, h.cursor)
	}
	switch e.Kind {
	case Do:
		after, err := apply(h.images, h.set, e.Rows, e.Delta, false)
		if err != nil {
			return err
		}
		kept := *e
		h.accept(&kept, after)
	case Undo, Redo:
		over, after, err := h.over(e.Kind)
		if err != nil {
			return err
		}
		to := over.Seq
		if e.Kind == Undo {
			to = over.Parent
		}
		if e.Cursor != to || e.Changed != over.Changed {
			return corrupt("moves over another change than the history has there")
		}
		h.moved(e, after)
	}
	return nil
}
