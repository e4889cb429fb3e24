package ht

import "math/bits"

// propagate is the significance propagation pass (T.814 7.4): in stripes, four columns at a time, the samples that have significant neighbours and are not
// significant are told to become so in the next bit plane, and then their signs.
func (d *Decoder) propagate(dst []int32, stride int, b *Block, segment []byte, plane uint) {
	most, _ := forward(d.bits[:], segment, 0, false) // when not strict it never fails
	clear(d.previous[:])
	pos, value := uint(0), int32(3)<<(plane-1)
	for y := 0; y < b.Height; y += 4 {
		now := d.sigma[y/4*d.fours:][:d.fours]
		next := d.sigma[(y/4+1)*d.fours:][:d.fours]
		before := uint32(0) // significance in the column to the left, spread to its neighbours, in the lowest four bits
		for i := 0; 4*i < b.Width; i++ {
			own := uint32(now[i]) | uint32(now[i+1])<<16
			outer := (uint32(d.previous[i]) | uint32(d.previous[i+1])<<16) & 0x88888888 >> 3
			if !b.Causal {
				outer |= (uint32(next[i]) | uint32(next[i+1])<<16) & 0x11111111 << 3
			}
			near := own | own&0x77777777<<1 | own&0xEEEEEEEE>>1 | outer
			near |= near<<4 | near>>4 | before
			room := inside(4*i, y, b.Width, b.Height) &^ own
			found := uint32(0)
			if near &= room; near != 0 && pos < most {
				word := at(d.bits[:], pos)
				var n uint
				found, n = members(near, room, word)
				pos += n
				pos += signs(dst, y*stride+4*i, stride, found, word>>n, value)
			}
			all := own&0xFFFF | found
			d.previous[i] = uint16(all)
			before = (all | all&0x7777<<1 | all&0xEEEE>>1 | outer) >> 12 & 0xF
		}
	}
}

// members reads one bit of word for each sample of near, column by column: whether it becomes significant. Neighbours in room of one that does are
// asked too, if their turn is still to come. It returns those that do, and how many bits were taken, at most 16.
func members(near, room uint32, word uint64) (found uint32, n uint) {
	for near != 0 {
		sample := bits.TrailingZeros32(near)
		near &= near - 1
		if word&1 == 1 {
			found |= 1 << (sample & 31)
			near |= after[sample&15] & room
		}
		word >>= 1
		n++
	}
	return found, n
}

// after are the samples around each of four columns of four whose turn is later.
var after = func() (t [16]uint32) {
	for i := range t {
		for j := i + 1; j < len(t); j++ {
			if dx, dy := j/4-i/4, j%4-i%4; dx <= 1 && dy*dy <= 1 {
				t[i] |= 1 << j
			}
		}
	}
	return t
}()

// signs sets the samples found, the first of which is at dst[at], to value, with the signs of word. It returns the number of bits taken.
func signs(dst []int32, at, stride int, found uint32, word uint64, value int32) (n uint) {
	for ; found != 0; found &= found - 1 {
		sample := bits.TrailingZeros32(found)
		sign := -int32(word & 1)
		dst[at+sample&3*stride+sample>>2] = value ^ sign - sign
		word >>= 1
		n++
	}
	return n
}
