package dcm

import "encoding/binary"

// canonical turns samples as they lie in memory (little endian, width of Bits Allocated) into stored values in place: shifted down to bit 0, cut to
// Bits Stored, sign-extended over the width.
func canonical(b []byte, p PixelFormat) {
	shift := uint(p.HighBit + 1 - p.BitsStored)
	if p.Float || p.BitsStored == p.BitsAllocated || p.BitsAllocated == 1 {
		return
	}
	switch p.BitsAllocated {
	case 8:
		canonical8(b, shift, uint(p.BitsStored), p.Signed)
	case 16:
		canonical16(b, shift, uint(p.BitsStored), p.Signed)
	case 32:
		up := 32 - shift - uint(p.BitsStored)
		for ; len(b) >= 4; b = b[4:] {
			v := binary.LittleEndian.Uint32(b) << up
			if p.Signed {
				v = uint32(int32(v) >> (32 - uint(p.BitsStored)))
			} else {
				v >>= 32 - uint(p.BitsStored)
			}
			binary.LittleEndian.PutUint32(b, v)
		}
	}
}

func canonical8(b []byte, shift, stored uint, signed bool) {
	var table [256]byte
	for n := range table {
		v := byte(n) << (8 - shift - stored)
		if signed {
			table[n] = byte(int8(v) >> (8 - stored))
		} else {
			table[n] = v >> (8 - stored)
		}
	}
	for n, v := range b {
		b[n] = table[v]
	}
}

// canonical16 does four samples a step. With m the mask of the stored bits and s the sign bit, ((v>>shift & m) ^ s) - s extends the sign; the
// subtraction is done in all four lanes at once without a borrow from one into the next.
func canonical16(b []byte, shift, stored uint, signed bool) {
	const lanes, tops = 0x0001000100010001, 0x8000800080008000
	mask := (uint64(1)<<stored - 1) * lanes
	var sign uint64
	if signed {
		sign = (uint64(1) << (stored - 1)) * lanes
	}
	for len(b) >= 8 {
		v := binary.LittleEndian.Uint64(b) >> shift & mask
		if signed {
			v ^= sign
			v = ((v | tops) - sign) ^ ^v&tops
		}
		binary.LittleEndian.PutUint64(b, v)
		b = b[8:]
	}
	for ; len(b) >= 2; b = b[2:] {
		v := uint64(binary.LittleEndian.Uint16(b)) >> shift & mask & 0xFFFF
		if signed {
			v = (v ^ sign) - sign
		}
		binary.LittleEndian.PutUint16(b, uint16(v))
	}
}
