package metrics

import (
	"math/bits"

	"hotlight/project/segmentation"
)

// cells is a dense box of bits, a row's columns in words, lowest bit first. Bits past the last column are 0.
type cells struct {
	size  [3]int
	words int // a row
	bits  []uint64
}

func newCells(size [3]int) *cells {
	words := (size[0] + 63) / 64
	return &cells{size: size, words: words, bits: make([]uint64, words*size[1]*size[2])}
}

// row returns the words of row (j, k), or nil outside the box: there is nothing.
func (c *cells) row(j, k int) []uint64 {
	if j < 0 || k < 0 || j >= c.size[1] || k >= c.size[2] {
		return nil
	}
	at := (k*c.size[1] + j) * c.words
	return c.bits[at : at+c.words]
}

// each calls visit for every set bit, columns fastest.
func (c *cells) each(visit func(i, j, k int)) {
	for k := range c.size[2] {
		for j := range c.size[1] {
			for n, word := range c.row(j, k) {
				for ; word != 0; word &= word - 1 {
					visit(n*64+bits.TrailingZeros64(word), j, k)
				}
			}
		}
	}
}

// box returns the box that holds the voxels of both masks, both ends inclusive. Either may be empty, not both.
func box(a, b *segmentation.Mask) (lo, hi [3]int) {
	lo, hi, any := a.Bounds()
	lo2, hi2, any2 := b.Bounds()
	switch {
	case !any:
		return lo2, hi2
	case !any2:
		return lo, hi
	}
	for n := range lo {
		lo[n], hi[n] = min(lo[n], lo2[n]), max(hi[n], hi2[n])
	}
	return lo, hi
}

// crop copies the voxels of a mask in a box.
func crop(m *segmentation.Mask, lo, hi [3]int) *cells {
	out := newCells([3]int{hi[0] - lo[0] + 1, hi[1] - lo[1] + 1, hi[2] - lo[2] + 1})
	whole := make([]uint64, (m.Size()[0]+63)/64)
	shift, first := uint(lo[0]%64), lo[0]/64
	for k := range out.size[2] {
		for j := range out.size[1] {
			if !m.Row(lo[1]+j, lo[2]+k, whole) {
				continue
			}
			row := out.row(j, k)
			for n := range row {
				row[n] = whole[first+n] >> shift
				if shift > 0 && first+n+1 < len(whole) {
					row[n] |= whole[first+n+1] << (64 - shift)
				}
			}
			if used := uint(out.size[0] % 64); used > 0 {
				row[len(row)-1] &= 1<<used - 1
			}
		}
	}
	return out
}
