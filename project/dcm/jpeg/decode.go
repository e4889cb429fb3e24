package jpeg

import (
	"fmt"
	"sync"

	"hotlight/project/dcm/internal/jpegstream"
)

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, components side by side as they are in the stream, samples
// little endian. It returns what the stream says of itself; its precision may be less than the room of a sample. src may have padding at its
// end. After an error dst holds rubbish. Decode may be called by several goroutines.
func Decode(dst, src []byte, shape jpegstream.Shape) (Header, error) {
	if err := shape.Check(len(dst)); err != nil {
		return Header{}, jpegstream.Of(name, err)
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.dst, d.shape, d.Segments = dst, shape, jpegstream.Segments{Src: src}
	err := d.stream()
	return d.frame.Header, jpegstream.Of(name, err)
}

// decoder is the state of one frame. Its tables and buffers are used again for the next.
type decoder struct {
	jpegstream.Segments
	dst      []byte
	shape    jpegstream.Shape
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
		bits := d.scans[n].bits
		bits.Reset()
		d.scans[n] = scan{bits: bits}
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
	if err := d.Start(); err != nil {
		return err
	}
	for ended := false; !ended; {
		marker, body, err := d.Next()
		if err != nil && d.whole() {
			break
		}
		if err != nil {
			return err
		}
		if marker == jpegstream.EOI {
			if !d.complete() {
				return fmt.Errorf("%w: it ends before all components were there", jpegstream.ErrData)
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

func (d *decoder) segment(marker byte, body []byte) (err error) {
	d.frame.colourMarker(marker, body)
	switch marker {
	case jpegstream.SOF0, jpegstream.SOF1, jpegstream.SOF2:
		if d.frame.Components != 0 {
			return fmt.Errorf("%w: it has two frame headers", jpegstream.ErrHeader)
		}
		if err := d.frame.parse(marker, body); err != nil {
			return err
		}
		if err := d.shape.Match(d.frame.Header.Header); err != nil {
			return err
		}
		return d.frame.allocate(d.shape.Rows, len(d.Src))
	case jpegstream.DHT:
		return d.huffman(body)
	case jpegstream.DQT:
		return d.quantization(body)
	case jpegstream.DRI:
		d.restart, err = jpegstream.ParseDRI(body, 2)
		return err
	case jpegstream.DNL:
		return d.shape.MatchDNL(body)
	case jpegstream.SOS:
		return d.scan(body)
	}
	return jpegstream.OtherProcess(marker)
}

func (d *decoder) huffman(b []byte) (err error) {
	for len(b) > 0 {
		class, id := b[0]>>4, b[0]&15
		if class > 1 || id > 3 {
			return fmt.Errorf("%w: a Huffman table has the number %02X", jpegstream.ErrHeader, b[0])
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
