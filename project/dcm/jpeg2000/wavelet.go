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
	samples = samples[r.at:]
	g := grid[T]{samples, r.stride, w.height(), 0, w.width()}
	d.divide(w.height(), 64, func(from, to int) {
		for y := from; y < to; y++ {
			inverseRow(g.row(y), w.x0&1)
		}
	})
	d.divide(w.width(), 64, func(from, to int) {
		for ; from < to; from += strip {
			g := grid[T]{samples, r.stride, w.height(), from, min(from+strip, to)}
			g.inverseColumns(w.y0 & 1)
		}
	})
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
