package segmentation

import "math/bits"

// Union returns the voxels of either mask. Masks of different grids give ErrGrid, here and below.
func Union(a, b *Mask) (*Mask, error) {
	return combine(a, b, func(x, y *Brick) *Brick {
		switch {
		case x == y, y == nil, x == full:
			return x
		case x == nil, y == full:
			return y
		}
		return merge(x, y, func(v, w uint64) uint64 { return v | w })
	})
}

// Intersect returns the voxels of both masks.
func Intersect(a, b *Mask) (*Mask, error) {
	return combine(a, b, func(x, y *Brick) *Brick {
		switch {
		case x == y, x == nil, y == full:
			return x
		case y == nil, x == full:
			return y
		}
		return merge(x, y, func(v, w uint64) uint64 { return v & w })
	})
}

// Subtract returns the voxels of a that are not in b.
func Subtract(a, b *Mask) (*Mask, error) {
	return combine(a, b, func(x, y *Brick) *Brick {
		switch {
		case x == y, x == nil, y == full:
			return nil
		case y == nil:
			return x
		}
		return merge(x, y, func(v, w uint64) uint64 { return v &^ w })
	})
}

// Exclusive returns the voxels that are in one of the masks and not in the other.
func Exclusive(a, b *Mask) (*Mask, error) {
	return combine(a, b, exclusive)
}

func exclusive(x, y *Brick) *Brick {
	switch {
	case x == y:
		return nil
	case x == nil:
		return y
	case y == nil:
		return x
	}
	out := new(Brick) // every undo comes through here: no call for each word
	for n, w := range x {
		out[n] = w ^ y[n]
	}
	return canonical(out)
}

func merge(x, y *Brick, op func(v, w uint64) uint64) *Brick {
	out := new(Brick)
	for n := range out {
		out[n] = op(x[n], y[n])
	}
	return canonical(out)
}

// combine applies op brick by brick. op returns a canonical brick and is not asked where both are empty: no operation makes voxels out of none.
func combine(a, b *Mask, op func(x, y *Brick) *Brick) (*Mask, error) {
	if a.size != b.size {
		return nil, gridError(a.size, b.size)
	}
	out := NewMask(a.size)
	var none *slab
	for bk, s := range a.slabs {
		t := b.slabs[bk]
		if s == none && t == none {
			continue
		}
		out.setSlab(bk, func(n int) *Brick {
			x, y := s.at(n), t.at(n)
			if x == nil && y == nil {
				return nil
			}
			return op(x, y)
		})
	}
	return out, nil
}

// setSlab fills slab bk of a mask that nobody else has yet.
func (m *Mask) setSlab(bk int, brick func(n int) *Brick) {
	grid := brickGrid(m.size)
	s := &slab{bricks: make([]*Brick, grid[0]*grid[1])}
	any := false
	for n := range s.bricks {
		b := brick(n)
		s.bricks[n] = b
		m.count += int64(b.Count())
		any = any || b != nil
	}
	if any {
		m.slabs[bk] = s
	}
}

func (s *slab) at(n int) *Brick {
	if s == nil {
		return nil
	}
	return s.bricks[n]
}

// Invert returns the voxels of the grid that are not in m. Bits outside the grid stay 0.
func Invert(m *Mask) *Mask {
	out, grid := NewMask(m.size), brickGrid(m.size)
	edges := map[[3]int]*Brick{} // by extent: the bricks at one edge are alike
	for bk, s := range m.slabs {
		out.setSlab(bk, func(n int) *Brick {
			extent := extentOf(m.size, [3]int{n % grid[0], n / grid[0], bk})
			inside := edges[extent]
			if inside == nil {
				inside = brickOf(extent)
				edges[extent] = inside
			}
			return exclusive(s.at(n), inside)
		})
	}
	return out
}

// extentOf returns how many columns, rows and slices of a brick lie in the grid.
func extentOf(size, at [3]int) [3]int {
	return [3]int{
		min(size[0]-at[0]*BrickColumns, BrickColumns),
		min(size[1]-at[1]*BrickRows, BrickRows),
		min(size[2]-at[2]*BrickSlices, BrickSlices),
	}
}

// brickOf returns the brick in which exactly the first columns, rows and slices are set.
func brickOf(extent [3]int) *Brick {
	b := new(Brick)
	for k := range extent[2] {
		for j := range extent[1] {
			b[k*BrickRows+j] = ^uint64(0) >> (BrickColumns - extent[0])
		}
	}
	return canonical(b)
}

// reachesOutside reports whether a brick has bits beyond the given extent.
func (b *Brick) reachesOutside(extent [3]int) bool {
	if extent == [3]int{BrickColumns, BrickRows, BrickSlices} {
		return false
	}
	columns := ^uint64(0) >> (BrickColumns - extent[0])
	for n, w := range b {
		if w&^columns != 0 || w != 0 && (n%BrickRows >= extent[1] || n/BrickRows >= extent[2]) {
			return true
		}
	}
	return false
}

// Check returns a Corrupt error if the mask breaks a rule that operations rely on: bits outside the grid, an empty or full brick that is kept as
// its own, a wrong count. It is for the store's check of itself; masks made by this package pass.
func (m *Mask) Check() error {
	count := int64(0)
	for at, b := range m.Bricks() {
		if b.reachesOutside(extentOf(m.size, at)) {
			return corrupt("a mask has voxels outside its grid")
		}
		if canonical(b) != b {
			return corrupt("a mask has an empty or full brick of its own")
		}
		count += int64(b.Count())
	}
	if count != m.count {
		return corrupt("a mask counts %d voxels and has %d", m.count, count)
	}
	return nil
}

// CountBoth returns how many voxels are in both masks: Dice is 2*CountBoth(a, b)/(a.Count()+b.Count()). It allocates nothing.
func CountBoth(a, b *Mask) (int64, error) {
	if a.size != b.size {
		return 0, gridError(a.size, b.size)
	}
	count := int64(0)
	for bk, s := range a.slabs {
		t := b.slabs[bk]
		if s == nil || t == nil {
			continue
		}
		for n, x := range s.bricks {
			count += int64(countBoth(x, t.bricks[n]))
		}
	}
	return count, nil
}

func countBoth(x, y *Brick) int {
	switch {
	case x == nil || y == nil:
		return 0
	case x == y, y == full:
		return x.Count()
	case x == full:
		return y.Count()
	}
	n := 0
	for w, v := range x {
		n += bits.OnesCount64(v & y[w])
	}
	return n
}
