package jpeg2000

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"hotlight/project/dcm/jpeg2000/internal/ht"
)

// decoder is the state of one picture. Its tables and buffers are used again for the next.
type decoder struct {
	stream      stream
	header      tileHeader // of the tile that is decoded
	current     tile
	options     Options
	budget      budget
	planes      []Plane // of the image, nil for a frame
	damage      error   // of the codestream's structure, with Options.Partial
	region      rect    // wanted part of the reference grid
	begun       bool    // a tile was decoded, whose samples are in the planes
	layouts     int     // resolutions that may still be laid out: each has a byte at least
	packets     packetReader
	chunks      chunks
	parts       []component // of the tile
	resolutions slab[resolution]
	subbands    slab[band]
	bands       slab[precinctBand]
	blocks      slab[codeBlock]
	nodes       slab[tagNode]
	memory      []int32 // of components, see room
	below       []int32 // of the resolution below
	jobs        []job
	workers     []*worker
}

// worker is what one goroutine needs to decode code-blocks.
type worker struct {
	narrow    block[uint32]
	wide      block[uint64]
	ht        ht.Decoder
	plain     []int32 // samples of a code-block of Part 15
	plainWide []int64 // of one with more bit planes
	joined    []byte
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the picture's data.
func (d *decoder) release() {
	clear(d.jobs[:cap(d.jobs)])
	d.stream, d.header, d.current, d.packets, d.options, d.damage, d.planes, d.begun = stream{}, tileHeader{}, tile{}, packetReader{}, Options{}, nil, nil, false
	clear(d.parts[:cap(d.parts)])
	d.jobs, d.parts = d.jobs[:0], d.parts[:0]
	d.reset()
	for _, page := range d.resolutions.pages {
		clear(page) // they have precincts
	}
	decoders.Put(d)
}

// reset takes back what was made for a tile.
func (d *decoder) reset() {
	d.chunks.reset()
	d.bands.reset()
	d.blocks.reset()
	d.nodes.reset()
	d.resolutions.reset()
	d.subbands.reset()
}

// picture decodes all tiles that the region needs, giving each to put as soon as it is complete. With Options.Partial what could be decoded is given to put,
// whatever the error.
func (d *decoder) picture(put func(t *tile)) error {
	var first error
	for parts := range d.tiles() {
		if d.stopped() {
			return ErrStopped
		}
		err := d.tile(parts, put)
		if first == nil {
			first = err
		}
		if err != nil && (!d.options.Partial || !d.budget.take(errorBytes)) {
			return first
		}
	}
	if first == nil {
		first = d.damage
	}
	if first == nil {
		first = d.missing()
	}
	return first
}

// errorBytes are more than the text of a tile's error takes.
const errorBytes = 1 << 9

// stopped reports whether Options.Done is closed.
func (d *decoder) stopped() bool {
	select {
	case <-d.options.Done:
		return true
	default:
		return false
	}
}

// tiles gives the parts of each tile in the order of the tiles' numbers, but one that is more than half of an image comes first, see inPlace.
func (d *decoder) tiles() iter.Seq[[]part] {
	return func(yield func([]part) bool) {
		large := func(parts []part) bool {
			return d.planes != nil && 2*d.stream.size.tile(int(parts[0].tile)).intersect(d.region).area() > d.region.area()
		}
		for parts := range d.stream.tiles() {
			if large(parts) && !yield(parts) {
				return
			}
		}
		for parts := range d.stream.tiles() {
			if !large(parts) && !yield(parts) {
				return
			}
		}
	}
}

// missing returns an error if a tile of the region has no part, but one without samples, between those of subsampled components, which needs none (Kakadu
// leaves them out).
func (d *decoder) missing() error {
	size, work := &d.stream.size, 1<<24 // components that may be looked at
	parts := d.stream.parts
	for n := range size.tilesX * size.tilesY {
		for len(parts) > 0 && int(parts[0].tile) < n {
			parts = parts[1:]
		}
		r := size.tile(n)
		if len(parts) > 0 && int(parts[0].tile) == n || !r.overlaps(d.region) {
			continue
		}
		work -= len(size.components)
		if work < 0 || slices.ContainsFunc(size.components, func(s sampling) bool { return !r.divided(s.dx, s.dy).empty() }) {
			return fmt.Errorf("%w: tile %d is missing", ErrTruncated, n)
		}
	}
	return nil
}

// tile decodes the tile that has these parts. With Options.Partial those before the first one with a damaged header count.
func (d *decoder) tile(parts []part, put func(t *tile)) error {
	n := int(parts[0].tile)
	if !d.stream.size.tile(n).overlaps(d.region) {
		return nil
	}
	d.reset()
	damage := d.stream.readTile(&d.header, parts)
	if damage != nil && (!d.options.Partial || len(d.header.parts) == 0) {
		return damage
	}
	t, err := d.newTile(n, d.region)
	if err != nil {
		return err
	}
	err = d.readPackets(t)
	if err != nil && (!d.options.Partial || !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrData)) {
		return err
	}
	if blocks := d.components(t); err == nil {
		err = blocks
	}
	if damage != nil {
		err = damage
	}
	if err == nil || d.options.Partial {
		t.colour()
		put(t)
		d.begun = true
	}
	return err
}

// components decodes the components of t, one resolution after the other. With Options.Partial damaged code-blocks are left at zero.
func (d *decoder) components(t *tile) error {
	var first error
	d.room(t)
	for i := range t.components {
		c := &t.components[i]
		for r := range c.top + 1 {
			if err := d.resolution(c, r); err != nil {
				if first == nil {
					first = fmt.Errorf("tile %d, component %d: %w", t.index, i, err)
				}
				if !d.options.Partial {
					return first
				}
			}
		}
	}
	return first
}

// room gives the components of t their memory. Resolutions take turns between it and what is needed once, for the one below the highest.
func (d *decoder) room(t *tile) {
	total, below := 0, 0
	for i := range t.components {
		c := &t.components[i]
		own := 0
		if c.deep {
			continue
		}
		for r := range c.top + 1 {
			if n := c.resolutions[r].window.area(); (c.top-r)&1 == 0 {
				own = max(own, n)
			} else {
				below = max(below, n)
			}
		}
		if c.memory = d.inPlace(i, c); len(c.memory) < own || own == 0 {
			c.memory, c.room = nil, own
			total += own
		}
	}
	if len(d.memory) < total {
		d.memory = make([]int32, total)
	}
	if len(d.below) < below {
		d.below = make([]int32, below)
	}
	rest := d.memory[:total]
	for i := range t.components {
		c := &t.components[i]
		if c.memory == nil {
			c.memory, rest = rest[:c.room:c.room], rest[c.room:]
		}
	}
}

// inPlace returns the samples of the image where component i can be decoded there: all of it if the image has one tile, else for the first tile to be decoded
// the beginning, from where Plane.place moves them on.
func (d *decoder) inPlace(i int, c *component) []int32 {
	window := c.resolutions[c.top].window
	if d.planes == nil || d.planes[i].Samples == nil || d.begun || window != c.need {
		return nil
	}
	return d.planes[i].Samples[:window.area()]
}

// resolution decodes resolution r of c, whose samples so far are those of the one below.
func (d *decoder) resolution(c *component, r int) error {
	res := &c.resolutions[r]
	n := res.window.area()
	if c.deep {
		below := c.deepSamples
		c.deepSamples = make([]int64, n)
		err := d.codeBlocks(c, res)
		synthesise(d, c, r, c.deepSamples, below)
		return err
	}
	below := c.samples
	c.samples = c.memory
	if (c.top-r)&1 == 1 {
		c.samples = d.below
	}
	c.samples = c.samples[:n]
	err := d.codeBlocks(c, res)
	if c.reversible {
		synthesise(d, c, r, c.samples, below)
	} else {
		synthesise(d, c, r, floats(c.samples), floats(below))
	}
	return err
}
