package jpeg2000

import "math/bits"

// decode returns the next symbol of context k. The passes have it written out.
func (m *mq) decode(d int32, k uint8) (int32, uint32) {
	w := m.contexts[k]
	bit := w & 1
	if d -= int32(w >> 16); d < 0 {
		d, bit = m.renormalise(d, k)
	}
	return d, bit
}

// rowNeighbours returns a bit for each row of a column that has a significant neighbour: bits 0, 3, 6 and 9.
func rowNeighbours(f uint64) uint64 {
	beside := f | f>>2
	any := beside | f>>1
	return (any | any>>6 | beside>>3) & everyRow
}

// rows returns the bits of the rows that the stripe from row y on has.
func (b *block[T]) rows(y int) uint64 {
	if left := b.high - y; left < 4 {
		return everyRow & (1<<(3*left) - 1)
	}
	return everyRow
}

// mark notes in the flags around word i that row r3/3 became significant with the given sign (0 or 1).
func (b *block[T]) mark(i int, r3 uint64, sign uint32) {
	v := 1 | uint64(sign)<<flagSigns
	f, stride := b.flags, b.stride
	f[i-1] |= v << ((r3 + 5) & 63)
	f[i] |= v << ((r3 + 4) & 63)
	f[i+1] |= v << ((r3 + 3) & 63)
	if r3 == 0 && b.style&styleCausal == 0 {
		f[i-stride-1] |= v << 17
		f[i-stride] |= v << 16
		f[i-stride+1] |= v << 15
	}
	if r3 == 9 {
		f[i+stride-1] |= v << 2
		f[i+stride] |= v << 1
		f[i+stride+1] |= v
	}
}

// signIndex returns the index into signContexts of row r3/3 in the column of flags f.
func signIndex(f, r3 uint64) uint8 {
	return uint8(f>>(r3&63)&0xAA | f>>((r3+flagSigns+1)&63)&0x55)
}

// significancePass is the significance propagation pass: insignificant coefficients with a significant neighbour (T.800 D.3.1).
func (b *block[T]) significancePass(plane int, d int32) int32 {
	m := &b.mq
	v := m.interval(d)
	var bit uint32
	value := T(3) << plane >> 1
	flags, values := b.flags, b.values[:len(b.flags)]
	for y, row := 0, b.stride; y < b.high; y, row = y+4, row+b.stride {
		valid := b.rows(y)
		for i := row + 1; i <= row+b.wide; i++ {
			f := flags[i]
			if f&significances == 0 {
				continue
			}
			todo := rowNeighbours(f) &^ (f >> 4) & valid
			for todo != 0 {
				r3 := uint64(bits.TrailingZeros64(todo))
				todo &= todo - 1
				f |= 1 << ((r3 + flagVisited) & 63)
				k := b.zero[f>>(r3&63)&neighbours]
				v, bit = m.next(v, k)
				if bit == 0 {
					continue
				}
				flags[i] = f
				s := signContexts[signIndex(f, r3)]
				k = s & 0x7F
				v, bit = m.next(v, k)
				b.mark(i, r3, bit^uint32(s>>7))
				values[i][r3*3>>3&3] = value
				f = flags[i]
				todo |= (1 << ((r3 + 3) & 63)) &^ (f >> 4) & valid
			}
			flags[i] = f
		}
	}
	return m.keep(v)
}

// refinementPass is the magnitude refinement pass: coefficients that were significant before this bit plane (T.800 D.3.3).
func (b *block[T]) refinementPass(plane int, d int32) int32 {
	m := &b.mq
	v := m.interval(d)
	var bit uint32
	one := T(1) << plane
	half := one >> 1
	flags, values := b.flags, b.values[:len(b.flags)]
	for y, row := 0, b.stride; y < b.high; y, row = y+4, row+b.stride {
		for i := row + 1; i <= row+b.wide; i++ {
			f := flags[i]
			todo := f >> 4 &^ (f >> flagVisited) & everyRow
			if todo == 0 {
				continue
			}
			refined := f >> flagRefined & everyRow
			kinds := rowNeighbours(f)&^refined | refined<<1
			flags[i] = f | todo<<flagRefined
			column := &values[i]
			for ; todo != 0; todo &= todo - 1 {
				r3 := uint64(bits.TrailingZeros64(todo))
				k := uint8(contextRefine + kinds>>(r3&63)&3)
				v, bit = m.next(v, k)
				column[r3*3>>3&3] += half - one&^-T(bit)
			}
		}
	}
	return m.keep(v)
}

// cleanupPass is the cleanup pass: all coefficients that the others left out. A column without any significance around it starts with a run (T.800 D.3.4).
func (b *block[T]) cleanupPass(plane int, d int32) int32 {
	m, contexts := &b.mq, &b.mq.contexts
	value := T(3) << plane >> 1
	flags, values := b.flags, b.values[:len(b.flags)]
	for y, row := 0, b.stride; y < b.high; y, row = y+4, row+b.stride {
		valid := b.rows(y)
		for i := row + 1; i <= row+b.wide; i++ {
			f := flags[i]
			todo := ^(f>>4 | f>>flagVisited) & valid
			known := false // the next symbol is known to be a one
			if f&(significances|allVisited) == 0 && valid == everyRow {
				w := contexts[contextRun]
				bit := w & 1
				if d -= int32(w >> 16); d < 0 {
					d, bit = m.renormalise(d, contextRun)
				}
				if bit == 0 {
					continue
				}
				var high, low uint32
				d, high = m.decode(d, contextUniform)
				d, low = m.decode(d, contextUniform)
				todo = everyRow >> (3 * (high<<1 | low)) << (3 * (high<<1 | low))
				todo &= everyRow
				known = true
			}
			for todo != 0 {
				r3 := uint64(bits.TrailingZeros64(todo))
				todo &= todo - 1
				if !known {
					k := b.zero[f>>(r3&63)&neighbours]
					w := contexts[k]
					bit := w & 1
					if d -= int32(w >> 16); d < 0 {
						d, bit = m.renormalise(d, k)
					}
					if bit == 0 {
						continue
					}
				}
				known = false
				s := signContexts[signIndex(f, r3)]
				k := s & 0x7F
				w := contexts[k]
				bit := w & 1
				if d -= int32(w >> 16); d < 0 {
					d, bit = m.renormalise(d, k)
				}
				b.mark(i, r3, bit^uint32(s>>7))
				values[i][r3*3>>3&3] = value
				f = flags[i]
			}
			flags[i] = f &^ allVisited
		}
	}
	return d
}
