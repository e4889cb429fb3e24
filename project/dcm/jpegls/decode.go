package jpegls

import (
	"bytes"
	"fmt"
	"sync"

	"hotlight/project/dcm/internal/jpegstream"
)

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, colours side by side, samples little endian. It returns what
// the stream says of itself; its precision may be less than the room of a sample. src may have padding at its end. After an error dst holds
// rubbish. Decode may be called by several goroutines.
func Decode(dst, src []byte, shape jpegstream.Shape) (Header, error) {
	if err := shape.Check(len(dst)); err != nil {
		return Header{}, jpegstream.Of(name, err)
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.dst, d.shape, d.Segments = dst, shape, streamOf(src)
	err := d.stream()
	return Header{d.frame.Header, d.near}, jpegstream.Of(name, err)
}

// decoder is the state of one frame. Its tables and buffers are used again for the next.
type decoder struct {
	jpegstream.Segments
	dst          []byte
	shape        jpegstream.Shape
	frame        jpegstream.Frame
	near         int // the largest of the scans
	preset       preset
	restart      int // rows between restart markers, 0: none
	coder        coder
	samples      []uint16
	lines, above [][]uint16
	decoded      [4]bool // components
	complete     int     // how many components are decoded
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the frame's data.
func (d *decoder) release() {
	d.Segments, d.dst, d.frame, d.near, d.preset, d.restart = jpegstream.Segments{}, nil, jpegstream.Frame{}, 0, preset{}, 0
	d.decoded, d.complete = [4]bool{}, 0
	d.coder.reader = reader{}
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
	return nil
}

func (d *decoder) segment(marker byte, body []byte) (err error) {
	switch {
	case marker == jpegstream.SOF55:
		if d.frame.Components != 0 {
			return fmt.Errorf("%w: it has two frame headers", jpegstream.ErrHeader)
		}
		f, err := parseFrame(body)
		if err != nil {
			return err
		}
		d.frame = f
		return d.shape.Match(f.Header)
	case marker == jpegstream.LSE:
		return parseLSE(body, &d.preset)
	case marker == jpegstream.DRI:
		d.restart, err = jpegstream.ParseDRI(body, 4)
		return err
	case marker == jpegstream.SOS:
		return d.scan(body)
	case marker == jpegstream.EOI:
		return fmt.Errorf("%w: it ends after %d of %d components", jpegstream.ErrData, d.complete, d.shape.Components)
	case marker == jpegstream.APP8 && len(body) == 5 && bytes.HasPrefix(body, []byte("mrfx")) && body[4] != 0:
		return fmt.Errorf("%w: a colour transform of Hewlett-Packard", jpegstream.ErrUnsupported)
	case marker >= jpegstream.SOF0 && marker <= jpegstream.SOF15:
		return notThis(marker)
	}
	return nil
}
