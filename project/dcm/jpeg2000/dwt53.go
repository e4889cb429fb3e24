package jpeg2000

// inverse53 is the reversible transform of a row that starts at an odd coordinate if odd is 1 (T.800 F.3.8.1): even samples lose a quarter of their
// neighbours, then odd ones gain half of theirs. A single sample is itself, halved at an odd coordinate.
func inverse53[T int32 | int64](x []T, odd int) {
	n := len(x)
	if n == 1 {
		x[0] /= T(1 + odd&1)
		return
	}
	// The first even sample, and the odd one before it.
	at := odd & 1
	var even T
	if at == 0 {
		x[0] -= (2*x[1] + 2) >> 2
		even = x[0]
	} else {
		after := x[0]
		if n > 2 {
			after = x[2]
		}
		x[1] -= (x[0] + after + 2) >> 2
		even = x[1]
		x[0] += even
	}
	// From one even sample to the next, and the odd one between them.
	rest := x[at:]
	for len(rest) >= 4 {
		high := rest[1]
		next := rest[2] - (high+rest[3]+2)>>2
		rest[1] = high + (even+next)>>1
		rest[2] = next
		even = next
		rest = rest[2:]
	}
	switch len(rest) {
	case 2:
		rest[1] += even
	case 3:
		next := rest[2] - (2*rest[1]+2)>>2
		rest[1] += (even + next) >> 1
		rest[2] = next
	}
}

// columns53 is the same for columns.
func columns53[T int32 | int64](g *grid[T], odd int) {
	odd &= 1
	if g.high == 1 {
		for i, row := 0, g.row(0); i < len(row); i++ {
			row[i] /= T(1 + odd)
		}
		return
	}
	for y := odd; y < g.high+1; y += 2 {
		if y < g.high {
			lowerQuarter(g.row(y), g.row(y-1), g.row(y+1))
		}
		if y > 0 && y-1 < g.high {
			raiseHalf(g.row(y-1), g.row(y-2), g.row(y))
		}
	}
}

func lowerQuarter[T int32 | int64](x, above, below []T) {
	above, below = above[:len(x)], below[:len(x)]
	for i := range x {
		x[i] -= (above[i] + below[i] + 2) >> 2
	}
}

func raiseHalf[T int32 | int64](x, above, below []T) {
	above, below = above[:len(x)], below[:len(x)]
	for i := range x {
		x[i] += (above[i] + below[i]) >> 1
	}
}
