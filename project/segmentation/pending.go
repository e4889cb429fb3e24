package segmentation

import (
	"hotlight/project"
	"hotlight/project/volume"
)

// These are the signatures to build on; the bodies are being written.

// SHA256 returns the digest of the mask's bits, i fastest, packed least significant bit first, without padding but at the end.
func (m *Mask) SHA256() project.Hash { panic("segmentation: being written") }

// Marshal returns the mask in the form of BRICKS.md: equal masks give equal bytes.
func (m *Mask) Marshal() []byte { panic("segmentation: being written") }

// ParseMask reads what Marshal wrote, for a grid of the given size.
func ParseMask(b []byte, size [3]int) (*Mask, error) { panic("segmentation: being written") }

// Union returns the voxels of either.
func Union(a, b *Mask) (*Mask, error) { panic("segmentation: being written") }

// Intersect returns the voxels of both.
func Intersect(a, b *Mask) (*Mask, error) { panic("segmentation: being written") }

// Subtract returns the voxels of a that are not in b.
func Subtract(a, b *Mask) (*Mask, error) { panic("segmentation: being written") }

// Invert returns the voxels of the grid that are not in m.
func Invert(m *Mask) *Mask { panic("segmentation: being written") }

// CountBoth returns how many voxels are in both masks: Dice is 2*CountBoth(a, b)/(a.Count()+b.Count()).
func CountBoth(a, b *Mask) (int64, error) { panic("segmentation: being written") }

// Builder makes a mask voxel by voxel or row by row.
type Builder struct{}

// NewBuilder starts with m's voxels; NewMask(size) for none.
func NewBuilder(m *Mask) *Builder { panic("segmentation: being written") }

// Set adds voxel (i, j, k), which must lie in the grid.
func (b *Builder) Set(i, j, k int) { panic("segmentation: being written") }

// SetRow adds columns lo to hi, inclusive, of row (j, k).
func (b *Builder) SetRow(lo, hi, j, k int) { panic("segmentation: being written") }

// Mask returns what was built so far; the builder may go on.
func (b *Builder) Mask() *Mask { panic("segmentation: being written") }

// Delta is the difference of two sets of the same segments: the exclusive or of the bricks in which their masks differ, with the hash of
// each brick before and after.
type Delta struct{}

// ErrBase is wrapped when a delta is applied to anything but the set it was made for.
var ErrBase error = &project.Error{Kind: project.Conflict, Text: "the change was made on other voxels than these"}

// Diff returns the delta that turns before into after.
func Diff(before, after *Set) (*Delta, error) { panic("segmentation: being written") }

// Apply turns the set before into the set after.
func (d *Delta) Apply(s *Set) (*Set, error) { panic("segmentation: being written") }

// Revert turns the set after into the set before.
func (d *Delta) Revert(s *Set) (*Set, error) { panic("segmentation: being written") }

// Changed returns how many voxels differ, summed over the segments.
func (d *Delta) Changed() int64 { panic("segmentation: being written") }

// Segments returns the numbers of the segments that differ, ascending.
func (d *Delta) Segments() []int { panic("segmentation: being written") }

// Bounds returns the box of the voxels that differ in a segment.
func (d *Delta) Bounds(segment int) Bounds { panic("segmentation: being written") }

// Marshal returns the delta in the form of BRICKS.md.
func (d *Delta) Marshal() []byte { panic("segmentation: being written") }

// ParseDelta reads what Marshal wrote.
func ParseDelta(b []byte) (*Delta, error) { panic("segmentation: being written") }

// Paint paints a whole stroke: the new set, and the delta from the old one.
func Paint(t Target, s Stroke, r Rule) (*Set, *Delta, error) { panic("segmentation: being written") }

// Painter paints a stroke as it is drawn.
type Painter struct{}

// NewPainter starts a stroke; brush.Points may be empty.
func NewPainter(t Target, brush Stroke, r Rule) (*Painter, error) {
	panic("segmentation: being written")
}

// Extend sweeps the brush to each of the points in turn and returns the box of the voxels that changed.
func (p *Painter) Extend(points ...volume.Point) (Bounds, error) {
	panic("segmentation: being written")
}

// Set returns the set with all that was painted so far.
func (p *Painter) Set() *Set { panic("segmentation: being written") }
