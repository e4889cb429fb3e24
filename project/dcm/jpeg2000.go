package dcm

import (
	"errors"
	"runtime"

	"hotlight/project"
	"hotlight/project/dcm/jpeg2000"
)

// Where a JPEG 2000 stream and its data set disagree, this is the rule:
//
//   - Rows, columns and components must be equal, and the samples must fit Bits Allocated; otherwise the frame is refused.
//   - The stream says whether it is coded with loss, and whether it is HTJ2K, whatever the transfer syntax says. One with loss in a lossless syntax is
//     warned of, and so is loss that the data set does not tell (Lossy Image Compression).
//   - The sign is what Pixel Representation says. The bits of a sample are kept as they are and taken as two's complement of Bits Stored, or not: writers
//     that get the sign of a stream wrong code the same bits. It is warned of. If the stream has no sign and fewer bits than stored it cannot be
//     known what is negative: samples stay as they are, which is warned of too.
//   - Precision may differ from Bits Stored: many writers code whole words. Samples are cut to Bits Stored, with a warning if the precision is larger and not
//     that of a word; what was coded with loss may overshoot, so its samples stop at the ends of what can be stored instead of wrapping around.
//   - Bits above High Bit are shifted away only if the stream has them.
//   - The component transform is the stream's own business: samples of YBR_RCT and YBR_ICT are RGB once decoded. Other colours are what Photometric
//     Interpretation says.
//   - A palette or colour space of a JP2 wrapper, which DICOM does not allow, is not applied.

// decodeJPEG2000 decodes frame n from src, without its highest resolutions.
func (f *File) decodeJPEG2000(n int, dst, src []byte, p PixelFormat, reduce int) error {
	shape := jpeg2000.Shape{Rows: p.Rows, Columns: p.Columns, Components: p.Samples, Bytes: p.SampleBytes()}
	h, err := jpeg2000.DecodeFrame(dst, src, shape, jpeg2000.Options{Reduce: reduce, Workers: workersFor(p), Done: f.done})
	if err != nil {
		kind := project.Invalid
		switch {
		case errors.Is(err, jpeg2000.ErrUnsupported):
			kind = project.Unsupported
		case errors.Is(err, jpeg2000.ErrStopped):
			kind = project.Other
		}
		return project.Errorf(kind, "frame %d: %w", n, err)
	}
	precision, signed := 0, false
	for _, c := range h.Components {
		precision, signed = max(precision, c.Precision), signed || c.Signed
	}
	if p.HighBit >= precision {
		p.HighBit = p.BitsStored - 1
	}
	if !h.Reversible && signed == p.Signed && p.HighBit == p.BitsStored-1 && precision > p.BitsStored {
		saturate(dst, p)
	}
	if p.BitsAllocated == 1 {
		for i := range dst {
			dst[i] &= 1
		}
	}
	canonical(dst, p)
	return nil
}

// largeFrame is how many samples a frame has for whose sake alone all cores are used. Smaller ones come in series, which are better decoded side by side.
const largeFrame = 4 << 20

func workersFor(p PixelFormat) int {
	if p.Rows*p.Columns*p.Samples < largeFrame {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// Reductions returns how often frame n can be halved by DecodeFrameReduced: 0 where the transfer syntax has no resolutions.
func (f *File) Reductions(n int) (int, error) {
	if _, err := f.frameFormat(n); err != nil || codecs[f.Syntax].family != familyJPEG2000 {
		return 0, err
	}
	src, give, err := f.frameBytes(n)
	if err != nil {
		return 0, err
	}
	defer give()
	h, err := jpeg2000.ReadHeader(src)
	if err != nil {
		return 0, project.Errorf(project.Invalid, "frame %d: %w", n, err)
	}
	return h.Resolutions - 1, nil
}

// DecodeFrameReduced is DecodeFrame at a lower resolution, for a first picture of a large frame: rows and columns are halved reduce times, rounded up, and the
// samples are those of the codec's own low-pass filter, in the stored values' range. It returns the shape of what was decoded; dst must have at least its
// FrameBytes, which are those of PixelFormat().Reduced(reduce). The time is that of the reduced frame, little more than a quarter for each reduction. It
// fails as Unsupported where the transfer syntax has no resolutions (all but JPEG 2000 and HTJ2K), and as Invalid when reduce is more than Reductions.
func (f *File) DecodeFrameReduced(n, reduce int, dst []byte) (p PixelFormat, err error) {
	defer recoverTo(&err)
	if p, err = f.frameFormat(n); err != nil {
		return p, err
	}
	if codecs[f.Syntax].family != familyJPEG2000 {
		return p, project.Errorf(project.Unsupported, "%s has no lower resolutions", SyntaxName(f.Syntax))
	}
	if reduce < 0 || reduce > 32 {
		return p, project.Errorf(project.Invalid, "a frame cannot be halved %d times", reduce)
	}
	out := p.Reduced(reduce)
	if len(dst) < out.FrameBytes() {
		return p, project.Errorf(project.Invalid, "a frame halved %d times has %d bytes, %d were given", reduce, out.FrameBytes(), len(dst))
	}
	src, give, err := f.frameBytes(n)
	if err != nil {
		return p, err
	}
	defer give()
	return out, f.decodeJPEG2000(n, dst[:out.FrameBytes()], src, p, reduce)
}

// Reduced returns the shape of a frame whose rows and columns are halved so many times, rounded up.
func (p PixelFormat) Reduced(reduce int) PixelFormat {
	p.Rows, p.Columns = (p.Rows+1<<reduce-1)>>reduce, (p.Columns+1<<reduce-1)>>reduce
	return p
}

// warnOfJPEG2000 notes where the stream that starts with head disagrees with the data set in ways that a reader should know.
func (s *scanner) warnOfJPEG2000(f *File, head []byte) {
	h, err := jpeg2000.ReadHeader(head)
	if err != nil {
		return // it is said when it is decoded
	}
	if codecs[f.Syntax].lossless && !h.Reversible {
		s.warn("stream", "the transfer syntax is %s, but the pictures are coded with loss", SyntaxName(f.Syntax))
	}
	if told, _ := f.Data.String(LossyImageCompression); !codecs[f.Syntax].lossless && !h.Reversible && told != "01" {
		s.warn("stream", "the pictures are coded with loss, which %v LossyImageCompression does not say", LossyImageCompression)
	}
	stored, ok := f.Data.Int(BitsStored)
	if !ok {
		return
	}
	sign, _ := f.Data.Int(PixelRepresentation)
	precision, signed := h.Components[0].Precision, h.Components[0].Signed
	switch {
	case sign == 1 && !signed && precision < stored:
		s.warn("precision", "%v BitsStored is %d with a sign, the pictures are coded with %d bits: negative values cannot be told", BitsStored, stored, precision)
	case (sign == 1) != signed:
		s.warn("sign", "the pictures are coded with another sign than %v PixelRepresentation says; that of the data set is used", PixelRepresentation)
	}
	if precision > stored && precision%8 != 0 {
		s.warn("precision", "%v BitsStored is %d, the pictures are coded with %d bits: the upper ones are cut", BitsStored, stored, precision)
	}
}
