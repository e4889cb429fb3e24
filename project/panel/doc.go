// Package panel makes one answer out of several readers': votes on labels and masks, and STAPLE.
//
// It counts; it does not decide what a tie means. A tie is Undecided, which the caller sends to an adjudicator, never background. Nothing here knows
// people, keys, reads or who may see what; masks and labels come in, a consensus and its diagnostics go out.
//
// Words: a pattern says which readers marked a voxel, bit r being reader r. Voxels with the same pattern are alike to every rule that does not
// look at their neighbours, so that such rules cost as many steps as there are patterns (at most 2 to the power of readers), not voxels.
//
// Imports metrics for its statuses and its overlap.
package panel
