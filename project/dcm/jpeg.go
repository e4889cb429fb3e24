package dcm

import (
	"encoding/binary"
	"errors"

	"hotlight/project"
	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/jpeg"
	"hotlight/project/dcm/jpegll"
	"hotlight/project/dcm/jpegls"
)

// Where a JPEG stream and its data set disagree, this is the rule:
//
//   - Rows, columns and components must be equal, and the samples must fit Bits Allocated; otherwise the frame is refused.
//   - The stream says which process it is, whatever the transfer syntax says. One with loss in a lossless syntax is warned of.
//   - Precision may differ from Bits Stored: many writers code whole words. Samples are cut to Bits Stored, as other readers do; a cosine transform may
//     overshoot, so its unsigned samples stop at the largest stored value instead of wrapping around.
//   - With a sign and fewer bits than stored it cannot be known what is negative: samples stay as they are, with a warning.
//   - Bits above High Bit are shifted away only if the stream has them.
//   - Colours are what Photometric Interpretation says. Only a stream that must be another (an Adobe marker, or chroma of half the resolution under
//     RGB) is converted to it, with a warning. A JFIF marker proves nothing: many writers put one before everything.

// frameMarker returns the marker of the stream's frame header, 0 if none is found.
func frameMarker(src []byte) byte {
	for at := 2; at+4 <= len(src); {
		m := src[at+1]
		switch {
		case src[at] != 0xFF || m == 0xFF:
			at++
			continue
		case m >= jpegstream.SOF0 && m <= jpegstream.SOF15 && m != jpegstream.DHT && m != jpegstream.JPG && m != jpegstream.DAC, m == jpegstream.SOF55:
			return m
		case m == jpegstream.SOS || m == jpegstream.EOI:
			return 0
		}
		at += 2 + int(binary.BigEndian.Uint16(src[at+2:]))
	}
	return 0
}

// decodeJPEG decodes frame n from src: any JPEG that is not JPEG 2000.
func decodeJPEG(n int, dst, src []byte, p PixelFormat, syntax string) error {
	var err error
	precision, cosine, colour := 0, false, jpeg.Header{}
	marker, shape := frameMarker(src), jpegShape(p)
	switch lossless := syntax == JPEGLossless || syntax == JPEGLosslessFirst; {
	case marker == jpegstream.SOF55 || marker == 0 && (syntax == JPEGLSLossless || syntax == JPEGLSNear):
		var h jpegls.Header
		h, err = jpegls.Decode(dst, src, shape)
		precision = h.Precision
	case marker == jpegstream.SOF3 || marker == 0 && lossless:
		var h jpegstream.Header
		h, _, err = decodeLossless(dst, src, p)
		precision = h.Precision
	default:
		colour, err = jpeg.Decode(dst, src, shape)
		precision, cosine = colour.Precision, true
	}
	if err != nil {
		kind := project.Invalid
		if errors.Is(err, jpegstream.ErrUnsupported) {
			kind = project.Unsupported
		}
		return project.Errorf(kind, "frame %d: %w", n, err)
	}
	if p.HighBit >= precision {
		p.HighBit = p.BitsStored - 1
	}
	if cosine && !p.Signed && p.HighBit == p.BitsStored-1 && precision > p.BitsStored {
		saturate(dst, p)
	}
	canonical(dst, p)
	switch mismatchedColour(p, colour) {
	case jpeg.ColourYCbCr:
		RGBFromYBR(dst)
	case jpeg.ColourRGB:
		ybrFromRGB(dst)
	}
	return nil
}

// jpegShape is what a JPEG stream is to hold.
func jpegShape(p PixelFormat) jpegstream.Shape {
	return jpegstream.Shape{Rows: p.Rows, Columns: p.Columns, Components: p.Samples, Bytes: p.SampleBytes()}
}

// decodeLossless decodes lossless JPEG; oddly says that the stream's predictions are those of jpegll.DecodeSigned. Only the picture can tell: read by the
// standard it has leaps of a quarter of the range all over, read the other way hardly any. One that has them both ways is left as the standard has it.
func decodeLossless(dst, src []byte, p PixelFormat) (h jpegstream.Header, oddly bool, err error) {
	shape := jpegShape(p)
	h, err = jpegll.Decode(dst, src, shape)
	if err != nil || !p.Signed || h.Precision != 16 || jpegll.Selection(src) < 5 {
		return h, false, err
	}
	found := leaps(dst, p.Samples)
	if found < len(dst)/2/100 {
		return h, false, nil
	}
	if h, err = jpegll.DecodeSigned(dst, src, shape); err != nil || leaps(dst, p.Samples) <= found/20 {
		return h, err == nil, err
	}
	h, err = jpegll.Decode(dst, src, shape)
	return h, false, err
}

// leaps counts signed 16 bit samples that differ from the one before by more than a quarter of the range.
func leaps(b []byte, samples int) (count int) {
	step := 2 * samples
	for n := step; n+1 < len(b); n += 2 {
		d := int(int16(binary.LittleEndian.Uint16(b[n:]))) - int(int16(binary.LittleEndian.Uint16(b[n-step:])))
		if d > 1<<14 || d < -1<<14 {
			count++
		}
	}
	return count
}

// saturate stops samples at the ends of the range of stored values.
func saturate(b []byte, p PixelFormat) {
	low, high := 0, 1<<p.BitsStored-1
	if p.Signed {
		low, high = -1<<(p.BitsStored-1), 1<<(p.BitsStored-1)-1
	}
	if p.SampleBytes() == 1 {
		for n, v := range b {
			if p.Signed {
				b[n] = byte(max(low, min(int(int8(v)), high)))
			} else {
				b[n] = byte(min(int(v), high))
			}
		}
		return
	}
	for ; p.SampleBytes() == 2 && len(b) >= 2; b = b[2:] {
		v := int(binary.LittleEndian.Uint16(b))
		if p.Signed {
			v = int(int16(v))
		}
		binary.LittleEndian.PutUint16(b, uint16(max(low, min(v, high))))
	}
}

// mismatchedColour returns what the stream's colours are when they cannot be what the data set says; ColourUnknown otherwise.
func mismatchedColour(p PixelFormat, h jpeg.Header) jpeg.Colour {
	switch {
	case p.Samples != 3 || p.BitsAllocated != 8 || p.BitsStored != 8 || h.Components != 3: // the conversion is one of whole bytes
	case p.Photometric == "RGB" && (h.Adobe && h.Colour == jpeg.ColourYCbCr || h.Subsampled):
		return jpeg.ColourYCbCr
	case (p.Photometric == "YBR_FULL" || p.Photometric == "YBR_FULL_422") && h.Adobe && h.Colour == jpeg.ColourRGB && !h.Subsampled:
		return jpeg.ColourRGB
	}
	return jpeg.ColourUnknown
}
