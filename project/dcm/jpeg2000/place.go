package jpeg2000

// A component of a tile has one piece of memory while it is decoded. Each resolution comes where the one below it was: expand moves that one's samples apart to
// the even places, code-blocks store their coefficients between them, and the filters make samples of all. Of an image this memory is the plane itself, at the
// tile's place; a frame, whose bytes are the caller's, has a buffer for the largest tile.

// raster is where the samples of a window lie in memory: row by row from entry at on, each so many entries after the one before.
type raster struct {
	window     rect
	at, stride int
}

// index returns the entry of sample x, y.
func (r raster) index(x, y int) int {
	return r.at + (y-r.window.y0)*r.stride + x - r.window.x0
}

// raster returns where the samples of a resolution of c lie in its memory: those of the highest one where they stay, others from the beginning.
func (c *component) raster(res *resolution) raster {
	w := res.window
	switch {
	case res == &c.resolutions[c.top]:
		return raster{w, (w.y0-c.place.y0)*c.stride + w.x0 - c.place.x0, c.stride}
	case c.packed:
		return raster{w, 0, w.width()}
	}
	return raster{w, 0, c.stride}
}

// wantedRow returns row y of what is wanted of c, in its memory samples.
func wantedRow[T number](c *component, samples []T, y int) []T {
	at := c.raster(&c.resolutions[c.top]).index(c.need.x0, c.need.y0+y)
	return samples[at:][:c.need.width()]
}

// expand moves the samples that lie in from, a resolution's, to the even places of the next one in to, so far as they are needed there. Both keep the order of
// samples in memory. So what moves up can only come to lie on what moves up as well and lies behind it, and what moves down on what moves down and lies before
// it: the first go from the last on, the others from the first on, and none is overwritten before it was moved.
func expand[T number](samples []T, from, to raster) {
	need := to.window.halved(1)
	if need.empty() {
		return
	}
	wide := need.width()
	for y := need.y1 - 1; y >= need.y0; y-- {
		in, out := from.index(need.x0, y), to.index(2*need.x0, 2*y)
		for x := wide - 1; x >= max(0, in-out+1); x-- {
			samples[out+2*x] = samples[in+x]
		}
	}
	for y := need.y0; y < need.y1; y++ {
		in, out := from.index(need.x0, y), to.index(2*need.x0, 2*y)
		for x := range min(wide, in-out) {
			samples[out+2*x] = samples[in+x]
		}
	}
}

// clearRaster makes all of r zero; with low the samples at even places, which came from the resolution below, stay.
func clearRaster[T number](samples []T, r raster, low bool) {
	w := r.window
	for y := w.y0; y < w.y1; y++ {
		row := samples[r.index(w.x0, y):][:w.width()]
		if !low || y&1 == 1 {
			clear(row)
			continue
		}
		for x := (w.x0 + 1) & 1; x < len(row); x += 2 {
			row[x] = 0
		}
	}
}

// clear makes the coefficients zero that code-blocks may give to a resolution of c.
func (c *component) clear(res *resolution) {
	r, low := c.raster(res), res != &c.resolutions[0]
	if c.deep {
		clearRaster(c.deepSamples, r, low)
	} else {
		clearRaster(c.samples, r, low)
	}
}
