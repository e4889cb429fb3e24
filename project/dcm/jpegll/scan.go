package jpegll

import (
	"encoding/binary"
	"fmt"
)

// scanHeader is the header of a scan: T.81 B.2.3.
type scanHeader struct {
	components []int // indexes within the frame
	tables     []*table
	selection  int // predictor, 1 to 7
	shift      int // the point transform
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
		id, table := b[1+2*n], b[2+2*n]>>4
		c := 0
		for c < d.frame.Components && (d.frame.ids[c] != id || d.decoded[c]) {
			c++
		}
		if c == d.frame.Components {
			return h, fmt.Errorf("%w: a scan names component %d, which the frame does not have or has had", ErrHeader, id)
		}
		if table > 3 || d.tables[table].count == 0 {
			return h, fmt.Errorf("%w: Huffman table %d is missing", ErrHeader, table)
		}
		d.decoded[c] = true
		h.components, h.tables = append(h.components, c), append(h.tables, &d.tables[table])
	}
	h.selection, h.shift = int(b[1+2*count]), int(b[3+2*count]&15)
	if h.selection < 1 || h.selection > 7 {
		return h, fmt.Errorf("%w: predictor %d; 1 to 7 exist", ErrUnsupported, h.selection)
	}
	if h.shift >= d.frame.Precision {
		return h, fmt.Errorf("%w: a point transform by %d of %d bits", ErrHeader, h.shift, d.frame.Precision)
	}
	return h, nil
}

// scan decodes one scan: all components, or some.
func (d *decoder) scan(body []byte) error {
	h, err := d.parseScan(body)
	if err != nil {
		return err
	}
	rows, columns, count := d.shape.Rows, d.shape.Columns, len(h.components)
	interval := rows
	if d.restart > 0 {
		if d.restart%columns != 0 {
			return fmt.Errorf("%w: a restart interval of %d within rows of %d pixels", ErrUnsupported, d.restart, columns)
		}
		interval = d.restart / columns
	}
	for n := range d.rows {
		if cap(d.rows[n]) < columns*count {
			d.rows[n] = make([]uint16, columns*count)
		}
	}
	row, above := d.rows[0][:columns*count], d.rows[1][:columns*count]
	start := uint16(1) << (d.frame.Precision - h.shift - 1)
	for y := range rows {
		first := y%interval == 0
		if first {
			if err := d.interval(y / interval); err != nil {
				return err
			}
		}
		if err := d.bits.differences(row, h.tables); err != nil {
			return fmt.Errorf("row %d of %d: %w", y, rows, err)
		}
		switch {
		case first:
			predictFirst(row, count, start)
		case d.signed && h.selection >= 5:
			predictSigned(row, above, count, h.selection)
		default:
			predict(row, above, count, h.selection)
		}
		d.write(y, row, h)
		row, above = above, row
	}
	d.complete += count
	return nil
}

// interval takes the coded data of restart interval n.
func (d *decoder) interval(n int) error {
	if n > 0 {
		want := byte(rst0 + (n-1)%8)
		if d.at+1 >= len(d.src) || d.src[d.at+1] != want {
			return fmt.Errorf("%w: restart marker %02X is missing", ErrData, want)
		}
		d.at += 2
	}
	d.at += d.bits.load(d.src[d.at:])
	for d.at+1 < len(d.src) && d.src[d.at+1] == 0xFF { // fill bytes before a marker
		d.at++
	}
	return nil
}

// write puts a row of the scan's components into the frame.
func (d *decoder) write(y int, row []uint16, h scanHeader) {
	pixel := d.shape.Components * d.shape.Bytes
	out := d.dst[y*d.shape.Columns*pixel : (y+1)*d.shape.Columns*pixel]
	switch {
	case len(h.components) != d.shape.Components:
		for n, c := range h.components {
			for at, i := c*d.shape.Bytes, n; i < len(row); at, i = at+pixel, i+len(h.components) {
				v := row[i] << h.shift
				out[at] = byte(v)
				if d.shape.Bytes == 2 {
					out[at+1] = byte(v >> 8)
				}
			}
		}
	case d.shape.Bytes == 1:
		for i, v := range row {
			out[i] = byte(v << h.shift)
		}
	default:
		for i, v := range row {
			binary.LittleEndian.PutUint16(out[2*i:], v<<h.shift)
		}
	}
}
