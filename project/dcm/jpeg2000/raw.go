package jpeg2000

import "math/bits"

// rawBits reads the bits of segments that bypass the arithmetic decoder (T.800 D.6): after FF a byte has seven; after the end there are ones.
type rawBits struct {
	src  []byte
	pos  int
	last byte
	n    uint // bits left of last
}

func (r *rawBits) start(src []byte) { *r = rawBits{src: src} }

func (r *rawBits) bit() uint32 {
	if r.n == 0 {
		r.n = 8
		if r.last == 0xFF {
			r.n = 7
		}
		r.last = 0xFF
		if r.pos < len(r.src) {
			r.last = r.src[r.pos]
			r.pos++
		}
	}
	r.n--
	return uint32(r.last) >> (r.n & 7) & 1
}

// rawPass runs a significance or refinement pass on raw bits.
func (b *block[T]) rawPass(kind pass, plane int) {
	one := T(1) << plane
	for y, row := 0, b.stride; y < b.high; y, row = y+4, row+b.stride {
		valid := b.rows(y)
		for i := row + 1; i <= row+b.wide; i++ {
			if kind == significance {
				b.rawSignificance(i, valid, one|one>>1)
				continue
			}
			f := b.flags[i]
			todo := f >> 4 &^ (f >> flagVisited) & everyRow
			b.flags[i] = f | todo<<flagRefined
			for ; todo != 0; todo &= todo - 1 {
				b.values[i][bits.TrailingZeros64(todo)/3&3] += one>>1 - one + T(b.raw.bit())<<plane
			}
		}
	}
}

// rawSignificance is the significance pass of one column.
func (b *block[T]) rawSignificance(i int, valid uint64, value T) {
	f := b.flags[i]
	todo := rowNeighbours(f) &^ (f >> 4) & valid
	for todo != 0 {
		r3 := uint64(bits.TrailingZeros64(todo))
		todo &= todo - 1
		f |= 1 << ((r3 + flagVisited) & 63)
		if b.raw.bit() == 0 {
			continue
		}
		b.flags[i] = f
		b.mark(i, r3, b.raw.bit())
		b.values[i][r3/3&3] = value
		f = b.flags[i]
		todo |= (1 << ((r3 + 3) & 63)) &^ (f >> 4) & valid
	}
	b.flags[i] = f
}
