package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// bitReader reads the coded data of one restart interval, from which stuffed bytes are gone.
type bitReader struct {
	buf  []byte // with padding bytes of zero behind
	size int    // without them
	pos  int    // where the next byte to be taken lies
	acc  uint64 // the next bits, from the top
	n    uint   // how many of them count
}

// padding lets the reader take eight bytes at once up to the end.
const padding = 8

// load takes the interval at the start of src and returns how long it is there. The buffer is used again.
func (b *bitReader) load(src []byte) int {
	buf, at := b.buf[:0], 0
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
	*b = bitReader{buf: append(buf, make([]byte, padding)...), size: len(buf)}
	return at
}

// overrun reports whether more bits were taken than there were.
func (b *bitReader) overrun() bool { return 8*b.pos-int(b.n) > 8*b.size }

// refill makes at least 56 of the next bits count. Beyond the end it takes zeros and goes on counting, which overrun finds.
func refill(buf []byte, acc uint64, n uint, pos int) (uint64, uint, int) {
	if pos+8 <= len(buf) {
		acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
	}
	return acc, n | 56, pos + int((63-n)>>3)
}

// damaged is the error of a code that no table has.
func damaged() error { return fmt.Errorf("%w: a code is in no table", ErrData) }

// block decodes the coefficients of one block of a sequential frame into out, multiplied by q and in natural order. dc is the running prediction. It reports
// whether there are others than the first. out must be zero.
func (b *bitReader) block(out *[64]int32, q *[64]int32, dcTable, acTable *table, dc *int32) (more bool, err error) {
	diff, err := b.first(dcTable)
	if err != nil {
		return false, err
	}
	*dc += diff
	out[0] = *dc * q[0]
	acc, n, pos, buf := b.acc, b.n, b.pos, b.buf
	k := 1
	for k < 64 {
		if n < 32 {
			acc, n, pos = refill(buf, acc, n, pos)
		}
		e := acTable.look[acc>>(64-lookBits)]
		if size := uint(e>>8) & 15; size != 0 {
			k += int(e>>12) & 15
			if k > 63 {
				return false, damaged()
			}
			z := zigzag[k] & 63
			out[z] = int32(e) >> 16 * q[z]
			acc <<= size
			n -= size
			k++
			continue
		}
		symbol, size := acTable.symbol(uint32(acc>>48), e)
		if size == 0 {
			return false, damaged()
		}
		acc <<= size & 63
		n -= size
		run, bits := int(symbol>>4), uint(symbol&15)
		if bits == 0 {
			if run < 15 {
				break
			}
			k += 16
			continue
		}
		if k += run; k > 63 {
			return false, damaged()
		}
		z := zigzag[k] & 63
		out[z] = extend(uint32(acc>>32>>(32-bits)), int(bits)) * q[z]
		acc <<= bits
		n -= bits
		k++
	}
	b.acc, b.n, b.pos = acc, n, pos
	return k > 1, nil
}

// first decodes the difference of a block's first coefficient.
func (b *bitReader) first(t *table) (int32, error) {
	b.acc, b.n, b.pos = refill(b.buf, b.acc, b.n, b.pos)
	e := t.look[b.acc>>(64-lookBits)]
	if size := uint(e>>8) & 15; size != 0 {
		b.acc <<= size
		b.n -= size
		return int32(e) >> 16, nil
	}
	symbol, size := t.symbol(uint32(b.acc>>48), e)
	if size == 0 {
		return 0, damaged()
	}
	b.acc <<= size
	b.n -= size
	return extend(uint32(b.take(uint(symbol))), int(symbol)), nil
}

// take returns the next n bits, at most 16.
func (b *bitReader) take(n uint) int32 {
	b.acc, b.n, b.pos = refill(b.buf, b.acc, b.n, b.pos)
	v := b.acc >> (64 - n)
	b.acc <<= n
	b.n -= n
	return int32(v)
}

// one is take of one bit.
func (b *bitReader) one() uint64 {
	if b.n == 0 {
		b.acc, b.n, b.pos = refill(b.buf, b.acc, b.n, b.pos)
	}
	v := b.acc >> 63
	b.acc <<= 1
	b.n--
	return v
}
