package jpegll

import (
	"encoding/binary"
	"fmt"
	"sync"
)

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, colours side by side, samples little endian. It returns what
// the stream says of itself; its precision may be less than the room of a sample. src may have padding at its end. After an error dst holds
// rubbish. Decode may be called by several goroutines.
func Decode(dst, src []byte, shape Shape) (Header, error) { return decode(dst, src, shape, false) }

func decode(dst, src []byte, shape Shape, signed bool) (Header, error) {
	if err := shape.check(len(dst)); err != nil {
		return Header{}, err
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.dst, d.shape, d.signed, d.segments = dst, shape, signed, segments{src: src}
	err := d.stream()
	return d.frame.Header, err
}

// decoder is the state of one frame. Its tables and buffers are used again for the next.
type decoder struct {
	segments
	dst      []byte
	shape    Shape
	signed   bool // see DecodeSigned
	frame    frame
	restart  int // MCUs between restart markers, 0: none
	tables   [4]table
	bits     bitReader
	rows     [2][]uint16
	decoded  [4]bool // components
	complete int     // how many components are decoded
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the frame's data.
func (d *decoder) release() {
	for n := range d.tables {
		d.tables[n].count = 0
	}
	d.segments, d.dst, d.frame, d.restart, d.decoded, d.complete = segments{}, nil, frame{}, 0, [4]bool{}, 0
	decoders.Put(d)
}

// stream reads segments until all components are there.
func (d *decoder) stream() error {
	if err := d.start(); err != nil {
		return err
	}
	for d.complete < d.shape.Components {
		marker, body, err := d.next()
		if err != nil {
			return err
		}
		if err := d.segment(marker, body); err != nil {
			return err
		}
	}
	if d.frame.Rows == 0 {
		d.frame.Rows = d.shape.Rows
	}
	return nil
}

func (d *decoder) segment(marker byte, body []byte) error {
	switch marker {
	case sof3:
		if d.frame.Components != 0 {
			return fmt.Errorf("%w: it has two frame headers", ErrHeader)
		}
		f, err := parseFrame(body)
		if err != nil {
			return err
		}
		d.frame = f
		if err := f.matches(d.shape); err != nil {
			return err
		}
		if d.shape.Rows*d.shape.Columns*d.shape.Components > 8*len(d.src) { // a sample has a bit at least
			return fmt.Errorf("%w: %d bytes cannot hold the picture", ErrData, len(d.src))
		}
		return nil
	case dht:
		return d.huffman(body)
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
	case eoi:
		return fmt.Errorf("%w: it ends after %d of %d components", ErrData, d.complete, d.shape.Components)
	default:
		if name, ok := refused[marker]; ok {
			return fmt.Errorf("%w: %s", ErrUnsupported, name)
		}
	}
	return nil
}

func (d *decoder) huffman(b []byte) (err error) {
	for len(b) > 0 {
		id := b[0]
		if id > 3 { // the class of AC tables has no use here, more than four do not exist
			return fmt.Errorf("%w: a Huffman table has the number %02X", ErrHeader, id)
		}
		if b, err = d.tables[id].parse(b[1:]); err != nil {
			d.tables[id].count = 0
			return err
		}
	}
	return nil
}
