// Package ht decodes code-blocks of High-Throughput JPEG 2000 (ISO/IEC 15444-15, ITU-T T.814): the cleanup pass with its three bit streams (MEL,
// VLC, MagSgn), the significance propagation pass and the magnitude refinement pass, with and without vertically causal contexts.
//
// It knows nothing of packets: the bytes of one block, the lengths of its two segments and its size go in, samples come out (see Block). Placeholder
// passes (T.814 B.2: three passes of nothing before the cleanup pass) are the caller's to count; a block has one set of passes, as SINGLEHT says.
//
// A sample comes out as a signed number of half quantiser steps: bit plane n of the magnitude is bit n+1. Below the last bit plane that was
// decoded stands a one, which puts the sample into the middle of its interval (15444-1 E.1.1.2, r = 1/2); a sample that is not significant is 0. When
// all planes were decoded, bit 0 is that half, so the reversible coefficient is the number divided by two, rounded towards zero; that is also what
// other decoders do with a reversible block of which planes are missing.
//
// Decode is for up to 29 bit planes, in 32 bits a sample; DecodeWide for all 74 that T.814 allows, where the excess u of an exponent may have an extension, in 128 bits
// until the shift of a region of interest is undone.
//
// The code tables (T.814 annex C) are quoted in codewords.go, all others are made from the rules named beside them. The bit streams are freed of
// their stuffed bits first, each in one go, so that what follows reads 64 bits at any place without a branch. Damaged blocks give ErrData: when a
// length is impossible (Scup, Lcup), a stream is used beyond its end, a stuffed bit is not zero, an exponent exceeds the missing bit
// planes, or a sample outside the block is significant. No bytes make it panic, and a Decoder needs some 60 kB, with its first wide block 160 more.
package ht
