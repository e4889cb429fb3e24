package jpeg

import (
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// component is one colour of the frame.
type component struct {
	id, quant     byte
	h, v          int      // sampling factors
	width, height int      // samples that are of the picture: T.81 A.1.1
	wide          int      // blocks, whole MCUs
	plane         []uint16 // the samples of two rows of MCUs, which take turns
	coefficients  []int16  // of a progressive frame, those of one: 64 a block, in natural order
	table         [64]int32
	quantized     bool      // table is set: at the component's first scan
	lacks         [64]uint8 // of a progressive frame: bits that scans have left out of each coefficient, and one; 0: it was in none
}

// stride is the length of a row of the plane.
func (c *component) stride() int { return 8 * c.wide }

// line returns row y of the samples, which must be of the last two rows of MCUs.
func (c *component) line(y int) []uint16 {
	at := y % (16 * c.v) * c.stride()
	return c.plane[at : at+c.width]
}

// at returns the plane from the first sample of block x, y on.
func (c *component) at(x, y int) []uint16 { return c.plane[8*y%(16*c.v)*c.stride()+8*x:] }

// coefficientsOf returns those of block x, y, which must be of the last row of MCUs.
func (c *component) coefficientsOf(x, y int) *[64]int16 {
	return (*[64]int16)(c.coefficients[64*(y%c.v*c.wide+x):])
}

// frame is the header of a frame: T.81 B.2.2.
type frame struct {
	Header
	components [4]component
	hMax, vMax int
}

func (f *frame) parse(marker byte, b []byte) error {
	said, err := jpegstream.ParseFrame(b)
	if err != nil {
		return err
	}
	f.Header.Header, f.Progressive = said.Header, marker == jpegstream.SOF2
	if f.Precision != 8 && (f.Precision != 12 || marker == jpegstream.SOF0) || f.Columns == 0 {
		return fmt.Errorf("%w: %d columns of %d components of %d bits", jpegstream.ErrHeader, f.Columns, f.Components, f.Precision)
	}
	f.hMax, f.vMax = 1, 1
	for n := range f.Components {
		p := said.Component[n]
		c := component{id: p.ID, h: p.H, v: p.V, quant: p.QuantTable}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quant > 3 {
			return fmt.Errorf("%w: component %d has sampling %d x %d and quantization table %d", jpegstream.ErrHeader, c.id, c.h, c.v, c.quant)
		}
		if f.Components == 1 { // the factors of a single component mean nothing: T.81 A.2.2
			c.h, c.v = 1, 1
		}
		c.plane, c.coefficients = f.components[n].plane, f.components[n].coefficients
		f.components[n] = c
		f.hMax, f.vMax = max(f.hMax, c.h), max(f.vMax, c.v)
	}
	for _, c := range f.components[:f.Components] {
		if f.hMax%c.h != 0 || f.vMax%c.v != 0 {
			return fmt.Errorf("%w: sampling factors %d x %d within %d x %d", jpegstream.ErrUnsupported, c.h, c.v, f.hMax, f.vMax)
		}
		f.Subsampled = f.Subsampled || c.h != f.hMax || c.v != f.vMax
	}
	if c := f.components; f.Colour == ColourUnknown && f.Components == 3 && c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B' {
		f.Colour = ColourRGB
	}
	return nil
}

// allocate makes room for some rows of blocks of a frame of rows lines, if a stream of size bytes can hold it: a block has two bits at least, in a progressive
// frame one.
func (f *frame) allocate(rows, size int) error {
	bits := 0
	for _, c := range f.components[:f.Components] {
		bits += ceil(ceil(f.Columns*c.h, f.hMax), 8) * ceil(ceil(rows*c.v, f.vMax), 8)
	}
	if !f.Progressive {
		bits *= 2
	}
	if bits > 8*size {
		return fmt.Errorf("%w: %d bytes cannot hold the picture", jpegstream.ErrData, size)
	}
	for n := range f.Components {
		c := &f.components[n]
		c.width, c.height = ceil(f.Columns*c.h, f.hMax), ceil(rows*c.v, f.vMax)
		c.wide = ceil(f.Columns, 8*f.hMax) * c.h
		blocks := c.wide * c.v
		c.plane = room(c.plane, 2*64*blocks)
		if f.Progressive {
			c.coefficients = room(c.coefficients, 64*blocks)
			clear(c.coefficients)
		}
	}
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

func room[T uint16 | int16](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	return b[:n]
}

// zigzag is where the k-th coefficient of the stream belongs: T.81 figure A.6.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// quantization reads tables: T.81 B.2.4.1.
func (d *decoder) quantization(b []byte) error {
	for len(b) > 0 {
		id, width := b[0]&15, int(b[0]>>4)+1
		if id > 3 || width > 2 || len(b) < 1+64*width {
			return fmt.Errorf("%w: a quantization table is cut short or has the number %02X", jpegstream.ErrHeader, b[0])
		}
		for k := range zigzag {
			v := int32(b[1+k*width])
			if width == 2 {
				v = v<<8 | int32(b[2+2*k])
			}
			d.quants[id][zigzag[k]] = v
		}
		d.hasQuant[id] = true
		b = b[1+64*width:]
	}
	return nil
}
