package jpegtest

import (
	"encoding/binary"

	"hotlight/project/dcm/internal/jpegstream"
)

// Segment appends a marker segment to out.
func Segment(out []byte, marker byte, body ...byte) []byte {
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

// Start begins a stream with the frame header of h: its components are called 1, 2 ... and have one size.
func Start(marker byte, h jpegstream.Header) []byte {
	body := []byte{byte(h.Precision), byte(h.Rows >> 8), byte(h.Rows), byte(h.Columns >> 8), byte(h.Columns), byte(h.Components)}
	for c := range h.Components {
		body = append(body, byte(c+1), 0x11, 0)
	}
	return Segment([]byte{0xFF, jpegstream.SOI}, marker, body...)
}
