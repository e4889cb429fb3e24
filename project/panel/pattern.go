package panel

import (
	"math/bits"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// MaxReaders is how many masks can be combined: there are 2^n patterns of votes.
const MaxReaders = 16

// sameGrid refuses no masks, too many, and masks of different grids.
func sameGrid(masks []*segmentation.Mask) error {
	if len(masks) == 0 || len(masks) > MaxReaders {
		return project.Errorf(project.Invalid, "a consensus is made of 1 to %d masks, not of %d", MaxReaders, len(masks))
	}
	for _, m := range masks[1:] {
		if m.Size() != masks[0].Size() {
			return project.Errorf(project.Invalid, "masks of %v and %v voxels: %w", masks[0].Size(), m.Size(), segmentation.ErrGrid)
		}
	}
	return nil
}

// eachWord visits the words, 64 voxels of a row, in which any reader has a voxel. words holds one a reader and is reused. (i, j, k) is the first voxel.
func eachWord(masks []*segmentation.Mask, visit func(i, j, k int, words []uint64)) {
	size := masks[0].Size()
	bricks := make([]*segmentation.Brick, len(masks))
	words := make([]uint64, len(masks))
	for bk := range (size[2] + segmentation.BrickSlices - 1) / segmentation.BrickSlices {
		for bj := range (size[1] + segmentation.BrickRows - 1) / segmentation.BrickRows {
			for bi := range (size[0] + segmentation.BrickColumns - 1) / segmentation.BrickColumns {
				there := false
				for r, m := range masks {
					bricks[r] = m.Brick(bi, bj, bk)
					there = there || bricks[r] != nil
				}
				if !there {
					continue
				}
				eachWordOf(bricks, words, func(n int, words []uint64) {
					visit(bi*segmentation.BrickColumns, bj*segmentation.BrickRows+n%segmentation.BrickRows, bk*segmentation.BrickSlices+n/segmentation.BrickRows, words)
				})
			}
		}
	}
}

func eachWordOf(bricks []*segmentation.Brick, words []uint64, visit func(n int, words []uint64)) {
	for n := range segmentation.BrickRows * segmentation.BrickSlices {
		any := uint64(0)
		for r, b := range bricks {
			words[r] = 0
			if b != nil {
				words[r] = b[n]
			}
			any |= words[r]
		}
		if any != 0 {
			visit(n, words)
		}
	}
}

// combine makes the mask of what choose returns for each word. choose must return no voxel that no reader has.
func combine(masks []*segmentation.Mask, choose func(words []uint64) uint64) *segmentation.Mask {
	out := segmentation.NewBuilder(segmentation.NewMask(masks[0].Size()))
	eachWord(masks, func(i, j, k int, words []uint64) {
		for w := choose(words); w != 0; {
			lo := bits.TrailingZeros64(w)
			run := bits.TrailingZeros64(^(w >> lo)) // 64 if it goes on to the end of a full word
			run = min(run, 64-lo)
			out.SetRow(i+lo, i+lo+run-1, j, k)
			if lo+run == 64 {
				break
			}
			w &= ^uint64(0) << (lo + run)
		}
	})
	return out.Mask()
}

// atLeast returns the voxels that k of the words have or more, k from 1. It counts all 64 at once: plane b holds bit b of every voxel's count.
func atLeast(words []uint64, k int) uint64 {
	var planes [5]uint64 // counts to 16 need five bits
	for _, carry := range words {
		for b := 0; carry != 0; b++ {
			planes[b], carry = planes[b]^carry, planes[b]&carry
		}
	}
	more, equal := uint64(0), ^uint64(0)
	for b := len(planes) - 1; b >= 0; b-- {
		if k>>b&1 == 0 {
			more |= equal & planes[b]
			equal &^= planes[b]
		} else {
			equal &= planes[b]
		}
	}
	return more | equal
}

// split calls leaf for each pattern of votes that occurs in the words: bit r of pattern is reader r's. The pattern of no votes is left out.
func split(words []uint64, leaf func(pattern int, voxels uint64)) {
	any := uint64(0)
	for _, w := range words {
		any |= w
	}
	splitFrom(words, 0, 0, any, leaf)
}

func splitFrom(words []uint64, r, pattern int, live uint64, leaf func(int, uint64)) {
	if live == 0 {
		return
	}
	if r == len(words) {
		leaf(pattern, live)
		return
	}
	splitFrom(words, r+1, pattern|1<<r, live&words[r], leaf)
	splitFrom(words, r+1, pattern, live&^words[r], leaf)
}

// tally counts the voxels of each pattern of votes; that of no votes stays 0.
func tally(masks []*segmentation.Mask) []int64 {
	counts := make([]int64, 1<<len(masks))
	leaf := func(pattern int, voxels uint64) { counts[pattern] += int64(bits.OnesCount64(voxels)) }
	eachWord(masks, func(_, _, _ int, words []uint64) { split(words, leaf) })
	return counts
}

// pick returns the voxels whose pattern of votes is chosen. The pattern of no votes is never.
func pick(masks []*segmentation.Mask, chosen []bool) *segmentation.Mask {
	out := uint64(0)
	leaf := func(pattern int, voxels uint64) {
		if chosen[pattern] {
			out |= voxels
		}
	}
	return combine(masks, func(words []uint64) uint64 {
		out = 0
		split(words, leaf)
		return out
	})
}
