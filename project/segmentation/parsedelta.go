package segmentation

import (
	"encoding/binary"

	"hotlight/project"
)

// How a delta writes the hash of a brick before or after.
const (
	stateOther = 0 // the hash follows
	stateEmpty = 1
	stateFull  = 2
)

// Marshal returns the delta in the form of BRICKS.md: equal deltas give equal bytes.
func (d *Delta) Marshal() []byte {
	out := append([]byte(deltaMagic), version)
	out = binary.AppendUvarint(out, uint64(len(d.parts)))
	for _, p := range d.parts {
		out = binary.AppendUvarint(out, uint64(p.segment))
		out = appendSize(out, p.size)
		out = binary.AppendUvarint(out, uint64(len(p.bricks)))
		next := uint64(0)
		for _, c := range p.bricks {
			out = binary.AppendUvarint(out, c.index-next)
			out = appendHashes(out, c.before, c.after)
			out = append(out, c.packed...)
			next = c.index + 1
		}
	}
	return out
}

func stateOf(h project.Hash) byte {
	switch h {
	case emptyHash:
		return stateEmpty
	case fullHash:
		return stateFull
	}
	return stateOther
}

func appendHashes(out []byte, before, after project.Hash) []byte {
	was, is := stateOf(before), stateOf(after)
	out = append(out, was|is<<2)
	if was == stateOther {
		out = append(out, before[:]...)
	}
	if is == stateOther {
		out = append(out, after[:]...)
	}
	return out
}

// ParseDelta reads what Marshal wrote. Bytes of an unknown version give an Unsupported error, all others that are not a delta a Corrupt one.
// It keeps copies of b's bytes, and allocates in proportion to them.
func ParseDelta(b []byte) (*Delta, error) {
	c := &cutter{in: b}
	c.header(deltaMagic, "a change")
	d := &Delta{}
	last := uint64(0)
	for range c.number(0, uint64(len(c.in))/8) {
		p := part{segment: int(c.number(last+1, maxNumber)), size: c.size()}
		last = uint64(p.segment)
		c.deltaBricks(d, &p)
		if c.err == nil && len(p.bricks) == 0 {
			c.fail("a segment without bricks")
		}
		if c.err != nil {
			return nil, c.err
		}
		d.parts = append(d.parts, p)
	}
	if err := c.end(); err != nil {
		return nil, err
	}
	return d, nil
}

func (c *cutter) deltaBricks(d *Delta, p *part) {
	grid := brickGrid(p.size)
	brick := new(Brick)
	c.bricks(grid, func(index uint64) {
		change := brickChange{index: index}
		change.before, change.after = c.hashes()
		start := c.in
		*brick = Brick{}
		c.brick(brick, extentOf(p.size, brickPlace(grid, index)))
		if c.err != nil {
			return
		}
		change.packed = append([]byte(nil), start[:len(start)-len(c.in)]...)
		d.changed += int64(brick.Count())
		p.bricks = append(p.bricks, change)
	})
}

func (c *cutter) hashes() (before, after project.Hash) {
	state := c.take(1)
	if state == nil {
		return
	}
	if state[0]>>4 != 0 {
		c.fail("a brick's states are unknown")
		return
	}
	before, after = c.hash(state[0]&3), c.hash(state[0]>>2)
	if c.err == nil && before == after {
		c.fail("a brick is the same before and after")
	}
	return before, after
}

func (c *cutter) hash(state byte) (h project.Hash) {
	switch state {
	case stateEmpty:
		return emptyHash
	case stateFull:
		return fullHash
	case stateOther:
		copy(h[:], c.take(len(h)))
		if c.err == nil && stateOf(h) != stateOther {
			c.fail("the hash of an empty or full brick is written out")
		}
		return h
	}
	c.fail("a brick's state is unknown")
	return h
}
