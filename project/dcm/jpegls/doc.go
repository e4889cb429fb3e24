// Package jpegls decodes JPEG-LS (ISO/IEC 14495-1, ITU-T T.87): lossless and near-lossless, samples of 2 to 16 bits.
//
// These are DICOM's syntaxes 1.2.840.10008.1.2.4.80 and .81. All interleave modes, preset parameters (LSE) and restart intervals are decoded. The
// package knows nothing of files: bytes and the expected shape go in, samples come out. The size that the stream declares is compared with the
// shape before anything is allocated, and no more than the shape and the bytes given justify is used. Mapping tables, point transforms,
// subsampled components and Hewlett-Packard's colour transforms, none of which DICOM allows, are refused by name. Errors are those of
// internal/jpegstream.
package jpegls
