package jpeg2000

import (
	"encoding/binary"
	"fmt"
)

// Shape is what a frame is expected to hold.
type Shape struct {
	Rows, Columns int // of the full resolution
	Components    int // colours of a pixel, 1 to 4
	Bytes         int // bytes of a sample: 1, 2, 4
}

// Reduced returns rows and columns after leaving out reduce resolutions: what DecodeFrame gives of a picture whose corner is the origin of its grid, as all but
// cut ones have it.
func (s Shape) Reduced(reduce int) (rows, columns int) {
	return ceilShift(s.Rows, reduce), ceilShift(s.Columns, reduce)
}

// DecodeFrame decodes the picture in src into dst: pixel after pixel, colours side by side, samples little endian, signed ones as two's complement at the width
// of shape.Bytes. dst has exactly the samples of shape, or with options.Reduce those of shape.Reduced. All components must have the size of the
// picture; their precision may differ and be less than the room of a sample. options.Region is not for frames. It returns what the stream says of
// itself, also when it is not the announced picture. After an error dst holds rubbish, with options.Partial what could be decoded.
// DecodeFrame may be called by several goroutines.
func DecodeFrame(dst, src []byte, shape Shape, options Options) (Header, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	if err := shape.check(); err != nil {
		return Header{}, err
	}
	options.Region.Max = options.Region.Min
	options.MaxSamples = int64(shape.Rows) * int64(shape.Columns) * int64(shape.Components)
	h, err := d.mainHeader(src, options)
	if err != nil {
		return h, err
	}
	if err := h.matches(shape); err != nil {
		return h, err
	}
	if err := d.start(&h, len(src)); err != nil {
		return h, err
	}
	area := d.wanted(d.stream.size.components[0])
	if n := area.area() * shape.Components * shape.Bytes; n != len(dst) {
		return h, fmt.Errorf("jpeg 2000: the frame has %d bytes, %d were given", n, len(dst))
	}
	f := frame{dst: dst, shape: shape, area: area}
	err = d.picture(func(t *tile) { f.put(t, d.stream.size.components) })
	return h, err
}

// check refuses what cannot be a frame.
func (s Shape) check() error {
	if s.Rows < 1 || s.Columns < 1 || s.Components < 1 || s.Components > 4 || s.Bytes != 1 && s.Bytes != 2 && s.Bytes != 4 {
		return fmt.Errorf("%w: %d x %d pixels of %d components of %d bytes do not fit", ErrShape, s.Columns, s.Rows, s.Components, s.Bytes)
	}
	return nil
}

// matches compares the stream with what is expected of it.
func (h Header) matches(s Shape) error {
	switch {
	case h.Height != s.Rows || h.Width != s.Columns:
		return fmt.Errorf("%w: it has %d x %d pixels, expected were %d x %d", ErrShape, h.Width, h.Height, s.Columns, s.Rows)
	case len(h.Components) != s.Components:
		return fmt.Errorf("%w: it has %d components, expected were %d", ErrShape, len(h.Components), s.Components)
	}
	for n, c := range h.Components {
		switch {
		case c.DX != 1 || c.DY != 1:
			return fmt.Errorf("%w: component %d has samples at every %d x %d pixels only", ErrUnsupported, n, c.DX, c.DY)
		case c.Precision > 8*s.Bytes:
			return fmt.Errorf("%w: its samples have %d bits, there is room for %d", ErrShape, c.Precision, 8*s.Bytes)
		}
	}
	return nil
}

// frame is where a picture's samples go.
type frame struct {
	dst   []byte
	shape Shape
	area  rect
}

// put writes the samples of a tile.
func (f *frame) put(t *tile, components []sampling) {
	pixel := f.shape.Components * f.shape.Bytes
	for i := range t.components {
		c := &t.components[i]
		wide := c.need.width()
		for y := range c.need.rows() {
			at := (c.need.y0+y-f.area.y0)*f.area.width() + c.need.x0 - f.area.x0
			out := f.dst[at*pixel:][:wide*pixel]
			f.write(out[i*f.shape.Bytes:], c, y, components[i], pixel)
		}
	}
}

// write writes row y of c, each sample step bytes after the one before. The row becomes samples in its own memory.
func (f *frame) write(out []byte, c *component, y int, s sampling, step int) {
	switch {
	case c.deep:
		row := wantedRow(c, c.deepSamples, y)
		levelOf[int64](s).exact(row, row)
		for i, v := range row {
			binary.LittleEndian.PutUint32(out[i*step:], uint32(v))
		}
		return
	case s.precision > narrowPrecision:
		l := levelOf[int64](s)
		for i, v := range wantedRow(c, floats(c.samples), y) {
			binary.LittleEndian.PutUint32(out[i*step:], uint32(l.round(v)))
		}
		return
	}
	row := wantedRow(c, c.samples, y)
	if l := levelOf[int32](s); c.reversible {
		l.exact(row, row)
	} else {
		l.rounded(row, floats(row))
	}
	writeSamples(out, row, f.shape.Bytes, step)
}

// writeSamples writes samples of so many bytes, each step bytes after the one before.
func writeSamples(out []byte, in []int32, bytes, step int) {
	switch {
	case bytes == 1 && step == 1:
		out = out[:len(in)]
		for i, v := range in {
			out[i] = byte(v)
		}
	case bytes == 1:
		at := 0
		for _, v := range in {
			out[at] = byte(v)
			at += step
		}
	case bytes == 2:
		for i, v := range in {
			binary.LittleEndian.PutUint16(out[i*step:], uint16(v))
		}
	default:
		for i, v := range in {
			binary.LittleEndian.PutUint32(out[i*step:], uint32(v))
		}
	}
}
