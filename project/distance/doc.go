// Package distance is the exact Euclidean distance transform of a set of voxels, in millimetres, for voxels of any three sides and for slices that are not evenly
// apart. Surface distances (package metrics) ask it from a few cells, shape-based averaging (package panel) for every cell of a box, sheet by sheet.
//
// Bits is the box of cells, Field the transform. Nothing is approximated, no geometry is known here but spacings, and nothing is resampled.
package distance
