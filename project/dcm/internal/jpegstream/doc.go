// Package jpegstream reads what the streams of all JPEG codecs but JPEG 2000 have in common, and says what a codec is given and how it refuses.
//
// From ITU-T T.81 these are the markers (B.1.1.3, table B.1), the walk over marker segments (B.1.1.4), frame and scan headers (B.2.2, B.2.3), restart
// intervals and the number of lines (B.2.4.4, B.2.5), Huffman tables (B.2.4.2, annex C, EXTEND of F.2.2.1) and the bits of an entropy-coded segment without
// its stuffed bytes (F.1.2.3). JPEG-LS has these headers too (ITU-T T.87 annex C), but other codes and another way of stuffing, which jpegls reads itself.
//
// Prediction, transform and context modelling are the codecs'. A segment of application data is left to the codec that knows it.
//
// Nothing of a stream is trusted: every length is compared with what is left, and no function allocates more than the bytes it was given.
package jpegstream
