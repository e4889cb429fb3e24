package jpegll

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

// differences decodes a row: one difference a sample, with the tables of the components in turn.
//
// Four differences that the look-up has whole need 48 bits at most, so the bits are refilled at every fourth; a longer one sees to itself.
func (b *bitReader) differences(row []uint16, tables []*table) error {
	acc, n, pos, buf := b.acc, b.n, b.pos, b.buf
	t, c := tables[0], 0
	for i := range row {
		if i&3 == 0 {
			acc, n, pos = refill(buf, acc, n, pos)
		}
		if len(tables) > 1 {
			t = tables[c]
			if c++; c == len(tables) {
				c = 0
			}
		}
		e := t.look[acc>>(64-lookBits)]
		if k := uint(e>>8) & 63; k != 0 {
			row[i] = uint16(e >> 16)
			acc <<= k
			n -= k
			continue
		}
		acc, n, pos = refill(buf, acc, n, pos)
		d, k := t.slow(uint32(acc>>32), e)
		if k == 0 {
			return fmt.Errorf("%w: a code is in no table", ErrData)
		}
		row[i] = d
		acc, n, pos = refill(buf, acc<<(k&63), n-k, pos)
	}
	b.acc, b.n, b.pos = acc, n, pos
	if b.overrun() {
		return fmt.Errorf("%w: they end early", ErrData)
	}
	return nil
}
