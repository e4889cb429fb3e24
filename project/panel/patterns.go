package panel

import (
	"math/bits"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// MaxReaders is the most readers whose masks can be counted together.
const MaxReaders = 16

// Patterns counts the voxels of one grid by which of the readers marked them.
type Patterns struct {
	masks  []*segmentation.Mask
	lo, hi [3]int  // box of the union
	Counts []int64 // by pattern, 2^readers of them; Counts[0] is the voxels of the box of the union that nobody marked
}

// CountPatterns counts. Masks must lie on one grid (segmentation.ErrGrid); there must be 1 to MaxReaders of them.
func CountPatterns(masks ...*segmentation.Mask) (*Patterns, error) {
	if len(masks) == 0 || len(masks) > MaxReaders {
		return nil, project.Errorf(project.Invalid, "%d masks; 1 to %d can be counted together", len(masks), MaxReaders)
	}
	p := &Patterns{masks: masks, Counts: make([]int64, 1<<len(masks))}
	any := false
	for _, m := range masks {
		if m.Size() != masks[0].Size() {
			return nil, project.Errorf(project.Invalid, "%w", segmentation.ErrGrid)
		}
		lo, hi, ok := m.Bounds()
		switch {
		case ok && !any:
			p.lo, p.hi, any = lo, hi, true
		case ok:
			for n := range lo {
				p.lo[n], p.hi[n] = min(p.lo[n], lo[n]), max(p.hi[n], hi[n])
			}
		}
	}
	if !any {
		return p, nil
	}
	marked := int64(0)
	p.rows(func(_, _ int, words []uint64, _ int) {
		union := uint64(0)
		for _, w := range words {
			union |= w
		}
		if union != 0 {
			p.split(words, union, 0, 0)
			marked += int64(bits.OnesCount64(union))
		}
	})
	p.Counts[0] = p.box(0) - marked
	return p, nil
}

// rows visits every word of every row of the union's box: words[r] is reader r's, first the column of its lowest bit.
func (p *Patterns) rows(visit func(j, k int, words []uint64, first int)) {
	width := (p.masks[0].Size()[0] + 63) / 64
	row := make([][]uint64, len(p.masks))
	for r := range row {
		row[r] = make([]uint64, width)
	}
	words := make([]uint64, len(p.masks))
	for k := p.lo[2]; k <= p.hi[2]; k++ {
		for j := p.lo[1]; j <= p.hi[1]; j++ {
			for r, m := range p.masks {
				if !m.Row(j, k, row[r]) {
					clear(row[r])
				}
			}
			for n := p.lo[0] / 64; n <= p.hi[0]/64; n++ {
				for r := range words {
					words[r] = row[r][n]
				}
				visit(j, k, words, n*64)
			}
		}
	}
}

// split counts the voxels that are left, reader by reader.
func (p *Patterns) split(words []uint64, left uint64, reader, pattern int) {
	if left == 0 {
		return
	}
	if reader == len(words) {
		p.Counts[pattern] += int64(bits.OnesCount64(left))
		return
	}
	p.split(words, left&words[reader], reader+1, pattern|1<<reader)
	p.split(words, left&^words[reader], reader+1, pattern)
}

// Readers returns how many masks were counted.
func (p *Patterns) Readers() int { return len(p.masks) }

// Marked returns how many voxels any reader marked.
func (p *Patterns) Marked() (n int64) {
	for _, count := range p.Counts[1:] {
		n += count
	}
	return n
}

// box is the number of voxels of the union's box, margin voxels wider on each side as far as the grid goes.
func (p *Patterns) box(margin int) int64 {
	n := int64(1)
	for axis, size := range p.masks[0].Size() {
		n *= int64(min(p.hi[axis]+margin, size-1) - max(p.lo[axis]-margin, 0) + 1)
	}
	return n
}

// Mask returns the voxels whose pattern is accepted. Voxels that nobody marked are never taken.
func (p *Patterns) Mask(accept func(pattern int) bool) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(p.masks[0].Size()))
	if p.Marked() == 0 {
		return b.Mask()
	}
	var taken []int
	for pattern := 1; pattern < len(p.Counts); pattern++ {
		if p.Counts[pattern] > 0 && accept(pattern) {
			taken = append(taken, pattern)
		}
	}
	p.rows(func(j, k int, words []uint64, first int) {
		for out := matching(words, taken); out != 0; {
			from := bits.TrailingZeros64(out)
			run := bits.TrailingZeros64(^(out >> from))
			b.SetRow(first+from, first+from+run-1, j, k)
			if from+run >= 64 {
				break
			}
			out &^= (1<<run - 1) << from
		}
	})
	return b.Mask()
}

// matching returns the voxels of a word whose pattern is one of the given ones.
func matching(words []uint64, patterns []int) (out uint64) {
	union := uint64(0)
	for _, w := range words {
		union |= w
	}
	if union == 0 {
		return 0
	}
	for _, pattern := range patterns {
		left := union
		for r, w := range words {
			if pattern>>r&1 != 0 {
				left &= w
			} else {
				left &^= w
			}
		}
		out |= left
	}
	return out
}
