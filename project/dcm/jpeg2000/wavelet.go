package jpeg2000

// number is what samples are while they are transformed: int32 or, for many bits, int64 if reversible, float32 if not.
type number interface{ int32 | int64 | float32 }

// The inverse wavelet transform (T.800 annex F) of one level works in place: a resolution's window has the coefficients of all four subbands where the samples
// will be, low-pass ones at even coordinates and high-pass ones at odd. Rows come first, then columns (T.800 F.3.2). Columns are not filtered
// one by one: each step of the filter takes whole rows at a time, as wide as the cache likes.

// strip is how many columns are filtered together.
const strip = 1024

// synthesise makes samples of the coefficients of all subbands that lie in r.
func synthesise[T number](d *decoder, samples []T, r raster) {
	w := r.window
	if g := (grid[T]{samples[r.at:], r.stride, w.height(), 0, w.width()}); d.shares(w.height()) > 1 || d.shares(w.width()) > 1 {
		synthesiseShared(d, g, w)
	} else {
		g.rows(0, w.height(), w.x0&1)
		g.columns(0, w.width(), w.y0&1)
	}
}

// synthesiseShared does so for window w on several goroutines, which takes memory.
func synthesiseShared[T number](d *decoder, g grid[T], w rect) {
	d.divide(w.height(), func(from, to int) { g.rows(from, to, w.x0&1) })
	d.divide(w.width(), func(from, to int) { g.columns(from, to, w.y0&1) })
}

// rows transforms so many rows, which start at an odd coordinate if odd is 1.
func (g grid[T]) rows(from, to, odd int) {
	for y := from; y < to; y++ {
		inverseRow(g.row(y), odd)
	}
}

// columns transforms so many columns, which start at an odd coordinate if odd is 1.
func (g grid[T]) columns(from, to, odd int) {
	for ; from < to; from += strip {
		g.from, g.to = from, min(from+strip, to)
		g.inverseColumns(odd)
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
	samples  []T
	stride   int // entries from row to row
	high     int
	from, to int
}

// row returns row y of the strip; beyond the window it is mirrored.
func (g *grid[T]) row(y int) []T {
	if y < 0 {
		y = -y
	}
	if y >= g.high {
		y = 2*(g.high-1) - y
	}
	at := y * g.stride
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
