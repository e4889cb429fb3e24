package dcm

// swapWords turns big endian numbers of unit bytes into little endian in place. A rest shorter than a number is left alone.
func swapWords(b []byte, unit int) {
	switch unit {
	case 2:
		for n := 0; n+1 < len(b); n += 2 {
			b[n], b[n+1] = b[n+1], b[n]
		}
	case 4:
		for n := 0; n+3 < len(b); n += 4 {
			b[n], b[n+1], b[n+2], b[n+3] = b[n+3], b[n+2], b[n+1], b[n]
		}
	case 8:
		for n := 0; n+7 < len(b); n += 8 {
			for i := range 4 {
				b[n+i], b[n+7-i] = b[n+7-i], b[n+i]
			}
		}
	}
}
