package jpegstream

import (
	"bytes"
	"encoding/binary"
)

// BitReader has the bits of an entropy-coded segment (T.81 B.1.1.5), from which the stuffed bytes are gone. The loops that decode hold Acc, N and Pos in
// variables of their own and put them back at the end, so that they can stay in registers.
type BitReader struct {
	Buf  []byte // the bytes, with padding bytes of zero behind
	Acc  uint64 // the next bits, from the top
	N    uint   // how many of them count, 0 to 63
	Pos  int    // where in Buf the next byte to be taken lies; it may be beyond the end
	size int    // bytes of Buf without the padding
}

// padding lets the reader take eight bytes at once up to the end.
const padding = 8

// Load takes the segment at the start of src and returns how long it is there, with the fill bytes before the marker that ends it. The bytes are copied; the
// buffer is used again.
func (b *BitReader) Load(src []byte) int {
	buf, at := b.Buf[:0], 0
	for {
		n := bytes.IndexByte(src[at:], 0xFF)
		if n < 0 {
			buf, at = append(buf, src[at:]...), len(src)
			break
		}
		if at += n + 1; at < len(src) && src[at] == 0 {
			buf = append(buf, src[at-n-1:at]...)
			at++
			continue
		}
		buf, at = append(buf, src[at-n-1:at-1]...), at-1
		break
	}
	*b = BitReader{Buf: append(buf, make([]byte, padding)...), size: len(buf)}
	for at+1 < len(src) && src[at+1] == 0xFF {
		at++
	}
	return at
}

// Reset leaves no bits; the buffer is kept for the next segment.
func (b *BitReader) Reset() { *b = BitReader{Buf: b.Buf[:0]} }

// Overrun reports whether more bits were taken than there were.
func (b *BitReader) Overrun() bool { return 8*b.Pos-int(b.N) > 8*b.size }

// Refill makes at least 56 of the next bits count: it takes Buf, Acc, N and Pos and returns the new Acc, N and Pos. Beyond the end it takes zeros and goes on
// counting, which Overrun finds. It is a function of values because it must be inlined where they are in registers.
func Refill(buf []byte, acc uint64, n uint, pos int) (uint64, uint, int) {
	if pos+8 <= len(buf) {
		acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
	}
	return acc, n | 56, pos + int((63-n)>>3)
}

// Take returns the next n bits, at most 16.
func (b *BitReader) Take(n uint) int32 {
	b.Acc, b.N, b.Pos = Refill(b.Buf, b.Acc, b.N, b.Pos)
	v := b.Acc >> (64 - n)
	b.Acc <<= n
	b.N -= n
	return int32(v)
}

// One is Take of one bit.
func (b *BitReader) One() uint64 {
	if b.N == 0 {
		b.Acc, b.N, b.Pos = Refill(b.Buf, b.Acc, b.N, b.Pos)
	}
	v := b.Acc >> 63
	b.Acc <<= 1
	b.N--
	return v
}
