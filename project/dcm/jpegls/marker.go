package jpegls

import (
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// name is put before every error.
const name = "jpeg-ls"

// Header is what a stream says of itself. Its samples have 2 to 16 bits, and its rows are never left open.
type Header struct {
	jpegstream.Header
	Near int // the largest difference from the original: 0 when lossless. Known after the first scan header.
}

// streamOf returns the segments of src. Coded data have bytes below 0x80 behind FF: T.87 A.1.
func streamOf(src []byte) jpegstream.Segments { return jpegstream.Segments{Src: src, Least: 0x80} }

// parseFrame reads a frame header: T.87 C.2.2.
func parseFrame(b []byte) (jpegstream.Frame, error) {
	f, err := jpegstream.ParseFrame(b)
	switch {
	case err != nil:
		return f, err
	case f.Rows == 0 || f.Columns == 0:
		return f, fmt.Errorf("%w: a size that is given elsewhere", jpegstream.ErrUnsupported)
	case f.Precision < 2 || f.Precision > 16:
		return f, fmt.Errorf("%w: %d components of %d bits", jpegstream.ErrHeader, f.Components, f.Precision)
	}
	return f, f.SameSize()
}

// Inspect returns what the stream says of itself, without decoding it.
func Inspect(src []byte) (Header, error) {
	h, err := inspect(streamOf(src))
	return h, jpegstream.Of(name, err)
}

func inspect(s jpegstream.Segments) (Header, error) {
	if err := s.Start(); err != nil {
		return Header{}, err
	}
	var f jpegstream.Frame
	for {
		marker, body, err := s.Next()
		switch {
		case err != nil:
			return Header{}, err
		case marker == jpegstream.SOF55:
			if f, err = parseFrame(body); err != nil {
				return Header{}, err
			}
		case marker == jpegstream.SOS && f.Components > 0 && len(body) >= 3:
			return Header{f.Header, int(body[len(body)-3])}, nil
		case marker >= jpegstream.SOF0 && marker <= jpegstream.SOF15:
			return Header{}, notThis(marker)
		case marker == jpegstream.SOS || marker == jpegstream.EOI:
			return Header{}, fmt.Errorf("%w: no frame header before marker %02X", jpegstream.ErrHeader, marker)
		}
	}
}

// notThis is the error of a frame header of another kind of JPEG.
func notThis(marker byte) error {
	return fmt.Errorf("%w: it is not JPEG-LS but another JPEG (marker %02X)", jpegstream.ErrUnsupported, marker)
}
