package dcm

import (
	"encoding/binary"
	"errors"

	"hotlight/project"
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
		case m >= 0xC0 && m <= 0xCF && m != 0xC4 && m != 0xC8 && m != 0xCC, m == 0xF7:
			return m
		case m == 0xDA || m == 0xD9:
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
	marker := frameMarker(src)
	switch lossless := syntax == JPEGLossless || syntax == JPEGLosslessFirst; {
	case marker == 0xF7 || marker == 0 && (syntax == JPEGLSLossless || syntax == JPEGLSNear):
		var h jpegls.Header
		h, err = jpegls.Decode(dst, src, jpegls.Shape{Rows: p.Rows, Columns: p.Columns, Components: p.Samples, Bytes: p.SampleBytes()})
		precision = h.Precision
	case marker == 0xC3 || marker == 0 && lossless:
		var h jpegll.Header
		h, err = jpegll.Decode(dst, src, jpegll.Shape{Rows: p.Rows, Columns: p.Columns, Components: p.Samples, Bytes: p.SampleBytes()})
		precision = h.Precision
	default:
		colour, err = jpeg.Decode(dst, src, jpeg.Shape{Rows: p.Rows, Columns: p.Columns, Components: p.Samples, Bytes: p.SampleBytes()})
		precision, cosine = colour.Precision, true
	}
	if err != nil {
		kind := project.Invalid
		if errors.Is(err, jpeg.ErrUnsupported) || errors.Is(err, jpegll.ErrUnsupported) || errors.Is(err, jpegls.ErrUnsupported) {
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

// saturate stops unsigned samples at the largest stored value.
func saturate(b []byte, p PixelFormat) {
	most := 1<<p.BitsStored - 1
	if p.SampleBytes() == 1 {
		for n, v := range b {
			b[n] = byte(min(int(v), most))
		}
		return
	}
	for ; len(b) >= 2; b = b[2:] {
		binary.LittleEndian.PutUint16(b, uint16(min(int(binary.LittleEndian.Uint16(b)), most)))
	}
}

// mismatchedColour returns what the stream's colours are when they cannot be what the data set says; ColourUnknown otherwise.
func mismatchedColour(p PixelFormat, h jpeg.Header) jpeg.Colour {
	switch {
	case p.Samples != 3 || p.BitsAllocated != 8 || h.Components != 3:
	case p.Photometric == "RGB" && (h.Adobe && h.Colour == jpeg.ColourYCbCr || h.Subsampled):
		return jpeg.ColourYCbCr
	case (p.Photometric == "YBR_FULL" || p.Photometric == "YBR_FULL_422") && h.Adobe && h.Colour == jpeg.ColourRGB && !h.Subsampled:
		return jpeg.ColourRGB
	}
	return jpeg.ColourUnknown
}

// warnOfStream notes where the first frame's stream disagrees with the data set in ways that a reader should know.
func (s *scanner) warnOfStream(f *File) error {
	c := codecs[f.Syntax]
	if c.family != familyJPEG || s.pixels.fragments == nil || len(s.pixels.fragments.list) == 0 {
		return nil
	}
	first := s.pixels.fragments.list[0]
	head := make([]byte, min(4096, first.length))
	if err := s.src.readFull(head, first.offset); err != nil {
		return err
	}
	marker := frameMarker(head)
	precision, near := 0, 0
	var h jpeg.Header
	switch marker { // what cannot be read here is said when it is decoded
	case 0xF7:
		x, _ := jpegls.Inspect(head)
		precision, near = x.Precision, x.Near
	case 0xC3:
		x, _ := jpegll.Inspect(head)
		precision = x.Precision
	default:
		h, _ = jpeg.Inspect(head)
		precision = h.Precision
	}
	if c.lossless && (near > 0 || marker >= 0xC0 && marker <= 0xC2) {
		s.warn("stream", "the transfer syntax is %s, but the pictures are coded with loss", SyntaxName(f.Syntax))
	}
	p, err := f.declaredFormat()
	if err != nil {
		return nil
	}
	stored, _ := f.Data.Int(BitsStored)
	if sign, _ := f.Data.Int(PixelRepresentation); sign == 1 && precision > 0 && precision < stored {
		s.warn("precision", "%v BitsStored is %d with a sign, the pictures are coded with %d bits: negative values cannot be told", BitsStored, stored, precision)
	}
	if mismatchedColour(p, h) != jpeg.ColourUnknown {
		s.warn("colour", "the colours of the pictures are not %s as the data set says; they are converted to it", p.Photometric)
	}
	return nil
}
