// Package mpr cuts planes out of volumes (multi-planar reformatting): any plane, linear or nearest, one plane thick or a slab.
//
// There are two ways through the same definition. Values and Sample compute in double precision and serve whatever is measured or exported. Cutter
// is for display: fixed-point coordinates with 32 fraction bits and weights with 14, rows clipped once, bands of rows over goroutines; it stays
// within a 256th of a stored unit of rounding plus 1/4096 of the contrast between neighbouring voxels.
//
// The definition: a voxel's box reaches half a voxel beyond its centre, so a picture covers index [-0.5, size-0.5) on each axis. Linear
// interpolation is defined between centres, [0, size-1]; in the half voxel outside of that the outermost value holds. Everything else is outside,
// and so is a sample that needs a slice which has not arrived.
//
// Stacks and colour series are exact on their own planes only: any other plane, and any slab, gives ErrStack. Words: a Cut is what
// a plane through a volume yields before the window; fixed values are stored integers times 256.
package mpr
