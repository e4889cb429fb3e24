package jpeg2000

import "fmt"

// block decodes one code-block of Part 1 (T.800 annex D). T is uint32 for up to 30 bit planes, otherwise uint64. It is used again for the next code-block.
//
// A code-block is decoded in stripes of four rows, each column of a stripe from the top down. All that is known of a column is one word of flags:
//
//	bits 0..17   significance of the column with its left and right neighbours, three to a row, from the row above the stripe to the row below
//	bits 20+3r   row r was visited by the significance pass of this bit plane
//	bits 21+3r   row r was refined before
//	bits 32..49  signs, in the order of the significance
//
// so that the neighbours of row r are nine bits, shifted by 3r, and one word is enough to find a context. Around the columns there is a border of words that
// nobody looks at. The four magnitudes of a column lie side by side; their lowest bit is half a step of the last bit plane (see coefficient).
type block[T uint32 | uint64] struct {
	mq     mq
	raw    rawBits
	flags  []uint64
	values [][4]T
	wide   int // columns
	high   int // rows
	stride int // words of a stripe
	style  style
	zero   *[512]uint8 // contexts of significance
	joined []byte      // a segment that came in pieces
}

const (
	flagVisited = 20
	flagRefined = 21
	flagSigns   = 32

	significances = 1<<18 - 1
	everyRow      = 1<<0 | 1<<3 | 1<<6 | 1<<9 // a bit for each row
	allVisited    = everyRow << flagVisited
)

// Words of flags of a code-block of 64 x 64, and of one of 1024 x 4, which has the most.
const (
	squareWords = (64 + 2) * (64/4 + 2)
	mostWords   = (1024 + 2) * (1 + 2)
)

// reset makes room for a code-block.
func (b *block[T]) reset(wide, high, orient int, s style) {
	b.wide, b.high, b.stride, b.style = wide, high, wide+2, s
	n := b.stride * ((high+3)/4 + 2)
	if cap(b.flags) < n {
		size := squareWords // in two steps, so that no row of growing code-blocks leaves much behind
		if n > size {
			size = mostWords
		}
		b.flags, b.values = make([]uint64, size), make([][4]T, size)
	}
	b.flags, b.values = b.flags[:n], b.values[:n]
	clear(b.flags)
	clear(b.values)
	b.zero = &significanceContexts[orient]
	b.mq.reset()
}

// decode decodes the passes of code-block k, whose data are the given pieces of stream. planes is how many bit planes a coefficient of the subband has.
func (b *block[T]) decode(k *codeBlock, pieces []piece, stream []byte, planes int) error {
	plane := planes - int(k.zeroPlanes) // of the next pass, counted from 1
	first, kind := plane, cleanup
	left := 0 // passes of the segment
	raw := false
	var d int32
	for n := 0; n < int(k.passes); n++ {
		if plane < 1 {
			return fmt.Errorf("%w: a code-block has more passes than bit planes", ErrData)
		}
		if left == 0 {
			if len(pieces) == 0 {
				return fmt.Errorf("%w: a code-block has fewer segments than passes", ErrData)
			}
			var src []byte
			var err error
			if src, left, pieces, err = b.segment(pieces, stream); err != nil {
				return err
			}
			if raw = b.style&styleBypass != 0 && kind != cleanup && plane <= first-4; raw {
				b.raw.start(src)
			} else {
				d = b.mq.start(src)
			}
		}
		if raw {
			b.rawPass(kind, plane)
		} else {
			var err error
			if d, err = b.pass(kind, plane, d); err != nil {
				return err
			}
		}
		if left--; b.style&styleReset != 0 {
			b.mq.reset()
		}
		if kind++; kind > cleanup {
			kind = significance
			plane--
		}
	}
	return nil
}

// kinds of coding passes, in their order within a bit plane.
type pass int

const (
	significance pass = iota
	refinement
	cleanup
)

// pass runs one pass with the arithmetic decoder; d is what the decoder keeps in a register.
func (b *block[T]) pass(kind pass, plane int, d int32) (int32, error) {
	switch kind {
	case significance:
		return b.significancePass(plane, d), nil
	case refinement:
		return b.refinementPass(plane, d), nil
	}
	d = b.cleanupPass(plane, d)
	if b.style&styleSymbols != 0 {
		return b.symbol(d)
	}
	return d, nil
}

// symbol reads the four bits that end a cleanup pass (T.800 D.5).
func (b *block[T]) symbol(d int32) (int32, error) {
	var v, bit uint32
	for range 4 {
		d, bit = b.mq.decode(d, contextUniform)
		v = v<<1 | bit
	}
	if v != 0xA {
		return d, fmt.Errorf("%w: a segmentation symbol is %X", ErrData, v)
	}
	return d, nil
}

// maxJoined is how many bytes a segment may have that comes in pieces: more than 4096 coefficients of 74 bits have.
const maxJoined = 1 << 16

// segment returns the bytes of the segment that the first of the pieces starts, how many passes it has and the pieces after it.
func (b *block[T]) segment(pieces []piece, stream []byte) (src []byte, passes int, rest []piece, err error) {
	n := 0
	for n == 0 || n < len(pieces) && !pieces[n].fresh {
		passes += int(pieces[n].passes)
		n++
	}
	if n == 1 {
		return pieces[0].data(stream), passes, pieces[1:], nil
	}
	b.joined, err = joined(b.joined[:0], pieces[:n], stream)
	return b.joined, passes, pieces[n:], err
}

// joined appends the data of pieces to b.
func joined(b []byte, pieces []piece, stream []byte) ([]byte, error) {
	bytes := len(b)
	for _, p := range pieces {
		bytes += int(p.length)
	}
	if bytes > maxJoined {
		return b, fmt.Errorf("%w: a code-block of %d bytes", ErrData, bytes)
	}
	if cap(b) < bytes {
		size := maxJoined / 8 // in two steps, see reset
		if bytes > size {
			size = maxJoined
		}
		b = append(make([]byte, 0, size), b...)
	}
	for _, p := range pieces {
		b = append(b, p.data(stream)...)
	}
	return b, nil
}
