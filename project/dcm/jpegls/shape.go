package jpegls

import (
	"errors"
	"fmt"
)

// Errors that callers may tell apart. The text of the error returned says more.
var (
	ErrHeader      = errors.New("jpeg-ls: the stream is wrong")
	ErrShape       = errors.New("jpeg-ls: the stream is not the picture that was announced")
	ErrUnsupported = errors.New("jpeg-ls: the stream uses what is not decoded here")
	ErrData        = errors.New("jpeg-ls: the coded data are damaged")
)

// Shape is what a frame is expected to hold.
type Shape struct {
	Rows, Columns int
	Components    int // colours of a pixel, 1 to 4
	Bytes         int // bytes of a sample: 1, 2
}

// Len returns the length of the decoded frame in bytes.
func (s Shape) Len() int { return s.Rows * s.Columns * s.Components * s.Bytes }

func (s Shape) check(n int) error {
	if s.Rows < 1 || s.Columns < 1 || s.Rows > 65535 || s.Columns > 65535 || s.Components < 1 || s.Components > 4 || s.Bytes < 1 || s.Bytes > 2 {
		return fmt.Errorf("%w: %d x %d pixels of %d components of %d bytes do not fit", ErrShape, s.Columns, s.Rows, s.Components, s.Bytes)
	}
	if s.Len() != n {
		return fmt.Errorf("jpeg-ls: the frame has %d bytes, %d were given", s.Len(), n)
	}
	return nil
}

// Header is what a stream says of itself.
type Header struct {
	Rows       int
	Columns    int
	Components int
	Precision  int // bits of a sample, 2 to 16
	Near       int // the largest difference from the original: 0 when lossless. Known after the first scan header.
}

// matches compares the stream with what is expected of it.
func (h Header) matches(s Shape) error {
	switch {
	case h.Rows != s.Rows || h.Columns != s.Columns:
		return fmt.Errorf("%w: it has %d x %d pixels, expected were %d x %d", ErrShape, h.Columns, h.Rows, s.Columns, s.Rows)
	case h.Components != s.Components:
		return fmt.Errorf("%w: it has %d components, expected were %d", ErrShape, h.Components, s.Components)
	case h.Precision > 8*s.Bytes:
		return fmt.Errorf("%w: its samples have %d bits, there is room for %d", ErrShape, h.Precision, 8*s.Bytes)
	}
	return nil
}
