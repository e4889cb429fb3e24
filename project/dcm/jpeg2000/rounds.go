package jpeg2000

import (
	"errors"
	"fmt"
	"math"
)

// What packets give to code-blocks is listed in the ledger before any of them is decoded. Of a stream that is cut up so finely that the list is longer than there
// is room for, the packets are read several times, and each time the ledger keeps only as many code-blocks of one resolution as it can hold. Such
// streams have tens of layers of code-blocks of a few samples.

// selection says of which code-blocks the ledger keeps what packets give them: those of one resolution, nil for all, with the numbers from from up to to.
type selection struct {
	resolution *resolution
	from, to   uint32
}

var (
	all  = selection{to: math.MaxUint32}
	none = selection{}
)

func (s *selection) has(r *resolution, block uint32) bool {
	return (s.resolution == nil || s.resolution == r) && block >= s.from && block < s.to
}

// errFull says that the ledger has no room for what its selection gets.
var errFull = fmt.Errorf("%w: more passes and layers than there is room for", ErrData)

// ledgerShare is which part of a picture's room the ledger may have; the rest is for precincts and code-blocks.
const ledgerShare = 4

// readPackets reads all packets of t, so far as they are needed. If the ledger does not hold them, it keeps none, and each resolution is decoded in rounds.
func (d *decoder) readPackets(t *tile) error {
	d.round = 0
	err := d.read(t, all)
	if !errors.Is(err, errFull) {
		return err
	}
	err = d.read(t, none)
	d.round = d.fitting(d.blocks.used, d.packets.skipped)
	return err
}

// inRounds decodes the code-blocks of res, whose coefficients are zero. With Options.Partial it returns the first error after all of them.
func (d *decoder) inRounds(c *component, res *resolution) error {
	from, to := d.numbers(res)
	var first error
	for from < to {
		end := from + uint32(min(int(to-from), d.round))
		// What else is wrong with the packets was said when they were read first.
		switch err := d.read(&d.current, selection{res, from, end}); {
		case errors.Is(err, errFull) && end-from > 1:
			d.round = int(end-from) / 2
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
		d.round = min(4*d.round, d.fitting(int(end-from), int(d.ledger.end)))
		from = end
	}
	return first
}

// fitting returns how many code-blocks fill three quarters of the ledger, if so many have so many bytes in it.
func (d *decoder) fitting(blocks, bytes int) int {
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
