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
	i := odd
	for ; i < 4; i += 2 {
		fourSteps(x, i)
	}
	for i = fourStepsFrom(x, i); i < len(x)+4; i += 2 {
		fourSteps(x, i)
	}
}

// fourSteps takes the first step at sample i and the others where all they need is ready for them, up to three samples before.
func fourSteps(x []float32, i int) {
	lift(x, i, delta)
	lift(x, i-1, gamma)
	lift(x, i-2, beta)
	lift(x, i-3, alpha)
}

// lift takes the sum of its neighbours, times factor, from sample i if there is one. Beyond the ends the row is mirrored.
func lift(x []float32, i int, factor float32) {
	if i < 0 || i >= len(x) {
		return
	}
	before, after := i-1, i+1
	if i == 0 {
		before = 1
	}
	if after == len(x) {
		after = i - 1
	}
	x[i] -= float32(factor * (x[before] + x[after]))
}

// fourStepsFrom is fourSteps for every second sample from i on, which is at least 4, as long as nothing is mirrored. It returns the sample to go on with.
func fourStepsFrom(x []float32, i int) int {
	if i >= len(x)-1 {
		return i
	}
	// All between two steps are at hand: i-1 before the second step, i-2 before the third, i-3 before the fourth, i-4 done.
	high, low, high2, done := x[i-1], x[i-2], x[i-3], x[i-4]
	rest := x[i-3:]
	for len(rest) >= 5 {
		next := rest[4]
		low1 := rest[3] - float32(delta*(high+next))
		high1 := high - float32(gamma*(low+low1))
		low2 := low - float32(beta*(high2+high1))
		rest[0] = high2 - float32(alpha*(done+low2))
		rest[1] = low2
		high, low, high2, done = next, low1, high1, low2
		rest = rest[2:]
	}
	rest[0], rest[1] = high2, low
	return len(x) - len(rest) + 3
}

// columns97 is the same for columns, a row at a time.
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
		if y >= 4 && y < g.high-1 {
			fourRows([6][]float32{g.row(y - 4), g.row(y - 3), g.row(y - 2), g.row(y - 1), g.row(y), g.row(y + 1)})
			continue
		}
		step(y, delta)
		step(y-1, gamma)
		step(y-2, beta)
		step(y-3, alpha)
	}
}

// fourRows takes the first step at the last but one of six rows and the others at those before it.
func fourRows(rows [6][]float32) {
	x := rows[0]
	high2, low, high, next, after := rows[1][:len(x)], rows[2][:len(x)], rows[3][:len(x)], rows[4][:len(x)], rows[5][:len(x)]
	for i, done := range x {
		low1 := next[i] - float32(delta*(high[i]+after[i]))
		high1 := high[i] - float32(gamma*(low[i]+low1))
		low2 := low[i] - float32(beta*(high2[i]+high1))
		high2[i] -= float32(alpha * (done + low2))
		next[i], high[i], low[i] = low1, high1, low2
	}
}

func liftRow(x, above, below []float32, factor float32) {
	above, below = above[:len(x)], below[:len(x)]
	for i := range x {
		x[i] -= float32(factor * (above[i] + below[i]))
	}
}
