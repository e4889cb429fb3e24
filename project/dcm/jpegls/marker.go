package jpegls

import (
	"encoding/binary"
	"fmt"
)

// The markers of T.87 and T.81 that matter here.
const (
	rst0  = 0xD0
	soi   = 0xD8
	eoi   = 0xD9
	sos   = 0xDA
	dri   = 0xDD
	app8  = 0xE8
	sof55 = 0xF7
	lse   = 0xF8
)

// segments walks the markers of a stream.
type segments struct {
	src []byte
	at  int
}

// next returns the next marker and the bytes of its segment. Bytes before a marker are skipped, as decoders do.
func (s *segments) next() (marker byte, body []byte, err error) {
	for s.at+1 < len(s.src) && (s.src[s.at] != 0xFF || s.src[s.at+1] < 0x80 || s.src[s.at+1] == 0xFF) {
		s.at++
	}
	if s.at+1 >= len(s.src) {
		return 0, nil, fmt.Errorf("%w: it ends after %d bytes without its last scan", ErrHeader, len(s.src))
	}
	marker = s.src[s.at+1]
	s.at += 2
	if marker == soi || marker == eoi || marker >= rst0 && marker < rst0+8 {
		return marker, nil, nil
	}
	left := s.src[s.at:]
	if len(left) < 2 {
		return 0, nil, fmt.Errorf("%w: segment %02X is cut short", ErrHeader, marker)
	}
	n := int(binary.BigEndian.Uint16(left))
	if n < 2 || n > len(left) {
		return 0, nil, fmt.Errorf("%w: segment %02X declares %d bytes, %d are left", ErrHeader, marker, n, len(left))
	}
	s.at += n
	return marker, left[2:n], nil
}

// start checks that the stream begins as one.
func (s *segments) start() error {
	if len(s.src) < 4 || s.src[0] != 0xFF || s.src[1] != soi {
		return fmt.Errorf("%w: it does not begin with FFD8", ErrHeader)
	}
	s.at = 2
	return nil
}

// frame is the header of a frame: T.87 C.2.2, T.81 B.2.2.
type frame struct {
	Header
	ids [4]byte
}

func parseFrame(b []byte) (f frame, err error) {
	if len(b) < 6 || len(b) != 6+3*int(b[5]) {
		return f, fmt.Errorf("%w: its frame header has %d bytes", ErrHeader, len(b))
	}
	f.Header = Header{Precision: int(b[0]), Rows: int(binary.BigEndian.Uint16(b[1:])), Columns: int(binary.BigEndian.Uint16(b[3:])), Components: int(b[5])}
	if f.Rows == 0 || f.Columns == 0 {
		return f, fmt.Errorf("%w: a size that is given elsewhere", ErrUnsupported)
	}
	if f.Precision < 2 || f.Precision > 16 || f.Components < 1 || f.Components > 4 {
		return f, fmt.Errorf("%w: %d components of %d bits", ErrHeader, f.Components, f.Precision)
	}
	for n := range f.Components {
		f.ids[n] = b[6+3*n]
		if b[7+3*n] != b[7] {
			return f, fmt.Errorf("%w: components of different sizes", ErrUnsupported)
		}
	}
	return f, nil
}

// Inspect returns what the stream says of itself, without decoding it.
func Inspect(src []byte) (Header, error) {
	s := segments{src: src}
	if err := s.start(); err != nil {
		return Header{}, err
	}
	var f frame
	for {
		marker, body, err := s.next()
		switch {
		case err != nil:
			return Header{}, err
		case marker == sof55:
			if f, err = parseFrame(body); err != nil {
				return Header{}, err
			}
		case marker == sos && f.Components > 0 && len(body) >= 3:
			f.Near = int(body[len(body)-3])
			return f.Header, nil
		case marker >= 0xC0 && marker <= 0xCF:
			return Header{}, notThis(marker)
		case marker == sos || marker == eoi:
			return Header{}, fmt.Errorf("%w: no frame header before marker %02X", ErrHeader, marker)
		}
	}
}

// notThis is the error of a frame header of another kind of JPEG.
func notThis(marker byte) error {
	return fmt.Errorf("%w: it is not JPEG-LS but another JPEG (marker %02X)", ErrUnsupported, marker)
}
