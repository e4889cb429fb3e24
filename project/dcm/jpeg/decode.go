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
	restart  int         // MCUs between restart markers, 0: none
	tables   [2][4]table // for first coefficients and for others
	quants   [4][64]int32
	hasQuant [4]bool
	bits     bitReader
	dc       [4]int32 // predictions of the scan's components
	endRun   int32    // blocks that have nothing more in this scan
	work     [64]int32
	row      []uint16
	decoded  [4]bool // components whose first scan has been
	inScan   [4]bool
	visits   int // blocks of all scans
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the frame's data.
func (d *decoder) release() {
	for class := range d.tables {
		for n := range d.tables[class] {
			d.tables[class][n].count = 0
		}
	}
	components := d.frame.components
	d.segments, d.dst, d.frame, d.restart, d.hasQuant, d.decoded, d.visits = segments{}, nil, frame{}, 0, [4]bool{}, [4]bool{}, 0
	for n, c := range components {
		d.frame.components[n] = component{plane: c.plane, coefficients: c.coefficients}
	}
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

// stream reads segments: of a sequential frame until all components are there, of a progressive one to the end.
func (d *decoder) stream() error {
	if err := d.start(); err != nil {
		return err
	}
	for ended := false; !ended; {
		marker, body, err := d.next()
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
	if d.frame.Progressive {
		d.finishProgressive()
	}
	if d.frame.Rows == 0 {
		d.frame.Rows = d.shape.Rows
	}
	d.output()
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
		t := &d.tables[class][id]
		if b, err = t.parse(b[1:], class == 0); err != nil {
			t.count = 0
			return err
		}
	}
	return nil
}
