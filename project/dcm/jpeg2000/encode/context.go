package encode

// Orientations of sub-bands: a high-pass of x is 1, of y is 2.
const (
	bandLL = iota
	bandHL
	bandLH
	bandHH
)

// What is known of a sample.
const (
	isSignificant = 1 << iota
	isNegative
	isVisited // in this bit plane's significance propagation pass
	isRefined // at least once
)

// zeroCoding returns the context of a sample that is not significant, of how many of its neighbours beside, above and below, and at the corners are (table D.1).
func zeroCoding(band, h, v, d int) int {
	if band == bandHL {
		h, v = v, h
	}
	if band == bandHH {
		switch hv := h + v; {
		case d >= 3:
			return 8
		case d == 2:
			return 6 + min(hv, 1)
		case d == 1:
			return 3 + min(hv, 2)
		default:
			return min(hv, 2)
		}
	}
	switch {
	case h == 2:
		return 8
	case h == 1 && v >= 1:
		return 7
	case h == 1:
		return 5 + min(d, 1)
	case v > 0:
		return 2 + v
	}
	return min(d, 2)
}

// signCoding returns the context of a sign and what to exclusive-or it with, of the signs beside and of those above and below: -1, 0, 1 (tables D.2 and D.3).
func signCoding(h, v int) (context int, flip uint8) {
	if h < 0 || h == 0 && v < 0 {
		h, v, flip = -h, -v, 1
	}
	if h == 1 {
		return signContext + 3 + v, flip
	}
	return signContext + v, flip
}
