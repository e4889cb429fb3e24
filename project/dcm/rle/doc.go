// Package rle decodes and encodes DICOM's RLE Lossless frames: PackBits over byte planes (PS3.5 annex G).
//
// One frame is a header of 16 numbers and up to 15 segments. Each segment holds one byte of every sample of one colour, the most significant byte
// first. The package knows nothing of files: bytes and the expected shape go in, samples come out. It never reads or allocates more than the
// shape and the bytes given justify.
package rle
