package jpegll

import (
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// lookBits is how many bits of the stream a table looks at once: most differences of a CT are there with their sign.
const lookBits = 12

// table decodes differences: T.81 H.1.2.2 with codes of annex C.
type table struct {
	// look holds, for the next bits, the difference (high 16 bits), the bits of code and difference together (bits 8 to 15) and those of the code alone (bits
	// 0 to 7). Where the difference is not whole its place has the category and bits 8 to 15 are 0. All 0 means a longer code.
	look    [1 << lookBits]uint32
	codes   jpegstream.HuffmanCodes
	defined bool
}

// parse reads one table from b and returns what follows it.
func (t *table) parse(b []byte) ([]byte, error) {
	*t = table{}
	rest, err := t.codes.Parse(b, 17)
	if err != nil {
		return nil, err
	}
	for code, category := range t.codes.All() {
		if category > 16 {
			return nil, fmt.Errorf("%w: a Huffman table has a category %d", jpegstream.ErrHeader, category)
		}
		t.enter(code, category)
	}
	t.defined = true
	return rest, nil
}

// enter fills the look-up entries that begin with code.
func (t *table) enter(code jpegstream.HuffmanCode, category byte) {
	n := code.Length
	if n > lookBits {
		return
	}
	extra := int(category) % 16 // category 16 is the one difference 32768 and has no further bits
	first := code.Bits << (lookBits - n)
	for i := range uint32(1) << (lookBits - n) {
		entry := uint32(category)<<16 | uint32(n)
		if n+extra <= lookBits {
			entry = uint32(difference(i>>(lookBits-n-extra), category))<<16 | uint32(n+extra)<<8 | uint32(n)
		}
		t.look[first+i] = entry
	}
}

// difference turns the bits of a category into a difference modulo 65536: T.81 H.1.2.2.
func difference(bits uint32, category byte) uint16 {
	if category == 16 {
		return 32768
	}
	return uint16(jpegstream.Extend(bits, uint(category)))
}

// slow decodes a difference that the look-up does not have whole from the next 32 bits; e is what the look-up has. It returns how many bits it took, 0 when
// they begin with no code.
func (t *table) slow(bits, e uint32) (d uint16, taken uint) {
	category, n := byte(e>>16), uint(e&63)
	if e == 0 {
		if category, n = t.codes.Longer(bits>>16, lookBits); n == 0 {
			return 0, 0
		}
	}
	extra := uint(category) % 16
	return difference(bits<<n>>(32-extra), category), n + extra
}
