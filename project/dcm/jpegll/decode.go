package jpegll

import (
	"fmt"
	"sync"

	"hotlight/project/dcm/internal/jpegstream"
)

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, colours side by side, samples little endian. It returns what
// the stream says of itself; its precision may be less than the room of a sample. src may have padding at its end. After an error dst holds
// rubbish. Decode may be called by several goroutines.
func Decode(dst, src []byte, shape jpegstream.Shape) (jpegstream.Header, error) {
	return decode(dst, src, shape, false)
}

func decode(dst, src []byte, shape jpegstream.Shape, signed bool) (jpegstream.Header, error) {
	if err := shape.Check(len(dst)); err != nil {
		return jpegstream.Header{}, jpegstream.Of(name, err)
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.dst, d.shape, d.signed, d.Segments = dst, shape, signed, jpegstream.Segments{Src: src}
	err := d.stream()
	return d.frame.Header, jpegstream.Of(name, err)
}

// decoder is the state of one frame. Its tables and buffers are used again for the next.
type decoder struct {
	jpegstream.Segments
	dst      []byte
	shape    jpegstream.Shape
	signed   bool // see DecodeSigned
	frame    jpegstream.Frame
	restart  int // MCUs between restart markers, 0: none
	tables   [4]table
	turns    [4]turn // the tables of a scan
	bits     bitReader
	rows     [2][]uint16
	decoded  [4]bool // components
	complete int     // how many components are decoded
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the frame's data.
func (d *decoder) release() {
	for n := range d.tables {
		d.tables[n].defined = false
	}
	d.Segments, d.dst, d.frame, d.restart, d.decoded, d.complete = jpegstream.Segments{}, nil, jpegstream.Frame{}, 0, [4]bool{}, 0
	decoders.Put(d)
}

// stream reads segments until all components are there.
func (d *decoder) stream() error {
	if err := d.Start(); err != nil {
		return err
	}
	for d.complete < d.shape.Components {
		marker, body, err := d.Next()
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

func (d *decoder) segment(marker byte, body []byte) (err error) {
	switch marker {
	case jpegstream.SOF3:
		if d.frame.Components != 0 {
			return fmt.Errorf("%w: it has two frame headers", jpegstream.ErrHeader)
		}
		f, err := parseFrame(body)
		if err != nil {
			return err
		}
		d.frame = f
		if err := d.shape.Match(f.Header); err != nil {
			return err
		}
		if d.shape.Rows*d.shape.Columns*d.shape.Components > 8*len(d.Src) { // a sample has a bit at least
			return fmt.Errorf("%w: %d bytes cannot hold the picture", jpegstream.ErrData, len(d.Src))
		}
		return nil
	case jpegstream.DHT:
		return d.huffman(body)
	case jpegstream.DRI:
		d.restart, err = jpegstream.ParseDRI(body, 2)
		return err
	case jpegstream.DNL:
		return d.shape.MatchDNL(body)
	case jpegstream.SOS:
		return d.scan(body)
	case jpegstream.EOI:
		return fmt.Errorf("%w: it ends after %d of %d components", jpegstream.ErrData, d.complete, d.shape.Components)
	}
	return jpegstream.OtherProcess(marker)
}

func (d *decoder) huffman(b []byte) (err error) {
	for len(b) > 0 {
		id := b[0]
		if id > 3 { // the class of AC tables has no use here, more than four do not exist
			return fmt.Errorf("%w: a Huffman table has the number %02X", jpegstream.ErrHeader, id)
		}
		if b, err = d.tables[id].parse(b[1:]); err != nil {
			return err
		}
	}
	return nil
}
