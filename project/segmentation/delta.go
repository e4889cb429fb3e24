package segmentation

import (
	"cmp"
	"slices"

	"hotlight/project"
)

// ErrBase is wrapped when a delta is applied to anything but the set it was made for, or twice.
var ErrBase error = &project.Error{Kind: project.Conflict, Text: "the change was made on other voxels than these"}

// Delta is the difference of two sets of the same segments: for each brick in which their masks differ, the exclusive or of the two, packed,
// with the brick's hash before and after. It is immutable. The zero value changes nothing.
type Delta struct {
	parts   []part // by segment number
	changed int64
}

// part is the change of one segment.
type part struct {
	segment int
	size    [3]int
	bricks  []brickChange // by index
}

// brickChange is the change of one brick; packed is the exclusive or as appendBrick writes it.
type brickChange struct {
	index         uint64
	before, after project.Hash
	packed        []byte
}

// Diff returns the delta that turns before into after: of each segment, by number, that either has. A segment that is missing in one of them
// counts as empty there, so that the delta of a segment's deletion holds all its voxels. It is a difference of voxels only.
func Diff(before, after *Set) (*Delta, error) {
	d := &Delta{}
	for _, n := range numbers(before, after) {
		x, y := maskIn(before, n), maskIn(after, n)
		switch {
		case x == nil:
			x = NewMask(y.size)
		case y == nil:
			y = NewMask(x.size)
		}
		if x.size != y.size {
			return nil, gridError(x.size, y.size)
		}
		if p := d.diffMasks(x, y); len(p.bricks) > 0 {
			p.segment = n
			d.parts = append(d.parts, p)
		}
	}
	return d, nil
}

// numbers returns the numbers of the segments of both sets, ascending.
func numbers(a, b *Set) []int {
	var out []int
	for _, g := range a.segments {
		out = append(out, g.Number)
	}
	for _, g := range b.segments {
		out = append(out, g.Number)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func maskIn(s *Set, number int) *Mask {
	if g, ok := s.Find(number); ok {
		return g.Mask
	}
	return nil
}

func (d *Delta) diffMasks(x, y *Mask) part {
	p, grid := part{size: x.size}, brickGrid(x.size)
	perSlab := uint64(grid[0]) * uint64(grid[1])
	for bk, s := range x.slabs {
		t := y.slabs[bk]
		if s == t {
			continue
		}
		for n := range int(perSlab) {
			was, is := s.at(n), t.at(n)
			changed := exclusive(was, is)
			if changed == nil {
				continue
			}
			d.changed += int64(changed.Count())
			p.bricks = append(p.bricks, brickChange{uint64(bk)*perSlab + uint64(n), was.Hash(), is.Hash(), appendBrick(nil, changed)})
		}
	}
	return p
}

// Apply turns the set before into the set after. A set with other voxels gives ErrBase, as does a segment that is missing or of another size.
func (d *Delta) Apply(s *Set) (*Set, error) { return d.move(s, false) }

// Revert turns the set after into the set before.
func (d *Delta) Revert(s *Set) (*Set, error) { return d.move(s, true) }

func (d *Delta) move(s *Set, back bool) (*Set, error) {
	for _, p := range d.parts {
		g, ok := s.Find(p.segment)
		if !ok {
			return nil, baseError("segment %d does not exist", p.segment)
		}
		m, err := p.move(g.Mask, back)
		if err != nil {
			return nil, err
		}
		s = s.WithMask(p.segment, m)
	}
	return s, nil
}

func (p *part) move(m *Mask, back bool) (*Mask, error) {
	if m.size != p.size {
		return nil, baseError("segment %d has %v voxels, the change was made on %v", p.segment, m.size, p.size)
	}
	b, grid := NewBuilder(m), brickGrid(m.size)
	for _, c := range p.bricks {
		at := brickPlace(grid, c.index)
		from, to := c.before, c.after
		if back {
			from, to = to, from
		}
		was := b.brick(at[0], at[1], at[2])
		if was.Hash() != from {
			return nil, baseError("segment %d differs at brick %v", p.segment, at)
		}
		is := exclusive(was, c.unpack())
		if is.Hash() != to {
			return nil, corrupt("the change of segment %d does not lead to what it says", p.segment)
		}
		b.put(at, is)
	}
	return b.Mask(), nil
}

// unpack returns the exclusive or; packed was written or checked by this package.
func (c *brickChange) unpack() *Brick {
	b := new(Brick)
	if _, err := unpackBrick(c.packed, b); err != nil {
		panic("segmentation: a packed brick that was checked does not unpack")
	}
	return canonical(b)
}

// Changed returns how many voxels differ, summed over the segments.
func (d *Delta) Changed() int64 { return d.changed }

// Segments returns the numbers of the segments that differ, ascending.
func (d *Delta) Segments() []int {
	out := make([]int, len(d.parts))
	for n, p := range d.parts {
		out[n] = p.segment
	}
	return out
}

// Bounds returns the box of the voxels of a segment that differ.
func (d *Delta) Bounds(segment int) Bounds {
	var box Bounds
	n, ok := slices.BinarySearchFunc(d.parts, segment, func(p part, n int) int { return cmp.Compare(p.segment, n) })
	if !ok {
		return box
	}
	p := &d.parts[n]
	grid := brickGrid(p.size)
	for n := range p.bricks {
		box.Include(p.bricks[n].unpack().bounds(brickPlace(grid, p.bricks[n].index)))
	}
	return box
}

func baseError(format string, args ...any) error {
	text := project.Errorf(project.Conflict, format, args...).Error()
	return &project.Error{Kind: project.Conflict, Text: text, Err: ErrBase}
}
