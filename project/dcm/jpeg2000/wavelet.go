package jpeg2000

// The inverse wavelet transform (T.800 annex F) of one level works in place: a resolution's window has the coefficients of all four subbands where the samples
// will be, low-pass ones at even coordinates and high-pass ones at odd. Rows come first, then columns (T.800 F.3.2). Columns are not filtered
// one by one: each step of the filter takes whole rows at a time, as wide as the cache likes.

// strip is how many columns are filtered together.
const strip = 1024

// synthesise transforms resolution r of c, rows and columns from part of parts.
func (c *component) synthesiseRows(r, from, to int) {
	w := c.resolutions[r].window
	wide, odd := w.width(), w.x0&1
	for y := from; y < to; y++ {
		if row := c.samples[y*wide : (y+1)*wide]; c.reversible {
			inverse53(row, odd)
		} else {
			inverse97(floats(row), odd)
		}
	}
}

// synthesiseColumns transforms columns from to to of resolution r.
func (c *component) synthesiseColumns(r, from, to int) {
	w := c.resolutions[r].window
	for ; from < to; from += strip {
		g := grid{c.samples, w.width(), w.height(), from, min(from+strip, to)}
		if c.reversible {
			g.inverse53(w.y0 & 1)
		} else {
			g.inverse97(w.y0 & 1)
		}
	}
}

// grid is a strip of columns of a window.
type grid struct {
	samples    []int32
	wide, high int
	from, to   int
}

// row returns row y of the strip; beyond the window it is mirrored.
func (g *grid) row(y int) []int32 {
	if y < 0 {
		y = -y
	}
	if y >= g.high {
		y = 2*(g.high-1) - y
	}
	at := y * g.wide
	return g.samples[at+g.from : at+g.to]
}
