package encode

import (
	"fmt"
	"math"

	"hotlight/project/dcm/jpeg2000/internal/ht"
)

// tile is one tile with all that its packets hold.
type tile struct {
	index      int
	area       rect // on the reference grid
	components []tileComponent
}

type tileComponent struct {
	dx, dy      int
	area        rect
	coding      Coding
	resolutions []resolution // the lowest first
}

type resolution struct {
	area         rect
	across, down int // precincts
	precincts    []precinct
}

// precinct holds the blocks of each of its sub-bands: one of the lowest resolution, three of the others.
type precinct struct {
	x, y  int // its corner on the resolution's grid; it may lie before the tile's
	bands []bandBlocks
}

// bandBlocks are the blocks of a sub-band in a precinct.
type bandBlocks struct {
	across, down int
	blocks       []block
	first, zeros tagTree
}

// block is a code-block on its way into packets.
type block struct {
	coded
	style    Style
	included bool
	lengths  uint  // Lblock
	written  int   // passes
	sets     int   // of HT passes; 0 in a block of Part 1
	most     int   // passes up to the end of the first packet with bytes; 0: any
	layers   []int // passes up to each layer
}

// maker makes tiles.
type maker struct {
	m *Image
	o *Options
	q []quantisation // of each component
	b blockCoder
	n int // mixed blocks so far
}

// tile codes tile number n, which lies at area.
func (k *maker) tile(n int, area rect) (*tile, error) {
	t := &tile{index: n, area: area}
	planes := k.samples(area)
	for c := range k.m.Components {
		d := &k.m.Components[c]
		tc := tileComponent{dx: max(d.DX, 1), dy: max(d.DY, 1), coding: k.o.coding(c)}
		tc.area = area.over(tc.dx, tc.dy)
		var bands [][]plane[int64]
		if tc.coding.Irreversible {
			bands = k.irreversible(planes.real[c], c)
		} else {
			bands = decompose(planes.whole[c], tc.coding.Levels, lift53)
		}
		for r := range tc.coding.Levels + 1 {
			res, err := k.resolution(&tc, c, r, bands[r])
			if err != nil {
				return nil, err
			}
			tc.resolutions = append(tc.resolutions, res)
		}
		t.components = append(t.components, tc)
	}
	return t, nil
}

// samples are a tile's components after level shift and component transform.
type samples struct {
	whole []plane[int64]
	real  []plane[float64]
}

func (k *maker) samples(area rect) samples {
	n := len(k.m.Components)
	s := samples{make([]plane[int64], n), make([]plane[float64], n)}
	for c := range n {
		d := &k.m.Components[c]
		dx, dy := max(d.DX, 1), max(d.DY, 1)
		all := rect{k.m.X0, k.m.Y0, k.m.X1, k.m.Y1}.over(dx, dy)
		s.whole[c] = newPlane[int64](area.over(dx, dy))
		p := s.whole[c]
		shift := int64(0)
		if !d.Signed {
			shift = 1 << (d.Bits - 1)
		}
		for i := range p.v {
			x, y := p.x0+i%p.w(), p.y0+i/p.w()
			p.v[i] = d.at((y-all.y0)*all.w()+x-all.x0) - shift
		}
		s.real[c] = newPlane[float64](p.rect)
		for i, v := range p.v {
			s.real[c].v[i] = float64(v)
		}
	}
	if k.o.Transform && k.o.coding(0).Irreversible {
		ict([3][]float64{s.real[0].v, s.real[1].v, s.real[2].v})
	} else if k.o.Transform {
		rct([3][]int64{s.whole[0].v, s.whole[1].v, s.whole[2].v})
	}
	return s
}

// decompose returns the sub-bands of each resolution: the lowest has LL, the others HL, LH, HH.
func decompose[T sample](p plane[T], levels int, lift func([]T, bool)) [][]plane[T] {
	out := make([][]plane[T], levels+1)
	for r := levels; r > 0; r-- {
		bands := analyse(p, lift)
		p, out[r] = bands[0], bands[1:]
	}
	out[0] = []plane[T]{p}
	return out
}

func (k *maker) irreversible(p plane[float64], c int) [][]plane[int64] {
	real := decompose(p, k.o.coding(c).Levels, lift97)
	out := make([][]plane[int64], len(real))
	for r, bands := range real {
		for n, b := range bands {
			step := k.q[c].step(bandNumber(r, n))
			out[r] = append(out[r], plane[int64]{b.rect, quantise(b.v, step)})
		}
	}
	return out
}

// bandNumber counts sub-bands from LL on.
func bandNumber(r, n int) int {
	if r == 0 {
		return 0
	}
	return 3*r - 2 + n
}

// resolution codes the blocks of resolution r and lays them into precincts (B.6, B.7).
func (k *maker) resolution(tc *tileComponent, c, r int, bands []plane[int64]) (resolution, error) {
	down := tc.coding.Levels - r
	res := resolution{area: tc.area.shifted(down)}
	if res.area.empty() {
		return res, nil
	}
	pw, ph := tc.coding.precinct(r)
	x0, y0 := res.area.x0/pw, res.area.y0/ph
	res.across, res.down = ceil(res.area.x1, pw)-x0, ceil(res.area.y1, ph)-y0
	for i := range res.across * res.down {
		p := precinct{x: (x0 + i%res.across) * pw, y: (y0 + i/res.across) * ph}
		for n, b := range bands {
			half := min(r, 1) // a sub-band's precinct is half as large, but that of LL
			area := rect{p.x >> half, p.y >> half, (p.x + pw) >> half, (p.y + ph) >> half}
			blocks, err := k.bandBlocks(tc, c, bandNumber(r, n), b, area, pw>>half, ph>>half)
			if err != nil {
				return res, err
			}
			p.bands = append(p.bands, blocks)
		}
		res.precincts = append(res.precincts, p)
	}
	return res, nil
}

// shifted returns r on a grid that is coarser by 2^n.
func (r rect) shifted(n int) rect {
	f := func(v int) int { return (v + 1<<n - 1) >> n }
	return rect{f(r.x0), f(r.y0), f(r.x1), f(r.y1)}
}

// precinct returns the size of precincts of resolution r.
func (c *Coding) precinct(r int) (w, h int) {
	if len(c.Precincts) == 0 {
		return 32768, 32768
	}
	p := c.Precincts[min(r, len(c.Precincts)-1)]
	return p[0], p[1]
}

// bandBlocks codes the blocks of sub-band number n that lie in a precinct, of which area is the part of the sub-band.
func (k *maker) bandBlocks(tc *tileComponent, c, n int, b plane[int64], area rect, pw, ph int) (out bandBlocks, err error) {
	area = area.and(b.rect)
	if area.empty() {
		return out, nil
	}
	bw, bh := min(tc.coding.BlockWidth, pw), min(tc.coding.BlockHeight, ph)
	x0, y0 := area.x0/bw, area.y0/bh
	out.across, out.down = ceil(area.x1, bw)-x0, ceil(area.y1, bh)-y0
	for i := range out.across * out.down {
		x, y := (x0+i%out.across)*bw, (y0+i/out.across)*bh
		v := b.cut(rect{x, y, x + bw, y + bh}.and(area))
		q, err := k.block(v, b.rect, c, n)
		if err != nil {
			return out, err
		}
		q.share(k.o.layers(), i+n)
		out.blocks = append(out.blocks, q)
	}
	out.first = newTagTree(out.across, out.down, func(i int) int { return out.blocks[i].firstLayer() })
	out.zeros = newTagTree(out.across, out.down, func(i int) int { return out.blocks[i].missing })
	return out, nil
}

// cut copies a part of p.
func (p plane[T]) cut(r rect) plane[T] {
	out := newPlane[T](r)
	for y := range r.h() {
		copy(out.v[y*r.w():][:r.w()], p.v[(y+r.y0-p.y0)*p.w()+r.x0-p.x0:])
	}
	return out
}

// block codes the coefficients v of sub-band number n, which lies at band.
func (k *maker) block(v plane[int64], band rect, c, n int) (q block, err error) {
	coding := k.o.coding(c)
	planes, orientation := k.q[c].planes(n), bandLL
	if n > 0 {
		orientation = 1 + (n-1)%3
	}
	q.style, q.lengths = coding.Style, 3
	raised, most := k.raise(v, band, c)
	if most>>planes > 0 {
		return q, fmt.Errorf("jpeg 2000: a coefficient of %d does not fit %d bit planes", most, planes)
	}
	planes += k.q[c].shift
	if planes > ht.WidePlanes || planes > part1Planes && coding.Style&HighThroughput == 0 {
		return q, fmt.Errorf("jpeg 2000: blocks of %d bit planes cannot be coded", planes)
	}
	if most == 0 {
		q.missing = planes
		return q, nil
	}
	if next := k.part15Next(coding); !next && planes <= part1Planes {
		q.part1(k.b.code(raised, v.w(), v.h(), orientation, planes, coding.Style), coding.Late)
		if coding.Style&Mixed == 0 || q.tellable(k.o.layers()) {
			return q, nil
		}
		q.coded, q.most = coded{}, 0
	}
	q.part15(raised, v.w(), v.h(), planes, coding)
	return q, nil
}

// raise returns the coefficients v of a sub-band that lies at band, those of the region of interest raised, and the largest magnitude before that.
func (k *maker) raise(v plane[int64], band rect, c int) (out []ht.Magnitude, most int64) {
	for i, x := range v.v {
		most = max(most, x, -x)
		shift := 0
		if 2*(v.x0+i%v.w()) < band.x0+band.x1 {
			shift = k.q[c].shift
		}
		out = append(out, ht.MagnitudeOf(x, shift))
	}
	return out, most
}

// share divides the passes between layers; not all blocks begin in the first. A second set of HT passes must wait for a later layer than the first:
// what precedes the last cleanup pass of a block's first packet counts as placeholders. So must the second segment of a mixed block.
func (q *block) share(layers, seed int) {
	begin := 0
	if layers > 1 {
		begin = seed * 5 % layers
	}
	if q.most > 0 {
		begin = min(begin, layers-2)
	}
	last := 0
	for l := range layers {
		n := len(q.passes) * max(0, l+1-begin) / (layers - begin)
		if q.most > 0 && (last == 0 || q.passes[last-1].end == 0) {
			if n = min(n, q.most); l == layers-2 && q.passes[n-1].end == 0 {
				n = q.most
			}
		}
		last = n
		q.layers = append(q.layers, n)
	}
}

// firstLayer returns the layer in which the block begins, or beyond all if it never does.
func (q *block) firstLayer() int {
	for l, n := range q.layers {
		if n > 0 {
			return l
		}
	}
	return math.MaxInt32
}
