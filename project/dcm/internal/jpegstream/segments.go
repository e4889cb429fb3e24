package jpegstream

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Segments walks the marker segments of a stream.
type Segments struct {
	Src []byte
	At  int // where the next segment is looked for: an offset in Src
	// Least is the least second byte of a marker: behind FF, less is coded data. 0 means any but zero, as in T.81 (B.1.1.5); T.87 has 0x80 (A.1).
	Least byte
}

// Start checks that the stream begins as one, and goes behind that.
func (s *Segments) Start() error {
	if len(s.Src) < 4 || s.Src[0] != 0xFF || s.Src[1] != SOI {
		return fmt.Errorf("%w: it does not begin with FFD8", ErrHeader)
	}
	s.At = 2
	return nil
}

// Next returns the next marker and the bytes of its segment, nil for a marker that stands alone. Bytes before a marker are skipped: coded data, fill
// bytes, or what a damaged segment left. A stream that has no further marker, or not all of the segment, is ErrHeader.
func (s *Segments) Next() (marker byte, body []byte, err error) {
	for s.At+1 < len(s.Src) && (s.Src[s.At] != 0xFF || s.Src[s.At+1] == 0 || s.Src[s.At+1] < s.Least || s.Src[s.At+1] == 0xFF) {
		s.At++
		if n := bytes.IndexByte(s.Src[s.At:], 0xFF); n > 0 {
			s.At += n
		} else if n < 0 {
			s.At = len(s.Src)
		}
	}
	if s.At+1 >= len(s.Src) {
		return 0, nil, fmt.Errorf("%w: it ends after %d bytes without its last scan", ErrHeader, len(s.Src))
	}
	marker = s.Src[s.At+1]
	s.At += 2
	if marker == SOI || marker == EOI || marker == tem || marker >= RST0 && marker < RST0+8 {
		return marker, nil, nil
	}
	left := s.Src[s.At:]
	if len(left) < 2 {
		return 0, nil, fmt.Errorf("%w: segment %02X is cut short", ErrHeader, marker)
	}
	n := int(binary.BigEndian.Uint16(left))
	if n < 2 || n > len(left) {
		return 0, nil, fmt.Errorf("%w: segment %02X declares %d bytes, %d are left", ErrHeader, marker, n, len(left))
	}
	s.At += n
	return marker, left[2:n], nil
}

// SkipRestart returns the offset behind the restart marker that stands before restart interval n of a scan, n being 1 or more; at is its offset in src.
// Where another marker or none stands there the data are damaged (ErrData).
func SkipRestart(src []byte, at, n int) (int, error) {
	want := byte(RST0 + (n-1)%8)
	if at+1 >= len(src) || src[at+1] != want {
		return at, fmt.Errorf("%w: restart marker %02X is missing", ErrData, want)
	}
	return at + 2, nil
}

// ParseDRI returns the restart interval of a DRI segment: MCUs, lines in JPEG-LS, 0 for none. It has two bytes in T.81 (B.2.4.4) and up to four in T.87
// (C.2.5): most says which.
func ParseDRI(body []byte, most int) (interval int, err error) {
	if len(body) < 2 || len(body) > most {
		return 0, fmt.Errorf("%w: its restart interval has %d bytes", ErrHeader, len(body))
	}
	for _, v := range body {
		interval = interval<<8 | int(v)
	}
	return interval, nil
}
