package distance

import (
	"math/bits"

	"hotlight/project/segmentation"
)

// Bits is a dense box of cells that are in a set or not: a row's columns in words, lowest bit first. Bits past the last column must stay 0.
type Bits struct {
	Size  [3]int // columns, rows, slices
	Words int    // a row
	words []uint64
}

// NewBits returns a box without any.
func NewBits(size [3]int) *Bits {
	words := (size[0] + 63) / 64
	return &Bits{Size: size, Words: words, words: make([]uint64, words*size[1]*size[2])}
}

// Row returns the words of row (j, k), or nil outside the box: there is nothing.
func (b *Bits) Row(j, k int) []uint64 {
	if j < 0 || k < 0 || j >= b.Size[1] || k >= b.Size[2] {
		return nil
	}
	at := (k*b.Size[1] + j) * b.Words
	return b.words[at : at+b.Words]
}

// Each calls visit for every set bit, columns fastest.
func (b *Bits) Each(visit func(i, j, k int)) {
	for k := range b.Size[2] {
		for j := range b.Size[1] {
			for n, word := range b.Row(j, k) {
				for ; word != 0; word &= word - 1 {
					visit(n*64+bits.TrailingZeros64(word), j, k)
				}
			}
		}
	}
}

// Crop copies the voxels of a mask in the box from lo to hi, both ends inclusive. The box may reach beyond the mask's grid, where nothing is.
func Crop(m *segmentation.Mask, lo, hi [3]int) *Bits {
	out := NewBits([3]int{hi[0] - lo[0] + 1, hi[1] - lo[1] + 1, hi[2] - lo[2] + 1})
	size := m.Size()
	whole := make([]uint64, (size[0]+63)/64)
	for k := range out.Size[2] {
		for j := range out.Size[1] {
			if y, z := lo[1]+j, lo[2]+k; y < 0 || z < 0 || y >= size[1] || z >= size[2] || !m.Row(y, z, whole) {
				continue
			}
			row := out.Row(j, k)
			for n := range row {
				row[n] = wordAt(whole, lo[0]+n*64)
			}
			out.trim(row)
		}
	}
	return out
}

// wordAt returns 64 bits of a row from column i on, which may lie outside of it.
func wordAt(row []uint64, i int) (word uint64) {
	at, shift := i>>6, uint(i&63)
	if at >= 0 && at < len(row) {
		word = row[at] >> shift
	}
	if shift > 0 && at+1 >= 0 && at+1 < len(row) {
		word |= row[at+1] << (64 - shift)
	}
	return word
}

// trim clears the bits past the last column.
func (b *Bits) trim(row []uint64) {
	if used := uint(b.Size[0] % 64); used > 0 {
		row[len(row)-1] &= 1<<used - 1
	}
}

// Complement returns the cells of the box that are not in the set.
func (b *Bits) Complement() *Bits {
	out := NewBits(b.Size)
	for n, w := range b.words {
		out.words[n] = ^w
	}
	for k := range b.Size[2] {
		for j := range b.Size[1] {
			out.trim(out.Row(j, k))
		}
	}
	return out
}
