package jpeg2000

import (
	"bytes"
	"fmt"
)

// wrapper is what the boxes of a JP2 file say that concerns us (T.800 annex I).
type wrapper struct {
	jp2         bool
	colourSpace int
	palette     bool
}

// Boxes: the four letters of their type.
const (
	boxHeader     = 'j'<<24 | 'p'<<16 | '2'<<8 | 'h'
	boxCodestream = 'j'<<24 | 'p'<<16 | '2'<<8 | 'c'
	boxColour     = 'c'<<24 | 'o'<<16 | 'l'<<8 | 'r'
	boxPalette    = 'p'<<24 | 'c'<<16 | 'l'<<8 | 'r'
)

var jp2Signature = []byte("\x00\x00\x00\x0CjP  \r\n\x87\n")

// unwrap returns the codestream of data, which is one or a JP2 file with one.
func unwrap(data []byte) (w wrapper, codestream []byte, err error) {
	if !bytes.HasPrefix(data, jp2Signature) {
		return w, data, nil
	}
	w.jp2 = true
	for rest := data; len(rest) > 0; {
		kind, body, next, err := box(rest)
		if err != nil {
			return w, nil, err
		}
		switch kind {
		case boxCodestream:
			return w, body, nil
		case boxHeader:
			w.readHeader(body)
		}
		rest = next
	}
	return w, nil, fmt.Errorf("%w: the JP2 file has no codestream", ErrHeader)
}

// box takes the first box from b. A codestream's box may be cut.
func box(b []byte) (kind int, body, next []byte, err error) {
	f := fields{b: b}
	length, kind, header := f.uint32(), f.uint32(), 8
	if length == 1 {
		length, header = f.uint32()<<32|f.uint32(), 16
	}
	if length == 0 || length > len(b) && kind == boxCodestream {
		length = len(b)
	}
	if f.short || length < header || length > len(b) {
		return kind, nil, nil, fmt.Errorf("%w: a box of %d bytes where %d are left", ErrHeader, length, len(b))
	}
	return kind, b[header:length], b[length:], nil
}

// readHeader looks into the boxes of a JP2 header. Damage there does not matter: the codestream says all that is needed.
func (w *wrapper) readHeader(b []byte) {
	for len(b) > 0 {
		kind, body, next, err := box(b)
		if err != nil {
			return
		}
		switch {
		case kind == boxPalette:
			w.palette = true
		case kind == boxColour && len(body) >= 7 && body[0] == 1 && w.colourSpace == 0:
			f := fields{b: body[3:]}
			w.colourSpace = f.uint32()
		}
		b = next
	}
}
