package jpeg2000

import (
	"fmt"
	"unsafe"
)

// tile is one tile while it is decoded.
type tile struct {
	index      int
	rect       rect // on the reference grid
	parameters parameters
	components []component
}

// component is the part of a component that lies in a tile.
type component struct {
	coding
	rect        rect // in the component's coordinates, all resolutions
	shift       int  // region of interest: maximum shift, 0 if there is none
	resolutions []resolution
	top         int     // the highest resolution that is wanted
	need        rect    // what is wanted of it
	samples     []int32 // memory of the resolution decoded so far, see raster; float32 in the same memory if irreversible
	deep        bool    // reversible with so many bits that int32 does not do: deepSamples take the place of samples
	deepSamples []int64
	place       rect // what of the highest resolution that is wanted, or around it, has room in the memory
	stride      int  // entries of a row of it
	packed      bool // rows of lower resolutions follow one another, else they have the same stride
}

// resolution is one resolution of a component (T.800 B.5): LL for the lowest, three subbands that double the one below for the others.
type resolution struct {
	rect           rect
	ppx, ppy       int  // logarithm of a precinct's size
	wide, high     int  // precincts
	window         rect // what is reconstructed: what is wanted and the wavelet's support around it
	bands          []band
	groups         uint32 // of its precincts, 0 as long as none has a packet
	order          int    // in which it is decoded, among those of all components from 1 on; 0 if it is not needed
	listed         int    // bytes that the ledger would have of what packets give it, at least
	px0, py0       int    // number of the first precinct's column and row
	scaleX, scaleY int    // logarithm of the step of a precinct on the component's full grid
}

// Orientations of subbands: the first letter is the filter along the row.
const (
	bandLL = iota
	bandHL
	bandLH
	bandHH
)

// band is one subband of a resolution.
type band struct {
	orient   int
	rect     rect
	window   rect // the coefficients that matter
	xcb, ycb int  // logarithm of a code-block's size
	ppx, ppy int  // logarithm of a precinct's size in the subband
	planes   int  // bit planes of a coefficient, without the shift of a region of interest
	delta    float32
}

// newTile lays out tile n, whose headers were read, as far as region (on the reference grid) at the wanted resolution needs it.
func (d *decoder) newTile(n int, region rect) (*tile, error) {
	s, p, t := &d.stream, &d.header, &d.current
	*t = tile{index: n, rect: s.size.tile(n), parameters: merged(&s.part1, &p.parameters)}
	if err := d.layoutRoom(); err != nil {
		return nil, err
	}
	t.components, d.ordered = d.parts[:0], 0
	resolutions, subbands := d.resolutions, d.subbands
	for i, sampling := range s.size.components {
		c := component{coding: s.codingOf(i, &p.parameters), shift: s.shiftOf(i, &p.parameters)}
		q := s.quantisationOf(i, &p.parameters)
		c.rect = t.rect.divided(sampling.dx, sampling.dy)
		c.resolutions, resolutions = resolutions[:c.levels+1], resolutions[c.levels+1:]
		c.top = c.levels - d.options.Reduce
		if c.top < 0 {
			return nil, fmt.Errorf("%w: component %d has %d resolutions, it cannot be reduced by %d", ErrShape, i, c.levels+1, d.options.Reduce)
		}
		c.need = t.rect.intersect(region).divided(sampling.dx, sampling.dy).halved(d.options.Reduce)
		c.deep = c.reversible && sampling.precision > narrowPrecision
		if err := c.layOut(subbands, &q, int(sampling.precision)); err != nil {
			return nil, fmt.Errorf("tile %d, component %d: %w", n, i, err)
		}
		subbands = subbands[3*c.levels+1:]
		d.arrange(&c)
		t.components = append(t.components, c)
	}
	return t, t.checkTransform()
}

// arrange numbers the resolutions of c that are needed in the order they are decoded.
func (d *decoder) arrange(c *component) {
	for r := range c.top + 1 {
		if res := &c.resolutions[r]; !res.window.empty() {
			d.ordered++
			res.order = d.ordered
		}
	}
}

const (
	componentBytes  = int(unsafe.Sizeof(component{}))
	resolutionBytes = int(unsafe.Sizeof(resolution{}))
	bandBytes       = int(unsafe.Sizeof(band{}))
)

// layoutRoom makes room for the components, resolutions and subbands of the tile whose headers were read. What a tile before had is used again, and paid for once.
func (d *decoder) layoutRoom() error {
	components, resolutions := len(d.stream.size.components), 0
	for i := range components {
		resolutions += d.stream.codingOf(i, &d.header.parameters).levels + 1
		if resolutions > d.layouts {
			d.layouts = 0 // no tile after it is looked at so far
			return errWork
		}
	}
	d.layouts -= resolutions
	subbands := 3*resolutions - 2*components
	if resolutions > d.laidOut {
		if !d.budget.take(components*componentBytes + resolutions*resolutionBytes + subbands*bandBytes) {
			return errWork
		}
		d.laidOut = resolutions
	}
	d.parts, d.resolutions, d.subbands = room(d.parts, components), room(d.resolutions, resolutions), room(d.subbands, subbands)
	return nil
}

// merged returns what holds for a tile: its own marker segments before those of the main header.
func merged(all, own *parameters) parameters {
	p := *all
	if own.hasCOD {
		p.order = own.order
	}
	if len(own.poc) > 0 {
		p.poc = own.poc
	}
	return p
}

// layOut makes the resolutions of c, whose subbands are the first ones given.
func (c *component) layOut(subbands []band, q *quantisation, precision int) error {
	for r := range c.resolutions {
		c.resolutions[r] = resolution{rect: c.rect.halved(c.levels - r)}
	}
	for r := range c.resolutions {
		res, down := &c.resolutions[r], c.levels-r
		res.ppx, res.ppy = int(c.precincts[r]&15), int(c.precincts[r]>>4)
		res.scaleX, res.scaleY = res.ppx+down, res.ppy+down
		if !res.rect.empty() {
			res.px0, res.py0 = res.rect.x0>>res.ppx, res.rect.y0>>res.ppy
			res.wide = ceilShift(res.rect.x1, res.ppx) - res.px0
			res.high = ceilShift(res.rect.y1, res.ppy) - res.py0
		}
		first, count := bandHL, 3
		if r == 0 {
			first, count = bandLL, 1
		}
		res.bands, subbands = subbands[:count], subbands[count:]
		for i := range res.bands {
			b, err := c.newBand(r, first+i, q, max(0, 3*r-2)+i, precision)
			if err != nil {
				return err
			}
			res.bands[i] = b
		}
	}
	c.windows()
	return nil
}

// newBand makes the subband of resolution r with the given number in the order of QCD (T.800 B.5, E.1).
func (c *component) newBand(r, orient int, q *quantisation, number, precision int) (band, error) {
	res := &c.resolutions[r]
	b := band{orient: orient, rect: res.rect, ppx: res.ppx, ppy: res.ppy}
	if r > 0 {
		level := c.levels - r + 1
		ox, oy := (orient&1)<<(level-1), (orient>>1)<<(level-1)
		b.rect = rect{c.rect.x0 - ox, c.rect.y0 - oy, c.rect.x1 - ox, c.rect.y1 - oy}.halved(level)
		b.ppx, b.ppy = res.ppx-1, res.ppy-1
	}
	b.xcb, b.ycb = min(c.xcb, b.ppx), min(c.ycb, b.ppy)
	s, ok := q.step(r, number)
	if !ok {
		return b, fmt.Errorf("%w: QCD or QCC has no step for subband %d", ErrHeader, number)
	}
	b.planes = q.guard + int(s.exponent) - 1
	if !c.reversible {
		b.delta = c.stepSize(r, orient, s, precision)
	}
	return b, nil
}

// How many samples of the resolution on each side one sample depends on, of the wavelet of that name.
const (
	support53 = 2
	support97 = 4
)

// windows finds which part of each resolution and subband is needed, from the highest wanted resolution down. To have a range of samples right, the wavelet
// needs so many more on each side; at the end of a shorter range it goes on by mirroring, which is wrong there and nowhere else.
func (c *component) windows() {
	support := support97
	if c.reversible {
		support = support53
	}
	need := c.need
	for r := c.top; r >= 0; r-- {
		res := &c.resolutions[r]
		if w := need.grown(support); !need.empty() {
			res.window = w.intersect(res.rect)
		}
		for i := range res.bands {
			b := &res.bands[i]
			b.window = res.window
			if r > 0 {
				ox, oy := b.orient&1, b.orient>>1
				b.window = rect{b.window.x0 - ox, b.window.y0 - oy, b.window.x1 - ox, b.window.y1 - oy}.halved(1)
			}
			b.window = b.window.intersect(b.rect)
		}
		need = res.window.halved(1)
	}
}
