// Package jpeg2000 decodes JPEG 2000 Part 1 (ISO/IEC 15444-1, ITU-T T.800) and High-Throughput JPEG 2000 (ISO/IEC 15444-15, ITU-T T.814): codestreams with
// and without the JP2 wrapper.
//
// These are DICOM's syntaxes 1.2.840.10008.1.2.4.90, .91, .201, .202 and .203. The package knows nothing of DICOM: bytes go in, samples come out.
// ReadHeader says what a stream is, Decode gives its components as planes, DecodeFrame writes them into the caller's bytes. All may be called by
// several goroutines; for single large pictures Options.Workers decodes the code-blocks of one picture side by side.
//
// # What is covered
//
// T.800, by clause:
//
//	A    all marker segments: SIZ, COD, COC, RGN, QCD, QCC, POC, PPM, PPT are used; TLM, PLM, PLT, CRG, COM are passed by, SOP and EPH too
//	B    tiles, tile parts in any order, components at any distance on the grid, resolutions, precincts, layers; packet headers in place and packed;
//	     the five progressions and changes between them
//	C    the arithmetic decoder
//	D    coefficient bit modelling with all styles of code-blocks: selective bypass, reset, termination, vertically causal context, predictable
//	     termination (which needs nothing of a decoder), segmentation symbols (a wrong one is an error)
//	E    dequantisation, reconstruction in the middle of the interval
//	F    both wavelets, up to 32 levels; 5/3 in integers, 9/7 in float32
//	G    reversible and irreversible component transform, level shift
//	H    region of interest by maximum shift
//	I    of JP2 the codestream, the enumerated colour space, and whether there is a palette, which is not applied
//
// T.814: code-blocks of Part 15 in all declared sets (HTONLY, HTDECLARED, MIXED; SINGLEHT, MULTIHT; with region of interest and any magnitudes that the
// standard allows, 74 bit planes), with placeholder passes; the block decoder is package internal/ht. Mixed code-blocks may have any style; one of Part 1
// whose first bytes come in several segments at once (bypass, termination) is refused, since only the length of a single segment tells it from one of Part 15.
//
// Samples may have 1 to 38 bits, code-blocks of Part 1 up to 62 bit planes, those of Part 15 up to 74. What Part 2 adds (other wavelets and component
// transforms, arbitrary decompositions, trellis-coded quantisation) is refused by name.
//
// # Exactness
//
// What is coded reversibly is decoded to the bit. Irreversible pictures are computed in float32 in one order on all machines (no fused operations), rounded
// half to even; other decoders differ by 1 at most.
//
// # Bad input
//
// Sizes are compared with what the caller allows (Options.MaxSamples, Shape) before anything is allocated. Decoding then takes at most 8 bytes a sample, as many
// as the stream has, a megabyte, and half a megabyte for each goroutine that decodes code-blocks: whatever a stream can make large is paid for out of one
// budget first. Of an image the samples themselves are part of it, which are decoded where they will be; a frame's bytes are the caller's. Of a region the samples
// around it count that the wavelet needs. Ordinary pictures take little more than 4 bytes a sample.
//
// What a header declares without bytes to fill it (code-blocks, layers, precincts, components) ends in ErrData, not in memory or work. So do precincts of
// fewer than 4 x 4 samples: what has to be known of each is more than the budget holds; and code-blocks of 4 x 4 in a hundred layers where they would have to
// be read too often. No encoder makes either. Small code-blocks in many layers are decoded in rounds, a part of the code-blocks at a time.
//
// A damaged or short stream gives an error, or with Options.Partial the picture so far and the error.
//
// Faults of other writers that can mean one thing only are taken: a missing EOC, comments between tile parts, a component transform of fewer than three
// components, and COD and QCD that come again in later parts of a tile and say what holds already.
package jpeg2000
