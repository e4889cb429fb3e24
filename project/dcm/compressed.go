package dcm

import (
	"bytes"
	"compress/flate"
	"io"

	"hotlight/project"
	"hotlight/project/dcm/rle"
)

// families of compressed transfer syntaxes.
type family int

const (
	familyRLE family = iota + 1
	familyJPEG
	familyDeflate
	familyJPEG2000
)

// codec is what is known of a compressed transfer syntax.
type codec struct {
	family   family
	lossless bool
	// most is how many bytes of pixels one byte of the file can become. RLE makes 128 of two; lossless JPEG needs a bit for a sample; a block of 64
	// samples needs two bits, in a progressive picture one, and shared colours double what it becomes.
	most int64
	// sparse: a picture of one value takes next to nothing, however large it is (JPEG-LS has one bit for a line), so most is only what is usual.
	sparse bool
}

var codecs = map[string]codec{
	RLELossless:       {familyRLE, true, 64, false},
	JPEGBaseline:      {familyJPEG, false, 1024, false},
	JPEGExtended:      {familyJPEG, false, 1024, false},
	JPEGSpectral:      {familyJPEG, false, 2048, false},
	JPEGProgressive:   {familyJPEG, false, 2048, false},
	JPEGLossless:      {familyJPEG, true, 16, false},
	JPEGLosslessFirst: {familyJPEG, true, 16, false},
	JPEGLSLossless:    {familyJPEG, true, 1024, true},
	JPEGLSNear:        {familyJPEG, false, 1024, true},
	DeflatedFrame:     {familyDeflate, true, 1032, false},
	JPEG2000Lossless:  {familyJPEG2000, true, 2048, true},
	JPEG2000:          {familyJPEG2000, false, 2048, true},
	HTJ2KLossless:     {familyJPEG2000, true, 2048, true},
	HTJ2KLosslessRPCL: {familyJPEG2000, true, 2048, true},
	HTJ2K:             {familyJPEG2000, false, 2048, true},
}

// Expansion returns how many bytes of decoded pixels one byte of a file in the transfer syntax can become: a bound for what a header may make a reader
// allocate.
func Expansion(syntax string) int64 {
	if syntax == DeflatedLittleEndian {
		return 1032
	}
	return max(1, codecs[syntax].most)
}

// frameBytes returns the compressed bytes of frame n, which the caller gives back when done.
func (f *File) frameBytes(n int) (src []byte, give func(), err error) {
	p, err := f.PixelFormat()
	if err != nil {
		return nil, nil, err
	}
	parts, err := f.frameFragments(n, p.Frames)
	if err != nil {
		return nil, nil, err
	}
	total := 0
	for _, part := range parts {
		total += int(part.length)
	}
	src, give = borrow(total)
	at := 0
	for _, part := range parts {
		if err := f.src.readFull(src[at:at+int(part.length)], part.offset); err != nil {
			give()
			return nil, nil, err
		}
		at += int(part.length)
	}
	return src, give, nil
}

// decodeCompressed reads frame n of fragments.
func (f *File) decodeCompressed(n int, dst []byte, p PixelFormat) error {
	src, give, err := f.frameBytes(n)
	if err != nil {
		return err
	}
	defer give()
	switch codecs[f.Syntax].family {
	case familyRLE:
		return decodeRLE(n, dst, src, p)
	case familyDeflate:
		return decodeDeflated(n, dst, src, p)
	case familyJPEG2000:
		return f.decodeJPEG2000(n, dst, src, p, 0)
	}
	return decodeJPEG(n, dst, src, p, f.Syntax)
}

// decodeRLE decodes frame n from src.
func decodeRLE(n int, dst, src []byte, p PixelFormat) error {
	if p.BitsAllocated == 1 {
		return decodePackedRLE(n, dst, src, p)
	}
	if err := rle.Decode(dst, src, rle.Shape{Pixels: p.Rows * p.Columns, Samples: p.Samples, Bytes: p.SampleBytes()}); err != nil {
		return project.Errorf(project.Invalid, "frame %d: %w", n, err)
	}
	canonical(dst, p)
	return nil
}

// decodePackedRLE decodes single bits, eight to a byte.
func decodePackedRLE(n int, dst, src []byte, p PixelFormat) error {
	packed := packedEnd(dst)
	if err := rle.Decode(packed, src, rle.Shape{Pixels: len(packed), Samples: 1, Bytes: 1}); err != nil {
		return project.Errorf(project.Invalid, "frame %d: %w", n, err)
	}
	unpackBits(dst, packed, 0)
	return nil
}

// packedEnd returns the end of dst, as much as its single bits take in packed form: they can be unpacked there from the front, since no byte is written before
// its last bit was read.
func packedEnd(dst []byte) []byte { return dst[len(dst)-(len(dst)+7)/8:] }

// decodeDeflated decodes frame n from src: the bytes of an uncompressed little endian frame, deflated (PS3.5, Deflated Image Frame Compression; RFC 1951).
func decodeDeflated(n int, dst, src []byte, p PixelFormat) error {
	r := flate.NewReader(bytes.NewReader(src))
	var got, size int
	var err error
	switch {
	case p.BitsAllocated == 1:
		packed := packedEnd(dst)
		size = len(packed)
		if got, err = io.ReadFull(r, packed); err == nil {
			unpackBits(dst, packed, 0)
		}
	case p.Samples > 1 && p.Planar == 1:
		size = len(dst)
		got, err = readPlanes(dst, r, p)
	default:
		size = len(dst)
		got, err = io.ReadFull(r, dst)
	}
	if err != nil {
		return project.Errorf(project.Invalid, "frame %d: its deflated data are damaged or end after %d of %d bytes", n, got, size)
	}
	canonical(dst, p)
	return nil
}

// readPlanes reads colour by plane from r and interleaves it, a piece at a time.
func readPlanes(dst []byte, r io.Reader, p PixelFormat) (got int, err error) {
	width, pixels := p.SampleBytes(), p.Rows*p.Columns
	piece, give := borrow(min(pixels, 16<<10) * width)
	defer give()
	for c := range p.Samples {
		at := c * width
		for left := pixels * width; left > 0; left -= len(piece) {
			part := piece[:min(left, len(piece))]
			n, err := io.ReadFull(r, part)
			if got += n; err != nil {
				return got, err
			}
			at = spread(dst, part, at, width, p.Samples)
		}
	}
	return got, nil
}
