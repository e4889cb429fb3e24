package segmentation

import (
	"fmt"
	"iter"
	"math/bits"

	"hotlight/project"
)

// MaxAxis is the most voxels a mask may have along one axis.
const MaxAxis = 1 << 20

// ErrGrid is wrapped when two masks that should lie on the same grid have different sizes.
var ErrGrid error = &project.Error{Kind: project.Invalid, Text: "the grids differ in size"}

// Mask is a set of voxels of one grid. It is immutable: operations return another Mask that shares the bricks they have in common.
// Any number of goroutines may read it.
type Mask struct {
	size  [3]int
	slabs []*slab // one for every 8 slices; nil is empty
	count int64
}

// slab is the bricks of 8 slices, by row of bricks; nil is empty. Immutable once it is in a Mask.
type slab struct {
	bricks []*Brick
}

// NewMask returns the empty mask of a grid of size[0] columns, size[1] rows and size[2] slices.
// It panics if a size is below 1 or above MaxAxis: sizes come from a checked volume.Geometry.
func NewMask(size [3]int) *Mask {
	if err := checkSize(size); err != nil {
		panic("segmentation: " + err.Error())
	}
	return &Mask{size: size, slabs: make([]*slab, bricksAlong(size[2], BrickSlices))}
}

func checkSize(size [3]int) error {
	for a, n := range size {
		if n < 1 || n > MaxAxis {
			return project.Errorf(project.Invalid, "axis %d of the grid has %d voxels", a, n)
		}
	}
	return nil
}

func bricksAlong(voxels, per int) int { return (voxels + per - 1) / per }

// brickGrid returns how many bricks a grid has along each axis.
func brickGrid(size [3]int) [3]int {
	return [3]int{bricksAlong(size[0], BrickColumns), bricksAlong(size[1], BrickRows), bricksAlong(size[2], BrickSlices)}
}

// Size returns the grid's columns, rows and slices.
func (m *Mask) Size() [3]int { return m.size }

// Count returns the number of voxels in the mask.
func (m *Mask) Count() int64 { return m.count }

// At reports whether voxel (i, j, k) is in the mask. Outside the grid nothing is.
func (m *Mask) At(i, j, k int) bool {
	if uint(i) >= uint(m.size[0]) || uint(j) >= uint(m.size[1]) || uint(k) >= uint(m.size[2]) {
		return false
	}
	b := m.Brick(i/BrickColumns, j/BrickRows, k/BrickSlices)
	return b != nil && b[k%BrickSlices*BrickRows+j%BrickRows]>>(i%BrickColumns)&1 != 0
}

// Brick returns brick (bi, bj, bk), which holds the voxels from (64*bi, 64*bj, 8*bk) on, or nil if it is empty. Read only.
// The brick must lie in the grid.
func (m *Mask) Brick(bi, bj, bk int) *Brick {
	s := m.slabs[bk]
	if s == nil {
		return nil
	}
	return s.bricks[bj*bricksAlong(m.size[0], BrickColumns)+bi]
}

// Row copies row (j, k) into dst, 64 columns a word, the first column in the lowest bit, and reports whether any voxel is set; when it says
// no, dst is not written. dst needs (columns+63)/64 words; the row must lie in the grid. It allocates nothing.
func (m *Mask) Row(j, k int, dst []uint64) bool {
	s := m.slabs[k/BrickSlices]
	if s == nil {
		return false
	}
	n := bricksAlong(m.size[0], BrickColumns)
	dst = dst[:n]
	word := k%BrickSlices*BrickRows + j%BrickRows
	any := uint64(0)
	for bi, b := range s.bricks[j/BrickRows*n:][:n] {
		w := uint64(0)
		if b != nil {
			w = b[word]
		}
		dst[bi] = w
		any |= w
	}
	return any != 0
}

// Bricks yields the bricks that are not empty with their place (bi, bj, bk), bi fastest.
func (m *Mask) Bricks() iter.Seq2[[3]int, *Brick] {
	return func(yield func([3]int, *Brick) bool) {
		nx := bricksAlong(m.size[0], BrickColumns)
		for bk, s := range m.slabs {
			if s == nil {
				continue
			}
			for n, b := range s.bricks {
				if b != nil && !yield([3]int{n % nx, n / nx, bk}, b) {
					return
				}
			}
		}
	}
}

// Bounds returns the box of the set voxels, both ends inclusive. ok is false for an empty mask.
func (m *Mask) Bounds() (lo, hi [3]int, ok bool) {
	var box Bounds
	for at, b := range m.Bricks() {
		box.Include(b.bounds(at))
	}
	return box.Lo, box.Hi, box.Any
}

// bounds returns the box of the set voxels of the brick at (bi, bj, bk), in voxels of the grid.
func (b *Brick) bounds(at [3]int) Bounds {
	var columns, inRows, inSlices uint64
	for n, w := range b {
		if w != 0 {
			columns |= w
			inRows |= 1 << (n % BrickRows)
			inSlices |= 1 << (n / BrickRows)
		}
	}
	return boxOf(at, columns, inRows, inSlices)
}

// boxOf returns the box within the brick at (bi, bj, bk) of the columns, rows and slices whose bits are set.
func boxOf(at [3]int, columns, inRows, inSlices uint64) Bounds {
	if columns == 0 {
		return Bounds{}
	}
	box := Bounds{Any: true}
	for a, set := range [3]uint64{columns, inRows, inSlices} {
		first := at[a] * [3]int{BrickColumns, BrickRows, BrickSlices}[a]
		box.Lo[a], box.Hi[a] = first+bits.TrailingZeros64(set), first+63-bits.LeadingZeros64(set)
	}
	return box
}

// Equal reports whether both masks lie on grids of the same size and hold the same voxels.
func (m *Mask) Equal(o *Mask) bool {
	if m == o {
		return true
	}
	if m.size != o.size || m.count != o.count {
		return false
	}
	for bk, s := range m.slabs {
		if !s.equal(o.slabs[bk]) {
			return false
		}
	}
	return true
}

func (s *slab) equal(o *slab) bool {
	switch {
	case s == o:
		return true
	case s == nil || o == nil:
		return false // a slab without bricks is nil
	}
	for n, b := range s.bricks {
		if !sameBrick(b, o.bricks[n]) {
			return false
		}
	}
	return true
}

func gridError(a, b [3]int) error {
	return &project.Error{Kind: project.Invalid, Text: fmt.Sprintf("a mask of %v voxels and one of %v: the grids differ in size", a, b), Err: ErrGrid}
}
