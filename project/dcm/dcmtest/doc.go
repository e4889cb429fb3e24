// Package dcmtest damages DICOM files for tests, and measures what reading them costs.
//
// Mutate makes the faults that disks, networks, other programs and attackers make: flipped bits, cuts, wrong lengths, nesting without end, fragments too
// many. Cost tells the time and the memory of one call. The package is for tests alone and imports nothing of ours.
package dcmtest
