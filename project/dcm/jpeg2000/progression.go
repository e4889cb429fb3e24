package jpeg2000

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Progressions (T.800 table A.16).
const (
	lrcp = iota
	rlcp
	rpcl
	pcrl
	cprl
)

// errWork refuses a stream whose header makes more work than its bytes can mean.
var errWork = fmt.Errorf("%w: more packets, layers and code-blocks than its bytes can mean", ErrData)

// errDone ends the reading of packets when no wanted ones can follow.
var errDone = errors.New("done")

// allowWork sets how many code-blocks and packets of the picture may be looked at, however often: so many for each byte, and for each sample, of those that
// are not wanted up to a limit.
func (d *decoder) allowWork(bytes int) {
	all, wanted := 0, 0
	for _, s := range d.stream.size.components {
		all = min(all+d.stream.size.area(s).area(), 1<<26)
		wanted += d.wanted(s).area()
	}
	d.packets.work = 1<<22 + 64*bytes + (all+wanted)/2
}

// read reads all packets of t in their order, so far as they are needed, from the first on.
func (d *decoder) read(t *tile, keep selection) error {
	r, p := &d.packets, &d.header
	r.stream, r.parts, r.body, r.header, r.keep = &d.stream, p.parts, nil, p.ppt, keep
	r.packed, r.all = d.stream.isPPM || p.isPPT, p.isPPT
	r.sop, r.eph = t.parameters.sop, t.parameters.eph
	if r.work -= p.bytes; r.work < 0 {
		return errWork
	}
	d.reset()
	precincts := 0
	for i := range t.components {
		for n := range t.components[i].resolutions {
			res := &t.components[i].resolutions[n]
			if n := res.wide * res.high; n > 1<<22 && n > p.bytes {
				return errWork
			}
			precincts += res.wide * res.high
			res.groups = 0
		}
	}
	if precincts == 0 {
		return nil
	}
	if err := d.progressions(t); !errors.Is(err, errDone) {
		return err
	}
	return nil
}

// progressions reads the packets of all progressions of t.
func (d *decoder) progressions(t *tile) error {
	most, top := 0, 0
	for i := range t.components {
		most, top = max(most, t.components[i].levels), max(top, t.components[i].top)
	}
	changes, layers := t.parameters.poc, t.parameters.layers
	if len(changes) == 0 {
		c := change{0, most + 1, 0, len(t.components), layers, t.parameters.progression}
		return d.progress(t, c, top+1)
	}
	for _, k := range changes {
		c, last := k.change(), 33
		c.layers, c.r1 = min(c.layers, layers), min(c.r1, most+1)
		if len(changes) == 1 {
			last = top + 1
		}
		if d.packets.work--; d.packets.work < 0 {
			return errWork
		}
		if err := d.progress(t, c, last); err != nil {
			return err
		}
	}
	return nil
}

// progress reads the packets of one progression (T.800 B.12). After resolution last no wanted packets follow.
func (d *decoder) progress(t *tile, c change, last int) error {
	switch c.progression {
	case lrcp:
		for layer := range c.layers {
			for r := c.r0; r < c.r1; r++ {
				if err := d.layerPackets(t, c, layer, r); err != nil {
					return err
				}
			}
		}
	case rlcp, rpcl:
		for r := c.r0; r < c.r1; r++ {
			if r >= last {
				return errDone
			}
			if err := d.resolutionPackets(t, c, r); err != nil {
				return err
			}
		}
	case pcrl:
		return d.positions(t, c, c.r0, c.r1, c.c0, c.c1)
	case cprl:
		for i := c.c0; i < c.c1; i++ {
			if err := d.positions(t, c, c.r0, c.r1, i, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// resolutionPackets reads the packets of a resolution, layer by layer or position by position.
func (d *decoder) resolutionPackets(t *tile, c change, r int) error {
	if c.progression == rpcl {
		return d.positions(t, c, r, r+1, c.c0, c.c1)
	}
	for layer := range c.layers {
		if err := d.layerPackets(t, c, layer, r); err != nil {
			return err
		}
	}
	return nil
}

// layerPackets reads the packets of a layer and resolution, component by component.
func (d *decoder) layerPackets(t *tile, c change, layer, r int) error {
	for i := c.c0; i < c.c1; i++ {
		component := &t.components[i]
		if d.packets.work--; d.packets.work < 0 {
			return errWork
		}
		if r > component.levels {
			continue
		}
		res := &component.resolutions[r]
		for n := range res.wide * res.high {
			if err := d.upTo(component, res, n, layer, layer+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// upTo reads the packets of precinct n from the given layer on, unless an earlier progression did.
func (d *decoder) upTo(c *component, res *resolution, n, from, layers int) error {
	for layer := from; layer < layers; layer++ {
		if d.packets.work--; d.packets.work < 0 {
			return errWork
		}
		if res.groups > 0 {
			if p := d.precinct(res, n); p == nil {
				return errWork
			} else if int(p.layers) > layer {
				layer = min(int(p.layers), layers) - 1
				continue
			}
		}
		if err := d.packet(c, res, n); err != nil {
			return err
		}
	}
	return nil
}

// positions reads the packets of resolutions r0 to r1 of components c0 to c1 in the order of their precincts' places on the reference grid: for each
// place the components, for each the resolutions.
func (d *decoder) positions(t *tile, c change, r0, r1, c0, c1 int) error {
	p := &d.packets
	if cap(p.used) == 0 {
		if !d.budget.take(2 * len(t.components)) {
			return errWork
		}
		p.used = make([]uint16, 0, len(t.components))
	}
	xs, ys, used := p.xs[:0], p.ys[:0], p.used[:0]
	for i := c0; i < c1; i++ {
		s, has := d.stream.size.components[i], false
		if d.packets.work--; d.packets.work < 0 {
			return errWork
		}
		for r := r0; r < min(r1, t.components[i].levels+1); r++ {
			if d.packets.work -= 1 + (len(xs)+len(ys))/8; d.packets.work < 0 {
				return errWork
			}
			res := &t.components[i].resolutions[r]
			if res.wide*res.high > 0 {
				xs, ys, has = xs.add(int(s.dx), res.scaleX), ys.add(int(s.dy), res.scaleY), true
			}
		}
		if has {
			used = append(used, uint16(i))
		}
	}
	p.xs, p.ys = xs, ys
	if len(used) == 0 {
		return nil
	}
	for y := t.rect.y0; y < t.rect.y1; y = ys.after(y) {
		for x := t.rect.x0; x < t.rect.x1; x = xs.after(x) {
			if d.packets.work -= (len(xs) + len(ys)) / 8; d.packets.work < 0 {
				return errWork
			}
			for _, i := range used {
				if err := d.place(t, c, int(i), r0, r1, x, y); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// steps are distances of which every multiple is a position on an axis of the reference grid. None is a multiple of another: there is at most one for each odd
// number below 256.
type steps []int

// add adds step << scale, unless it is so long that no further position follows.
func (s steps) add(step, scale int) steps {
	if bits.Len(uint(step))+scale > 31 {
		return s
	}
	step <<= scale
	if slices.ContainsFunc(s, func(n int) bool { return step%n == 0 }) {
		return s
	}
	return append(slices.DeleteFunc(s, func(n int) bool { return n%step == 0 }), step)
}

// after returns the first position after at; without one, what no tile reaches.
func (s steps) after(at int) int {
	next := math.MaxInt
	for _, n := range s {
		next = min(next, at-at%n+n)
	}
	return next
}

// place reads the packets of the precincts of component i that start at x, y.
func (d *decoder) place(t *tile, c change, i, r0, r1, x, y int) error {
	component, s := &t.components[i], d.stream.size.components[i]
	dx, dy := int(s.dx), int(s.dy)
	for r := r0; r < min(r1, component.levels+1); r++ {
		if d.packets.work--; d.packets.work < 0 {
			return errWork
		}
		res, down := &component.resolutions[r], component.levels-r
		if res.wide*res.high == 0 || !starts(x, t.rect.x0, dx, res.scaleX, res.rect.x0&(1<<res.ppx-1)) || !starts(y, t.rect.y0, dy, res.scaleY, res.rect.y0&(1<<res.ppy-1)) {
			continue
		}
		px := ceilShift(ceilDiv(x, dx), down)>>res.ppx - res.px0
		py := ceilShift(ceilDiv(y, dy), down)>>res.ppy - res.py0
		if px >= res.wide || py >= res.high {
			continue
		}
		if err := d.upTo(component, res, py*res.wide+px, 0, c.layers); err != nil {
			return err
		}
	}
	return nil
}

// starts reports whether a precinct starts at x: at a multiple of its size, or where the tile starts inside one (T.800 B.12.1.3).
func starts(x, tile, step, scale, inside int) bool {
	if x == tile && inside != 0 {
		return true
	}
	if bits.Len(uint(step))+scale > 31 {
		return x == 0
	}
	return x%(step<<scale) == 0
}
