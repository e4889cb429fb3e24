package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// The markers of T.81 table B.1 that matter here.
const (
	sof0  = 0xC0
	sof1  = 0xC1
	sof2  = 0xC2
	dht   = 0xC4
	rst0  = 0xD0
	soi   = 0xD8
	eoi   = 0xD9
	sos   = 0xDA
	dqt   = 0xDB
	dnl   = 0xDC
	dri   = 0xDD
	app0  = 0xE0
	app14 = 0xEE
)

// refused names the processes that are not decoded here.
var refused = map[byte]string{
	0xC3: "lossless coding", 0xC5: "hierarchical coding", 0xC6: "hierarchical coding", 0xC7: "hierarchical coding", 0xC9: "arithmetic coding",
	0xCA: "arithmetic coding", 0xCB: "arithmetic coding", 0xCC: "arithmetic coding", 0xCD: "arithmetic coding", 0xCE: "arithmetic coding",
	0xCF: "arithmetic coding", 0xDE: "hierarchical coding", 0xDF: "hierarchical coding", 0xF7: "JPEG-LS",
}

// segments walks the markers of a stream.
type segments struct {
	src []byte
	at  int
}

// next returns the next marker and the bytes of its segment. Bytes before a marker are skipped: coded data, or what a
// damaged segment left.
func (s *segments) next() (marker byte, body []byte, err error) {
	for s.at+1 < len(s.src) && (s.src[s.at] != 0xFF || s.src[s.at+1] == 0 || s.src[s.at+1] == 0xFF) {
		s.at++
		if n := bytes.IndexByte(s.src[s.at:], 0xFF); n > 0 {
			s.at += n
		} else if n < 0 {
			s.at = len(s.src)
		}
	}
	if s.at+1 >= len(s.src) {
		return 0, nil, fmt.Errorf("%w: it ends after %d bytes without its last scan", ErrHeader, len(s.src))
	}
	marker = s.src[s.at+1]
	s.at += 2
	if marker == soi || marker == eoi || marker == 1 || marker >= rst0 && marker < rst0+8 {
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

// colourMarker notes what an application segment says of the colours. An Adobe marker outweighs JFIF's, wherever it stands.
func (h *Header) colourMarker(marker byte, body []byte) {
	switch {
	case marker == app14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
		h.Colour, h.Adobe = ColourYCbCr, true
		if body[11] == 0 {
			h.Colour = ColourRGB
		}
	case marker == app0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && h.Colour == ColourUnknown:
		h.Colour = ColourYCbCr
	}
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
		if err != nil {
			return Header{}, err
		}
		f.colourMarker(marker, body)
		switch name, no := refused[marker]; {
		case no:
			return Header{}, fmt.Errorf("%w: %s", ErrUnsupported, name)
		case marker >= sof0 && marker <= sof2 && f.Components == 0:
			if err := f.parse(marker, body); err != nil {
				return Header{}, err
			}
		case marker == sos && f.Components > 0:
			return f.Header, nil
		case marker == sos || marker == eoi:
			return Header{}, fmt.Errorf("%w: no frame header before marker %02X", ErrHeader, marker)
		}
	}
}
