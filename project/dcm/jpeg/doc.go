// Package jpeg decodes JPEG with a discrete cosine transform: ITU-T T.81 baseline, extended sequential and progressive, Huffman coded, 8 and 12 bits.
//
// These are DICOM's JPEG syntaxes 1.2.840.10008.1.2.4.50, .51, .53 and .55. The package knows nothing of files: bytes and the expected shape go
// in, samples come out, as they are in the stream: no colour is converted, and what the stream says of its colours is handed to the caller.
//
// Every correct decoder may round a little differently. This one does as the Independent JPEG Group's library does with its accurate integer
// transform and its smooth ("fancy") chroma upsampling, since DCMTK, GDCM and most viewers use that library: pictures are equal to the bit.
//
// The size that the stream declares is compared with the shape before anything is allocated. Scans are decoded side by side, a few rows of blocks
// at a time, so memory beside the frame is that of the stream, of some lines and of the scans' tables (at most 3 MB), progressive or not. Lossless, hierarchical and arithmetic coding are refused by name.
// Errors are those of internal/jpegstream.
package jpeg
