package jpeg2000

import (
	"errors"
	"fmt"
	"math"
)

// What packets give to code-blocks is listed in the ledger before any of them is decoded. Of a stream that is cut up so finely that the list is longer than there
// is room for, the packets are read several times, and each time the ledger keeps only what is for some resolutions, or some code-blocks of one, in the order
// they are decoded. Such streams have tens of layers of code-blocks of a few samples.

// selection says of which code-blocks the ledger keeps what packets give them: those of the resolutions from the order first up to last, with numbers from from
// up to to.
type selection struct {
	first, last int
	from, to    uint32
}

var (
	all  = selection{1, math.MaxInt, 0, math.MaxUint32}
	none = selection{}
)

func (s *selection) has(r *resolution, block uint32) bool {
	return r.order >= s.first && r.order < s.last && block >= s.from && block < s.to
}

// errFull says that the ledger has no room for what its selection gets.
var errFull = fmt.Errorf("%w: more passes and layers than there is room for", ErrData)

// ledgerShare is which part of a picture's room the ledger may have; the rest is for precincts and code-blocks.
const ledgerShare = 4

// readPackets reads all packets of t, so far as they are needed. If the ledger does not hold them, it keeps none, and t is decoded in rounds.
func (d *decoder) readPackets(t *tile) error {
	err := d.read(t, all)
	d.rounds, d.loaded = errors.Is(err, errFull), 0
	if d.rounds {
		err = d.read(t, none)
	}
	return err
}

// inRounds decodes the code-blocks of res, whose coefficients are zero. With Options.Partial it returns the first error after all of them. What was wrong with the
// packets when they were read first is not said again.
func (d *decoder) inRounds(c *component, res *resolution) error {
	if res.order <= d.loaded {
		return d.decodeNeeded(c, res, batch)
	}
	from, to := d.numbers(res)
	if from == to {
		return nil
	}
	for last := d.fitting(res); last >= res.order; last -= (last-res.order)/2 + 1 {
		err := d.read(&d.current, selection{res.order, last + 1, 0, math.MaxUint32})
		if errors.Is(err, errWork) {
			return err
		}
		if !errors.Is(err, errFull) {
			d.loaded = last
			return d.decodeNeeded(c, res, batch)
		}
	}
	return d.inPieces(c, res, from, to)
}

// inPieces decodes the code-blocks of res, whose numbers lie from from up to to, so many at a time.
func (d *decoder) inPieces(c *component, res *resolution, from, to uint32) error {
	size := d.filling(int(to-from), res.listed)
	var first error
	for from < to {
		end := from + uint32(min(int(to-from), size))
		switch err := d.read(&d.current, selection{res.order, res.order + 1, from, end}); {
		case errors.Is(err, errFull) && end-from > 1:
			size = int(end-from) / 2
			continue
		case errors.Is(err, errFull) || errors.Is(err, errWork):
			return err
		}
		if err := d.decodeNeeded(c, res, batch); err != nil {
			if first == nil {
				first = err
			}
			if !d.options.Partial {
				return first
			}
		}
		size = min(4*size, d.filling(int(end-from), int(d.ledger.end)))
		from = end
	}
	return first
}

// fitting returns the order of the last of the resolutions from res on that together may fit the ledger; that before res if it alone does not.
func (d *decoder) fitting(res *resolution) int {
	last, bytes := res.order-1, 0
	for i := range d.current.components {
		resolutions := d.current.components[i].resolutions
		for n := range resolutions {
			r := &resolutions[n]
			if r.order < res.order {
				continue
			}
			if bytes += r.listed; bytes > d.ledger.most {
				return last
			}
			last = r.order
		}
	}
	return last
}

// filling returns how many code-blocks fill three quarters of the ledger, if so many have so many bytes in it.
func (d *decoder) filling(blocks, bytes int) int {
	return max(1, int(float64(blocks)*float64(d.ledger.most)*3/4/float64(max(1, bytes))))
}

// numbers returns between which numbers, from the first up to the second, the code-blocks of r lie, and maybe others.
func (d *decoder) numbers(r *resolution) (from, to uint32) {
	for n, p := range d.opened(r) {
		if from == 0 || p.blocks < from {
			from = p.blocks
		}
		end := p.blocks
		for _, g := range r.precinctBands(p, n) {
			end += uint32(g.wide * g.high)
		}
		to = max(to, end)
	}
	return from, to
}
