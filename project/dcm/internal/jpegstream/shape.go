package jpegstream

import (
	"encoding/binary"
	"fmt"
)

// Shape is what a frame is expected to hold.
type Shape struct {
	Rows, Columns int // 1 to 65535
	Components    int // colours of a pixel, 1 to 4
	Bytes         int // bytes of a sample: 1, 2
}

// Len returns the length of the decoded frame in bytes.
func (s Shape) Len() int { return s.Rows * s.Columns * s.Components * s.Bytes }

// Check refuses with ErrShape what cannot be a frame, and a buffer of n bytes that is not as long as one.
func (s Shape) Check(n int) error {
	if s.Rows < 1 || s.Columns < 1 || s.Rows > 65535 || s.Columns > 65535 || s.Components < 1 || s.Components > 4 || s.Bytes < 1 || s.Bytes > 2 {
		return fmt.Errorf("%w: %d x %d pixels of %d components of %d bytes do not fit", ErrShape, s.Columns, s.Rows, s.Components, s.Bytes)
	}
	if s.Len() != n {
		return fmt.Errorf("the frame has %d bytes, %d were given", s.Len(), n)
	}
	return nil
}

// MatchDNL compares the body of a DNL segment, which has the number of lines (T.81 B.2.5), with s. One of another length than two bytes says nothing.
func (s Shape) MatchDNL(body []byte) error {
	if len(body) == 2 && int(binary.BigEndian.Uint16(body)) != s.Rows {
		return fmt.Errorf("%w: it has %d rows, expected were %d", ErrShape, binary.BigEndian.Uint16(body), s.Rows)
	}
	return nil
}

// Match compares what a stream says of itself with s. A stream may leave its rows to a DNL segment: they then are 0.
func (s Shape) Match(h Header) error {
	switch {
	case h.Rows != s.Rows && h.Rows != 0 || h.Columns != s.Columns:
		return fmt.Errorf("%w: it has %d x %d pixels, expected were %d x %d", ErrShape, h.Columns, h.Rows, s.Columns, s.Rows)
	case h.Components != s.Components:
		return fmt.Errorf("%w: it has %d components, expected were %d", ErrShape, h.Components, s.Components)
	case h.Precision > 8*s.Bytes:
		return fmt.Errorf("%w: its samples have %d bits, there is room for %d", ErrShape, h.Precision, 8*s.Bytes)
	}
	return nil
}
