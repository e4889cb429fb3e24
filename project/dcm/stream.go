package dcm

import (
	"encoding/binary"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/jpeg"
	"hotlight/project/dcm/jpegll"
	"hotlight/project/dcm/jpegls"
)

// warnOfStream notes where the first frame's stream disagrees with the data set in ways that a reader should know.
func (s *scanner) warnOfStream(f *File) error {
	c := codecs[f.Syntax]
	if c.family != familyJPEG && c.family != familyJPEG2000 {
		return nil
	}
	first, ok := s.firstFragment()
	if !ok {
		return nil
	}
	head := make([]byte, min(4096, first.length))
	if err := s.peek(head, first.offset); err != nil {
		return err
	}
	if c.family == familyJPEG2000 {
		s.warnOfJPEG2000(f, head)
		return nil
	}
	marker := frameMarker(head)
	precision, near := 0, 0
	var h jpeg.Header
	switch marker { // what cannot be read here is said when it is decoded
	case jpegstream.SOF55:
		x, _ := jpegls.Inspect(head)
		precision, near = x.Precision, x.Near
	case jpegstream.SOF3:
		x, _ := jpegll.Inspect(head)
		precision = x.Precision
	default:
		h, _ = jpeg.Inspect(head)
		precision = h.Precision
	}
	if c.lossless && (near > 0 || marker >= jpegstream.SOF0 && marker <= jpegstream.SOF2) {
		s.warn("stream", "the transfer syntax is %s, but the pictures are coded with loss", SyntaxName(f.Syntax))
	}
	p, err := f.declaredFormat()
	if err != nil {
		return nil
	}
	stored, _ := f.Data.Int(BitsStored)
	sign, _ := f.Data.Int(PixelRepresentation)
	if sign == 1 && precision > 0 && precision < stored {
		s.warn("precision", "%v BitsStored is %d with a sign, the pictures are coded with %d bits: negative values cannot be told", BitsStored, stored, precision)
	}
	p.BitsStored = stored // as decoding knows it
	if mismatchedColour(p, h) != jpeg.ColourUnknown {
		s.warn("colour", "the colours of the pictures are not %s as the data set says; they are converted to it", p.Photometric)
	}
	if marker == jpegstream.SOF3 && sign == 1 && precision == 16 && jpegll.Selection(head) >= 5 {
		return s.warnOfPrediction(f, first)
	}
	return nil
}

// warnOfFrames notes a number of frames that is none; the picture is then read as one.
func (s *scanner) warnOfFrames(d *DataSet) {
	if text, ok := d.String(NumberOfFrames); ok && s.pixels.found {
		if n, ok := d.Int(NumberOfFrames); !ok || n < 1 {
			s.warn("frames", "%v NumberOfFrames is not a count (%d characters); one frame is read", NumberOfFrames, len(text))
		}
	}
}

// firstFragment returns the first fragment with bytes, from the file where only the header was read.
func (s *scanner) firstFragment() (fragment, bool) {
	if f := s.pixels.fragments; f != nil {
		if len(f.list) == 0 {
			return fragment{}, false
		}
		return f.list[0], true
	}
	if !s.pixels.enclosed || s.partial {
		return fragment{}, false
	}
	off := s.pixels.offset
	for n := range 2 { // the offset table, and the fragment
		var b [8]byte
		if s.src.size-off < 8 || s.peek(b[:], off) != nil || binary.LittleEndian.Uint32(b[:]) != 0xE000FFFE {
			return fragment{}, false
		}
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		if off += 8; n == 1 {
			return fragment{off, uint32(min(length, s.src.size-off))}, true
		}
		off += length
	}
	return fragment{}, false
}

// warnOfPrediction decodes the first frame, where it is one fragment, to see how its encoder predicted: see decodeLossless. Few files come here.
func (s *scanner) warnOfPrediction(f *File, first fragment) error {
	whole := &File{Data: f.Data, Syntax: f.Syntax, src: s.src, pixels: s.pixels}
	p, err := whole.PixelFormat()
	if err != nil || p.BitsAllocated != 16 || int64(p.FrameBytes()) > Expansion(f.Syntax)*int64(first.length) {
		return nil
	}
	src, dst := make([]byte, first.length), make([]byte, p.FrameBytes())
	if err := s.src.readFull(src, first.offset); err != nil {
		return err
	}
	if _, oddly, err := decodeLossless(dst, src, p); err == nil && oddly {
		s.warn("prediction", "the pictures were coded with signed predictions, against the standard; they are decoded so, other programs show noise")
	}
	return nil
}
