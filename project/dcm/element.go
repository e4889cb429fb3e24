package dcm

import "hotlight/project"

// element adds the element of header h to d and returns the offset after it. end is where the enclosing item or file ends.
func (s *scanner) element(d *DataSet, h header, end int64, enc coding, depth int) (int64, error) {
	e := element{tag: h.tag, vr: h.vr, signedByPixels: h.signedByPixels}
	if h.length == undefinedLength {
		return s.undefined(d, e, h, end, enc, depth)
	}
	next := h.value + int64(h.length)
	if next > end {
		return 0, project.Errorf(project.Invalid, "offset %d: %s declares %d bytes, %d are left", h.value, named(h.tag), h.length, end-h.value)
	}
	if h.length&1 == 1 {
		s.warn("odd", "%v has an odd length", h.tag)
	}
	switch {
	case h.vr == SQ:
		items, err := s.sequence(d, h.tag, extent{h.value, next, end, false}, enc, depth)
		if err != nil {
			return 0, err
		}
		e.sub = &sub{items: items.list}
		s.stack = append(s.stack, e)
		return items.next, nil
	case h.vr == UN:
		s.unknown(d, &e, h, next, enc, depth)
	}
	if e.sub == nil {
		if err := s.value(&e, h, enc); err != nil {
			return 0, err
		}
		if h.tag == SpecificCharacterSet {
			s.characterSet(d, e.value)
		}
	}
	s.stack = append(s.stack, e)
	return next, nil
}

// value keeps the value of e in memory, or where it lies when it is large.
func (s *scanner) value(e *element, h header, enc coding) error {
	if h.length == 0 {
		return nil
	}
	unit := 1
	if enc.big {
		unit = h.vr.unit()
	}
	if h.length > keepLimit && !s.src.memory {
		e.sub = &sub{lazy: &lazyValue{src: s.src, offset: h.value, length: int64(h.length), unit: unit}}
		return nil
	}
	b, err := s.src.span(h.value, int64(h.length))
	if err != nil {
		return err
	}
	if unit > 1 {
		b = append([]byte(nil), b...)
		swapWords(b, unit)
	}
	e.value = b
	return nil
}

// unknown gives an element without a usable VR the dictionary's, and reads it as a sequence where it is one.
// Inside UN everything is implicit little endian (PS3.5 6.2.2 note 2); writers who forgot that are recognised by their letters.
func (s *scanner) unknown(d *DataSet, e *element, h header, next int64, enc coding, depth int) {
	entry := lookup(h.tag)
	if entry.vr != UN && entry.vr != SQ {
		if !enc.implicit {
			e.vr, e.signedByPixels = entry.vr, entry.signedByPixels
		}
		return
	}
	if h.length < 8 {
		return
	}
	b, err := s.src.span(h.value, min(16, int64(h.length)))
	if err != nil || !startsWithItem(b) {
		return
	}
	mark := len(s.stack)
	s.guessing++
	items, err := s.sequence(d, h.tag, extent{h.value, next, next, false}, itemCoding(b, enc), depth)
	s.guessing--
	if err != nil || items.next != next {
		clear(s.stack[mark:])
		s.stack = s.stack[:mark]
		return
	}
	e.vr, e.sub = SQ, &sub{items: items.list}
}

func startsWithItem(b []byte) bool {
	return len(b) >= 4 && b[0] == 0xFE && b[1] == 0xFF && b[2] == 0x00 && b[3] == 0xE0
}

// itemCoding looks at an item header and the first element in it, b, to see whether the contents state their VRs.
func itemCoding(b []byte, enc coding) coding {
	if !enc.implicit && len(b) >= 14 && (VR(b[12])<<8 | VR(b[13])).is(vrKnown) {
		return coding{}
	}
	return coding{implicit: true}
}

// undefined reads an element of undefined length: a sequence, or fragments of a nested compressed picture such as an icon.
func (s *scanner) undefined(d *DataSet, e element, h header, end int64, enc coding, depth int) (int64, error) {
	switch h.vr {
	case OB, OW:
		if h.tag == PixelData || !enc.implicit {
			frags, next, err := s.fragments(h.value, end, enc)
			if err != nil {
				return 0, err
			}
			e.sub = &sub{fragments: frags}
			s.stack = append(s.stack, e)
			return next, nil
		}
	case UN:
		if b, err := s.src.span(h.value, min(16, end-h.value)); err == nil && !enc.big {
			enc = itemCoding(b, enc)
		}
	}
	items, err := s.sequence(d, h.tag, extent{h.value, end, end, true}, enc, depth)
	if err != nil {
		return 0, err
	}
	if h.vr != SQ && h.vr != UN {
		s.warn("vr", "%v has value representation %v and holds a sequence", h.tag, h.vr)
	}
	e.vr, e.sub = SQ, &sub{items: items.list}
	s.stack = append(s.stack, e)
	return items.next, nil
}
