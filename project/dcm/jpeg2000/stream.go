package jpeg2000

import "fmt"

// stream is a codestream taken apart into its main header and tile parts. Nothing of the pictures is decoded yet. What it keeps costs about the bytes that
// declare it: of most marker segments only where they lie, to be read again when they are needed.
type stream struct {
	b     []byte  // from SOC
	room  *budget // what is kept is taken from it
	size  size
	part1 parameters
	ht    bool   // CAP announces Part 15
	first int    // offset of the first SOT
	parts []part // by tile, those of one tile in the order of the stream
	isPPM bool
	ppm   []byte // packed packet headers of all tile parts, each part's after their length
}

// mainHeader reads b up to the first SOT.
func (s *stream) mainHeader(b []byte, room *budget) error {
	s.b, s.room = b, room
	if uint16At(b, 0) != soc || uint16At(b, 2) != siz {
		return fmt.Errorf("%w: it does not start with SOC and SIZ", ErrHeader)
	}
	body, off, err := segment(b, 2)
	if err != nil {
		return err
	}
	if s.size, err = parseSIZ(body, room); err != nil {
		return err
	}
	for {
		marker := uint16At(b, off)
		switch {
		case marker == sot && (!s.part1.hasCOD || !s.part1.hasQCD):
			return fmt.Errorf("%w: its main header lacks COD or QCD", ErrHeader)
		case marker == sot:
			s.first = off
			return nil
		case marker < 0:
			return fmt.Errorf("%w: inside the main header", ErrTruncated)
		case marker < 0xFF30 || marker == sod || marker == eoc:
			return fmt.Errorf("%w: %04X in the main header", ErrHeader, marker)
		}
		if body, off, err = segment(b, off); err != nil {
			return err
		}
		if err = s.mainSegment(marker, body); err != nil {
			return err
		}
	}
}

// mainSegment takes over a marker segment of the main header.
func (s *stream) mainSegment(marker int, body []byte) error {
	switch marker {
	case capa:
		f := fields{b: body}
		s.ht = f.uint32()&(1<<17) != 0
		return nil
	case ppm:
		s.isPPM = true
		return checkPacked(body)
	}
	return s.read(&s.part1, marker, body)
}

// each calls f with the bodies of the marker segments of one kind in a header, main or of a tile part, that was read before; off is that of its SIZ or SOT.
// It returns the offset of the SOT or SOD behind the header.
func (s *stream) each(kind, off int, f func(body []byte)) int {
	_, off, err := segment(s.b, off)
	for err == nil {
		marker := uint16At(s.b, off)
		if marker == sot || marker == sod {
			break
		}
		var body []byte
		if body, off, err = segment(s.b, off); marker == kind && err == nil {
			f(body)
		}
	}
	return off
}
