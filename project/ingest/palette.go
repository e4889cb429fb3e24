package ingest

import (
	"encoding/binary"
	"math"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// palette maps a stored value to a colour. Entry 0 belongs to the stored value first; values outside take the end entries.
type palette struct {
	first  int
	colour [][3]byte
}

// paletteTags are descriptor, data and segmented data of the three colours.
var paletteTags = [3][3]dcm.Tag{
	{dcm.RedPaletteColorLookupTableDescriptor, dcm.RedPaletteColorLookupTableData, tagSegmentedRedPalette},
	{dcm.GreenPaletteColorLookupTableDescriptor, dcm.GreenPaletteColorLookupTableData, tagSegmentedGreenPalette},
	{dcm.BluePaletteColorLookupTableDescriptor, dcm.BluePaletteColorLookupTableData, tagSegmentedBluePalette},
}

// readPalette reads the three tables of PALETTE COLOR (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6). Entries of more than 8 bits keep their upper 8; some writers
// declare 16 bits and store 8, which shows when no entry of any colour is above 255. What was settled comes back as a note in words.
func readPalette(d *dcm.DataSet, signed bool) (p *palette, note string, err error) {
	var tables [3]*volume.LUT
	depth, most := 8, uint16(0)
	for c, tags := range paletteTags {
		l, n, err := readPaletteTable(d, tags, signed)
		if err != nil {
			return nil, "", err
		}
		if n != "" {
			note = n
		}
		for _, v := range l.Entries {
			most = max(most, v)
		}
		tables[c], depth = l, max(depth, l.Bits)
	}
	shift := depth - 8
	if most <= 255 {
		shift = 0
	}
	first, count := tables[0].First, len(tables[0].Entries)
	p = &palette{first: first, colour: make([][3]byte, count)}
	for c, l := range tables {
		if l.First != first || len(l.Entries) != count {
			return nil, "", project.Errorf(project.Invalid, "the palette has tables of different lengths")
		}
		for n, v := range l.Entries {
			p.colour[n][c] = byte(v >> shift)
		}
	}
	return p, note, nil
}

// readPaletteTable reads the table of one colour, plain or segmented.
func readPaletteTable(d *dcm.DataSet, tags [3]dcm.Tag, signed bool) (*volume.LUT, string, error) {
	if d.Has(tags[1]) || !d.Has(tags[2]) {
		return readLUT(d, tags[0], tags[1], signed)
	}
	desc := d.Ints(tags[0])
	raw, _ := d.Bytes(tags[2])
	if len(desc) != 3 || desc[2] != 8 && desc[2] != 16 {
		return nil, "", project.Errorf(project.Invalid, "a segmented palette has no usable description")
	}
	l := &volume.LUT{First: desc[1] & 0xFFFF, Bits: desc[2]}
	if signed {
		l.First = int(int16(l.First))
	}
	count := desc[0] & 0xFFFF
	if count == 0 {
		count = 1 << 16
	}
	entries, err := expand(raw, l.Bits, count)
	if err != nil {
		return nil, "", err
	}
	if len(entries) < count {
		return nil, "", project.Errorf(project.Invalid, "a segmented palette is cut short: its segments make %d entries of %d", len(entries), count)
	}
	l.Entries = entries
	return l, "", nil
}

// Segments of a segmented palette (PS3.3 C.7.9.2).
const (
	segmentDiscrete = 0
	segmentLinear   = 1
	segmentIndirect = 2
)

// segments walks through a segmented palette whose units have 8 or 16 bits.
type segments struct {
	units []int
	most  int // entries
	out   []uint16
}

// expand returns the entries of a segmented palette, most at most. What begins after that many is left out, as other readers do.
func expand(raw []byte, depth, most int) ([]uint16, error) {
	s := segments{most: most}
	for step := depth / 8; len(raw) >= step; raw = raw[step:] {
		if depth == 8 {
			s.units = append(s.units, int(raw[0]))
		} else {
			s.units = append(s.units, int(binary.LittleEndian.Uint16(raw)))
		}
	}
	for at := 0; at+1 < len(s.units) && len(s.out) < most; {
		if depth == 8 && at+2 == len(s.units) && s.units[at] == 0 && s.units[at+1] == 0 {
			break // padding to an even length
		}
		next, err := s.segment(at, depth)
		if err != nil {
			return nil, err
		}
		at = next
	}
	if len(s.out) == 0 {
		return nil, project.Errorf(project.Invalid, "a segmented palette has no segments")
	}
	return s.out, nil
}

// segment adds the segment at unit at and returns where the next begins.
func (s *segments) segment(at, depth int) (next int, err error) {
	if s.units[at] != segmentIndirect {
		return s.direct(at)
	}
	words := 2
	if depth == 8 {
		words = 4
	}
	next = at + 2 + words
	if next > len(s.units) {
		return 0, project.Errorf(project.Invalid, "a segmented palette ends within a segment")
	}
	offset := 0
	for n := range words {
		offset |= s.units[at+2+n] << (n * depth)
	}
	from := offset / (depth / 8) // bytes in the file
	for range s.units[at+1] {
		if len(s.out) >= s.most {
			break
		}
		if from < 0 || from+1 >= len(s.units) {
			return 0, project.Errorf(project.Invalid, "an indirect segment of a palette points outside of it")
		}
		if from, err = s.direct(from); err != nil {
			return 0, err
		}
	}
	return next, nil
}

// direct adds a discrete or a linear segment. Indirect ones may not point at indirect ones.
func (s *segments) direct(at int) (next int, err error) {
	kind, count := s.units[at], s.units[at+1]
	at += 2
	switch {
	case count == 0:
		return 0, project.Errorf(project.Invalid, "a segment of a palette has no entries")
	case kind == segmentDiscrete && at+count <= len(s.units):
		for _, v := range s.units[at : at+min(count, s.most-len(s.out))] {
			s.out = append(s.out, uint16(v))
		}
		return at + count, nil
	case kind == segmentLinear && at < len(s.units) && len(s.out) > 0:
		from, to := float64(s.out[len(s.out)-1]), float64(s.units[at])
		for n := range min(count, s.most-len(s.out)) {
			s.out = append(s.out, uint16(math.RoundToEven(from+(to-from)*float64(n+1)/float64(count))))
		}
		return at + 1, nil
	case kind == segmentLinear && at < len(s.units):
		return 0, project.Errorf(project.Invalid, "a segmented palette begins with a linear segment")
	case kind == segmentDiscrete || kind == segmentLinear:
		return 0, project.Errorf(project.Invalid, "a segmented palette ends within a segment")
	}
	return 0, project.Errorf(project.Invalid, "a segment of a palette has the unknown kind %d", kind)
}

// paint writes the colours of canonical samples src to dst, three bytes a pixel.
func (p *palette) paint(dst, src []byte, format dcm.PixelFormat) error {
	stored, err := storedInts(format)
	if err != nil {
		return err
	}
	width, last := format.SampleBytes(), len(p.colour)-1
	for n := range len(dst) / 3 {
		c := p.colour[max(0, min(stored(src[n*width:])-p.first, last))]
		dst[3*n], dst[3*n+1], dst[3*n+2] = c[0], c[1], c[2]
	}
	return nil
}
