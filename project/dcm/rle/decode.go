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
		u := unpacker{src: planes[0]}
		return u.next(dst, 1, 1)
	}
	var pieces [MaxSegments]unpacker
	for n, plane := range planes[:count] {
		pieces[n].src = plane
	}
	buffer := planePool.Get().(*[]byte)
	defer planePool.Put(buffer)
	if cap(*buffer) < count*piece {
		*buffer = make([]byte, count*piece)
	}
	for left := shape.Pixels; left > 0; left -= piece {
		part := Shape{Pixels: min(piece, left), Samples: shape.Samples, Bytes: shape.Bytes}
		flat := (*buffer)[:part.Len()]
		for n := range pieces[:count] {
			if err := pieces[n].next(flat[n*part.Pixels:(n+1)*part.Pixels], n+1, count); err != nil {
				return err
			}
		}
		interleave(dst[:part.Len()], flat, part)
		dst = dst[part.Len():]
	}
	return nil
}

// piece is how many pixels of all byte planes are decoded before they are interleaved: they stay in the cache, and a frame needs no second one beside it.
const piece = 16 << 10

// planePool holds pieces of byte planes.
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

// unpacker decodes PackBits piece by piece: runs may go on from one piece into the next.
type unpacker struct {
	src  []byte
	run  int  // bytes of the last run that did not fit the piece
	same bool // they are all src[0]; otherwise they stand at the start of src
	done int  // bytes decoded in earlier pieces
}

// next decodes the whole of dst. Bytes after the last one needed are ignored: encoders pad. segment of count is for errors.
func (u *unpacker) next(dst []byte, segment, count int) error {
	src, out := u.src, 0
	if u.run > 0 {
		out = min(u.run, len(dst))
		if u.same {
			fill(dst, src[0], out)
			if out == u.run {
				src = src[1:]
			}
		} else {
			if len(src) < out {
				return u.short(len(src), segment, count)
			}
			literal(dst, src, out)
			src = src[out:]
		}
		u.run -= out
	}
	for out < len(dst) {
		if len(src) < 2 {
			return u.short(out, segment, count)
		}
		room := len(dst) - out
		switch n := int(src[0]); {
		case n < 128:
			n++
			if n > room {
				u.run, u.same, n = n-room, false, room
			}
			if len(src) < n+1 {
				return u.short(out+len(src)-1, segment, count)
			}
			literal(dst[out:], src[1:], n)
			out += n
			src = src[n+1:]
		case n > 128:
			if n = 257 - n; n > room {
				u.run, u.same = n-room, true
				fill(dst[out:], src[1], room)
				out += room
				src = src[1:]
				continue
			}
			fill(dst[out:], src[1], n)
			out += n
			src = src[2:]
		default: // -128 means nothing
			src = src[1:]
		}
	}
	u.src, u.done = src, u.done+out
	return nil
}

func (u *unpacker) short(out, segment, count int) error {
	return fmt.Errorf("%w: segment %d of %d ends after %d bytes", ErrSegment, segment, count, u.done+out)
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
