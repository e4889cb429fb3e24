package dcm

import "hotlight/project"

// extent is where a sequence or item lies: from off to end, or to its delimiter before end when it is closed by one. outer is where what encloses it
// ends.
type extent struct {
	off, end, outer int64
	closed          bool
}

type sequenceItems struct {
	list []*DataSet
	next int64 // offset after the sequence
}

// sequence reads the items of the sequence t of d.
func (s *scanner) sequence(d *DataSet, t Tag, at extent, enc coding, depth int) (sequenceItems, error) {
	var out sequenceItems
	off, end := at.off, at.end
	for off < end {
		if end-off < 8 {
			return out, project.Errorf(project.Invalid, "offset %d: %v ends within an item's header", off, t)
		}
		b, err := s.src.span(off, 8)
		if err != nil {
			return out, err
		}
		tag := Tag(enc.uint16(b))<<16 | Tag(enc.uint16(b[2:]))
		length := enc.uint32(b[4:])
		off += 8
		switch tag {
		case itemTag:
		case sequenceEnd:
			if at.closed {
				out.next = off
				return out, nil
			}
			s.warn("stray", "a sequence of known length has a delimiter")
			continue
		case itemDelim:
			s.warn("stray", "a delimiter stands between two items")
			continue
		default:
			return out, project.Errorf(project.Invalid, "offset %d: %v holds %v where an item should start", off-8, t, tag)
		}
		if err := s.node(); err != nil {
			return out, err
		}
		child := &DataSet{parent: d}
		stop := end
		if length != undefinedLength {
			if stop = s.itemEnd(off+int64(length), at); stop < 0 {
				return out, project.Errorf(project.Invalid, "offset %d: an item of %v declares %d bytes, %d are left", off, t, length, end-off)
			}
		}
		if off, err = s.item(child, extent{off, stop, stop, length == undefinedLength}, enc, depth+1); err != nil {
			return out, err
		}
		out.list = append(out.list, child)
	}
	if at.closed {
		if end == s.src.size {
			return out, project.Errorf(project.Invalid, "offset %d: the file ends within %v", off, t)
		}
		s.warn("unclosed", "%v has no delimiter", t)
	}
	out.next = off
	return out, nil
}

// itemEnd returns where an item ends that claims to end at stop; -1 when that cannot be. An item may overrun a sequence whose length is known but too
// small as far as what encloses the sequence; beyond that the sequence's own length is believed.
func (s *scanner) itemEnd(stop int64, seq extent) int64 {
	switch {
	case stop <= seq.end:
		return stop
	case s.guessing > 0 || seq.closed:
		return -1
	case stop > seq.outer:
		stop = seq.end
	}
	s.warn("overrun", "an item is longer than its sequence")
	return stop
}

// item reads the elements of one item into d and returns the offset after it.
func (s *scanner) item(d *DataSet, at extent, enc coding, depth int) (int64, error) {
	off, end, mark := at.off, at.end, len(s.stack)
	if depth > maxDepth {
		return 0, project.Errorf(project.Invalid, "offset %d: sequences are nested deeper than %d", off, maxDepth)
	}
	for off < end {
		h, err := s.header(off, end, enc)
		if err != nil {
			return 0, err
		}
		switch h.tag {
		case itemDelim:
			if at.closed {
				s.finish(d, mark)
				return h.value, nil
			}
			s.warn("stray", "an item of known length has a delimiter")
			off = h.value
			continue
		case itemTag, sequenceEnd:
			if !at.closed {
				return 0, project.Errorf(project.Invalid, "offset %d: a delimiter stands within an item of known length", off)
			}
			s.warn("unclosed", "an item has no delimiter")
			s.finish(d, mark)
			return off, nil
		}
		if err := s.room(mark); err != nil {
			return 0, err
		}
		if off, err = s.element(d, h, end, enc, depth); err != nil {
			return 0, err
		}
	}
	if at.closed {
		if end == s.src.size {
			return 0, project.Errorf(project.Invalid, "offset %d: the file ends within an item", off)
		}
		s.warn("unclosed", "an item has no delimiter")
	}
	s.finish(d, mark)
	return off, nil
}
