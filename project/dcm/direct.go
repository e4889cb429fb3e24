package dcm

import (
	"unsafe"

	"hotlight/project"
)

// littleEndian reports whether this machine keeps numbers as the decoded bytes have them. All that Go programs run on today do, but s390x and a few.
var littleEndian = func() bool {
	n := uint16(1)
	return *(*byte)(unsafe.Pointer(&n)) == 1
}()

// DecodeInt16 is DecodeFrame straight into numbers: for Bits Allocated 16 and signed pixels. dst has Rows x Columns x Samples entries, typically one
// slice of a volume; uncompressed pixels are read into it without a copy between.
func (f *File) DecodeInt16(n int, dst []int16) error { return decodeInto(f, n, dst, 16, true) }

// DecodeUint16 is DecodeInt16 for unsigned pixels.
func (f *File) DecodeUint16(n int, dst []uint16) error { return decodeInto(f, n, dst, 16, false) }

// DecodeUint8 is DecodeFrame for Bits Allocated 8 or 1, unsigned: dst has Rows x Columns x Samples entries.
func (f *File) DecodeUint8(n int, dst []uint8) error {
	p, err := f.PixelFormat()
	if err != nil {
		return err
	}
	if p.SampleBytes() != 1 || p.Signed {
		return mismatch(p, "unsigned 8 bit")
	}
	return f.DecodeFrame(n, dst)
}

func decodeInto[T int16 | uint16](f *File, n int, dst []T, bits int, signed bool) error {
	p, err := f.PixelFormat()
	if err != nil {
		return err
	}
	if p.BitsAllocated != bits || p.Signed != signed || p.Float {
		if signed {
			return mismatch(p, "signed 16 bit")
		}
		return mismatch(p, "unsigned 16 bit")
	}
	if len(dst)*2 != p.FrameBytes() {
		return project.Errorf(project.Invalid, "a frame has %d samples, room for %d was given", p.FrameBytes()/2, len(dst))
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), 2*len(dst))
	if err := f.DecodeFrame(n, raw); err != nil {
		return err
	}
	if !littleEndian {
		swapWords(raw, 2)
	}
	return nil
}

func mismatch(p PixelFormat, wanted string) error {
	sign := "unsigned"
	if p.Signed {
		sign = "signed"
	}
	if p.Float {
		sign = "floating point"
	}
	return project.Errorf(project.Invalid, "the pixels are %s %d bit, %s was asked for", sign, p.BitsAllocated, wanted)
}
