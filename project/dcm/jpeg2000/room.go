package jpeg2000

import "unsafe"

// room gives the components of t their memory.
func (d *decoder) room(t *tile) error {
	narrow, deep := 0, 0
	for i := range t.components {
		switch c := &t.components[i]; {
		case d.inPlace(i, c):
		case c.deep:
			deep += c.entries()
		default:
			narrow += c.entries()
		}
	}
	if err := d.buffers(narrow, deep); err != nil {
		return err
	}
	narrow, deep = 0, 0
	for i := range t.components {
		c := &t.components[i]
		if c.samples != nil || c.deepSamples != nil {
			continue
		}
		w, n := c.resolutions[c.top].window, c.entries()
		c.place, c.stride, c.packed = w, w.width(), true
		if c.deep {
			c.deepSamples = d.deepMemory[deep:][:n]
			deep += n
		} else {
			c.samples = d.memory[narrow:][:n]
			narrow += n
		}
	}
	return nil
}

// entries returns how many samples the largest window of c has.
func (c *component) entries() int {
	n := 0
	for r := range c.top + 1 {
		n = max(n, c.resolutions[r].window.area())
	}
	return n
}

// buffers makes room for so many samples of a tile that is not decoded in place. What is used again for the next tile or picture is taken from the budget as if
// it were new, so that what came before makes no difference. For a larger tile all of it is new; those before it were other parts of the picture, and all of
// them together have no more samples than that.
func (d *decoder) buffers(narrow, deep int) error {
	bytes := 0
	if narrow > d.narrow {
		bytes = 4 * narrow
	}
	if deep > d.deep {
		bytes += 8 * deep
	}
	if !d.budget.take(bytes) {
		return errWork
	}
	d.narrow, d.deep = max(d.narrow, narrow), max(d.deep, deep)
	d.memory, d.deepMemory = room(d.memory, narrow), room(d.deepMemory, deep)
	return nil
}

// inPlace has component i of an image decoded where its samples will be, if there is room for all its resolutions. It may use what lies around the wanted part,
// too, as far as it belongs to the tile. Of narrow parts lower resolutions may take more, with the wavelet's support around them.
func (d *decoder) inPlace(i int, c *component) bool {
	if d.planes == nil {
		return false
	}
	p, around := &d.planes[i], d.around(d.stream.size.components[i])
	if c.need.empty() {
		c.samples, c.deepSamples = p.Samples[:0], p.Deep[:0]
		return true
	}
	c.place, c.stride = c.need.grown(support97).intersect(c.resolutions[c.top].rect), around.width()
	wide, high := c.place.width(), c.place.height()
	c.packed = wide == c.stride
	from := (c.place.y0-around.y0)*c.stride + c.place.x0 - around.x0
	to := from + (high-1)*c.stride + wide
	switch {
	case c.deep:
		c.deepSamples = p.Deep[from:to]
	case p.Deep != nil:
		c.samples = halves(p.Deep[from:to])
		c.stride, wide = 2*c.stride, 2*wide
	default:
		c.samples = p.Samples[from:to]
	}
	for r := range c.top {
		if w := c.resolutions[r].window; c.packed && w.area() > wide*high || !c.packed && (w.width() > wide || w.height() > high) {
			c.samples, c.deepSamples = nil, nil
			return false
		}
	}
	return true
}

// halves returns the memory of s as twice as many numbers.
func halves(s []int64) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(s))), 2*len(s))
}
