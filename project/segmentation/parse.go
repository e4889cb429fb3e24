package segmentation

import (
	"encoding/binary"
	"math"

	"hotlight/project"
)

const (
	maskMagic  = "HLBM"
	deltaMagic = "HLBD"
	version    = 1
)

// Marshal returns the mask in the form of BRICKS.md: equal masks give equal bytes.
func (m *Mask) Marshal() []byte {
	out := append([]byte(maskMagic), version)
	out = appendSize(out, m.size)
	count := uint64(0)
	for range m.Bricks() {
		count++
	}
	out = binary.AppendUvarint(out, count)
	next, grid := uint64(0), brickGrid(m.size)
	for at, b := range m.Bricks() {
		index := brickIndex(grid, at)
		out = binary.AppendUvarint(out, index-next)
		out = appendBrick(out, b)
		next = index + 1
	}
	return out
}

// ParseMask reads what Marshal wrote, for a grid of the given size. It allocates no more than the bits of that grid and what the bytes justify.
// Bytes of an unknown version give an Unsupported error, all others that are not a mask of this grid a Corrupt one.
func ParseMask(b []byte, size [3]int) (*Mask, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	c := &cutter{in: b}
	c.header(maskMagic, "a mask")
	if got := c.size(); c.err == nil && got != size {
		return nil, corrupt("a mask of %v voxels where one of %v is wanted", got, size)
	}
	builder, grid := NewBuilder(NewMask(size)), brickGrid(size)
	c.bricks(grid, func(index uint64) {
		at := brickPlace(grid, index)
		brick := new(Brick)
		c.brick(brick, extentOf(size, at))
		if c.err == nil {
			builder.put(at, canonical(brick))
		}
	})
	if err := c.end(); err != nil {
		return nil, err
	}
	return builder.Mask(), nil
}

func appendSize(out []byte, size [3]int) []byte {
	for _, n := range size {
		out = binary.AppendUvarint(out, uint64(n))
	}
	return out
}

func brickIndex(grid, at [3]int) uint64 {
	return (uint64(at[2])*uint64(grid[1])+uint64(at[1]))*uint64(grid[0]) + uint64(at[0])
}

func brickPlace(grid [3]int, index uint64) [3]int {
	nx, ny := uint64(grid[0]), uint64(grid[1])
	return [3]int{int(index % nx), int(index / nx % ny), int(index / nx / ny)}
}

// cutter reads bytes from the front. After the first error all it returns is zero, and err says why.
type cutter struct {
	in  []byte
	err error
}

func (c *cutter) fail(format string, args ...any) {
	if c.err == nil {
		c.err = corrupt(format, args...)
	}
	c.in = nil
}

func (c *cutter) take(n int) []byte {
	if c.err != nil || len(c.in) < n {
		c.fail("%d bytes are missing", n-len(c.in))
		return nil
	}
	out := c.in[:n]
	c.in = c.in[n:]
	return out
}

// header reads magic and version.
func (c *cutter) header(magic, what string) {
	if string(c.take(len(magic))) != magic {
		c.err = nil
		c.fail("this is not %s", what)
		return
	}
	if v := c.take(1); v != nil && v[0] != version {
		c.err = project.Errorf(project.Unsupported, "%s of version %d; this program knows version %d", what, v[0], version)
		c.in = nil
	}
}

// number reads a varint from low to high.
func (c *cutter) number(low, high uint64) uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.in)
	if n <= 0 || n > 1 && c.in[n-1] == 0 || v < low || v > high {
		c.fail("a number is missing, out of its range or not in its shortest form")
		return 0
	}
	c.in = c.in[n:]
	return v
}

func (c *cutter) size() (size [3]int) {
	for a := range size {
		size[a] = int(c.number(1, MaxAxis))
	}
	return size
}

// bricks reads a count and the ascending indices of bricks of a grid, calling body to read what follows each index.
func (c *cutter) bricks(grid [3]int, body func(index uint64)) (count uint64) {
	total := uint64(grid[0]) * uint64(grid[1]) * uint64(grid[2])
	// A brick takes at least an index and a form: a count that the bytes cannot hold is refused before anything is read for it.
	count = c.number(0, min(total, uint64(len(c.in))/2))
	next := uint64(0)
	for range count {
		if c.err != nil {
			return 0
		}
		if next >= total {
			c.fail("a brick lies outside the grid")
			return 0
		}
		index := next + c.number(0, total-1-next)
		body(index)
		next = index + 1
	}
	return count
}

// brick reads one brick and refuses bits outside the grid.
func (c *cutter) brick(b *Brick, extent [3]int) {
	if c.err != nil {
		return
	}
	rest, err := cutBrick(c.in, b)
	if err == nil && b.reachesOutside(extent) {
		err = corrupt("a brick has voxels outside the grid")
	}
	c.in, c.err = rest, err
}

// end returns the error, also if bytes are left.
func (c *cutter) end() error {
	if c.err == nil && len(c.in) > 0 {
		c.fail("%d bytes too many", len(c.in))
	}
	return c.err
}

const maxNumber = math.MaxInt32
