package jpegls

import (
	"encoding/binary"
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// The ways in which components are interleaved.
const (
	byComponent = iota
	byLine
	bySample
)

// scanHeader is the header of a scan: T.87 C.2.3.
type scanHeader struct {
	components []int // indexes within the frame
	interleave int
}

func (d *decoder) parseScan(b []byte) (h scanHeader, err error) {
	s, err := d.frame.ParseScan(b)
	if err != nil {
		return h, err
	}
	for n := range s.Components {
		c, err := d.frame.Take(s.IDs[n], &d.decoded)
		if err != nil {
			return h, err
		}
		if s.Tables[n] != 0 {
			return h, fmt.Errorf("%w: a mapping table", jpegstream.ErrUnsupported)
		}
		h.components = append(h.components, c)
	}
	near := int(s.First)
	h.interleave = int(s.Last)
	switch {
	case h.interleave > bySample, h.interleave == byComponent && s.Components > 1:
		return h, fmt.Errorf("%w: interleave mode %d of %d components", jpegstream.ErrHeader, h.interleave, s.Components)
	case s.Shift != 0:
		return h, fmt.Errorf("%w: a point transform", jpegstream.ErrUnsupported)
	}
	p, err := d.preset.settle(d.frame.Precision, near)
	if err != nil {
		return h, err
	}
	d.near = max(d.near, near)
	d.coder.prepare(p)
	return h, nil
}

// scan decodes one scan: all components, or one.
func (d *decoder) scan(body []byte) error {
	h, err := d.parseScan(body)
	if err != nil {
		return err
	}
	d.room(len(h.components))
	var indexes [4]int
	for y := range d.shape.Rows {
		if y == 0 || d.restart > 0 && y%d.restart == 0 {
			if err := d.interval(y); err != nil {
				return err
			}
			indexes = [4]int{}
		}
		if err := d.lineOf(h, y, &indexes); err != nil {
			return fmt.Errorf("row %d of %d: %w", y, d.shape.Rows, err)
		}
	}
	d.At += d.coder.finish()
	d.complete += len(h.components)
	return nil
}

// room makes lines for a scan of n components.
func (d *decoder) room(n int) {
	width := d.shape.Columns + 2
	if cap(d.samples) < 2*n*width {
		d.samples = make([]uint16, 2*n*width)
	}
	d.lines, d.above = d.lines[:0], d.above[:0]
	for i := range n {
		d.lines = append(d.lines, d.samples[:2*n*width][2*i*width:(2*i+1)*width])
		d.above = append(d.above, d.samples[:2*n*width][(2*i+1)*width:(2*i+2)*width])
	}
}

// interval begins the restart interval at row y.
func (d *decoder) interval(y int) (err error) {
	if y > 0 {
		d.At += d.coder.finish()
		if d.At, err = jpegstream.SkipRestart(d.Src, d.At, y/d.restart); err != nil {
			return err
		}
	}
	d.coder.reset(d.Src[d.At:])
	for n := range d.lines {
		clear(d.lines[n])
		clear(d.above[n])
	}
	return nil
}

// lineOf decodes row y of the scan's components and puts it into the frame.
func (d *decoder) lineOf(h scanHeader, y int, indexes *[4]int) error {
	err := d.code(h, indexes)
	if d.coder.overrun() { // whatever else was wrong then came from that
		err = jpegstream.ErrEarlyEnd
	}
	if err != nil {
		return err
	}
	for n, c := range h.components {
		d.write(y, c, d.lines[n][1:d.shape.Columns+1])
	}
	d.lines, d.above = d.above, d.lines
	return nil
}

// code decodes one row into lines.
func (d *decoder) code(h scanHeader, indexes *[4]int) error {
	if h.interleave == bySample {
		return d.coder.pixels(d.lines, d.above, &indexes[0])
	}
	for n := range h.components {
		if err := d.coder.line(d.lines[n], d.above[n], &indexes[n]); err != nil {
			return err
		}
	}
	return nil
}

// write puts one line of component c into the frame.
func (d *decoder) write(y, c int, line []uint16) {
	pixel := d.shape.Components * d.shape.Bytes
	out := d.dst[y*d.shape.Columns*pixel : (y+1)*d.shape.Columns*pixel]
	switch {
	case d.shape.Components == 1 && d.shape.Bytes == 2:
		for i, v := range line {
			binary.LittleEndian.PutUint16(out[2*i:], v)
		}
	case d.shape.Bytes == 2:
		for i, v := range line {
			binary.LittleEndian.PutUint16(out[i*pixel+2*c:], v)
		}
	default:
		for i, v := range line {
			out[i*pixel+c] = byte(v)
		}
	}
}
