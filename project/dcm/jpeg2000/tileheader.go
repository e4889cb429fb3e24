package jpeg2000

import "fmt"

// tileHeader is what the headers of the parts of one tile say: its own parameters, which the first part has, and packed packet headers. It is read when the
// tile is decoded, and used again for the next.
type tileHeader struct {
	parameters
	parts []part // whose headers are good
	bytes int    // of its packets, with their headers
	isPPT bool
	ppt   []byte // packed packet headers of all parts
}

// readTile reads the headers of all parts of a tile into t. After an error, and when the stream ends inside a header, t has the parts before.
func (s *stream) readTile(t *tileHeader, parts []part) error {
	t.parameters.reset()
	t.parts, t.bytes, t.isPPT, t.ppt = parts[:0], 0, false, nil
	var failed error
	for n, p := range parts {
		isPPT, changes := t.isPPT, len(t.poc) // what headers of later parts may change
		body, end, err := s.readPart(t, p)
		if err != nil || body < 0 {
			t.isPPT, t.poc = isPPT, t.poc[:changes]
			failed = err
			break
		}
		headers, _ := s.piece(int(p.packed))
		t.parts, t.bytes = parts[:n+1], t.bytes+end-body+len(headers)
	}
	if t.isPPT {
		var err error
		if t.ppt, err = s.joined(ppt, t.parts); err != nil {
			return err
		}
		t.bytes += len(t.ppt)
	}
	return failed
}

// readPart reads the header of the next part of t and returns where its body starts and ends; it starts at -1 if the stream ends before.
func (s *stream) readPart(t *tileHeader, p part) (body, end int, err error) {
	e, _, err := s.extent(int(p.start))
	if err != nil {
		return 0, 0, err
	}
	if body, err = s.partHeader(t, e); err != nil || body < 0 {
		return body, e.end, err
	}
	if e.number != len(t.parts)&0xFF {
		err = fmt.Errorf("%w: part %d of tile %d comes as number %d", ErrHeader, e.number, e.tile, len(t.parts))
	}
	return body, e.end, err
}

// partHeader reads the marker segments up to SOD and returns the offset after it, -1 if the stream ends before.
func (s *stream) partHeader(t *tileHeader, e extent) (int, error) {
	b := s.b[:e.end]
	for off := e.header; ; {
		marker := uint16At(b, off)
		switch {
		case marker < 0 && e.cut:
			return -1, nil
		case marker < 0xFF30 || marker == eoc || marker == sot:
			return 0, fmt.Errorf("%w: %04X in the header of a tile part", ErrHeader, marker)
		case marker == sod:
			return off + 2, nil
		}
		body, next, err := segment(b, off)
		if err != nil && e.cut {
			return -1, nil
		}
		if err != nil {
			return 0, err
		}
		if err := s.tileSegment(t, marker, body); err != nil {
			return 0, err
		}
		off = next
	}
}

// tileSegment takes over a marker segment of the header of the next part of t.
func (s *stream) tileSegment(t *tileHeader, marker int, body []byte) error {
	switch {
	case marker == ppt:
		t.isPPT = true
		return checkPacked(body)
	case len(t.parts) == 0 || marker != cod && marker != coc && marker != qcd && marker != qcc && marker != rgn:
		return s.read(&t.parameters, marker, body)
	case !s.repeats(t, marker, body):
		return fmt.Errorf("%w: %04X in a later part of a tile", ErrHeader, marker)
	}
	return nil
}

// repeats reports whether COD or QCD in a later part of t, where they have no place (T.800 A.6.1), say only what already holds: some encoders write both in
// every part.
func (s *stream) repeats(t *tileHeader, marker int, body []byte) bool {
	holds := &t.parameters
	switch {
	case marker == cod && !t.hasCOD && len(s.part1.coc) == 0, marker == qcd && !t.hasQCD && len(s.part1.qcc) == 0:
		holds = &s.part1
	case marker == cod && t.hasCOD, marker == qcd && t.hasQCD:
	default:
		return false
	}
	if marker == cod {
		order, c, err := parseCOD(body)
		return err == nil && order == holds.order && c == holds.cod
	}
	q, err := parseQCD(body)
	return err == nil && q == holds.qcd
}

// packets returns the body of a tile part whose header was read.
func (s *stream) packets(p part) []byte {
	e, _, err := s.extent(int(p.start))
	if err != nil {
		return nil
	}
	return s.b[s.each(sod, int(p.start), nil)+2 : e.end]
}
