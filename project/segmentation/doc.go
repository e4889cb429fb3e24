// Package segmentation holds segments as sparse bit masks on a volume's grid: bricks, painting, set algebra, Delta.
//
// A Segment is one labelled structure; segments may overlap. Its Mask is a sparse set of bricks of 64 x 64 x 8 voxels, one bit a voxel.
// A brick that is absent is empty, one that is full is shared by all masks and never written, and bits outside the grid are 0 always.
//
// Masks, Segments and Sets are immutable: a change copies the bricks it touches and returns a new Set, so that renderers read the one
// they have without locks while the one writer goes on. A Delta is the exclusive or of the bricks that two Sets differ in; applied to the
// one Set it gives the other, and it applies to nothing else. BRICKS.md is the format of masks and deltas as bytes.
//
// Painter is the one place that paints: the digital plane of a disc, the swept sphere, the intensity range, locks and the overwrite rule are all
// decided there, while it paints.
//
// The package reads no files, draws nothing and knows nothing of history, people or projects' rules. What a change is called, who made it
// and how it is undone is package edit's.
//
// Words: a row is the voxels of one (j, k), column i growing; a word is 64 of them. A layer is one voxel thick.
package segmentation
