package jpegstream

import (
	"encoding/binary"
	"fmt"
)

// Header is what a stream says of itself.
type Header struct {
	Rows       int // 0 when the stream says so only after its first scan
	Columns    int
	Components int // 1 to 4
	Precision  int // bits of a sample
}

// Component is what a frame header says of one: T.81 B.2.2.
type Component struct {
	ID         byte // by which scans name it
	H, V       int  // sampling factors, 0 to 15
	QuantTable byte // number of its quantization table
}

// Frame is the header of a frame.
type Frame struct {
	Header
	Component [4]Component // as many as Components says
}

// ParseFrame reads the body of a frame header: T.81 B.2.2, T.87 C.2.2. It is ErrHeader where the length is not that of 1 to 4 components. Which sizes, precisions
// and sampling factors are right is for the codec to say.
func ParseFrame(b []byte) (f Frame, err error) {
	if len(b) < 6 || len(b) != 6+3*int(b[5]) {
		return f, fmt.Errorf("%w: its frame header has %d bytes", ErrHeader, len(b))
	}
	h := Header{Precision: int(b[0]), Rows: int(binary.BigEndian.Uint16(b[1:])), Columns: int(binary.BigEndian.Uint16(b[3:])), Components: int(b[5])}
	if h.Components < 1 || h.Components > len(f.Component) {
		return f, fmt.Errorf("%w: %d columns of %d components of %d bits", ErrHeader, h.Columns, h.Components, h.Precision)
	}
	f.Header = h
	for n := range h.Components {
		p := b[6+3*n:]
		f.Component[n] = Component{ID: p[0], H: int(p[1] >> 4), V: int(p[1] & 15), QuantTable: p[2]}
	}
	return f, nil
}

// SameSize refuses with ErrUnsupported components that are sampled differently.
func (f *Frame) SameSize() error {
	for _, c := range f.Component[:f.Components] {
		if c.H != f.Component[0].H || c.V != f.Component[0].V {
			return fmt.Errorf("%w: components of different sizes", ErrUnsupported)
		}
	}
	return nil
}

// Take returns the number of the component called id and notes in taken that a scan has it. One that is taken, or that the frame does not have, is ErrHeader.
func (f *Frame) Take(id byte, taken *[4]bool) (int, error) {
	for n, c := range f.Component[:f.Components] {
		if c.ID == id && !taken[n] {
			taken[n] = true
			return n, nil
		}
	}
	return 0, UnknownComponent(id)
}

// UnknownComponent is the error of a scan header that names a component which it cannot.
func UnknownComponent(id byte) error {
	return fmt.Errorf("%w: a scan names component %d, which the frame does not have or has had", ErrHeader, id)
}

// Scan is the header of a scan: T.81 B.2.3, T.87 C.2.3.
type Scan struct {
	Components int     // 1 to 4
	IDs        [4]byte // what the frame header calls them
	Tables     [4]byte // number of the DC table (high four bits) and of the AC table; in T.87 of the mapping table
	// The last three bytes mean something else in each process: the first and the last coefficient and the successive approximation of a DCT, the
	// predictor and the point transform of lossless coding, or NEAR, the interleave mode and the point transform of JPEG-LS.
	First, Last, Shift byte
}

// ParseScan reads the body of a scan header. It is ErrHeader before a frame header, which h is from, and where the length is not that of 1 to 4 components.
func (h Header) ParseScan(b []byte) (s Scan, err error) {
	if h.Components == 0 {
		return s, fmt.Errorf("%w: a scan stands before the frame header", ErrHeader)
	}
	if len(b) < 6 || b[0] < 1 || b[0] > 4 || len(b) != 4+2*int(b[0]) {
		return s, fmt.Errorf("%w: a scan header has %d bytes", ErrHeader, len(b))
	}
	s.Components = int(b[0])
	for n := range s.Components {
		s.IDs[n], s.Tables[n] = b[1+2*n], b[2+2*n]
	}
	last := b[len(b)-3:]
	s.First, s.Last, s.Shift = last[0], last[1], last[2]
	return s, nil
}
