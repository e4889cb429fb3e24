package dcm

import (
	"encoding/binary"
	"strings"

	"hotlight/project"
)

// file reads meta information and data set.
func (s *scanner) file(f *File) error {
	off, err := s.begin()
	if err != nil {
		return err
	}
	if off, err = s.meta(f.Meta, off); err != nil {
		return err
	}
	f.Syntax = s.syntaxOf(f.Meta)
	if off == s.src.size {
		if f.Meta.Len() == 0 {
			return project.Errorf(project.Invalid, "the file has no elements: nothing follows its beginning")
		}
		s.warn("empty", "the file has no data set")
		return nil
	}
	if f.Syntax == DeflatedLittleEndian {
		return s.inflate(f, off)
	}
	enc, err := s.coding(f, off)
	if err != nil {
		return err
	}
	s.bigPixels = f.Syntax == geBigEndianPixels && enc.implicit
	return s.top(f.Data, off, enc)
}

// syntaxOf returns the transfer syntax that the meta information names. One that is no UID counts as missing: it goes into messages, and damaged meta
// information can hold the patient's name there.
func (s *scanner) syntaxOf(meta *DataSet) string {
	syntax, _ := meta.String(TransferSyntaxUID)
	if strings.Trim(syntax, "0123456789.") != "" || len(syntax) > 64 {
		s.warn("nosyntax", "the transfer syntax is not a UID")
		return ""
	}
	return syntax
}

// begin finds where elements start: after preamble and prefix, or at once in files that lack them.
func (s *scanner) begin() (int64, error) {
	if s.src.size == 0 {
		return 0, project.Errorf(project.Invalid, "%w: the file is empty", ErrNotDICOM)
	}
	b, err := s.src.span(0, min(s.src.size, 132))
	if err != nil {
		return 0, err
	}
	if len(b) == 132 && string(b[128:]) == "DICM" && (!s.standsAlone() || s.plausible(132, coding{}, 1)) {
		return 132, nil
	}
	if len(b) >= 12 && string(b[:4]) == "DICM" {
		s.warn("preamble", "the file has no preamble")
		return 4, nil
	}
	if s.standsAlone() {
		s.warn("preamble", "the file has no preamble")
		return 0, nil
	}
	if (b[0] == ' ' || b[0] == 0) && s.src.size > 1 && s.begins(1, 3) { // meta information was cut off, but for its last padding byte
		s.warn("preamble", "the file has no preamble, and one byte too many before its data set")
		return 1, nil
	}
	return 0, project.Errorf(project.Invalid, "%w: neither the prefix DICM nor a data set at its start", ErrNotDICOM)
}

// standsAlone reports whether a data set stands at the very start of the file.
func (s *scanner) standsAlone() bool { return s.begins(0, 2) }

// begins reports whether a data set stands at off: count elements in order, the first one that the dictionary knows and that begins objects. Nothing less
// will do, since any file may be thrown at this.
func (s *scanner) begins(off int64, count int) bool {
	b, err := s.src.span(off, min(s.src.size-off, 4))
	if err != nil || len(b) < 4 {
		return false
	}
	for _, enc := range []coding{{}, {implicit: true}, {big: true}} {
		first := Tag(enc.uint16(b))<<16 | Tag(enc.uint16(b[2:]))
		if first != 0 && first.Group() <= 0x0010 && lookup(first).vr != UN && s.plausible(off, enc, count) {
			return true
		}
	}
	return false
}

// plausible reports whether count elements stand at off in ascending order with lengths that fit, or fewer when the file ends exactly there.
func (s *scanner) plausible(off int64, enc coding, count int) bool {
	s.guessing++
	defer func() { s.guessing-- }()
	var last Tag
	for range count {
		if off == s.src.size && last != 0 {
			return true
		}
		b, err := s.src.span(off, min(12, s.src.size-off))
		if err != nil || len(b) < 8 {
			return false
		}
		if !enc.implicit && !(VR(b[4])<<8 | VR(b[5])).is(vrKnown) {
			return false
		}
		h, err := s.header(off, s.src.size, enc)
		if err != nil || h.tag <= last || h.tag.Group() > 0x7FE0 || h.tag.Group() == 0 {
			return false
		}
		if h.length == undefinedLength {
			return h.vr == SQ || h.vr == UN
		}
		if int64(h.length) > s.src.size-h.value {
			return false
		}
		off, last = h.value+int64(h.length), h.tag
	}
	return true
}

// meta reads group 0002 at off, if there is any, and returns where the data set starts. Its group length is not believed: it is often wrong.
func (s *scanner) meta(d *DataSet, off int64) (int64, error) {
	start, enc, mark := off, coding{}, len(s.stack)
	for s.src.size-off >= 8 {
		b, err := s.src.span(off, 8)
		if err != nil {
			return 0, err
		}
		if binary.LittleEndian.Uint16(b) != 2 {
			break
		}
		if off == start && !(VR(b[4])<<8 | VR(b[5])).is(vrKnown) {
			enc.implicit = true
			s.warn("metavr", "the meta information is encoded implicitly")
		}
		h, err := s.header(off, s.src.size, enc)
		if err != nil {
			return 0, err
		}
		if err := s.room(mark); err != nil {
			return 0, err
		}
		if off, err = s.element(d, h, s.src.size, enc, 0); err != nil {
			return 0, err
		}
	}
	if rest := s.src.size - off; rest > 0 && rest < 8 {
		return 0, project.Errorf(project.Invalid, "offset %d: the file ends within the meta information", off)
	}
	s.finish(d, mark)
	switch {
	case off == start:
		s.warn("nometa", "the file has no meta information")
	case !d.Has(FileMetaInformationGroupLength):
		s.warn("metalength", "the meta information lacks its length")
	default:
		if n, ok := d.Int(FileMetaInformationGroupLength); !ok || start+12+int64(n) != off {
			s.warn("metalength", "the length of the meta information is wrong")
		}
	}
	return off, nil
}

// coding decides how the data set at off is written: as the transfer syntax says, unless the first element shows that it cannot be.
func (s *scanner) coding(f *File, off int64) (coding, error) {
	said := codingOf(f.Syntax)
	if f.Syntax != "" && s.plausible(off, said, 1) {
		return said, nil
	}
	for _, enc := range []coding{{}, {implicit: true}, {big: true}} {
		if !s.plausible(off, enc, 1) {
			continue
		}
		shown := plainSyntax(enc)
		if f.Syntax == "" {
			f.Syntax = shown
			s.warn("nosyntax", "the file names no transfer syntax; its bytes are %s", SyntaxName(shown))
		} else {
			s.warn("syntax", "the transfer syntax is %s, but the data set is written as %s", SyntaxName(f.Syntax), SyntaxName(shown))
			if decodable(f.Syntax) && codecs[f.Syntax].family == 0 {
				f.Syntax = shown
			}
		}
		return enc, nil
	}
	if f.Syntax == "" {
		return said, project.Errorf(project.Invalid, "offset %d: the file names no transfer syntax and the data set is of no known encoding", off)
	}
	return said, nil
}

func plainSyntax(e coding) string {
	switch {
	case e.implicit:
		return ImplicitLittleEndian
	case e.big:
		return ExplicitBigEndian
	}
	return ExplicitLittleEndian
}
