package ht

import (
	"errors"
	"fmt"
)

// ErrData is what a damaged block gives. The text of the error returned says more.
var ErrData = errors.New("htj2k: the block is damaged")

// Block is one code-block as its packets delivered it.
type Block struct {
	Data          []byte // the cleanup segment, then the refinement segment
	Cleanup       int    // bytes of the cleanup segment (Lcup)
	Refinement    int    // bytes of the segment of the two other passes (Lref), 0 if there is none
	Passes        int    // 1 cleanup, 2 with significance propagation, 3 with magnitude refinement
	Planes        int    // magnitude bit planes of the sub-band with the shift of a region of interest (Mb of 15444-1 equation E-2, H-1), 1 to 29, for DecodeWide to 74
	Missing       int    // zero bit planes that the packet header gave, 0 to Planes-1: the cleanup pass codes down to plane Planes-1-Missing
	Width, Height int    // samples, 1 to 1024, together at most 4096
	Causal        bool   // vertically causal contexts: significance propagation does not look into the stripe below
}

// Bit planes that Decode and DecodeWide can decode.
const (
	NarrowPlanes = 29 // so that int32 holds the magnitude one above all that a damaged block may give
	WidePlanes   = 74 // as many as T.814 allows: 7 guard bits and an exponent of 31 make 37, a region of interest raises them by as many
)

// check tells what is impossible about the block, its planes beyond most and its room of so many samples.
func (b *Block) check(room, stride, most int) error {
	switch {
	case b.Width < 1 || b.Height < 1 || b.Width > 1024 || b.Height > 1024 || b.Width*b.Height > 4096:
		return fmt.Errorf("%w: it has %d x %d samples", ErrData, b.Width, b.Height)
	case stride < b.Width || room < (b.Height-1)*stride+b.Width:
		return fmt.Errorf("htj2k: there is no room for %d x %d samples", b.Width, b.Height)
	case b.Planes < 1 || b.Planes > most || b.Missing < 0 || b.Missing >= b.Planes:
		return fmt.Errorf("%w: %d of %d bit planes are missing", ErrData, b.Missing, b.Planes)
	case b.Passes < 1 || b.Passes > 3:
		return fmt.Errorf("%w: it has %d passes", ErrData, b.Passes)
	case b.Cleanup < 2 || b.Refinement < 0 || b.Cleanup > len(b.Data) || b.Refinement > len(b.Data)-b.Cleanup:
		return fmt.Errorf("%w: it has %d bytes for segments of %d and %d", ErrData, len(b.Data), b.Cleanup, b.Refinement)
	case b.Passes > 1 && b.Refinement > 0 && b.Missing == b.Planes-1:
		return fmt.Errorf("%w: it refines what has no more bit planes", ErrData)
	}
	return nil
}

// Decoder decodes blocks. Its zero value is ready; it holds scratch memory, so it serves one goroutine at a time, block after block.
type Decoder struct {
	quads    []uint32 // of each quad its Codeword as the tables hold it, and u from bit 16 on
	across   int      // entries of quads from one row to the next
	below    [516]uint32
	spill    [1024]int32 // where a row below the block goes
	bits     [streamRoom]byte
	vlc      [vlcRoom]byte
	sigma    []uint16 // significance of 4 x 4 samples, columns of four bits
	fours    int      // entries of sigma from one stripe to the next
	previous [264]uint16
	wide     *wide // of DecodeWide, made when it is first needed
}

// Decode decodes b into dst, whose rows are stride apart; it writes every sample of the block and nothing else. The package's text says what a sample
// is. After an error the block's samples are rubbish. A refinement segment without a byte adds nothing to the cleanup pass.
func (d *Decoder) Decode(dst []int32, stride int, b Block) error {
	if err := b.check(len(dst), stride, NarrowPlanes); err != nil {
		return err
	}
	magSgn, err := d.begin(&b, false)
	if err != nil {
		return err
	}
	plane := uint(b.Planes - 1 - b.Missing)
	if err := d.magnitudes(dst, stride, &b, magSgn, plane); err != nil {
		return err
	}
	if b.Passes < 2 || b.Refinement == 0 {
		return nil
	}
	refinement := b.Data[b.Cleanup : b.Cleanup+b.Refinement]
	d.stripes(b.Width, b.Height)
	d.propagate(dst, stride, &b, refinement, plane)
	if b.Passes > 2 {
		d.refine(dst, stride, &b, refinement, plane)
	}
	return nil
}

// begin decodes the part of the cleanup segment that tells which samples are significant, and returns the rest, MagSgn.
func (d *Decoder) begin(b *Block, wide bool) ([]byte, error) {
	cleanup := b.Data[:b.Cleanup]
	scup := int(cleanup[len(cleanup)-1])<<4 | int(cleanup[len(cleanup)-2]&15)
	if scup < 2 || scup > len(cleanup) || scup > 4079 {
		return nil, fmt.Errorf("%w: %d of its %d bytes are said to be of VLC and MEL", ErrData, scup, len(cleanup))
	}
	d.shape(b.Width, b.Height)
	return cleanup[:len(cleanup)-scup], d.significance(cleanup[len(cleanup)-scup:], b.Width, b.Height, wide)
}

// What the largest blocks need: 4 x 1024 samples.
const (
	mostQuads   = (4/2 + 4) * (1024/2 + 2)
	mostStripes = (1 + 2) * (1024/4 + 1)
)

// shape makes room for the quads of a block. Right of a row and below the last there are quads that stay zero.
func (d *Decoder) shape(w, h int) {
	d.across = (w+1)/2 + 4
	if n := d.across * ((h+1)/2 + 2); n > len(d.quads) {
		d.quads = make([]uint32, max(n, mostQuads))
	}
}
