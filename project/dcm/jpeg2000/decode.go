package jpeg2000

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

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
	layouts     int     // resolutions that may still be laid out: each has a byte at least
	packets     packetReader
	ledger      ledger
	ordered     int         // resolutions of the tile that are needed
	rounds      bool        // the ledger does not hold all that packets say of the tile
	loaded      int         // of resolutions up to this order the ledger has all
	parts       []component // of the tile
	resolutions []resolution
	subbands    []band
	laidOut     int           // resolutions that the picture has paid for
	groups      pages[uint32] // numbers of the first precinct of so many together
	precincts   pages[precinct]
	blocks      pages[codeBlock]
	nodes       pages[tagNode]
	memory      []int32      // of components that are not decoded in place, see room
	deepMemory  []int64      // of those that have more bits
	narrow      int          // entries of memory that the picture has taken
	deep        int          // of deepMemory
	damaged     atomic.Int64 // code-blocks of the tile
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
	entries   []uint32 // of a code-block in the ledger
	pieces    []piece  // their pieces
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// release gives d back without the picture's data.
func (d *decoder) release() {
	clear(d.jobs[:cap(d.jobs)])
	d.stream, d.header, d.current, d.packets, d.options, d.damage, d.planes = stream{}, tileHeader{}, tile{}, packetReader{}, Options{}, nil, nil
	d.narrow, d.deep, d.laidOut = 0, 0, 0
	clear(d.parts[:cap(d.parts)])
	d.jobs = d.jobs[:0]
	d.ledger.release()
	d.groups.release()
	d.precincts.release()
	d.blocks.release()
	d.nodes.release()
	decoders.Put(d)
}

// reset takes back what packets of a tile made.
func (d *decoder) reset() {
	d.ledger.reset()
	d.groups.reset()
	d.precincts.reset()
	d.blocks.reset()
	d.nodes.reset()
}

// picture decodes all tiles that the region needs, giving each to put as soon as it is complete. With Options.Partial what could be decoded is given to put,
// whatever the error.
func (d *decoder) picture(put func(t *tile)) error {
	var first error
	d.allowWork(len(d.stream.b))
	for parts := range d.stream.tiles() {
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

// errorBytes are more than an error takes.
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
	damage := d.stream.readTile(&d.header, parts)
	if damage != nil && (!d.options.Partial || len(d.header.parts) == 0) {
		return damage
	}
	t, err := d.newTile(n, d.region)
	if err != nil {
		return err
	}
	if err = d.room(t); err != nil {
		return err
	}
	d.ledger.begin(int(d.budget) / ledgerShare)
	err = d.readPackets(t)
	if err != nil && (!d.options.Partial || !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrData)) {
		return err
	}
	d.damaged.Store(0)
	if blocks := d.components(t); err == nil {
		err = blocks
	}
	d.budget.take(min(int(d.damaged.Load())*errorBytes, int(d.budget)))
	if damage != nil {
		err = damage
	}
	if err == nil || d.options.Partial {
		t.colour()
		put(t)
	}
	return err
}

// components decodes the components of t, one resolution after the other. With Options.Partial damaged code-blocks are left at zero.
func (d *decoder) components(t *tile) error {
	var first error
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

// resolution decodes resolution r of c in its memory, which has the samples of the one below.
func (d *decoder) resolution(c *component, r int) error {
	switch {
	case c.deep:
		return resolve(d, c, r, c.deepSamples)
	case c.reversible:
		return resolve(d, c, r, c.samples)
	}
	return resolve(d, c, r, floats(c.samples))
}

func resolve[T number](d *decoder, c *component, r int, samples []T) error {
	res := &c.resolutions[r]
	if res.window.empty() {
		return nil
	}
	to := c.raster(res)
	if r > 0 {
		expand(samples, c.raster(&c.resolutions[r-1]), to)
	}
	err := d.codeBlocks(c, res)
	if r > 0 && (err == nil || d.options.Partial) {
		synthesise(d, samples, to)
	}
	return err
}
