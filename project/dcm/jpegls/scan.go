package jpegls

import (
	"encoding/binary"
	"fmt"
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
	if d.frame.Components == 0 {
		return h, fmt.Errorf("%w: a scan stands before the frame header", ErrHeader)
	}
	if len(b) < 6 || b[0] < 1 || b[0] > 4 || len(b) != 4+2*int(b[0]) {
		return h, fmt.Errorf("%w: a scan header has %d bytes", ErrHeader, len(b))
	}
	count := int(b[0])
	for n := range count {
		id, c := b[1+2*n], 0
		for c < d.frame.Components && (d.frame.ids[c] != id || d.decoded[c]) {
			c++
		}
		if c == d.frame.Components {
			return h, fmt.Errorf("%w: a scan names component %d, which the frame does not have or has had", ErrHeader, id)
		}
		if b[2+2*n] != 0 {
			return h, fmt.Errorf("%w: a mapping table", ErrUnsupported)
		}
		d.decoded[c] = true
		h.components = append(h.components, c)
	}
	near, shift := int(b[1+2*count]), b[3+2*count]
	h.interleave = int(b[2+2*count])
	switch {
	case h.interleave > bySample, h.interleave == byComponent && count > 1:
		return h, fmt.Errorf("%w: interleave mode %d of %d components", ErrHeader, h.interleave, count)
	case shift != 0:
		return h, fmt.Errorf("%w: a point transform", ErrUnsupported)
	}
	p, err := d.preset.settle(d.frame.Precision, near)
	if err != nil {
		return h, err
	}
	d.frame.Near = max(d.frame.Near, near)
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
	d.at += d.coder.finish()
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
func (d *decoder) interval(y int) error {
	if y > 0 {
		d.at += d.coder.finish()
		want := byte(rst0 + (y/d.restart-1)%8)
		if d.at+1 >= len(d.src) || d.src[d.at+1] != want {
			return fmt.Errorf("%w: restart marker %02X is missing", ErrData, want)
		}
		d.at += 2
	}
	d.coder.reset(d.src[d.at:])
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
		err = fmt.Errorf("%w: they end early", ErrData)
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
