package jpegls

import (
	"bytes"
	"fmt"
	"sync"
)

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, colours side by side, samples little endian. It returns what
// the stream says of itself; its precision may be less than the room of a sample. src may have padding at its end. After an error dst holds
// rubbish. Decode may be called by several goroutines.
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
	dst          []byte
	shape        Shape
	frame        frame
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
	d.segments, d.dst, d.frame, d.preset, d.restart, d.decoded, d.complete = segments{}, nil, frame{}, preset{}, 0, [4]bool{}, 0
	d.coder.reader = reader{}
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
	return nil
}

func (d *decoder) segment(marker byte, body []byte) error {
	switch {
	case marker == sof55:
		if d.frame.Components != 0 {
			return fmt.Errorf("%w: it has two frame headers", ErrHeader)
		}
		f, err := parseFrame(body)
		if err != nil {
			return err
		}
		d.frame = f
		return f.matches(d.shape)
	case marker == lse:
		return parseLSE(body, &d.preset)
	case marker == dri:
		if len(body) < 2 || len(body) > 4 {
			return fmt.Errorf("%w: its restart interval has %d bytes", ErrHeader, len(body))
		}
		d.restart = 0
		for _, v := range body {
			d.restart = d.restart<<8 | int(v)
		}
	case marker == sos:
		return d.scan(body)
	case marker == eoi:
		return fmt.Errorf("%w: it ends after %d of %d components", ErrData, d.complete, d.shape.Components)
	case marker == app8 && len(body) == 5 && bytes.HasPrefix(body, []byte("mrfx")) && body[4] != 0:
		return fmt.Errorf("%w: a colour transform of Hewlett-Packard", ErrUnsupported)
	case marker >= 0xC0 && marker <= 0xCF:
		return notThis(marker)
	}
	return nil
}
