package dcm

import (
	"encoding/binary"

	"hotlight/project"
)

const undefinedLength = 0xFFFFFFFF

// header is what stands before a value.
type header struct {
	tag            Tag
	vr             VR
	length         uint32
	value          int64 // offset of the value
	signedByPixels bool
}

// header reads the element header at off; end is where the enclosing item or file ends.
func (s *scanner) header(off, end int64, enc coding) (header, error) {
	left := end - off
	if left < 8 {
		return header{}, project.Errorf(project.Invalid, "offset %d: %d bytes are left, an element needs 8", off, left)
	}
	b, err := s.src.span(off, min(12, left))
	if err != nil {
		return header{}, err
	}
	h := header{value: off + 8}
	if enc.big {
		h.tag = Tag(binary.BigEndian.Uint16(b))<<16 | Tag(binary.BigEndian.Uint16(b[2:]))
	} else {
		h.tag = Tag(binary.LittleEndian.Uint16(b))<<16 | Tag(binary.LittleEndian.Uint16(b[2:]))
	}
	switch {
	case h.tag.Group() == delimiterSet:
		h.length = enc.uint32(b[4:])
		return h, nil
	case enc.implicit:
		entry := lookup(h.tag)
		h.vr, h.signedByPixels, h.length = entry.vr, entry.signedByPixels, enc.uint32(b[4:])
		return h, nil
	}
	h.vr = VR(b[4])<<8 | VR(b[5])
	switch traits := h.vr.traits(); {
	case traits&vrKnown == 0:
		return s.strangeVR(h, b, off, end, enc)
	case traits&vrLong == 0:
		h.length = uint32(enc.uint16(b[6:]))
	case len(b) < 12:
		return header{}, project.Errorf(project.Invalid, "offset %d: %v: the file ends within its header", off, h.tag)
	default:
		h.length, h.value = enc.uint32(b[8:]), off+12
	}
	return h, nil
}

// strangeVR reads an element of explicit encoding whose VR is none of the standard's. Two capital letters are a VR of a later standard, which has a
// long header (PS3.5 6.2.2); anything else is an element that was written implicitly. A length that does not fit decides for the short form.
func (s *scanner) strangeVR(h header, b []byte, off, end int64, enc coding) (header, error) {
	letters := h.vr
	h.vr = lookup(h.tag).vr
	if letters.upperCase() && len(b) == 12 && enc.uint16(b[6:]) == 0 {
		if n := enc.uint32(b[8:]); int64(n) <= end-off-12 || n == undefinedLength {
			h.vr, h.length, h.value = UN, n, off+12
			s.warn("vr", "%v has the unknown value representation %s", h.tag, letters)
			return h, nil
		}
	}
	if n := enc.uint32(b[4:]); !letters.upperCase() && (int64(n) <= end-off-8 || n == undefinedLength) {
		h.length = n
		s.warn("vr", "%v has no value representation, though the file should state it", h.tag)
		return h, nil
	}
	if n := enc.uint16(b[6:]); int64(n) <= end-off-8 {
		h.length = uint32(n)
		s.warn("vr", "%v has an unknown value representation", h.tag)
		return h, nil
	}
	return header{}, project.Errorf(project.Invalid, "offset %d: %v has neither a value representation nor a length that fits", off, h.tag)
}

func (e coding) uint16(b []byte) uint16 {
	if e.big {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

func (e coding) uint32(b []byte) uint32 {
	if e.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}
