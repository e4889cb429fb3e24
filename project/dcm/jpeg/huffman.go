package jpeg

import (
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// lookBits is how many bits of the stream a table looks at once.
const lookBits = 10

// table decodes Huffman codes: T.81 annex C. A symbol says how many zeros go before a coefficient and how many bits the coefficient has.
type table struct {
	// look holds, for the next bits, a coefficient that is there whole: its value (high 16 bits), the zeros before it (bits 12 to 15) and the bits of all that
	// (bits 8 to 11). Otherwise bits 8 to 15 are 0, the high bits have the symbol, and bits 0 to 7 the bits of its code. All 0 means a longer code.
	look [1 << lookBits]uint32
	// short holds, for the next 8 bits, a symbol (high byte) and the bits of its code; 0 means a longer code. Progressive scans take symbols alone.
	short [256]uint16
	used  bool // by a scan
	codes jpegstream.HuffmanCodes
}

// parse reads one table from b and returns what follows it. dc says that its symbols are bits alone.
func (t *table) parse(b []byte, dc bool) ([]byte, error) {
	*t = table{}
	rest, err := t.codes.Parse(b, 256)
	if err != nil {
		return nil, err
	}
	for code, symbol := range t.codes.All() {
		if dc && symbol > 16 {
			return nil, fmt.Errorf("%w: a Huffman table has a category %d", jpegstream.ErrHeader, symbol)
		}
		t.enter(code, symbol, dc)
	}
	return rest, nil
}

// enter fills the look-up entries that begin with code.
func (t *table) enter(code jpegstream.HuffmanCode, symbol byte, dc bool) {
	n := code.Length
	if n > lookBits {
		return
	}
	if n <= 8 {
		for i := range uint32(1) << (8 - n) {
			t.short[code.Bits<<(8-n)+i] = uint16(symbol)<<8 | uint16(n)
		}
	}
	size := int(symbol & 15)
	first := code.Bits << (lookBits - n)
	for i := range uint32(1) << (lookBits - n) {
		entry := uint32(symbol)<<16 | uint32(n)
		if n+size <= lookBits && (size > 0 || dc && symbol == 0) {
			v := jpegstream.Extend(i>>(lookBits-n-size), uint(size))
			entry = uint32(uint16(v))<<16 | uint32(symbol>>4)<<12 | uint32(n+size)<<8
		}
		t.look[first+i] = entry
	}
}

// symbol finds the code at the start of the next 16 bits, of which look has e. It returns 0 bits when there is none.
func (t *table) symbol(bits, e uint32) (symbol byte, n uint) {
	if e != 0 {
		return byte(e >> 16), uint(e & 255)
	}
	return t.codes.Longer(bits, lookBits)
}
