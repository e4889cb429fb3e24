package overlay

// EdgePx and LockedEdgePx are the width of a segment's edge, inside its border; CasingPx that of the dark band outside it. Device pixels.
const (
	EdgePx       = 2
	LockedEdgePx = 1
	CasingPx     = 2
)

// Outlines are the pixels of a segment's edge and casing. The picture's own border is no edge: the segment goes on beyond it.
type Outlines struct {
	cover      *Cover
	edge, dark []uint64
	some       []bool     // rows with any
	within     [][2]int32 // the words of each such row that may have some
}

// Shape prepares for the outlines of c. Trace the rows next, from several goroutines if need be.
func (o *Outlines) Shape(c *Cover) {
	o.cover = c
	o.edge, o.dark = sized(o.edge, len(c.words)), sized(o.dark, len(c.words))
	o.some, o.within = sized(o.some, c.h), sized(o.within, c.h)
	clear(o.some)
}

// Trace finds the outline in rows [y0, y1): edge pixels belong to the segment and have one that does not within edgePx on any side or corner,
// casing pixels the other way round within CasingPx.
func (o *Outlines) Trace(y0, y1, edgePx int) {
	c := o.cover
	lo, hi := c.extent(y0-CasingPx, y1+CasingPx)
	if lo >= hi {
		return
	}
	kept, spread := make([]uint64, c.stride), make([]uint64, c.stride)
	acc := make([]uint64, 2*c.stride)
	for y := y0; y < y1; y++ {
		eroded, dilated := acc[:c.stride], acc[c.stride:]
		for n := lo; n < hi; n++ {
			eroded[n], dilated[n] = ^uint64(0), 0
		}
		any := false
		for d := -max(edgePx, CasingPx); d <= max(edgePx, CasingPx); d++ {
			if y+d < 0 || y+d >= c.h {
				continue
			}
			row := c.row(y + d)
			any = any || row != nil
			if d >= -edgePx && d <= edgePx {
				erodeRow(kept, row, lo, hi, edgePx, c.w)
				for n := lo; n < hi; n++ {
					eroded[n] &= kept[n]
				}
			}
			if row != nil && d >= -CasingPx && d <= CasingPx {
				dilateRow(spread, row, lo, hi, CasingPx, c.w)
				for n := lo; n < hi; n++ {
					dilated[n] |= spread[n]
				}
			}
		}
		if o.some[y] = any; any {
			o.within[y] = [2]int32{int32(lo), int32(hi)}
			o.put(y, eroded, dilated)
		}
	}
}

// extent returns the words [lo, hi) of the rows [y0, y1) that have covered pixels, and one more on each side for what lies next to them.
func (c *Cover) extent(y0, y1 int) (lo, hi int) {
	lo = c.stride
	for y := max(y0, 0); y < min(y1, c.h); y++ {
		for n, w := range c.row(y) {
			if w != 0 {
				lo, hi = min(lo, n), max(hi, n+1)
			}
		}
	}
	return max(lo-1, 0), min(hi+1, c.stride)
}

func (o *Outlines) put(y int, eroded, dilated []uint64) {
	c := o.cover
	edge, dark := o.edge[y*c.stride:][:c.stride], o.dark[y*c.stride:][:c.stride]
	row := c.row(y)
	for n := o.within[y][0]; n < o.within[y][1]; n++ {
		here := uint64(0)
		if row != nil {
			here = row[n]
		}
		edge[n] = here &^ eroded[n]
		dark[n] = dilated[n] &^ here
	}
}

// erodeRow keeps, in the words [lo, hi), the bits whose neighbours up to r away are set; beyond the picture all are. A nil row is empty.
func erodeRow(dst, row []uint64, lo, hi, r, w int) {
	if row == nil {
		clear(dst[lo:hi])
		return
	}
	last := len(row) - 1
	beyond := ^uint64(0) << (w % 64)
	if w%64 == 0 {
		beyond = 0
	}
	at := func(n int) uint64 {
		switch {
		case n < 0 || n > last:
			return ^uint64(0)
		case n == last:
			return row[n] | beyond
		}
		return row[n]
	}
	for n := lo; n < hi; n++ {
		before, here, after := at(n-1), at(n), at(n+1)
		v := here
		for s := 1; s <= r; s++ {
			v &= (here<<s | before>>(64-s)) & (here>>s | after<<(64-s))
		}
		dst[n] = v
	}
}

// dilateRow sets, in the words [lo, hi), the bits that have a neighbour up to r away.
func dilateRow(dst, row []uint64, lo, hi, r, w int) {
	last := len(row) - 1
	before := uint64(0)
	if lo > 0 {
		before = row[lo-1]
	}
	for n := lo; n < hi; n++ {
		here, after := row[n], uint64(0)
		if n < last {
			after = row[n+1]
		}
		v := here
		for s := 1; s <= r; s++ {
			v |= here<<s | before>>(64-s) | here>>s | after<<(64-s)
		}
		dst[n] = v
		before = here
	}
	if hi == len(row) && w%64 != 0 {
		dst[last] &= 1<<(w%64) - 1
	}
}
