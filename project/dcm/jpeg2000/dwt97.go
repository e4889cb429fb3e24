package jpeg2000

// The lifting steps of the irreversible transform (T.800 table F.4). Scaling by K is in the quantisation steps already (see stepSize).
const (
	alpha float32 = -1.586134342059924
	beta  float32 = -0.052980118572961
	gamma float32 = 0.882911075530934
	delta float32 = 0.443506852043971
)

// inverse97 is the irreversible transform of a row that starts at an odd coordinate if odd is 1 (T.800 F.3.8.2). A single sample is itself, halved at an odd
// coordinate.
func inverse97(x []float32, odd int) {
	odd &= 1
	if len(x) == 1 {
		if odd == 1 {
			x[0] /= 2
		}
		return
	}
	lift(x, odd, delta)
	lift(x, 1-odd, gamma)
	lift(x, odd, beta)
	lift(x, 1-odd, alpha)
}

// lift takes the sum of its neighbours, times factor, from every second sample from first on.
func lift(x []float32, first int, factor float32) {
	n := len(x)
	if first == 0 {
		x[0] -= float32(factor * (x[1] + x[1]))
		first = 2
	}
	rest := x[first-1:]
	for len(rest) >= 3 {
		rest[1] -= float32(factor * (rest[0] + rest[2]))
		rest = rest[2:]
	}
	if len(rest) == 2 {
		x[n-1] -= float32(factor * (rest[0] + rest[0]))
	}
}

// columns97 is the same for columns. The four steps follow each other at a distance of one row, so that the rows they share are still in the cache.
func columns97(g *grid[float32], odd int) {
	odd &= 1
	if g.high == 1 {
		if row := g.row(0); odd == 1 {
			for i := range row {
				row[i] /= 2
			}
		}
		return
	}
	step := func(y int, factor float32) {
		if y >= 0 && y < g.high {
			liftRow(g.row(y), g.row(y-1), g.row(y+1), factor)
		}
	}
	for y := odd; y < g.high+4; y += 2 {
		step(y, delta)
		step(y-1, gamma)
		step(y-2, beta)
		step(y-3, alpha)
	}
}

func liftRow(x, above, below []float32, factor float32) {
	above, below = above[:len(x)], below[:len(x)]
	for i := range x {
		x[i] -= float32(factor * (above[i] + below[i]))
	}
}
