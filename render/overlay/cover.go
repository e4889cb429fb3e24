package overlay

import (
	"math"
	"math/bits"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/render/mpr"
)

// Cover is the set of a picture's pixels that a segment holds, one bit each: row y is words[y*stride:(y+1)*stride], its pixel x bit x%64 of
// word x/64. Bits beyond the picture's width are 0.
//
// Shape it, then Sample its rows, in any order and from several goroutines; then it may be read.
type Cover struct {
	w, h, stride int
	words        []uint64
	filled       []bool // rows with any pixel
	mask         *segmentation.Mask
	a            mpr.Affine
	stack        *mpr.StackMap // of ShapeStack
	box          box
	lo, hi       mgl64.Vec3 // what clip keeps
	axes         bool
	u, v         int // voxel axes of the picture's rows and columns, if axes
	starts       []int32
}

// box bounds a mask's voxels, brick by brick; both ends inclusive.
type box struct {
	lo, hi [3]int
	any    bool
}

// Shape empties the cover and prepares it for a picture of w x h pixels of mask, whose voxels a maps to.
func (c *Cover) Shape(mask *segmentation.Mask, a mpr.Affine, w, h int) {
	c.w, c.h, c.stride = w, h, (w+63)/64
	c.filled = sized(c.filled, h)
	clear(c.filled)
	c.mask, c.a, c.stack, c.box = mask, a, nil, boundBricks(mask)
	for n := range 3 {
		c.lo[n], c.hi[n] = float64(c.box.lo[n])-0.5, float64(c.box.hi[n])+0.5
	}
	if c.u, c.v, c.axes = a.Axes(); c.axes {
		n := 3 - c.u - c.v
		at := math.Floor(a.Origin[n] + 0.5)
		c.box.any = c.box.any && at >= float64(c.box.lo[n]) && at <= float64(c.box.hi[n])
	}
	c.words = c.words[:0]
	if !c.box.any { // nothing of it lies in the plane: a hundred such segments should cost no memory
		return
	}
	c.words = sized(c.words, h*c.stride)
	if c.axes {
		c.findStarts()
	}
}

func sized[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// boundBricks bounds the bricks that are not empty, within the grid. It looks at the table, not at voxels.
func boundBricks(m *segmentation.Mask) box {
	var b box
	per := [3]int{segmentation.BrickColumns, segmentation.BrickRows, segmentation.BrickSlices}
	size := m.Size()
	for at := range m.Bricks() {
		for n := range 3 {
			lo := at[n] * per[n]
			hi := min(lo+per[n], size[n]) - 1
			if !b.any || lo < b.lo[n] {
				b.lo[n] = lo
			}
			if !b.any || hi > b.hi[n] {
				b.hi[n] = hi
			}
		}
		b.any = true
	}
	return b
}

// At reports whether the segment holds pixel (x, y) of the picture.
func (c *Cover) At(x, y int) bool { return c.filled[y] && c.words[y*c.stride+x/64]>>(x%64)&1 != 0 }

// row returns row y, nil when it is empty or outside the picture.
func (c *Cover) row(y int) []uint64 {
	if y < 0 || y >= c.h || !c.filled[y] {
		return nil
	}
	return c.words[y*c.stride : (y+1)*c.stride]
}

// Sample fills the rows [y0, y1).
func (c *Cover) Sample(y0, y1 int) {
	if !c.box.any {
		return
	}
	if c.axes {
		c.sampleAxes(y0, y1)
		return
	}
	for y := y0; y < y1; y++ {
		if c.stack != nil {
			c.sampleStack(y)
			continue
		}
		c.sampleOblique(y)
	}
}

// sampleOblique walks one row through the voxels, 32 fraction bits, keeping the brick it is in.
func (c *Cover) sampleOblique(y int) {
	start := c.a.At(0, float64(y), 0)
	from, to := c.clip(mgl64.Vec3(start))
	if from >= to {
		return
	}
	row := c.words[y*c.stride : (y+1)*c.stride]
	clear(row)
	const unit = 1 << 32
	var p, d [3]int64
	for n := range 3 {
		p[n] = int64(math.Floor((start[n] + float64(from)*c.a.Right[n] + 0.5) * unit))
		if to-from > 1 {
			d[n] = int64(math.Round(c.a.Right[n] * unit))
		}
	}
	size := c.mask.Size()
	held, any := [3]int{-1, -1, -1}, uint64(0)
	var brick *segmentation.Brick
	for x := from; x < to; x++ {
		i, j, k := int(p[0]>>32), int(p[1]>>32), int(p[2]>>32)
		p[0], p[1], p[2] = p[0]+d[0], p[1]+d[1], p[2]+d[2]
		if uint(i) >= uint(size[0]) || uint(j) >= uint(size[1]) || uint(k) >= uint(size[2]) {
			continue // a rounding beyond the end of the run
		}
		if at := [3]int{i / segmentation.BrickColumns, j / segmentation.BrickRows, k / segmentation.BrickSlices}; at != held {
			held, brick = at, c.mask.Brick(at[0], at[1], at[2])
		}
		if brick == nil {
			continue
		}
		bit := brick[k%segmentation.BrickSlices*segmentation.BrickRows+j%segmentation.BrickRows] >> (i % segmentation.BrickColumns) & 1
		row[x/64] |= bit << (x % 64)
		any |= bit
	}
	c.filled[y] = any != 0
}

// clip returns the pixels of a row that lie within the box.
func (c *Cover) clip(start mgl64.Vec3) (from, to int) {
	first, last := 0.0, float64(c.w-1)
	for n := range 3 {
		lo, hi := c.lo[n], c.hi[n]
		d := c.a.Right[n]
		switch {
		case d == 0:
			if start[n] < lo || start[n] >= hi {
				return 0, 0
			}
		case d > 0:
			first, last = max(first, (lo-start[n])/d), min(last, (hi-start[n])/d)
		default:
			first, last = max(first, (hi-start[n])/d), min(last, (lo-start[n])/d)
		}
	}
	if !(first <= last) {
		return 0, 0
	}
	return int(math.Ceil(first)), int(math.Floor(last)) + 1
}

// sampleAxes samples rows of a plane along the grid: each voxel line is read once and its runs are stretched over pixels.
func (c *Cover) sampleAxes(y0, y1 int) {
	n := 3 - c.u - c.v
	at := c.a.Origin
	var index [3]int
	index[n] = int(math.Floor(at[n] + 0.5))
	line := make([]uint64, (c.mask.Size()[c.u]+63)/64)
	held := -1
	for y := y0; y < y1; y++ {
		r := int(math.Floor(at[c.v] + float64(y)*c.a.Down[c.v] + 0.5))
		if r < c.box.lo[c.v] || r > c.box.hi[c.v] {
			continue
		}
		row := c.words[y*c.stride : (y+1)*c.stride]
		if r == held { // the row above shows the same voxels
			copy(row, c.words[(y-1)*c.stride:y*c.stride])
			c.filled[y] = c.filled[y-1]
			continue
		}
		held, index[c.v] = r, r
		c.filled[y] = c.readLine(line, index) && c.stretch(row, line)
	}
}

// readLine gathers the voxels along axis u through index, one bit each, and reports whether any is set.
func (c *Cover) readLine(line []uint64, index [3]int) bool {
	if c.u == 0 {
		return c.mask.Row(index[1], index[2], line)
	}
	clear(line)
	any := uint64(0)
	bi, bit := index[0]/segmentation.BrickColumns, index[0]%segmentation.BrickColumns
	var brick *segmentation.Brick
	held := -1
	for n := c.box.lo[c.u]; n <= c.box.hi[c.u]; n++ {
		index[c.u] = n
		bj, bk := index[1]/segmentation.BrickRows, index[2]/segmentation.BrickSlices
		if now := bj<<32 | bk; now != held {
			held, brick = now, c.mask.Brick(bi, bj, bk)
		}
		if brick != nil {
			v := brick[index[2]%segmentation.BrickSlices*segmentation.BrickRows+index[1]%segmentation.BrickRows] >> bit & 1
			line[n/64] |= v << (n % 64)
			any |= v
		}
	}
	return any != 0
}

// findStarts fills starts: pixels starts[i] to starts[i+1]-1 lie in voxel i, or starts[i+1] to starts[i]-1 where the picture runs against the axis.
func (c *Cover) findStarts() {
	size := c.mask.Size()[c.u]
	c.starts = sized(c.starts, size+1)
	o, d := c.a.Origin[c.u], c.a.Right[c.u]
	voxel := func(x int) int { return int(math.Floor(o + float64(x)*d + 0.5)) }
	x := 0
	if d > 0 {
		for i := range c.starts { // the first pixel at voxel i or beyond
			for x < c.w && voxel(x) < i {
				x++
			}
			c.starts[i] = int32(x)
		}
		return
	}
	for i := size; i >= 0; i-- { // the first pixel below voxel i
		for x < c.w && voxel(x) >= i {
			x++
		}
		c.starts[i] = int32(x)
	}
}

// stretch draws the runs of a voxel line over the pixels of row and reports whether any pixel is set.
func (c *Cover) stretch(row, line []uint64) (any bool) {
	clear(row)
	size := c.mask.Size()[c.u]
	for from := nextBit(line, 0, size, false); from < size; {
		to := nextBit(line, from, size, true)
		x0, x1 := int(c.starts[from]), int(c.starts[to])
		if x0 > x1 {
			x0, x1 = x1, x0
		}
		setRun(row, x0, x1)
		any = any || x0 < x1
		from = nextBit(line, to, size, false)
	}
	return any
}

// nextBit returns the first n >= from whose bit is set (clear when inverted), or size.
func nextBit(line []uint64, from, size int, inverted bool) int {
	for from < size {
		w := line[from/64]
		if inverted {
			w = ^w
		}
		if w >>= from % 64; w != 0 {
			return min(from+bits.TrailingZeros64(w), size)
		}
		from = from/64*64 + 64
	}
	return size
}

// setRun sets the bits [x0, x1).
func setRun(row []uint64, x0, x1 int) {
	for x0 < x1 {
		n := min(64-x0%64, x1-x0)
		row[x0/64] |= ^uint64(0) >> (64 - n) << (x0 % 64)
		x0 += n
	}
}
