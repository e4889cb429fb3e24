package jpegll

import (
	"encoding/binary"
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// scanHeader is the header of a scan: T.81 B.2.3.
type scanHeader struct {
	components []int // indexes within the frame
	selection  int   // predictor, 1 to 7
	shift      int   // the point transform
}

// turn is the place of a component in the ring of those that take turns in a scan, and its table.
type turn struct {
	table *table
	next  *turn
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
		table := s.Tables[n] >> 4
		if table > 3 || !d.tables[table].defined {
			return h, fmt.Errorf("%w: Huffman table %d is missing", jpegstream.ErrHeader, table)
		}
		h.components = append(h.components, c)
		d.turns[n] = turn{&d.tables[table], &d.turns[(n+1)%s.Components]}
	}
	h.selection, h.shift = int(s.First), int(s.Shift&15)
	if h.selection < 1 || h.selection > 7 {
		return h, fmt.Errorf("%w: predictor %d; 1 to 7 exist", jpegstream.ErrUnsupported, h.selection)
	}
	if h.shift >= d.frame.Precision {
		return h, fmt.Errorf("%w: a point transform by %d of %d bits", jpegstream.ErrHeader, h.shift, d.frame.Precision)
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
			return fmt.Errorf("%w: a restart interval of %d within rows of %d pixels", jpegstream.ErrUnsupported, d.restart, columns)
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
		if err := d.bits.differences(row, &d.turns[0]); err != nil {
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
func (d *decoder) interval(n int) (err error) {
	if n > 0 {
		if d.At, err = jpegstream.SkipRestart(d.Src, d.At, n); err != nil {
			return err
		}
	}
	d.At += d.bits.Load(d.Src[d.At:])
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
