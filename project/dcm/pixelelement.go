package dcm

import "hotlight/project"

// pixelElement is where the pixels of a file are.
type pixelElement struct {
	found     bool
	tag       Tag
	vr        VR
	offset    int64
	length    int64 // bytes that are there
	declared  int64 // bytes that the element declares; equal to length unless the file was cut
	big       bool
	fragments *fragments // of encapsulated pixels; nil for native ones and with HeaderOnly
	enclosed  bool       // encapsulated
}

// pixelElement notes the pixels of header h and returns the offset after them. Their bytes are not read.
func (s *scanner) pixelElement(h header, enc coding) (int64, error) {
	if err := s.node(); err != nil {
		return 0, err
	}
	p := pixelElement{found: true, tag: h.tag, vr: h.vr, offset: h.value, big: enc.big || s.bigPixels, enclosed: h.length == undefinedLength}
	e := element{tag: h.tag, vr: h.vr}
	next := h.value
	switch {
	case p.enclosed && s.headerOnly:
		e.sub = &sub{}
	case p.enclosed:
		frags, after, err := s.fragments(h.value, s.src.size, enc)
		if err != nil {
			return 0, err
		}
		p.fragments, next = frags, after
		e.sub = &sub{fragments: frags}
	default:
		p.declared = int64(h.length)
		p.length = min(p.declared, s.src.size-h.value)
		if s.partial {
			p.length = p.declared
		}
		if p.declared%2 == 1 {
			s.warn("odd", "%v has an odd length", h.tag)
		}
		if p.length < p.declared {
			s.warn("cut", "the pixel data declare %d bytes, %d are there", p.declared, p.length)
		}
		next = h.value + p.length
		e.sub = &sub{lazy: &lazyValue{src: s.src, offset: h.value, length: p.length, unit: 1}}
		if p.big {
			e.sub.lazy.unit = h.vr.unit()
		}
	}
	s.stack = append(s.stack, e)
	s.pixels = p
	return next, nil
}

// fragments is encapsulated pixel data: where each fragment lies, and the basic offset table (PS3.5 A.4).
type fragments struct {
	list  []fragment
	table []uint32 // offsets from the first fragment's item header; may be empty
	start int64    // offset in the file of the first fragment's item header
	cut   bool     // the file ends before the sequence does
}

type fragment struct {
	offset int64 // of its bytes in the file
	length uint32
}

// fragments reads the item headers of encapsulated pixel data at off, not their contents. A file that ends early is noted, not refused: the frames that
// are complete can be decoded.
func (s *scanner) fragments(off, end int64, enc coding) (*fragments, int64, error) {
	f := &fragments{}
	for n := 0; ; n++ {
		if end-off < 8 {
			f.cut = true
			s.warn("cut", "the compressed pixel data are cut short after %d fragments", len(f.list))
			return f, end, nil
		}
		var b [8]byte
		if err := s.peek(b[:], off); err != nil {
			return nil, 0, err
		}
		tag := Tag(enc.uint16(b[:]))<<16 | Tag(enc.uint16(b[2:]))
		length := enc.uint32(b[4:])
		off += 8
		switch {
		case tag == sequenceEnd:
			return f, off, nil
		case tag != itemTag || length == undefinedLength:
			if n == 0 {
				return nil, 0, project.Errorf(project.Invalid, "offset %d: compressed pixel data hold %v where a fragment should start", off-8, tag)
			}
			f.cut = true
			s.warn("cut", "the compressed pixel data have no end after %d fragments", len(f.list))
			return f, end, nil
		}
		if int64(length) > end-off {
			f.cut = true
			s.warn("cut", "the last fragment declares %d bytes, %d are there", length, end-off)
			length = uint32(end - off)
		}
		if err := s.node(); err != nil {
			return nil, 0, err
		}
		if n == 0 {
			if err := s.offsetTable(f, off, length, enc); err != nil {
				return nil, 0, err
			}
			f.start = off + int64(length)
		} else {
			f.list = append(f.list, fragment{off, length})
		}
		off += int64(length)
	}
}

func (s *scanner) offsetTable(f *fragments, off int64, length uint32, enc coding) error {
	if length == 0 || length%4 != 0 {
		return nil
	}
	b := make([]byte, length) // the caller has seen that the file has them
	if err := s.src.readFull(b, off); err != nil {
		return err
	}
	f.table = make([]uint32, length/4)
	for n := range f.table {
		f.table[n] = enc.uint32(b[4*n:])
	}
	return nil
}

// peek fills b from off without moving the window far: fragments of a long film lie far apart.
func (s *scanner) peek(b []byte, off int64) error {
	if at := off - s.src.base; at >= 0 && at+int64(len(b)) <= int64(len(s.src.win)) {
		copy(b, s.src.win[at:])
		return nil
	}
	return s.src.readFull(b, off)
}
