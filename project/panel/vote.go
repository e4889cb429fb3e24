package panel

import (
	"math/bits"

	"hotlight/project/segmentation"
)

// AtLeast returns the voxels that at least k readers marked: k = 1 is the union, k = Readers() the intersection.
func (p *Patterns) AtLeast(k int) *segmentation.Mask {
	return p.Mask(func(pattern int) bool { return bits.OnesCount(uint(pattern)) >= k })
}

// Majority returns the voxels that more than half of the readers marked, and those that exactly half did: ties, which are undecided, not background.
func (p *Patterns) Majority() (majority, ties *segmentation.Mask) {
	n := p.Readers()
	majority = p.Mask(func(pattern int) bool { return 2*bits.OnesCount(uint(pattern)) > n })
	ties = p.Mask(func(pattern int) bool { return 2*bits.OnesCount(uint(pattern)) == n })
	return majority, ties
}

// Ties returns how many voxels exactly half of the readers marked.
func (p *Patterns) Ties() (n int64) {
	for pattern, count := range p.Counts {
		if pattern > 0 && 2*bits.OnesCount(uint(pattern)) == p.Readers() {
			n += count
		}
	}
	return n
}

// Plurality returns the label that more readers chose than any other; ok is false for a tie at the top or without a reader: undecided, and for an
// adjudicator. It is ITK's LabelVoting on one voxel or one answer.
func Plurality[T comparable](labels []T) (label T, ok bool) {
	count := map[T]int{}
	for _, l := range labels {
		count[l]++
	}
	best := 0
	for _, l := range labels { // in the readers' order: nothing depends on a map's
		switch n := count[l]; {
		case n > best:
			label, best, ok = l, n, true
		case n == best && l != label:
			ok = false
		}
	}
	if !ok {
		var none T
		return none, false
	}
	return label, true
}

// Agreed returns the label that at least k readers chose. ok is false when no label has k votes, or two have.
func Agreed[T comparable](labels []T, k int) (label T, ok bool) {
	label, ok = Plurality(labels)
	votes := 0
	for _, l := range labels {
		if l == label {
			votes++
		}
	}
	if !ok || votes < k {
		var none T
		return none, false
	}
	return label, true
}
