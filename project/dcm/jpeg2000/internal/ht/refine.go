package ht

import "math/bits"

// refine is the magnitude refinement pass (T.814 7.5): one more bit for each sample that the cleanup pass found significant, stripe by stripe and column
// by column, from the end of the segment on.
func (d *Decoder) refine(dst []int32, stride int, b *Block, segment []byte, plane uint) {
	p := packer{out: d.bits[:]}
	most := backward(&p, segment, true)
	pos, half := uint(0), int32(1)<<(plane-1)
	for y := 0; y < b.Height; y += 4 {
		for i, sigma := range d.sigma[y/4*d.fours:][:(b.Width+3)/4] {
			word := uint64(0)
			if pos < most {
				word = at(d.bits[:], pos)
			}
			at := y*stride + 4*i
			for s := uint32(sigma); s != 0; s &= s - 1 {
				sample := bits.TrailingZeros32(s)
				v := &dst[at+sample&3*stride+sample>>2]
				step := half ^ -int32(^word&1) + int32(^word&1) // a bit 1 goes up by half, a bit 0 down
				sign := *v >> 31
				*v += step ^ sign - sign
				word >>= 1
			}
			pos += uint(bits.OnesCount16(sigma))
		}
	}
}
