package jpeg2000

import (
	"fmt"
	"math/bits"
)

// blockMode says which block coder made a code-block.
type blockMode uint8

const (
	modePart1   blockMode = iota
	modeWaiting           // of Part 15, without data so far; with styleMixed still open
	modeHT
)

func firstMode(s style) blockMode {
	if s&styleHT != 0 {
		return modeWaiting
	}
	return modePart1
}

// contributionHT reads the lengths of a code-block of Part 15, or of a mixed one that may be of Part 1 (T.814 B.3).
//
// Passes come in sets of three: cleanup, significance propagation, magnitude refinement; the cleanup pass is a segment of its own and the other two share
// one. Before the first cleanup pass that has data there may be placeholders, which only count bit planes: their passes and the cleanup pass
// are coded as one segment, whose length is zero as long as there are placeholders only.
func (d *decoder) contributionHT(in *headerBits, c *component, k *codeBlock, passes int) error {
	if k.mode == modeWaiting {
		n, err := d.firstHT(in, c, k, passes)
		if err != nil || n == passes {
			return err
		}
		passes -= n
	}
	for passes > 0 {
		n := 1
		if k.passes%3 == 1 {
			n = min(2, passes)
		}
		d.give(k, in.bits(int(k.lengthBits)+n-1), n, true)
		if passes -= n; passes > 0 {
			d.packets.work--
		}
	}
	return nil
}

// firstHT reads the length of placeholders or of the first cleanup pass and what comes before it. It returns how many of the passes it used.
//
// Of mixed code-blocks this length, the first that is not zero, tells the two kinds apart. With Part 1 the encoder takes the least Lblock that the length needs,
// with Part 15 a larger one and no less than 4, so that the length begins with a zero bit only there. The length of Part 1 has more bits, if more
// passes follow the last that could be a cleanup pass of Part 15; it is one for all passes, so these must be of one segment.
func (d *decoder) firstHT(in *headerBits, c *component, k *codeBlock, passes int) (int, error) {
	n := passes - (int(k.passes)+passes-1)%3 // up to the last cleanup pass among them; none if < 1
	log := func(n int) int { return bits.Len(uint(n)) - 1 }
	length := 0
	if n >= 1 {
		width := int(k.lengthBits) + log(n)
		length = in.bits(width)
		switch {
		case length == 0:
		case c.style&styleMixed == 0 && length < 2:
			return 0, fmt.Errorf("%w: a cleanup pass of %d bytes", ErrData, length)
		case c.style&styleMixed == 0, k.lengthBits > 3 && length > 1 && length>>(width-1) == 0:
			k.mode = modeHT
			d.give(k, length, n, true)
			return n, nil
		}
		length = length<<(log(passes)-log(n)) | in.bits(log(passes)-log(n))
	} else {
		length = in.bits(int(k.lengthBits) + log(passes))
	}
	if length > 0 { // not a placeholder, so not of Part 15
		if c.style&styleMixed == 0 {
			return 0, fmt.Errorf("%w: placeholder passes with data", ErrData)
		}
		if _, most := c.style.segment(0); int(k.passes)+passes > most {
			return 0, fmt.Errorf("%w: a mixed code-block begins with several segments", ErrUnsupported)
		}
		k.mode = modePart1
	}
	d.give(k, length, passes, k.passes == 0) // passes without data that came before are of the same segment
	return passes, nil
}
