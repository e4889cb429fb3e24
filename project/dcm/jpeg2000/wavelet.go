package jpeg2000

// number is what samples are while they are transformed: int32 or, for many bits, int64 if reversible, float32 if not.
type number interface{ int32 | int64 | float32 }

// The inverse wavelet transform (T.800 annex F) of one level works in place: a resolution's window has the coefficients of all four subbands where the samples
// will be, low-pass ones at even coordinates and high-pass ones at odd. Rows come first, then columns (T.800 F.3.2). Columns are not filtered
// one by one: each step of the filter takes whole rows at a time, as wide as the cache likes.

// strip is how many columns are filtered together.
const strip = 1024

// synthesise makes resolution r of c in samples, which have the coefficients of its subbands, and of the samples of the one below.
func synthesise[T number](d *decoder, c *component, r int, samples, below []T) {
	w := c.resolutions[r].window
	if r == 0 || w.empty() {
		return
	}
	spread(samples, below, w, c.resolutions[r-1].window)
	g := grid[T]{samples, w.width(), w.height(), 0, w.width()}
	d.divide(w.height(), 64, func(from, to int) {
		for y := from; y < to; y++ {
			inverseRow(g.row(y), w.x0&1)
		}
	})
	d.divide(w.width(), 64, func(from, to int) {
		for ; from < to; from += strip {
			g := grid[T]{samples, w.width(), w.height(), from, min(from+strip, to)}
			g.inverseColumns(w.y0 & 1)
		}
	})
}

// spread puts the samples of the resolution below, whose window is low, to the even places of window w. low may be larger than what is needed of it.
func spread[T number](samples, below []T, w, low rect) {
	need := w.halved(1)
	if need.empty() {
		return
	}
	for y := need.y0; y < need.y1; y++ {
		row := samples[place(y, 0, 2, w.y0)*w.width():][:w.width()]
		row = row[place(need.x0, 0, 2, w.x0):]
		for x, v := range below[(y-low.y0)*low.width()+need.x0-low.x0:][:need.width()] {
			row[2*x] = v
		}
	}
}

// inverseRow transforms a row that starts at an odd coordinate if odd is 1.
func inverseRow[T number](row []T, odd int) {
	switch row := any(row).(type) {
	case []int32:
		inverse53(row, odd)
	case []int64:
		inverse53(row, odd)
	case []float32:
		inverse97(row, odd)
	}
}

// grid is a strip of columns of a window.
type grid[T number] struct {
	samples    []T
	wide, high int
	from, to   int
}

// row returns row y of the strip; beyond the window it is mirrored.
func (g *grid[T]) row(y int) []T {
	if y < 0 {
		y = -y
	}
	if y >= g.high {
		y = 2*(g.high-1) - y
	}
	at := y * g.wide
	return g.samples[at+g.from : at+g.to]
}

// inverseColumns transforms the strip's columns, which start at an odd coordinate if odd is 1.
func (g *grid[T]) inverseColumns(odd int) {
	switch g := any(g).(type) {
	case *grid[int32]:
		columns53(g, odd)
	case *grid[int64]:
		columns53(g, odd)
	case *grid[float32]:
		columns97(g, odd)
	}
}
