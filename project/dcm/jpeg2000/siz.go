package jpeg2000

import (
	"fmt"
	"math"
	"unsafe"
)

// size is what SIZ says (T.800 A.5.1): the reference grid, the tiles on it and the components.
type size struct {
	capabilities     int
	x0, y0, x1, y1   int // the image area on the reference grid
	tx, ty, tx0, ty0 int // size of a tile, corner of the first
	tilesX, tilesY   int
	components       []sampling
}

// sampling is one component of SIZ.
type sampling struct {
	precision uint8
	signed    bool
	dx, dy    uint8
}

const samplingBytes = int(unsafe.Sizeof(sampling{}))

// maxPrecision is the largest depth of the standard (T.800 table A.11).
const maxPrecision = 38

func parseSIZ(body []byte, room *budget) (size, error) {
	f := fields{b: body}
	s := size{capabilities: f.uint16()}
	s.x1, s.y1, s.x0, s.y0 = f.uint32(), f.uint32(), f.uint32(), f.uint32()
	s.tx, s.ty, s.tx0, s.ty0 = f.uint32(), f.uint32(), f.uint32(), f.uint32()
	count := f.uint16()
	if f.short || count < 1 || count > 16384 || len(f.b) < 3*count {
		return s, fmt.Errorf("%w: SIZ declares %d components in %d bytes", ErrHeader, count, len(body))
	}
	if s.x1 > math.MaxInt32 || s.y1 > math.MaxInt32 {
		return s, fmt.Errorf("%w: a reference grid of %d x %d", ErrUnsupported, s.x1, s.y1)
	}
	// A tile may be declared larger than any picture; what lies outside does not matter.
	s.tx, s.ty = min(s.tx, math.MaxInt32), min(s.ty, math.MaxInt32)
	if s.x0 >= s.x1 || s.y0 >= s.y1 || s.tx < 1 || s.ty < 1 || s.tx0 > s.x0 || s.ty0 > s.y0 || s.tx0+s.tx <= s.x0 || s.ty0+s.ty <= s.y0 {
		return s, fmt.Errorf("%w: SIZ declares an area of %d,%d to %d,%d with tiles of %d x %d from %d,%d", ErrHeader, s.x0, s.y0, s.x1, s.y1, s.tx, s.ty, s.tx0, s.ty0)
	}
	s.tilesX, s.tilesY = ceilDiv(s.x1-s.tx0, s.tx), ceilDiv(s.y1-s.ty0, s.ty)
	if s.tilesX > 65535 || s.tilesY > 65535 || s.tilesX*s.tilesY > 65535 {
		return s, fmt.Errorf("%w: SIZ declares %d x %d tiles", ErrHeader, s.tilesX, s.tilesY)
	}
	if !room.take(count * samplingBytes) {
		return s, errWork
	}
	s.components = make([]sampling, count)
	for n := range count {
		depth, dx, dy := f.uint8(), f.uint8(), f.uint8()
		c := sampling{precision: uint8(depth&0x7F + 1), signed: depth&0x80 != 0, dx: uint8(dx), dy: uint8(dy)}
		if c.precision > maxPrecision || dx < 1 || dy < 1 {
			return s, fmt.Errorf("%w: component %d has %d bits and a step of %d x %d", ErrHeader, n, c.precision, dx, dy)
		}
		if r := s.area(c); r.empty() {
			return s, fmt.Errorf("%w: component %d has no samples", ErrHeader, n)
		}
		s.components[n] = c
	}
	return s, nil
}

// area returns where component c has samples, in its own coordinates (T.800 B.2).
func (s *size) area(c sampling) rect { return rect{s.x0, s.y0, s.x1, s.y1}.divided(c.dx, c.dy) }

// tile returns where tile n lies on the reference grid (T.800 B.3).
func (s *size) tile(n int) rect {
	p, q := n%s.tilesX, n/s.tilesX
	return rect{
		max(s.tx0+p*s.tx, s.x0), max(s.ty0+q*s.ty, s.y0),
		min(s.tx0+(p+1)*s.tx, s.x1), min(s.ty0+(q+1)*s.ty, s.y1),
	}
}
