package jpeg

import (
	"bytes"
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// name is put before every error.
const name = "jpeg"

// Header is what a stream says of itself. Its samples have 8 or 12 bits.
type Header struct {
	jpegstream.Header
	Progressive bool
	Subsampled  bool // some components have fewer samples than others
	Adobe       bool // there is an Adobe marker, which decides Colour
	Colour      Colour
}

// Colour is what a stream says of three components: T.871 (JFIF), T.872 (Adobe), and the habits of IJG's library.
type Colour int

// What three components can be.
const (
	ColourUnknown Colour = iota
	ColourRGB            // an Adobe marker without a transform, or components called R, G, B
	ColourYCbCr          // an Adobe marker with one, or a JFIF marker
)

// colourMarker notes what an application segment says of the colours. An Adobe marker outweighs JFIF's, wherever it stands.
func (h *Header) colourMarker(marker byte, body []byte) {
	switch {
	case marker == jpegstream.APP14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
		h.Colour, h.Adobe = ColourYCbCr, true
		if body[11] == 0 {
			h.Colour = ColourRGB
		}
	case marker == jpegstream.APP0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && h.Colour == ColourUnknown:
		h.Colour = ColourYCbCr
	}
}

// Inspect returns what the stream says of itself, without decoding it.
func Inspect(src []byte) (Header, error) {
	h, err := inspect(jpegstream.Segments{Src: src})
	return h, jpegstream.Of(name, err)
}

func inspect(s jpegstream.Segments) (Header, error) {
	if err := s.Start(); err != nil {
		return Header{}, err
	}
	var f frame
	for {
		marker, body, err := s.Next()
		if err != nil {
			return Header{}, err
		}
		f.colourMarker(marker, body)
		switch {
		case marker >= jpegstream.SOF0 && marker <= jpegstream.SOF2:
			if f.Components > 0 { // decoding refuses a second one
				continue
			}
			if err := f.parse(marker, body); err != nil {
				return Header{}, err
			}
		case marker == jpegstream.SOS && f.Components > 0:
			return f.Header, nil
		case marker == jpegstream.SOS || marker == jpegstream.EOI:
			return Header{}, fmt.Errorf("%w: no frame header before marker %02X", jpegstream.ErrHeader, marker)
		default:
			if err := jpegstream.OtherProcess(marker); err != nil {
				return Header{}, err
			}
		}
	}
}
