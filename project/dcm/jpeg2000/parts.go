package jpeg2000

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"unsafe"
)

// part is where a tile part lies. There may be as many as one for every 14 bytes of the stream.
type part struct {
	start  uint32 // offset of its SOT
	packed uint32 // where its packet headers lie in PPM
	tile   uint16
}

const partBytes = int(unsafe.Sizeof(part{}))

// extent is what a SOT says of its tile part (T.800 A.4.2).
type extent struct {
	tile, number int
	header, end  int  // offsets of what follows SOT, and of what follows the part
	cut          bool // the stream ends inside
}

// parse finds all tile parts. That the stream ends early is no error here: what is missing is found when packets or tiles are. After an error the tile parts
// before are there.
func (s *stream) parse() error {
	if err := s.joinPPM(); err != nil {
		return err
	}
	count := 0
	failed := s.walk(func(extent, int) { count++ })
	if !s.room.take(count * partBytes) {
		return errWork
	}
	s.parts = make([]part, 0, count)
	packed := 0
	s.walk(func(e extent, off int) {
		s.parts = append(s.parts, part{uint32(off), uint32(packed), uint16(e.tile)})
		_, packed = s.piece(packed)
	})
	slices.SortFunc(s.parts, func(a, b part) int {
		return cmp.Compare(uint64(a.tile)<<32|uint64(a.start), uint64(b.tile)<<32|uint64(b.start))
	})
	return failed
}

// walk calls f with each tile part and the offset of its SOT, in the order of the stream.
func (s *stream) walk(f func(e extent, off int)) error {
	for off := s.first; ; {
		switch m := uint16At(s.b, off); {
		case m == sot:
		case m == com: // a writer of mammograms pads with one that says PADDING
			var err error
			if _, off, err = segment(s.b, off); err != nil {
				return err
			}
			continue
		case m == eoc:
			return nil
		case m < 0, m == 0 && len(bytes.Trim(s.b[off:], "\x00")) == 0:
			return nil // EOC is often missing, with padding in its place
		default:
			return fmt.Errorf("%w: %04X where a tile part should start", ErrHeader, m)
		}
		e, whole, err := s.extent(off)
		if err != nil {
			return err
		}
		if whole {
			f(e, off)
		}
		if e.cut {
			return nil
		}
		off = e.end
	}
}

// extent reads the SOT at off; whole is false if the stream ends inside it.
func (s *stream) extent(off int) (e extent, whole bool, err error) {
	body, at, err := segment(s.b, off)
	if err != nil {
		return extent{cut: true}, false, nil
	}
	f := fields{b: body}
	e = extent{tile: f.uint16(), header: at}
	length := f.uint32()
	e.number = f.uint8()
	if tiles := s.size.tilesX * s.size.tilesY; len(body) != 8 || e.tile >= tiles {
		return e, false, fmt.Errorf("%w: a part of tile %d of %d", ErrHeader, e.tile, tiles)
	}
	e.end = off + length
	if length == 0 { // the last part may leave it open
		e.end = len(s.b)
		if uint16At(s.b, e.end-2) == eoc {
			e.end -= 2
		}
	}
	if e.end < at+2 {
		return e, false, fmt.Errorf("%w: a tile part of %d bytes", ErrHeader, e.end-off)
	}
	if e.end > len(s.b) {
		e.end, e.cut = len(s.b), true
	}
	return e, true, nil
}

// tiles gives the parts of each tile that has any, in the order of the tiles' numbers.
func (s *stream) tiles() iter.Seq[[]part] {
	return func(yield func([]part) bool) {
		for from := 0; from < len(s.parts); {
			to := from + 1
			for to < len(s.parts) && s.parts[to].tile == s.parts[from].tile {
				to++
			}
			if !yield(s.parts[from:to]) {
				return
			}
			from = to
		}
	}
}
