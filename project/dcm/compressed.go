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
)

// codec is what is known of a compressed transfer syntax.
type codec struct {
	family   family
	lossless bool
	// most is how many bytes of pixels one byte of the file can become. RLE makes 128 of two; lossless JPEG needs a bit for a sample; a block of 64
	// samples needs two bits, in a progressive picture one; JPEG-LS has one bit for a whole line, which only black pictures have in all lines.
	most int64
}

var codecs = map[string]codec{
	RLELossless:       {familyRLE, true, 64},
	JPEGBaseline:      {familyJPEG, false, 512},
	JPEGExtended:      {familyJPEG, false, 512},
	JPEGSpectral:      {familyJPEG, false, 1024},
	JPEGProgressive:   {familyJPEG, false, 1024},
	JPEGLossless:      {familyJPEG, true, 16},
	JPEGLosslessFirst: {familyJPEG, true, 16},
	JPEGLSLossless:    {familyJPEG, true, 1024},
	JPEGLSNear:        {familyJPEG, false, 1024},
	DeflatedFrame:     {familyDeflate, true, 1032},
}

// Expansion returns how many bytes of decoded pixels one byte of a file in the transfer syntax can become: a bound for what a header may make a reader
// allocate.
func Expansion(syntax string) int64 {
	if syntax == DeflatedLittleEndian {
		return 1032
	}
	return max(1, codecs[syntax].most)
}

// decodeCompressed reads frame n of fragments.
func (f *File) decodeCompressed(n int, dst []byte, p PixelFormat) error {
	parts, err := f.frameFragments(n, p.Frames)
	if err != nil {
		return err
	}
	total := 0
	for _, part := range parts {
		total += int(part.length)
	}
	src, give := borrow(total)
	defer give()
	at := 0
	for _, part := range parts {
		if err := f.src.readFull(src[at:at+int(part.length)], part.offset); err != nil {
			return err
		}
		at += int(part.length)
	}
	switch codecs[f.Syntax].family {
	case familyRLE:
		return decodeRLE(n, dst, src, p)
	case familyDeflate:
		return decodeDeflated(n, dst, src, p)
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
	packed, give := borrow((len(dst) + 7) / 8)
	defer give()
	if err := rle.Decode(packed, src, rle.Shape{Pixels: len(packed), Samples: 1, Bytes: 1}); err != nil {
		return project.Errorf(project.Invalid, "frame %d: %w", n, err)
	}
	unpackBits(dst, packed, 0)
	return nil
}

// decodeDeflated decodes frame n from src: the bytes of an uncompressed little endian frame, deflated (PS3.5, Deflated Image Frame Compression; RFC 1951).
func decodeDeflated(n int, dst, src []byte, p PixelFormat) error {
	size := len(dst)
	if p.BitsAllocated == 1 {
		size = (size + 7) / 8
	}
	flat, give := borrow(size)
	defer give()
	got, err := io.ReadFull(flate.NewReader(bytes.NewReader(src)), flat)
	if err != nil {
		return project.Errorf(project.Invalid, "frame %d: its deflated data are damaged or end after %d of %d bytes", n, got, size)
	}
	switch {
	case p.BitsAllocated == 1:
		unpackBits(dst, flat, 0)
	case p.Samples > 1 && p.Planar == 1:
		interleave(dst, flat, p)
	default:
		copy(dst, flat)
	}
	canonical(dst, p)
	return nil
}
