package jpegls

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"hotlight/project/dcm/internal/jpegstream"
)

// reader reads the coded data of one restart interval. After a byte FF comes one whose highest bit is stuffed (T.87 A.1); a higher one is a marker.
type reader struct {
	src   []byte
	pos   int    // where the next byte to be taken lies
	ff    int    // the next FF from pos on, or the end
	end   int    // where the data are known to end
	acc   uint64 // the next bits, from the top; below the n bits that count lies rubbish of the next byte
	n     uint
	zeros uint // bits taken beyond the end
}

func newReader(src []byte) reader {
	r := reader{src: src, end: len(src)}
	r.seek()
	return r
}

// seek finds the next FF.
func (r *reader) seek() {
	if r.ff = r.end; r.pos < r.end {
		if n := bytes.IndexByte(r.src[r.pos:r.end], 0xFF); n >= 0 {
			r.ff = r.pos + n
		}
	}
}

// refill makes at least 49 of the next bits count.
func (r *reader) refill() {
	if r.pos+8 <= r.ff {
		r.acc |= binary.BigEndian.Uint64(r.src[r.pos:]) >> (r.n & 63)
		r.pos += int((63 - r.n) >> 3)
		r.n |= 56
		return
	}
	r.refillSlowly()
}

// refillSlowly goes byte by byte: near a byte FF or the end. At most 63 bits ever count.
func (r *reader) refillSlowly() {
	r.acc &= ^(^uint64(0) >> (r.n & 63))
	for r.n < 56 {
		switch {
		case r.pos >= r.end:
			r.n += 8
			r.zeros += 8
		case r.src[r.pos] != 0xFF:
			r.acc |= uint64(r.src[r.pos]) << (56 - r.n)
			r.n += 8
			r.pos++
		case r.pos+1 >= len(r.src) || r.src[r.pos+1] >= 0x80:
			r.end = r.pos
		case r.n > 48:
			return
		default:
			r.acc |= (0xFF<<7 | uint64(r.src[r.pos+1])) << (49 - r.n)
			r.n += 15
			r.pos += 2
			r.seek()
		}
	}
}

// overrun reports whether more bits were taken than there were.
func (r *reader) overrun() bool { return r.zeros > r.n }

// take returns the next n bits, at most 32.
func (r *reader) take(n uint) int {
	r.refill()
	v := r.acc >> (64 - n)
	r.acc <<= n
	r.n -= n
	return int(v)
}

// golomb reads one number: zeros, a one and k bits, or at the limit the number itself (T.87 A.5.3).
func (r *reader) golomb(k, limit, size uint) (int, error) {
	r.refill()
	z := uint(bits.LeadingZeros64(r.acc))
	if z >= limit-size-1 || z+1+k > r.n {
		return r.longGolomb(k, limit, size)
	}
	v := int(uint64(z)<<(k&63) | r.acc<<((z+1)&63)>>1>>((63-k)&63))
	r.acc <<= (z + 1 + k) & 63
	r.n -= z + 1 + k
	return v, nil
}

// longGolomb is golomb for codes of any length.
func (r *reader) longGolomb(k, limit, size uint) (int, error) {
	most := limit - size - 1
	zeros := uint(0)
	for {
		r.refill()
		z := uint(bits.LeadingZeros64(r.acc))
		if z < r.n {
			zeros += z
			r.acc <<= z + 1
			r.n -= z + 1
			break
		}
		if zeros += r.n; zeros > most {
			return 0, fmt.Errorf("%w: a code is too long", jpegstream.ErrData)
		}
		r.acc, r.n = 0, 0
	}
	switch {
	case zeros < most && k <= 32:
		return int(zeros)<<k | r.take(k), nil
	case zeros == most:
		return r.take(size) + 1, nil
	}
	return 0, fmt.Errorf("%w: a code is too long", jpegstream.ErrData)
}

// finish returns where the interval ends: at a marker, behind its fill bytes (T.81 B.1.1.2), or at the end of the stream.
func (r *reader) finish() int {
	at := r.pos
	for at+1 < len(r.src) && (r.src[at] != 0xFF || r.src[at+1] < 0x80) {
		at++
	}
	for at+1 < len(r.src) && r.src[at+1] == 0xFF {
		at++
	}
	return at
}
