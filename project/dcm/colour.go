package dcm

// RGBFromYBR converts interleaved full-range YCbCr of 8 bits to RGB in place.
//
// Source: PS3.3 C.7.6.3.1.2, YBR_FULL; ITU-R BT.601.
func RGBFromYBR(b []byte) {
	for n := 0; n+3 <= len(b); n += 3 {
		y, cb, cr := int(b[n])<<16+1<<15, int(b[n+1])-128, int(b[n+2])-128
		b[n] = clampByte((y + 91881*cr) >> 16)
		b[n+1] = clampByte((y - 22554*cb - 46802*cr) >> 16)
		b[n+2] = clampByte((y + 116130*cb) >> 16)
	}
}

// ybrFromRGB is the way back.
func ybrFromRGB(b []byte) {
	for n := 0; n+3 <= len(b); n += 3 {
		r, g, blue := int(b[n]), int(b[n+1]), int(b[n+2])
		b[n] = clampByte((19595*r + 38470*g + 7471*blue + 1<<15) >> 16)
		b[n+1] = clampByte((-11059*r - 21709*g + 32768*blue + 128<<16 + 1<<15) >> 16)
		b[n+2] = clampByte((32768*r - 27439*g - 5329*blue + 128<<16 + 1<<15) >> 16)
	}
}

func clampByte(v int) byte { return byte(max(0, min(v, 255))) }
