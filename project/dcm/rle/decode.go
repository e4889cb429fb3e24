package rle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

const headerBytes = 64

// MaxSegments is how many byte planes a frame can have.
const MaxSegments = 15

// Errors that callers may tell apart. The text of the error returned says more.
var (
	ErrHeader  = errors.New("rle: the header is wrong")
	ErrSegment = errors.New("rle: a segment is cut short")
)

// Shape is what a frame is expected to hold.
type Shape struct {
	Pixels  int // rows times columns
	Samples int // colours of a pixel
	Bytes   int // bytes of a sample: 1, 2, 4
}

// Len returns the length of the decoded frame in bytes.
func (s Shape) Len() int { return s.Pixels * s.Samples * s.Bytes }

func (s Shape) check(n int) error {
	if s.Pixels < 1 || s.Samples < 1 || s.Bytes < 1 || s.Samples*s.Bytes > MaxSegments {
		return fmt.Errorf("%w: %d samples of %d bytes do not fit", ErrHeader, s.Samples, s.Bytes)
	}
	if s.Len() != n {
		return fmt.Errorf("rle: the frame has %d bytes, %d were given", s.Len(), n)
	}
	return nil
}

// Decode decodes the frame src into dst, which has exactly shape.Len() bytes: pixel after pixel, colours side by side, samples little endian.
// src may have padding at its end. After an error dst holds rubbish. Decode may be called by several goroutines.
func Decode(dst, src []byte, shape Shape) error {
	if err := shape.check(len(dst)); err != nil {
		return err
	}
	var planes [MaxSegments][]byte
	count := shape.Samples * shape.Bytes
	if err := segments(planes[:count], src); err != nil {
		return err
	}
	if count == 1 {
		return unpack(dst, planes[0], 1, 1)
	}
	buffer := planePool.Get().(*[]byte)
	defer planePool.Put(buffer)
	if cap(*buffer) < len(dst) {
		*buffer = make([]byte, len(dst))
	}
	flat := (*buffer)[:len(dst)]
	for n, plane := range planes[:count] {
		if err := unpack(flat[n*shape.Pixels:(n+1)*shape.Pixels], plane, n+1, count); err != nil {
			return err
		}
	}
	interleave(dst, flat, shape)
	return nil
}

// planePool holds byte planes between decoding and interleaving.
var planePool = sync.Pool{New: func() any { return new([]byte) }}

// segments cuts src into the byte planes that its header names.
func segments(planes [][]byte, src []byte) error {
	if len(src) < headerBytes {
		return fmt.Errorf("%w: %d bytes, it needs %d", ErrHeader, len(src), headerBytes)
	}
	if n := binary.LittleEndian.Uint32(src); n != uint32(len(planes)) {
		return fmt.Errorf("%w: %d segments, the picture has %d", ErrHeader, n, len(planes))
	}
	for n := range planes {
		start := binary.LittleEndian.Uint32(src[4+4*n:])
		end := uint32(len(src))
		if n+1 < len(planes) {
			end = binary.LittleEndian.Uint32(src[8+4*n:])
		}
		if uint64(len(src)) > 1<<32-1 || start < headerBytes || end < start || end > uint32(len(src)) {
			return fmt.Errorf("%w: segment %d lies at %d to %d of %d bytes", ErrHeader, n+1, start, end, len(src))
		}
		planes[n] = src[start:end]
	}
	return nil
}

// unpack decodes PackBits into the whole of dst. Bytes after the last one needed are ignored: encoders pad.
func unpack(dst, src []byte, segment, count int) error {
	out := 0
	for out < len(dst) {
		if len(src) < 2 {
			return fmt.Errorf("%w: segment %d of %d ends after %d of %d bytes", ErrSegment, segment, count, out, len(dst))
		}
		switch n := int(src[0]); {
		case n < 128:
			n = min(n+1, len(dst)-out)
			if len(src) < n+1 {
				return fmt.Errorf("%w: segment %d of %d ends after %d of %d bytes", ErrSegment, segment, count, out+len(src)-1, len(dst))
			}
			literal(dst[out:], src[1:], n)
			out += n
			src = src[n+1:]
		case n > 128:
			n = min(257-n, len(dst)-out)
			fill(dst[out:], src[1], n)
			out += n
			src = src[2:]
		default: // -128 means nothing
			src = src[1:]
		}
	}
	return nil
}

// literal copies n bytes. Most runs are short: eight bytes at once, beyond the end where there is room, beat a call of copy.
func literal(dst, src []byte, n int) {
	if n <= 16 && len(dst) >= 16 && len(src) >= 16 {
		binary.LittleEndian.PutUint64(dst, binary.LittleEndian.Uint64(src))
		binary.LittleEndian.PutUint64(dst[8:], binary.LittleEndian.Uint64(src[8:]))
		return
	}
	copy(dst[:n], src)
}

// fill writes n times v, eight at once where there is room.
func fill(dst []byte, v byte, n int) {
	word := uint64(v) * 0x0101010101010101
	i := 0
	for ; i < n && i+8 <= len(dst); i += 8 {
		binary.LittleEndian.PutUint64(dst[i:], word)
	}
	for ; i < n; i++ {
		dst[i] = v
	}
}
