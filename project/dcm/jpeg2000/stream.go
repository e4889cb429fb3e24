package jpeg2000

import (
	"bytes"
	"fmt"
	"slices"
)

// stream is a codestream taken apart into headers and tile parts. Nothing of the pictures is decoded yet.
type stream struct {
	b     []byte // from SOC
	size  size
	part1 parameters
	ht    bool // CAP announces Part 15
	tiles map[int]*tilePart
	order []int // tiles in the order of their first parts
	ppm   packedHeaders
	short bool // it ends inside a tile part
}

// parameters are the marker segments that the main header or a tile's first header may have.
type parameters struct {
	order
	hasCOD, hasQCD bool
	cod            coding
	qcd            quantisation
	coc            map[int]coding
	qcc            map[int]quantisation
	rgn            map[int]int // maximum shift of a component
	poc            []change
}

// tilePart is all that belongs to one tile: its own parameters and where the bodies of its parts lie.
type tilePart struct {
	parameters
	parts   int
	bodies  [][]byte
	headers [][]byte // packed packet headers, in order; nil entries if there are none
	ppt     packedHeaders
}

// bytes returns how many bytes the tile's packets have.
func (t *tilePart) bytes() int {
	n := 0
	for _, b := range t.bodies {
		n += len(b)
	}
	for _, b := range t.headers {
		n += len(b)
	}
	for _, h := range t.ppt.list {
		n += len(h.body)
	}
	return n
}

// parse reads all of the codestream b. That it ends early is no error here: what is missing is found when packets or tiles are. After an error the tile parts
// before are there.
func (s *stream) parse(b []byte) error {
	off, err := s.mainHeader(b)
	if err != nil {
		return err
	}
	s.tiles = map[int]*tilePart{}
	chunks, err := s.ppm.chunks()
	if err != nil {
		return err
	}
	for n := 0; ; {
		switch m := uint16At(b, off); {
		case m == sot:
		case m == com: // a writer of mammograms pads with one that says PADDING
			if _, off, err = segment(b, off); err != nil {
				return err
			}
			continue
		case m == eoc && off+2 <= len(b):
			return nil
		case m < 0, m == 0 && len(bytes.Trim(b[off:], "\x00")) == 0:
			return nil // EOC is often missing, with padding in its place
		default:
			return fmt.Errorf("%w: %04X where a tile part should start", ErrHeader, m)
		}
		var packed []byte
		if n < len(chunks) {
			packed = chunks[n]
		}
		if off, err = s.tilePart(off, packed, s.ppm.list != nil); err != nil {
			return err
		}
		if s.short {
			return nil
		}
		n++
	}
}

// mainHeader reads up to the first SOT and returns its offset.
func (s *stream) mainHeader(b []byte) (int, error) {
	s.b = b
	if uint16At(b, 0) != soc || uint16At(b, 2) != siz {
		return 0, fmt.Errorf("%w: it does not start with SOC and SIZ", ErrHeader)
	}
	body, off, err := segment(b, 2)
	if err != nil {
		return 0, err
	}
	if s.size, err = parseSIZ(body); err != nil {
		return 0, err
	}
	for {
		marker := uint16At(b, off)
		if marker == sot {
			break
		}
		if marker < 0 {
			return 0, fmt.Errorf("%w: inside the main header", ErrTruncated)
		}
		if marker < 0xFF30 || marker == sod || marker == eoc {
			return 0, fmt.Errorf("%w: %04X in the main header", ErrHeader, marker)
		}
		if body, off, err = segment(b, off); err != nil {
			return 0, err
		}
		switch marker {
		case capa:
			f := fields{b: body}
			s.ht = f.uint32()&(1<<17) != 0
		case ppm:
			err = s.ppm.add(body)
		default:
			err = s.part1.read(marker, body, len(s.size.components))
		}
		if err != nil {
			return 0, err
		}
	}
	if !s.part1.hasCOD || !s.part1.hasQCD {
		return 0, fmt.Errorf("%w: its main header lacks COD or QCD", ErrHeader)
	}
	return off, nil
}

// tilePart reads the tile part whose SOT lies at off and returns the offset after it.
func (s *stream) tilePart(off int, packed []byte, isPacked bool) (int, error) {
	body, at, err := segment(s.b, off)
	if err != nil {
		s.short = true
		return off, nil
	}
	f := fields{b: body}
	tile, length, part := f.uint16(), f.uint32(), f.uint8()
	if len(body) != 8 || tile >= s.size.tilesX*s.size.tilesY {
		return 0, fmt.Errorf("%w: a part of tile %d of %d", ErrHeader, tile, s.size.tilesX*s.size.tilesY)
	}
	end := off + length
	if length == 0 { // the last part may leave it open (T.800 A.4.2)
		end = len(s.b)
		if uint16At(s.b, end-2) == eoc {
			end -= 2
		}
	}
	if end > len(s.b) {
		s.short = true
		end = len(s.b)
	}
	t := s.tiles[tile]
	if t == nil {
		t = &tilePart{}
		s.tiles[tile] = t
		s.order = append(s.order, tile)
	}
	if at, err = s.tileHeader(t, at, end); err != nil || at < 0 {
		return end, err
	}
	if part != t.parts&0xFF {
		return 0, fmt.Errorf("%w: part %d of tile %d comes as number %d", ErrHeader, part, tile, t.parts)
	}
	t.parts++
	t.bodies = append(t.bodies, s.b[at:end])
	if isPacked {
		t.headers = append(t.headers, packed)
	}
	return end, nil
}

// tileHeader reads a tile part's header up to SOD and returns the offset of its body; -1 if the stream ends inside.
func (s *stream) tileHeader(t *tilePart, off, end int) (int, error) {
	for {
		marker := uint16At(s.b[:end], off)
		switch {
		case marker < 0 && s.short:
			return -1, nil
		case marker < 0xFF30 || marker == eoc || marker == sot:
			return 0, fmt.Errorf("%w: %04X in the header of a tile part", ErrHeader, marker)
		case marker == sod:
			return off + 2, nil
		}
		body, next, err := segment(s.b[:end], off)
		if err != nil {
			if s.short {
				return -1, nil
			}
			return 0, err
		}
		switch {
		case marker == ppt:
			err = t.ppt.add(body)
		case t.parts > 0 && slices.Contains([]int{cod, coc, qcd, qcc, rgn}, marker):
			if !s.repeats(t, marker, body) {
				err = fmt.Errorf("%w: %04X in a later part of a tile", ErrHeader, marker)
			}
		default:
			err = t.read(marker, body, len(s.size.components))
		}
		if err != nil {
			return 0, err
		}
		off = next
	}
}

// repeats reports whether COD or QCD in a later part of t, where they have no place (T.800 A.6.1), say only what already holds: some encoders write both in
// every part.
func (s *stream) repeats(t *tilePart, marker int, body []byte) bool {
	var again parameters
	if err := again.read(marker, body, len(s.size.components)); err != nil {
		return false
	}
	switch {
	case marker == cod && t.hasCOD:
		return again.order == t.order && again.cod == t.cod
	case marker == cod && len(s.part1.coc) == 0:
		return again.order == s.part1.order && again.cod == s.part1.cod
	case marker == qcd && t.hasQCD:
		return again.qcd.equal(&t.qcd)
	case marker == qcd && len(s.part1.qcc) == 0:
		return again.qcd.equal(&s.part1.qcd)
	}
	return false
}

// read takes over one marker segment; those that do not change decoding are passed by, and of a bad one nothing is kept.
func (p *parameters) read(marker int, body []byte, components int) error {
	switch marker {
	case cod:
		order, c, err := parseCOD(body)
		if err != nil {
			return err
		}
		p.order, p.cod, p.hasCOD = order, c, true
	case coc:
		n, c, err := parseCOC(body, components)
		if err != nil {
			return err
		}
		if p.coc == nil {
			p.coc = map[int]coding{}
		}
		p.coc[n] = c
	case qcd:
		q, err := parseQCD(body)
		if err != nil {
			return err
		}
		p.qcd, p.hasQCD = q, true
	case qcc:
		n, q, err := parseQCC(body, components)
		if err != nil {
			return err
		}
		if p.qcc == nil {
			p.qcc = map[int]quantisation{}
		}
		p.qcc[n] = q
	case rgn:
		f := fields{b: body}
		n := f.component(components)
		how, shift := f.uint8(), f.uint8()
		if f.short || how != 0 || n >= components || shift > 37 {
			return fmt.Errorf("%w: RGN for component %d, style %d, shift %d", ErrHeader, n, how, shift)
		}
		if p.rgn == nil {
			p.rgn = map[int]int{}
		}
		p.rgn[n] = shift
	case poc:
		return p.parsePOC(body, components)
	}
	return nil
}
