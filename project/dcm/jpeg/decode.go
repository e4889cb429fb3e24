package jpeg

import (
	"encoding/binary"
	"fmt"
	"sync"
)

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, components side by side as they are in the stream, samples
// little endian. It returns what the stream says of itself; its precision may be less than the room of a sample. src may have padding at its
// end. After an error dst holds rubbish. Decode may be called by several goroutines.
func Decode(dst, src []byte, shape Shape) (Header, error) {
	if err := shape.check(len(dst)); err != nil {
		return Header{}, err
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.dst, d.shape, d.segments = dst, shape, segments{src: src}
	err := d.stream()
	return d.frame.Header, err
}

// decoder is the state of one frame. Its tables and buffers are used again for the next.
type decoder struct {
	segments
	dst      []byte
	shape    Shape
	frame    frame
	restart  int          // MCUs between restart markers, 0: none
	tables   [2][4]*table // for first coefficients and for others, as they are in force; of made
	made     []*table
	taken    int // tables of made that this frame has
	quants   [4][64]int32
	hasQuant [4]bool
	scans    []scan
	decoded  [4]bool // components whose first scan has been
	visits   int     // blocks of all scans
	work     [64]int32
	rows     [4][]uint16 // lines at the picture's resolution
	written  int         // rows of the picture
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the frame's data.
func (d *decoder) release() {
	for n := range d.scans {
		d.scans[n] = scan{bits: bitReader{buf: d.scans[n].bits.buf}}
	}
	kept := decoder{made: d.made, scans: d.scans[:0], rows: d.rows}
	for n, c := range d.frame.components {
		kept.frame.components[n] = component{plane: c.plane, coefficients: c.coefficients}
	}
	*d = kept
	decoders.Put(d)
}

// complete reports whether all components have had a scan.
func (d *decoder) complete() bool {
	for n := range d.frame.Components {
		if !d.decoded[n] {
			return false
		}
	}
	return d.frame.Components > 0
}

// whole reports whether the scans of a progressive frame have every bit of every coefficient: it then misses nothing but its end marker.
func (d *decoder) whole() bool {
	for _, c := range d.frame.components[:d.frame.Components] {
		for _, n := range c.lacks {
			if n != 1 {
				return false
			}
		}
	}
	return d.frame.Components > 0
}

// stream reads the segments: of a sequential frame until all components are there, of a progressive one to the end. Then it decodes.
func (d *decoder) stream() error {
	if err := d.start(); err != nil {
		return err
	}
	for ended := false; !ended; {
		marker, body, err := d.next()
		if err != nil && d.whole() {
			break
		}
		if err != nil {
			return err
		}
		if marker == eoi {
			if !d.complete() {
				return fmt.Errorf("%w: it ends before all components were there", ErrData)
			}
			break
		}
		if err := d.segment(marker, body); err != nil {
			return err
		}
		ended = !d.frame.Progressive && d.complete()
	}
	if d.frame.Rows == 0 {
		d.frame.Rows = d.shape.Rows
	}
	return d.picture()
}

// picture decodes all scans, MCU row by MCU row, and writes the rows of the picture that are complete with each.
func (d *decoder) picture() error {
	rows := ceil(d.shape.Rows, 8*d.frame.vMax)
	for n := range rows {
		for i := range d.scans {
			if err := d.advance(&d.scans[i], n); err != nil {
				return err
			}
		}
		if d.frame.Progressive {
			d.transformAll(n)
		}
		if n+1 < rows {
			d.output((n+1)*8*d.frame.vMax - 1) // the last one may need the row below
		} else {
			d.output(d.shape.Rows)
		}
	}
	return nil
}

func (d *decoder) segment(marker byte, body []byte) error {
	d.frame.colourMarker(marker, body)
	switch marker {
	case sof0, sof1, sof2:
		if d.frame.Components != 0 {
			return fmt.Errorf("%w: it has two frame headers", ErrHeader)
		}
		if err := d.frame.parse(marker, body); err != nil {
			return err
		}
		if err := d.frame.matches(d.shape); err != nil {
			return err
		}
		return d.frame.allocate(d.shape.Rows, len(d.src))
	case dht:
		return d.huffman(body)
	case dqt:
		return d.quantization(body)
	case dri:
		if len(body) != 2 {
			return fmt.Errorf("%w: its restart interval has %d bytes", ErrHeader, len(body))
		}
		d.restart = int(binary.BigEndian.Uint16(body))
	case dnl:
		if len(body) == 2 && int(binary.BigEndian.Uint16(body)) != d.shape.Rows {
			return fmt.Errorf("%w: it has %d rows, expected were %d", ErrShape, binary.BigEndian.Uint16(body), d.shape.Rows)
		}
	case sos:
		return d.scan(body)
	default:
		if name, ok := refused[marker]; ok {
			return fmt.Errorf("%w: %s", ErrUnsupported, name)
		}
	}
	return nil
}

func (d *decoder) huffman(b []byte) (err error) {
	for len(b) > 0 {
		class, id := b[0]>>4, b[0]&15
		if class > 1 || id > 3 {
			return fmt.Errorf("%w: a Huffman table has the number %02X", ErrHeader, b[0])
		}
		t := d.tables[class][id]
		if t == nil || t.used {
			t = d.newTable()
		}
		d.tables[class][id] = nil
		if b, err = t.parse(b[1:], class == 0); err != nil {
			return err
		}
		d.tables[class][id] = t
	}
	return nil
}

// newTable returns a table that no scan of this frame has.
func (d *decoder) newTable() *table {
	if d.taken == len(d.made) {
		d.made = append(d.made, new(table))
	}
	d.taken++
	return d.made[d.taken-1]
}
