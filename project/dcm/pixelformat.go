package dcm

import (
	"math"
	"strings"

	"hotlight/project"
)

// PixelFormat is the shape of a file's pixels as its header declares it.
type PixelFormat struct {
	Rows, Columns, Frames              int
	Samples                            int // per pixel: 1, 3 or 4
	BitsAllocated, BitsStored, HighBit int
	Signed                             bool
	Photometric                        string // as the file says: MONOCHROME2, RGB, PALETTE COLOR ...
	Planar                             int    // 1: the file has colour by plane. Decoded frames are always interleaved.
	Float                              bool   // 32 or 64 bit floating point instead of integers
}

// FrameBytes returns the length of one decoded frame: the width of Bits Allocated for each sample, one byte where that is a single bit.
func (p PixelFormat) FrameBytes() int { return p.Rows * p.Columns * p.Samples * p.SampleBytes() }

// SampleBytes returns the width of one decoded sample: 1, 2, 4 or 8.
func (p PixelFormat) SampleBytes() int { return max(1, p.BitsAllocated/8) }

// PixelFormat returns the shape of the pixels. It fails when there are none, when a value that must be there is missing or impossible, and when the
// header declares far more pixels than the file can hold: Frames x FrameBytes may be allocated.
func (f *File) PixelFormat() (PixelFormat, error) {
	if !f.pixels.found {
		return PixelFormat{}, project.Errorf(project.NotFound, "the file has no pixel data")
	}
	p, err := f.declaredFormat()
	if err != nil {
		return PixelFormat{}, err
	}
	if err := f.checkBits(&p); err != nil {
		return PixelFormat{}, err
	}
	return p, f.checkSize(p)
}

func (f *File) declaredFormat() (PixelFormat, error) {
	p := PixelFormat{Frames: 1, Samples: 1}
	for _, need := range []struct {
		tag  Tag
		to   *int
		most int
	}{{Rows, &p.Rows, math.MaxUint16}, {Columns, &p.Columns, math.MaxUint16}, {BitsAllocated, &p.BitsAllocated, 64}} {
		n, ok := f.Data.Int(need.tag)
		if !ok {
			return p, project.Errorf(project.Invalid, "%v %s is missing", need.tag, Keyword(need.tag))
		}
		if n < 1 || n > need.most {
			return p, project.Errorf(project.Invalid, "%v %s is %d", need.tag, Keyword(need.tag), n)
		}
		*need.to = n
	}
	if n, ok := f.Data.Int(SamplesPerPixel); ok {
		p.Samples = n
	}
	if p.Samples < 1 || p.Samples > 4 {
		return p, project.Errorf(project.Invalid, "%v SamplesPerPixel is %d", SamplesPerPixel, p.Samples)
	}
	if n, ok := f.Data.Int(NumberOfFrames); ok && n > 0 { // 0 and rubbish mean one picture, as other readers take it
		p.Frames = n
	}
	p.Planar, _ = f.Data.Int(PlanarConfiguration)
	photometric, _ := f.Data.String(PhotometricInterpretation)
	p.Photometric = strings.ToUpper(photometric)
	if p.Photometric == "" || len(p.Photometric) > 16 || forbidden(CS, p.Photometric) >= 0 { // absent, or damage that could be anything
		if p.Photometric = "MONOCHROME2"; p.Samples > 1 {
			p.Photometric = "RGB"
		}
	}
	return p, nil
}

// checkBits fills and checks what describes one sample.
func (f *File) checkBits(p *PixelFormat) error {
	switch {
	case f.pixels.tag != PixelData:
		p.Float = true
		want := 32
		if f.pixels.tag == DoubleFloatPixelData {
			want = 64
		}
		if p.BitsAllocated != want {
			return project.Errorf(project.Invalid, "%v BitsAllocated is %d, floating point pixels have %d", BitsAllocated, p.BitsAllocated, want)
		}
		p.BitsStored, p.HighBit = want, want-1
		return nil
	case p.BitsAllocated != 1 && p.BitsAllocated != 8 && p.BitsAllocated != 16 && p.BitsAllocated != 32:
		return project.Errorf(project.Unsupported, "%v BitsAllocated is %d; 1, 8, 16 and 32 are read", BitsAllocated, p.BitsAllocated)
	}
	var ok bool
	if p.BitsStored, ok = f.Data.Int(BitsStored); !ok {
		p.BitsStored = p.BitsAllocated
	}
	if p.BitsStored < 1 {
		return project.Errorf(project.Invalid, "%v BitsStored is %d", BitsStored, p.BitsStored)
	}
	if p.BitsStored > p.BitsAllocated {
		return project.Errorf(project.Invalid, "%v BitsStored is %d, more than the %d of %v BitsAllocated", BitsStored, p.BitsStored, p.BitsAllocated, BitsAllocated)
	}
	if p.HighBit, ok = f.Data.Int(HighBit); !ok {
		p.HighBit = p.BitsStored - 1
	}
	if p.HighBit < p.BitsStored-1 || p.HighBit >= p.BitsAllocated {
		return project.Errorf(project.Invalid, "%v HighBit is %d with %d bits stored of %d", HighBit, p.HighBit, p.BitsStored, p.BitsAllocated)
	}
	sign, _ := f.Data.Int(PixelRepresentation)
	p.Signed = sign == 1
	return nil
}

// plausibleBytes of decoded pixels may be declared by any file, however small: one that was cut short still says what is missing.
const plausibleBytes = 64 << 20

// A file may declare freeFrames, and one more for each bytesAFrame of it: who reads it needs memory for each frame, and a number of frames costs a header nothing.
// Real frames take more room than that, empty and compressed ones too.
const (
	freeFrames  = 1 << 12
	bytesAFrame = 128
)

// checkSize refuses a header whose pixels cannot be in the file. What codecs are not decoded here could do is not known.
func (f *File) checkSize(p PixelFormat) error {
	if size := max(f.src.size, f.src.most); int64(p.Frames) > freeFrames+size/bytesAFrame {
		return project.Errorf(project.Invalid, "the header declares %d frames, the file of %d bytes cannot hold them", p.Frames, size)
	}
	samples := float64(p.Rows) * float64(p.Columns) * float64(p.Samples) * float64(p.Frames)
	need, decoded := samples*float64(p.BitsAllocated)/8, samples*float64(p.SampleBytes())
	have := float64(f.pixels.length)
	if f.pixels.enclosed {
		have = float64(Expansion(f.Syntax)) * float64(f.src.size-f.pixels.offset)
		if !decodable(f.Syntax) {
			have = math.Inf(1)
		}
	}
	if decoded > plausibleBytes && need > 4*have {
		return project.Errorf(project.Invalid, "the header declares %d x %d pixels, frames: %d; they need %.0f bytes, the file has %d and cannot hold them", p.Columns, p.Rows, p.Frames, need, f.src.size)
	}
	if decoded > math.MaxInt/2 {
		return project.Errorf(project.Unsupported, "%d frames of %d x %d pixels are too many", p.Frames, p.Columns, p.Rows)
	}
	return nil
}

// CanDecode returns nil when DecodeFrame can be expected to work, otherwise the reason: Unsupported naming the transfer syntax, NotFound when
// there are no pixels, or what PixelFormat says.
func (f *File) CanDecode() error {
	if !f.pixels.found {
		return project.Errorf(project.NotFound, "the file has no pixel data")
	}
	if !decodable(f.Syntax) {
		return project.Errorf(project.Unsupported, "the pixels are in a transfer syntax that is not decoded here: %s (%s)", SyntaxName(f.Syntax), f.Syntax)
	}
	c := codecs[f.Syntax]
	if f.pixels.enclosed != (c.family != 0) {
		form := "not in fragments"
		if f.pixels.enclosed {
			form = "in fragments"
		}
		return project.Errorf(project.Invalid, "the pixel data are %s, which transfer syntax %s does not allow", form, SyntaxName(f.Syntax))
	}
	p, err := f.PixelFormat()
	if err == nil && c.family == familyJPEG && p.BitsAllocated != 8 && p.BitsAllocated != 16 {
		return project.Errorf(project.Unsupported, "%v BitsAllocated is %d; %s has 8 or 16", BitsAllocated, p.BitsAllocated, SyntaxName(f.Syntax))
	}
	return err
}
