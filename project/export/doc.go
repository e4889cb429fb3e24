// Package export writes what other programs read: NIfTI and NRRD volumes so far, and reads label maps back.
//
// There is one conversion point between DICOM patient coordinates (LPS) and the RAS of NIfTI, in this package. Voxels are written in our own
// i, j, k order, without flips: the affine carries the orientation. Every file is written to a temporary name beside its place, synced and
// renamed: after a failure there is no output file.
package export
