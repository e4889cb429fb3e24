package jpegll

import "hotlight/project/dcm/internal/jpegstream"

// bitReader reads the differences of one restart interval.
type bitReader struct{ jpegstream.BitReader }

// differences decodes a row: one difference a sample, with the tables of the components in turn from at on.
//
// Four differences that the look-up has whole need 48 bits at most, so the bits are refilled at every fourth; a longer one sees to itself. The loop holds as few
// values as it can, since those that find no register make it slower by a tenth: hence the ring of tables, and a buffer whose capacity is its length.
func (b *bitReader) differences(row []uint16, at *turn) error {
	acc, n, pos, buf := b.Acc, b.N, b.Pos, b.Buf[:len(b.Buf):len(b.Buf)]
	for i := range row {
		if i&3 == 0 {
			acc, n, pos = jpegstream.Refill(buf, acc, n, pos)
		}
		t := at.table
		at = at.next
		e := t.look[acc>>(64-lookBits)]
		if k := uint(e>>8) & 63; k != 0 {
			row[i] = uint16(e >> 16)
			acc <<= k
			n -= k
			continue
		}
		acc, n, pos = jpegstream.Refill(buf, acc, n, pos)
		d, k := t.slow(uint32(acc>>32), e)
		if k == 0 {
			return jpegstream.ErrUnknownCode
		}
		row[i] = d
		acc, n, pos = jpegstream.Refill(buf, acc<<(k&63), n-k, pos)
	}
	b.Acc, b.N, b.Pos = acc, n, pos
	if b.Overrun() {
		return jpegstream.ErrEarlyEnd
	}
	return nil
}
