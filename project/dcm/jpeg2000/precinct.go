package jpeg2000

import "iter"

// precinct is a piece of a resolution: the code-blocks that a packet tells of (T.800 B.6). Where they are follows from its number, see precinctBands.
type precinct struct {
	blocks uint32 // its first code-block, the others follow; 0 as long as no packet tells of them
	nodes  uint32 // its first node
	layers uint16 // packets read
}

// codeBlock is what packets told of a code-block.
type codeBlock struct {
	last       uint32 // what the last one gave it, see ledger; 0 if none did
	passes     uint8
	zeroPlanes uint8
	lengthBits uint8 // 0 if it is not included so far
	mode       blockMode
}

// precinctBand is the code-blocks of a precinct in one subband.
type precinctBand struct {
	x0, y0     int // column and row of the first one in the subband's grid of code-blocks
	wide, high int
	blocks     uint32 // number of the first one, row by row
	nodes      uint32 // of the first node
}

// area returns which coefficients of subband b code-block n has.
func (g *precinctBand) area(b *band, n int) rect {
	x, y := (g.x0+n%g.wide)<<b.xcb, (g.y0+n/g.wide)<<b.ycb
	return rect{x, y, x + 1<<b.xcb, y + 1<<b.ycb}.intersect(b.rect)
}

// precinctBand returns what precinct n has in subband b.
func (r *resolution) precinctBand(b *band, n int) precinctBand {
	px, py := n%r.wide+r.px0, n/r.wide+r.py0
	area := rect{px << b.ppx, py << b.ppy, (px + 1) << b.ppx, (py + 1) << b.ppy}.intersect(b.rect)
	if area.empty() {
		return precinctBand{}
	}
	x0, y0 := area.x0>>b.xcb, area.y0>>b.ycb
	return precinctBand{x0: x0, y0: y0, wide: ceilShift(area.x1, b.xcb) - x0, high: ceilShift(area.y1, b.ycb) - y0}
}

// precinctBands gives the code-blocks of precinct n, subband by subband; their numbers are those of p.
func (r *resolution) precinctBands(p *precinct, n int) iter.Seq2[*band, precinctBand] {
	return func(yield func(*band, precinctBand) bool) {
		blocks, nodes := p.blocks, p.nodes
		for i := range r.bands {
			g := r.precinctBand(&r.bands[i], n)
			if g.wide == 0 {
				continue
			}
			g.blocks, g.nodes = blocks, nodes
			if !yield(&r.bands[i], g) {
				return
			}
			blocks += uint32(g.wide * g.high)
			nodes += uint32(tagNodes(g.wide, g.high))
		}
	}
}

// together is how many precincts are made when the first of them has a packet.
const together = 64

// precinct returns precinct n of the resolution, nil if there is no room for it.
func (d *decoder) precinct(r *resolution, n int) *precinct {
	if r.groups == 0 {
		if r.groups = d.groups.take(ceilDiv(r.wide*r.high, together), &d.budget); r.groups == 0 {
			return nil
		}
	}
	group := d.groups.at(r.groups + uint32(n/together))
	if *group == 0 {
		size := min(together, r.wide*r.high-n/together*together)
		if *group = d.precincts.take(size, &d.budget); *group == 0 {
			return nil
		}
	}
	return d.precincts.at(*group + uint32(n%together))
}

// open makes the code-blocks of precinct n, which has its first packet that is not empty.
func (d *decoder) open(r *resolution, p *precinct, n int) error {
	blocks, nodes := 0, 0
	for _, g := range r.precinctBands(p, n) {
		blocks += g.wide * g.high
		nodes += tagNodes(g.wide, g.high)
	}
	if blocks == 0 {
		return nil
	}
	if d.packets.work -= blocks / 4; d.packets.work < 0 { // they are made zero
		return errWork
	}
	first := d.blocks.take(blocks, &d.budget)
	if p.nodes = d.nodes.take(nodes, &d.budget); first == 0 || p.nodes == 0 {
		return errWork
	}
	p.blocks = first
	return nil
}

// opened gives the precincts of r of whose code-blocks packets told, with their numbers.
func (d *decoder) opened(r *resolution) iter.Seq2[int, *precinct] {
	return func(yield func(int, *precinct) bool) {
		if r.groups == 0 {
			return
		}
		for n := 0; n < r.wide*r.high; n++ {
			group := *d.groups.at(r.groups + uint32(n/together))
			if group == 0 {
				n += together - 1
				continue
			}
			if p := d.precincts.at(group + uint32(n%together)); p.blocks > 0 && !yield(n, p) {
				return
			}
		}
	}
}
