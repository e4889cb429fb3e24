package jpeg

import "fmt"

// lookBits is how many bits of the stream a table looks at once.
const lookBits = 10

// table decodes Huffman codes: T.81 annex C. A symbol says how many zeros go before a coefficient and how many bits the coefficient has.
type table struct {
	// look holds, for the next bits, a coefficient that is there whole: its value (high 16 bits), the zeros before it (bits 12 to 15) and the bits of all that
	// (bits 8 to 11). Otherwise bits 8 to 15 are 0, the high bits have the symbol, and bits 0 to 7 the bits of its code. All 0 means a longer code.
	look [1 << lookBits]uint32
	// For codes of n bits: those below limit[n], which is aligned to 16 bits, belong to n or less; base[n] added to the code is its index in values.
	limit  [17]uint32
	base   [17]int32
	values [256]byte
	// short holds, for the next 8 bits, a symbol (high byte) and the bits of its code; 0 means a longer code. Progressive scans take symbols alone.
	short [256]uint16
	used  bool // by a scan
}

// parse reads one table from b and returns what follows it. dc says that its symbols are bits alone.
func (t *table) parse(b []byte, dc bool) ([]byte, error) {
	if len(b) < 16 {
		return nil, fmt.Errorf("%w: a Huffman table is cut short", ErrHeader)
	}
	total := 0
	for _, n := range b[:16] {
		total += int(n)
	}
	if total == 0 || total > len(t.values) || total > len(b)-16 {
		return nil, fmt.Errorf("%w: a Huffman table has %d codes", ErrHeader, total)
	}
	*t = table{}
	copy(t.values[:], b[16:16+total])
	code, index := uint32(0), int32(0)
	for n := 1; n <= 16; n++ {
		t.base[n] = index - int32(code)
		for range b[n-1] {
			if code >= 1<<n {
				return nil, fmt.Errorf("%w: a Huffman table has more codes of %d bits than there are", ErrHeader, n)
			}
			if dc && t.values[index] > 16 {
				return nil, fmt.Errorf("%w: a Huffman table has a category %d", ErrHeader, t.values[index])
			}
			t.enter(code, n, t.values[index], dc)
			code, index = code+1, index+1
		}
		t.limit[n] = code << (16 - n)
		code <<= 1
	}
	return b[16+total:], nil
}

// enter fills the look-up entries that begin with code.
func (t *table) enter(code uint32, n int, symbol byte, dc bool) {
	if n > lookBits {
		return
	}
	if n <= 8 {
		for i := range uint32(1) << (8 - n) {
			t.short[code<<(8-n)+i] = uint16(symbol)<<8 | uint16(n)
		}
	}
	size := int(symbol & 15)
	first := code << (lookBits - n)
	for i := range uint32(1) << (lookBits - n) {
		entry := uint32(symbol)<<16 | uint32(n)
		if n+size <= lookBits && (size > 0 || dc && symbol == 0) {
			v := extend(i>>(lookBits-n-size), size)
			entry = uint32(uint16(v))<<16 | uint32(symbol>>4)<<12 | uint32(n+size)<<8
		}
		t.look[first+i] = entry
	}
}

// extend turns the bits of a coefficient into its value: T.81 F.2.2.1.
func extend(bits uint32, size int) int32 {
	if size == 0 {
		return 0
	}
	if bits>>(size-1) == 0 {
		return int32(bits) - 1<<size + 1
	}
	return int32(bits)
}

// symbol finds the code at the start of the next 16 bits, of which look has e. It returns 0 bits when there is none.
func (t *table) symbol(bits, e uint32) (symbol byte, n uint) {
	if e != 0 {
		return byte(e >> 16), uint(e & 255)
	}
	for n = lookBits + 1; n <= 16; n++ {
		if bits < t.limit[n] {
			return t.values[t.base[n]+int32(bits>>(16-n))], n
		}
	}
	return 0, 0
}
