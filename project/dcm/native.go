package dcm

import (
	"strings"

	"hotlight/project"
)

// decodeNative reads frame n of uncompressed pixels.
func (f *File) decodeNative(n int, dst []byte, p PixelFormat) error {
	switch {
	case p.BitsAllocated == 1:
		return f.decodeBits(n, dst)
	case f.subsampled(p):
		return f.decode422(n, dst, p)
	case p.Samples > 1 && p.Planar == 1:
		return f.decodePlanes(n, dst, p)
	}
	if err := f.readPixels(dst, int64(n)*int64(len(dst)), n); err != nil {
		return err
	}
	f.reorder(dst, 0, p)
	return nil
}

// nativeSpan returns where frame n lies in uncompressed pixel data.
func (f *File) nativeSpan(n int, p PixelFormat) (start, end int64) {
	size := int64(p.FrameBytes())
	switch {
	case p.BitsAllocated == 1:
		return int64(n) * size / 8, (int64(n+1)*size + 7) / 8
	case f.subsampled(p):
		size = size / 3 * 2
	}
	return int64(n) * size, int64(n+1) * size
}

// checkSpan reports as an error that bytes start to end of the pixel data, which frame n needs, are not there.
func (f *File) checkSpan(start, end int64, n int) error {
	if missing := end - f.pixels.length; missing > 0 {
		return project.Errorf(project.Invalid, "the pixel data are cut short: frame %d lacks %d of %d bytes", n, min(missing, end-start), end-start)
	}
	return nil
}

// readPixels fills b with pixel data from offset on. Frame n is named when they are not there.
func (f *File) readPixels(b []byte, offset int64, n int) error {
	if err := f.checkSpan(offset, offset+int64(len(b)), n); err != nil {
		return err
	}
	return f.src.readFull(b, f.pixels.offset+offset)
}

// reorder turns big endian samples into little endian. Pixels in 8 bits that were written as words (OW) are swapped in pairs; offset is where b starts
// in the pixel data.
func (f *File) reorder(b []byte, offset int64, p PixelFormat) {
	if !f.pixels.big {
		return
	}
	unit := p.SampleBytes()
	if unit == 1 && f.pixels.vr == OW {
		unit = 2
	}
	swapWords(b, unit)
}

// decodeBits unpacks single bits, the least significant first; frames follow each other without padding (PS3.5 8.1.1, 8.2).
func (f *File) decodeBits(n int, dst []byte) error {
	first := int64(n) * int64(len(dst))
	start, end := first/8, (first+int64(len(dst))+7)/8
	odd := f.pixels.big && f.pixels.vr == OW
	if odd { // whole words, to be swapped
		start, end = start&^1, min((end+1)&^1, f.pixels.length)
	}
	packed, give := borrow(int(end - start))
	defer give()
	if err := f.readPixels(packed, start, n); err != nil {
		return err
	}
	if odd {
		swapWords(packed, 2)
	}
	unpackBits(dst, packed, int(first-start*8))
	return nil
}

func unpackBits(dst, packed []byte, skip int) {
	for i := range dst {
		at := i + skip
		dst[i] = packed[at>>3] >> (at & 7) & 1
	}
}

// decodePlanes reads colour by plane and interleaves it.
func (f *File) decodePlanes(n int, dst []byte, p PixelFormat) error {
	flat, give := borrow(len(dst))
	defer give()
	if err := f.readPixels(flat, int64(n)*int64(len(dst)), n); err != nil {
		return err
	}
	f.reorder(flat, 0, p)
	plane := len(flat) / p.Samples
	for c := range p.Samples {
		spread(dst, flat[c*plane:(c+1)*plane], c*p.SampleBytes(), p.SampleBytes(), p.Samples)
	}
	return nil
}

// spread puts samples of one colour into interleaved pixels, the first at offset at, and returns where the next one goes.
func spread(dst, plane []byte, at, width, samples int) int {
	for ; len(plane) >= width; plane = plane[width:] {
		copy(dst[at:at+width], plane)
		at += width * samples
	}
	return at
}

// subsampled reports whether colours are shared by pairs of pixels. Some writers say YBR_FULL_422 and write full colour: the length tells.
func (f *File) subsampled(p PixelFormat) bool {
	if p.Samples != 3 || p.BitsAllocated != 8 || !strings.HasSuffix(p.Photometric, "_422") {
		return false
	}
	return f.pixels.declared < int64(p.FrameBytes())*int64(p.Frames)
}

// decode422 widens Y1 Y2 Cb Cr to three samples a pixel (PS3.3 C.7.6.3.1.2); nothing is interpolated.
func (f *File) decode422(n int, dst []byte, p PixelFormat) error {
	if p.Columns%2 == 1 {
		return project.Errorf(project.Unsupported, "colour shared by pairs of pixels with an odd number of columns (%d)", p.Columns)
	}
	flat, give := borrow(p.Rows * p.Columns * 2)
	defer give()
	if err := f.readPixels(flat, int64(n)*int64(len(flat)), n); err != nil {
		return err
	}
	f.reorder(flat, 0, p)
	for i := 0; i+4 <= len(flat); i += 4 {
		y1, y2, cb, cr := flat[i], flat[i+1], flat[i+2], flat[i+3]
		out := dst[i/4*6 : i/4*6+6]
		out[0], out[1], out[2], out[3], out[4], out[5] = y1, cb, cr, y2, cb, cr
	}
	return nil
}
