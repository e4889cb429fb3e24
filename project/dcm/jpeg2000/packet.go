package jpeg2000

import (
	"fmt"
	"math"
	"math/bits"
)

// packetReader reads the packets of a tile one after the other (T.800 B.9, B.10). A packet may start in one tile part only where that part starts or the
// packet before ends, so the bodies are read as one after the other.
type packetReader struct {
	stream     *stream
	parts      []part // that are left
	body       []byte // what is left of the current one
	header     []byte // what is left of its packed headers
	packed     bool
	all        bool // PPT: one run of headers for all tile parts
	sop        bool
	eph        bool
	work       int         // code-blocks that may still be looked at
	used       []uint16    // components, of a progression by position
	xs, ys     steps       // and the positions
	keep       selection   // of which code-blocks the ledger keeps what packets give them
	at         uint32      // the code-block whose part of a packet's header is read
	kept       bool        // it is one of them
	last       uint32      // the last piece of its entry in the ledger, 0 if it has none yet
	before     int         // bytes of the packet's body for code-blocks that are not kept, before those that are
	after      int         // and after them
	resolution *resolution // whose packet it is
}

// next goes on to the next tile part when the current one is used up; false when there are no packets left. With packed headers a body may be empty.
func (r *packetReader) next() bool {
	for {
		switch {
		case !r.packed && len(r.body) > 0, r.packed && !r.all && len(r.header) > 0, r.all && (len(r.body) > 0 || len(r.parts) == 0):
			return !r.packed || len(r.header) > 0
		case len(r.parts) == 0:
			return false
		}
		r.body = r.stream.packets(r.parts[0])
		if r.packed && !r.all {
			r.header, _ = r.stream.piece(int(r.parts[0].packed))
		}
		r.parts = r.parts[1:]
	}
}

// packet reads the packet of one layer of a precinct. A precinct's packets come in the order of layers.
func (d *decoder) packet(c *component, res *resolution, n int) error {
	r := &d.packets
	if !r.next() {
		return fmt.Errorf("%w: packets are missing", ErrTruncated)
	}
	p := d.precinct(res, n)
	if p == nil {
		return errWork
	}
	layer := int(p.layers)
	p.layers++
	if r.sop && uint16At(r.body, 0) == sop && len(r.body) >= 6 {
		r.body = r.body[6:]
	}
	in := headerBits{b: r.body}
	if r.packed {
		in.b = r.header
	}
	first := d.ledger.end
	r.before, r.after = 0, 0
	if in.bit() != 0 {
		if err := d.packetHeader(&in, c, res, p, n, layer); err != nil {
			d.forget(first)
			return err
		}
	}
	in.align()
	if in.short {
		d.forget(first)
		return fmt.Errorf("%w: inside a packet's header", ErrTruncated)
	}
	rest := in.b[in.pos:]
	if r.eph && uint16At(rest, 0) == eph {
		rest = rest[2:]
	}
	if r.packed {
		r.header = rest
	} else {
		r.body = rest
	}
	return d.packetBody(first)
}

// packetHeader reads what a packet's header tells of the code-blocks of p, precinct n.
func (d *decoder) packetHeader(in *headerBits, c *component, res *resolution, p *precinct, n, layer int) error {
	if p.blocks == 0 {
		if err := d.open(res, p, n); err != nil {
			return err
		}
	}
	d.packets.resolution = res
	for _, g := range res.precinctBands(p, n) {
		if err := d.bandHeader(in, c, res, &g, layer); err != nil {
			return err
		}
	}
	return nil
}

// bandHeader reads the part of a packet's header that tells of the code-blocks in one subband.
func (d *decoder) bandHeader(in *headerBits, c *component, res *resolution, g *precinctBand, layer int) error {
	r := &d.packets
	tree := tagTree{&d.nodes, g.nodes, g.wide, g.high}
	depth := bits.Len(uint(max(g.wide, g.high) - 1))
	root := d.nodes.at(g.nodes + uint32(tagNodes(g.wide, g.high)) - 1)
	for n := range g.wide * g.high {
		r.at = g.blocks + uint32(n)
		r.kept = r.keep.has(res, r.at)
		k := d.blocks.at(r.at)
		x, y := n%g.wide, n/g.wide
		if r.work--; r.work < 0 {
			return errWork
		}
		switch {
		case k.lengthBits > 0:
			if in.bit() == 0 {
				continue
			}
		case !tree.before(in, x, y, uint16(layer+1)):
			if !root.known && int(root.layer) > layer {
				return nil // none of them is included so far
			}
			r.work -= depth / 2 // its way through the tree
			continue
		default:
			zero, err := tree.lacking(in, x, y)
			if err != nil {
				return err
			}
			*k = codeBlock{zeroPlanes: uint8(zero), lengthBits: 3, mode: firstMode(c.style)}
		}
		if err := d.contribution(in, c, k); err != nil {
			return err
		}
	}
	return nil
}

// contribution reads how many passes a code-block gets and the lengths of its segments (T.800 B.10.6, B.10.7).
func (d *decoder) contribution(in *headerBits, c *component, k *codeBlock) error {
	r := &d.packets
	passes := in.passes()
	for in.bit() != 0 {
		if k.lengthBits++; k.lengthBits > 31 || in.short {
			return fmt.Errorf("%w: a code-block's length has more than 31 bits", ErrData)
		}
	}
	if int(k.passes)+passes > maxPasses {
		return fmt.Errorf("%w: a code-block has more than %d passes", ErrData, maxPasses)
	}
	if r.last = 0; r.kept && !d.ledger.reserve(entryHead+pieceMost*passes, &d.budget) {
		return errFull
	}
	if k.mode != modePart1 {
		return d.contributionHT(in, c, k, passes)
	}
	for passes > 0 {
		has, most := c.style.segment(int(k.passes))
		n := min(passes, most-has)
		d.give(k, in.bits(int(k.lengthBits)+bits.Len(uint(n))-1), n, has == 0)
		if passes -= n; passes > 0 {
			d.packets.work--
		}
	}
	return nil
}

// give notes that the packet whose header is read has so many bytes and passes for code-block k.
func (d *decoder) give(k *codeBlock, length, passes int, fresh bool) {
	r := &d.packets
	k.passes += uint8(passes)
	if !r.kept {
		r.skip(length)
		return
	}
	if r.last == 0 {
		d.ledger.addHead(r.at)
	}
	r.last = d.ledger.addPiece(r.last, uint32(min(uint64(length), math.MaxUint32)), passes, fresh)
}

// skip notes a piece that the ledger does not keep.
func (r *packetReader) skip(length int) {
	if r.keep == none {
		if r.last == 0 {
			r.last, r.resolution.listed = 1, r.resolution.listed+entryHead
		}
		r.resolution.listed += pieceLeast
	}
	if r.at < r.keep.from {
		r.before += length
	} else {
		r.after += length
	}
}

// maxPasses of a code-block: three for each of 74 bit planes, which is 37 of the largest sample and as many of a region of interest.
const maxPasses = 220

// segment returns how many passes the segment has to which the pass belongs that comes after so many of a code-block, and how many it may have (T.800 D.4.2, D.6).
func (s style) segment(passes int) (has, most int) {
	switch {
	case s&styleTerminate != 0:
		return 0, 1
	case s&styleBypass == 0:
		return passes, maxPasses
	case passes < 10:
		return passes, 10
	case (passes-10)%3 == 2:
		return 0, 1
	}
	return (passes - 10) % 3, 2
}
