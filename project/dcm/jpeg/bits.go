package jpeg

import "hotlight/project/dcm/internal/jpegstream"

// bitReader reads the coefficients of one restart interval.
type bitReader struct{ jpegstream.BitReader }

// block decodes the coefficients of one block of a sequential frame into out, multiplied by q and in natural order. dc is the running prediction. It reports
// whether there are others than the first. out must be zero.
func (b *bitReader) block(out *[64]int32, q *[64]int32, dcTable, acTable *table, dc *int32) (more bool, err error) {
	diff, err := b.first(dcTable)
	if err != nil {
		return false, err
	}
	*dc += diff
	out[0] = *dc * q[0]
	acc, n, pos, buf := b.Acc, b.N, b.Pos, b.Buf
	k := 1
	for k < 64 {
		if n < 32 {
			acc, n, pos = jpegstream.Refill(buf, acc, n, pos)
		}
		e := acTable.look[acc>>(64-lookBits)]
		if size := uint(e>>8) & 15; size != 0 {
			k += int(e>>12) & 15
			if k > 63 {
				return false, jpegstream.ErrUnknownCode
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
			return false, jpegstream.ErrUnknownCode
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
			return false, jpegstream.ErrUnknownCode
		}
		z := zigzag[k] & 63
		out[z] = jpegstream.Extend(uint32(acc>>32>>(32-bits)), bits) * q[z]
		acc <<= bits
		n -= bits
		k++
	}
	b.Acc, b.N, b.Pos = acc, n, pos
	return k > 1, nil
}

// first decodes the difference of a block's first coefficient.
func (b *bitReader) first(t *table) (int32, error) {
	b.Acc, b.N, b.Pos = jpegstream.Refill(b.Buf, b.Acc, b.N, b.Pos)
	e := t.look[b.Acc>>(64-lookBits)]
	if size := uint(e>>8) & 15; size != 0 {
		b.Acc <<= size
		b.N -= size
		return int32(e) >> 16, nil
	}
	symbol, size := t.symbol(uint32(b.Acc>>48), e)
	if size == 0 {
		return 0, jpegstream.ErrUnknownCode
	}
	b.Acc <<= size
	b.N -= size
	return jpegstream.Extend(uint32(b.Take(uint(symbol))), uint(symbol)), nil
}
