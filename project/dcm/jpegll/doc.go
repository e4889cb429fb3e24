// Package jpegll decodes lossless JPEG: process 14 of ITU-T T.81 with Huffman codes, all seven predictors, samples of 2 to 16 bits.
//
// These are DICOM's JPEG Lossless syntaxes, with any predictor (1.2.840.10008.1.2.4.57) and with the first (.70). The package knows nothing of
// files: bytes and the expected shape go in, samples come out. The size that the stream declares is compared with the shape before anything is
// allocated, and no more than the shape and the bytes given justify is used. Hierarchical and arithmetic coding and components of different
// sizes are refused by name. Errors are those of internal/jpegstream.
package jpegll
