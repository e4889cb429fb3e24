package jpeg2000

// Contexts of the arithmetic decoder (T.800 table D.1 to D.4): nine for significance, five for signs, three for refinement, one for runs, one for what is
// uniform.
const (
	contextZero    = 0
	contextSign    = 9
	contextRefine  = 14
	contextRun     = 17
	contextUniform = 18
	contextCount   = 19
)

// A coefficient's neighbours are nine bits of a flag word, row by row: 0 1 2 above, 3 itself 5 beside, 6 7 8 below.
const (
	nw = 1 << iota
	north
	ne
	west
	itself
	east
	sw
	south
	se
	neighbours = nw | north | ne | west | east | sw | south | se
)

// significanceContexts has the context for each pattern of significant neighbours, by orientation of the subband (T.800 table D.1).
var significanceContexts = makeSignificance()

func makeSignificance() (t [4][512]uint8) {
	for n := range 512 {
		has := func(bits ...int) (count int) {
			for _, b := range bits {
				if n&b != 0 {
					count++
				}
			}
			return count
		}
		h, v, diagonal := has(west, east), has(north, south), has(nw, ne, sw, se)
		t[bandLL][n] = alongRow(h, v, diagonal)
		t[bandLH][n] = alongRow(h, v, diagonal)
		t[bandHL][n] = alongRow(v, h, diagonal)
		t[bandHH][n] = onDiagonal(h+v, diagonal)
	}
	return t
}

func alongRow(h, v, d int) uint8 {
	switch {
	case h == 2:
		return 8
	case h == 1 && v >= 1:
		return 7
	case h == 1 && d >= 1:
		return 6
	case h == 1:
		return 5
	case v == 2:
		return 4
	case v == 1:
		return 3
	}
	return uint8(min(d, 2))
}

func onDiagonal(straight, d int) uint8 {
	switch {
	case d >= 3:
		return 8
	case d == 2:
		return uint8(6 + min(straight, 1))
	case d == 1:
		return uint8(3 + min(straight, 2))
	}
	return uint8(min(straight, 2))
}

// signContexts has the context of a sign, and in its highest bit whether the symbol is inverted (T.800 tables D.2 and D.3). The index has whether the
// neighbours north, west, east and south are significant in bits 1, 3, 5 and 7, and whether they are negative in bits 0, 2, 4 and 6.
var signContexts = makeSigns()

func makeSigns() (t [256]uint8) {
	for n := range t {
		value := func(at int) int {
			switch n >> at & 3 {
			case 2:
				return 1
			case 3:
				return -1
			}
			return 0
		}
		h := max(-1, min(1, value(2)+value(4)))
		v := max(-1, min(1, value(0)+value(6)))
		var inverted uint8
		if h < 0 || h == 0 && v < 0 {
			h, v, inverted = -h, -v, 0x80
		}
		t[n] = uint8(contextSign+3*h+v) | inverted // 9 and 10, 11 to 13
	}
	return t
}
