// Package encode writes JPEG 2000 codestreams (ISO/IEC 15444-1) and High-Throughput JPEG 2000 codestreams (15444-15) for tests, fixtures and exports.
//
// It is made to write everything that the decoder must read, rather than to be fast or to compress best: reversible (5/3) and irreversible (9/7),
// tiles, tile parts, precincts, layers, all progressions and their changes, all code-block styles, regions of interest, packed packet headers and
// the informative markers. It shares nothing with the decoder but the code tables of the HT block coder (internal/ht), so that a misreading of the
// standard in one is found by the other. There is no rate control: layers divide the coding passes, and all are written.
//
// Clauses named in comments are those of ISO/IEC 15444-1:2019 where no other standard is named.
package encode
