package ingest

import (
	"encoding/binary"
	"math"
	"sync"
	"unsafe"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// littleEndian says that decoded samples have the byte order of this machine and may be written straight into a volume.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// buffers hold one decoded frame on its way to another form.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func borrow(n int) (b []byte, giveBack func()) {
	p := buffers.Get().(*[]byte)
	if cap(*p) < n {
		*p = make([]byte, n)
	}
	return (*p)[:n], func() { buffers.Put(p) }
}

// decodeSlice decodes frame f of the open file o, and its overlays, into slice k of v. After an error the slice is zero.
func decodeSlice(v *volume.Volume, k int, f *frame, o *opened) error {
	if err := decodePixels(v, k, f, o); err != nil || len(f.of.overlays) == 0 || f.tile != nil { // a mosaic's overlays lie on the whole sheet
		return err
	}
	list, err := o.overlaysOf(f)
	v.SetOverlays(k, list)
	return err
}

func decodePixels(v *volume.Volume, k int, f *frame, o *opened) (err error) {
	if f.tile != nil {
		return decodeTile(v, k, f, o)
	}
	plane := v.Size[0] * v.Size[1]
	raw := sliceBytes(v, k*plane, plane)
	defer func() {
		if err != nil {
			clear(raw)
		}
	}()
	format := f.of.format
	if straight(v.Pixel, f.of) {
		if err := o.decode(f.number, raw); err != nil {
			return err
		}
		if v.Pixel == volume.RGB8 {
			fromYBR(raw, format.Photometric)
		}
		return nil
	}
	b, giveBack := borrow(format.FrameBytes())
	defer giveBack()
	if err := o.decode(f.number, b); err != nil {
		return err
	}
	from := k * plane
	switch v.Pixel {
	case volume.RGB8:
		if o.palette != nil {
			return o.palette.paint(raw, b, format)
		}
		return toRGB8(raw, b, format)
	case volume.Uint8:
		copy(v.Uint8[from:from+plane], b)
	case volume.Int16:
		widen(v.Int16[from:from+plane], b, format)
	case volume.Uint16:
		if o.table != nil {
			return lookUp(v.Uint16[from:from+plane], b, o.table, format)
		}
		for n := range plane {
			v.Uint16[from+n] = binary.LittleEndian.Uint16(b[2*n:])
		}
	case volume.Float32:
		world, err := f.quantity(o.file.Data)
		if err != nil {
			return err
		}
		return rescale(v.Float32[from:from+plane], b, f, o.table, world)
	}
	return nil
}

// straight reports whether decoded samples are the volume's own bytes.
func straight(p volume.Pixel, x *instance) bool {
	switch p {
	case volume.Uint8:
		return true
	case volume.RGB8:
		p := x.format
		return p.Samples == 3 && p.BitsAllocated == 8 && p.BitsStored == 8 && !p.Signed
	case volume.Int16, volume.Uint16:
		return littleEndian && x.format.BitsAllocated == 16 && !x.table
	}
	return false
}

// sliceBytes returns the memory of count voxels of v as bytes. It is the one place where a volume's typed array is seen as bytes, so that
// uncompressed slices go from the file into the volume in one copy.
func sliceBytes(v *volume.Volume, from, count int) []byte {
	switch v.Pixel {
	case volume.Uint8:
		return v.Uint8[from : from+count]
	case volume.RGB8:
		return v.RGB[3*from : 3*(from+count)]
	case volume.Int16:
		return bytesOf(v.Int16[from : from+count])
	case volume.Uint16:
		return bytesOf(v.Uint16[from : from+count])
	case volume.Float32:
		return bytesOf(v.Float32[from : from+count])
	}
	return nil
}

func bytesOf[T int16 | uint16 | float32](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}

// widen makes 16-bit values of 8-bit signed ones, or of 16-bit ones on a machine of the other byte order.
func widen(dst []int16, src []byte, format dcm.PixelFormat) {
	for n := range dst {
		if format.BitsAllocated == 8 {
			dst[n] = int16(int8(src[n]))
		} else {
			dst[n] = int16(binary.LittleEndian.Uint16(src[2*n:]))
		}
	}
}

// rescale converts stored values to the unit of frame f: to another quantity of the file's, by its table, or by its slope and intercept. Numbers of
// 32 bits and double floats are computed in double precision and rounded to the nearest float32, beyond its range to infinity. Padding becomes not-a-number, since a
// volume of rescaled slices has no one stored value for it.
func rescale(dst []float32, src []byte, f *frame, table *volume.LUT, world *realWorld) error {
	stored, err := storedValues(f.of.format)
	if err != nil {
		return err
	}
	width := f.of.format.SampleBytes()
	for n := range dst {
		x := stored(src[n*width:])
		switch {
		case f.of.hasPadding && x >= f.of.padding[0] && x <= f.of.padding[1]:
			dst[n] = float32(math.NaN())
		case world != nil:
			dst[n] = float32(world.at(x))
		case table != nil:
			dst[n] = float32(table.At(x))
		default:
			dst[n] = float32(x*f.slope + f.intercept)
		}
	}
	return nil
}

// storedValues returns the function that reads one canonical sample.
func storedValues(p dcm.PixelFormat) (func([]byte) float64, error) {
	order := binary.LittleEndian
	switch {
	case p.Float && p.BitsAllocated == 64:
		return func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) }, nil
	case p.Float:
		return func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) }, nil
	case p.BitsAllocated == 32 && p.Signed:
		return func(b []byte) float64 { return float64(int32(order.Uint32(b))) }, nil
	case p.BitsAllocated == 32:
		return func(b []byte) float64 { return float64(order.Uint32(b)) }, nil
	case p.BitsAllocated == 16 && p.Signed:
		return func(b []byte) float64 { return float64(int16(order.Uint16(b))) }, nil
	case p.BitsAllocated == 16:
		return func(b []byte) float64 { return float64(order.Uint16(b)) }, nil
	case p.Signed:
		return func(b []byte) float64 { return float64(int8(b[0])) }, nil
	case p.BitsAllocated <= 8:
		return func(b []byte) float64 { return float64(b[0]) }, nil
	}
	return nil, project.Errorf(project.Unsupported, "pixels of %d bits are not read", p.BitsAllocated)
}
