package dcm

import (
	"sync"

	"hotlight/project"
)

// DecodeFrame writes the stored values of frame n (zero-based) into dst, which has exactly PixelFormat().FrameBytes() bytes: shifted and masked to Bits
// Stored, sign-extended, colours interleaved, without colour conversion, little endian at the width of Bits Allocated (one byte each where
// that is 1). It may be called by several goroutines. After an error dst holds rubbish.
func (f *File) DecodeFrame(n int, dst []byte) (err error) {
	defer recoverTo(&err)
	p, err := f.frameFormat(n)
	if err != nil {
		return err
	}
	if len(dst) != p.FrameBytes() {
		return project.Errorf(project.Invalid, "a frame has %d bytes, %d were given", p.FrameBytes(), len(dst))
	}
	return f.decode(n, dst, p)
}

// frameFormat checks that frame n can be asked for.
func (f *File) frameFormat(n int) (PixelFormat, error) {
	if err := f.CanDecode(); err != nil {
		return PixelFormat{}, err
	}
	p, err := f.PixelFormat()
	if err != nil {
		return p, err
	}
	if f.headerOnly {
		return p, project.Errorf(project.Invalid, "the file was opened for its header only")
	}
	if n < 0 || n >= p.Frames {
		return p, project.Errorf(project.NotFound, "frame %d was asked for; the file has %d, counted from 0", n, p.Frames)
	}
	return p, nil
}

func (f *File) decode(n int, dst []byte, p PixelFormat) error {
	if f.pixels.enclosed {
		return f.decodeCompressed(n, dst, p)
	}
	if err := f.decodeNative(n, dst, p); err != nil {
		return err
	}
	canonical(dst, p)
	return nil
}

// holds reports as an error that the file cannot have frame n, from lengths alone: a caller who must take memory for the frame may ask first.
func (f *File) holds(n int, p PixelFormat) error {
	if _, err := f.frameFormat(n); err != nil {
		return err
	}
	if !f.pixels.enclosed {
		start, end := f.nativeSpan(n, p)
		return f.checkSpan(start, end, n)
	}
	parts, err := f.frameFragments(n, p.Frames)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, part := range parts {
		total += int64(part.length)
	}
	most := total * Expansion(f.Syntax)
	if p.BitsAllocated == 1 {
		most *= 8
	}
	if int64(p.FrameBytes()) > most && !codecs[f.Syntax].sparse {
		return project.Errorf(project.Invalid, "frame %d: %d bytes of %s cannot hold %d x %d pixels", n, total, SyntaxName(f.Syntax), p.Columns, p.Rows)
	}
	return nil
}

// scratch holds compressed or differently ordered bytes of one frame while it is decoded.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// borrow returns n bytes of undefined content and the function that gives them back.
func borrow(n int) ([]byte, func()) {
	b := scratch.Get().(*[]byte)
	if cap(*b) < n {
		*b = make([]byte, n)
	}
	return (*b)[:n], func() { scratch.Put(b) }
}
