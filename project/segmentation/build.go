package segmentation

import (
	"math/bits"
	"slices"
)

// Builder makes a mask from another, voxel by voxel or row by row. It copies a brick when it first writes to it; Mask publishes what there is, and the
// builder may go on: it then copies again, so that a mask once handed out never changes.
// A Builder belongs to one goroutine.
type Builder struct {
	grid  [3]int // bricks along each axis
	base  *Mask  // as published last
	work  []*workSlab
	count int64
}

// workSlab is a slab being written: owned says which bricks are copies of our own.
type workSlab struct {
	bricks []*Brick
	owned  []bool
}

// NewBuilder starts with m's voxels; NewMask(size) for none.
func NewBuilder(m *Mask) *Builder {
	return &Builder{grid: brickGrid(m.size), base: m, work: make([]*workSlab, len(m.slabs)), count: m.count}
}

// Set adds voxel (i, j, k), which must lie in the grid.
func (b *Builder) Set(i, j, k int) { b.SetRow(i, i, j, k) }

// SetRow adds columns lo to hi, inclusive, of row (j, k), all of which must lie in the grid. Nothing is added if lo > hi.
func (b *Builder) SetRow(lo, hi, j, k int) {
	if lo > hi {
		return
	}
	if lo < 0 || hi >= b.base.size[0] || uint(j) >= uint(b.base.size[1]) || uint(k) >= uint(b.base.size[2]) {
		panic("segmentation: a row outside the grid")
	}
	word := k%BrickSlices*BrickRows + j%BrickRows
	for bi := lo / BrickColumns; bi <= hi/BrickColumns; bi++ {
		w := rowWord(lo, hi, bi)
		old := b.brick(bi, j/BrickRows, k/BrickSlices)
		if old != nil && w&^old[word] == 0 {
			continue
		}
		to := b.writable(bi, j/BrickRows, k/BrickSlices)
		b.count += int64(bits.OnesCount64(w &^ to[word]))
		to[word] |= w
	}
}

// rowWord returns the bits of columns lo to hi, inclusive, that lie in brick column bi.
func rowWord(lo, hi, bi int) uint64 {
	first, last := max(lo-bi*BrickColumns, 0), min(hi-bi*BrickColumns, BrickColumns-1)
	if first > last {
		return 0
	}
	return ^uint64(0) << first & (^uint64(0) >> (BrickColumns - 1 - last))
}

// Mask returns what was built so far.
func (b *Builder) Mask() *Mask {
	var table []*slab
	for bk, w := range b.work {
		if w == nil {
			continue
		}
		if table == nil {
			table = slices.Clone(b.base.slabs)
		}
		table[bk] = w.publish()
		b.work[bk] = nil
	}
	if table != nil {
		b.base = &Mask{size: b.base.size, slabs: table, count: b.count}
	}
	return b.base
}

// publish gives the bricks away in their canonical form.
func (w *workSlab) publish() *slab {
	any := false
	for n, own := range w.owned {
		if own {
			w.bricks[n] = canonical(w.bricks[n])
		}
		any = any || w.bricks[n] != nil
	}
	if !any {
		return nil
	}
	return &slab{bricks: w.bricks}
}

// discard forgets all that was done since Mask was last called.
func (b *Builder) discard() {
	clear(b.work)
	b.count = b.base.count
}

// brick returns a brick as it is now, to read; nil is empty.
func (b *Builder) brick(bi, bj, bk int) *Brick {
	if w := b.work[bk]; w != nil {
		return w.bricks[bj*b.grid[0]+bi]
	}
	return b.base.Brick(bi, bj, bk)
}

// writable returns a brick of our own. The caller keeps count true.
func (b *Builder) writable(bi, bj, bk int) *Brick {
	w := b.slab(bk)
	n := bj*b.grid[0] + bi
	if !w.owned[n] {
		fresh := new(Brick)
		if old := w.bricks[n]; old != nil {
			*fresh = *old
		}
		w.bricks[n], w.owned[n] = fresh, true
	}
	return w.bricks[n]
}

// slab returns the slab to write to.
func (b *Builder) slab(bk int) *workSlab {
	if b.work[bk] == nil {
		w := &workSlab{owned: make([]bool, b.grid[0]*b.grid[1])}
		if s := b.base.slabs[bk]; s != nil {
			w.bricks = slices.Clone(s.bricks)
		} else {
			w.bricks = make([]*Brick, b.grid[0]*b.grid[1])
		}
		b.work[bk] = w
	}
	return b.work[bk]
}

// put replaces a whole brick by a canonical one that nobody writes any more, and keeps count true.
func (b *Builder) put(at [3]int, to *Brick) {
	b.count -= int64(b.brick(at[0], at[1], at[2]).Count())
	b.count += int64(to.Count())
	w, n := b.slab(at[2]), at[1]*b.grid[0]+at[0]
	w.bricks[n], w.owned[n] = to, false
}

// write adds the words to the brick at the given place, or takes them out, and returns the box of the voxels that changed. rows say where in the brick each
// word goes. The brick is copied only if anything changes.
func (b *Builder) write(at [3]int, rows []rowSpan, words []uint64, erase bool) Bounds {
	old := b.brick(at[0], at[1], at[2])
	if old == nil {
		if erase {
			return Bounds{}
		}
		old = &nothing
	}
	var keep uint64 // of what a word has, the bits that do not change: all that is set when adding, all that is not when erasing
	if erase {
		keep = ^uint64(0)
	}
	to := (*Brick)(nil)
	var columns, inRows, inSlices uint64
	changed := 0
	for n, r := range rows {
		diff := words[n] &^ (old[r.word] ^ keep)
		if diff == 0 {
			continue
		}
		if to == nil {
			to = b.writable(at[0], at[1], at[2])
			old = to
		}
		to[r.word] ^= diff
		changed += bits.OnesCount64(diff)
		columns |= diff
		inRows |= 1 << (r.word % BrickRows)
		inSlices |= 1 << (r.word / BrickRows)
	}
	if erase {
		changed = -changed
	}
	b.count += int64(changed)
	return boxOf(at, columns, inRows, inSlices)
}

// nothing stands for an absent brick where reading one is simpler than asking. It is never written.
var nothing Brick
