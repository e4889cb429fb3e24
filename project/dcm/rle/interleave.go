package rle

import "encoding/binary"

// interleave puts byte planes (colour by colour, most significant byte first) into samples.
func interleave(dst, flat []byte, s Shape) {
	if s.Samples == 1 && s.Bytes == 2 {
		interleave16(dst, flat[s.Pixels:], flat[:s.Pixels])
		return
	}
	stride := s.Samples * s.Bytes
	for colour := range s.Samples {
		for n := range s.Bytes {
			plane := flat[:s.Pixels]
			flat = flat[s.Pixels:]
			at := colour*s.Bytes + s.Bytes - 1 - n
			for _, v := range plane {
				dst[at] = v
				at += stride
			}
		}
	}
}

// interleave16 merges low and high bytes, four samples a step.
func interleave16(dst, low, high []byte) {
	n := 0
	for ; n+4 <= len(low); n += 4 {
		l, h := uint64(binary.LittleEndian.Uint32(low[n:])), uint64(binary.LittleEndian.Uint32(high[n:]))
		binary.LittleEndian.PutUint64(dst[2*n:], spread(l)|spread(h)<<8)
	}
	for ; n < len(low); n++ {
		dst[2*n], dst[2*n+1] = low[n], high[n]
	}
}

// spread moves four bytes to the even places of eight.
func spread(v uint64) uint64 {
	v = (v | v<<16) & 0x0000FFFF0000FFFF
	return (v | v<<8) & 0x00FF00FF00FF00FF
}
