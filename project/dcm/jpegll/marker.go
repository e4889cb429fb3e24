package jpegll

import (
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// name is put before every error.
const name = "jpeg lossless"

// parseFrame reads a frame header: T.81 B.2.2.
func parseFrame(b []byte) (jpegstream.Frame, error) {
	f, err := jpegstream.ParseFrame(b)
	if err != nil {
		return f, err
	}
	if f.Precision < 2 || f.Precision > 16 || f.Columns == 0 {
		return f, fmt.Errorf("%w: %d columns of %d components of %d bits", jpegstream.ErrHeader, f.Columns, f.Components, f.Precision)
	}
	return f, f.SameSize()
}

// Inspect returns what the stream says of itself, without decoding it.
func Inspect(src []byte) (jpegstream.Header, error) {
	h, err := inspect(jpegstream.Segments{Src: src})
	return h, jpegstream.Of(name, err)
}

func inspect(s jpegstream.Segments) (jpegstream.Header, error) {
	if err := s.Start(); err != nil {
		return jpegstream.Header{}, err
	}
	for {
		marker, body, err := s.Next()
		switch {
		case err != nil:
			return jpegstream.Header{}, err
		case marker == jpegstream.SOF3:
			f, err := parseFrame(body)
			return f.Header, err
		case marker == jpegstream.SOS || marker == jpegstream.EOI:
			return jpegstream.Header{}, fmt.Errorf("%w: no frame header before marker %02X", jpegstream.ErrHeader, marker)
		}
		if err := jpegstream.OtherProcess(marker); err != nil {
			return jpegstream.Header{}, err
		}
	}
}
