package jpegll

import "fmt"

// lookBits is how many bits of the stream a table looks at once: most differences of a CT are there with their sign.
const lookBits = 12

// table decodes differences: T.81 H.1.2.2 with codes of annex C.
type table struct {
	// look holds, for the next bits, the difference (high 16 bits), the bits of code and difference together (bits 8 to 15) and those of the code alone (bits
	// 0 to 7). Where the difference is not whole its place has the category and bits 8 to 15 are 0. All 0 means a longer code.
	look [1 << lookBits]uint32
	// For codes of n bits: those below limit[n], which is aligned to 16 bits, belong to n or less; base[n] added to the code is its index in values.
	limit  [17]uint32
	base   [17]int32
	values [17]byte
	count  int
}

// parse reads one table from b and returns what follows it.
func (t *table) parse(b []byte) ([]byte, error) {
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
	*t = table{count: total}
	copy(t.values[:], b[16:16+total])
	for _, v := range t.values[:total] {
		if v > 16 {
			return nil, fmt.Errorf("%w: a Huffman table has a category %d", ErrHeader, v)
		}
	}
	code, index := uint32(0), int32(0)
	for n := 1; n <= 16; n++ {
		t.base[n] = index - int32(code)
		for range b[n-1] {
			if code >= 1<<n {
				return nil, fmt.Errorf("%w: a Huffman table has more codes of %d bits than there are", ErrHeader, n)
			}
			t.enter(code, n, t.values[index])
			code, index = code+1, index+1
		}
		t.limit[n] = code << (16 - n)
		code <<= 1
	}
	return b[16+total:], nil
}

// enter fills the look-up entries that begin with code.
func (t *table) enter(code uint32, n int, category byte) {
	if n > lookBits {
		return
	}
	extra := int(category) % 16 // category 16 is the one difference 32768 and has no further bits
	first := code << (lookBits - n)
	for i := range uint32(1) << (lookBits - n) {
		entry := uint32(category)<<16 | uint32(n)
		if n+extra <= lookBits {
			entry = uint32(difference(i>>(lookBits-n-extra), category))<<16 | uint32(n+extra)<<8 | uint32(n)
		}
		t.look[first+i] = entry
	}
}

// difference extends the bits of a category to a signed difference modulo 65536: T.81 F.2.2.1, H.1.2.2.
func difference(bits uint32, category byte) uint16 {
	switch {
	case category == 0:
		return 0
	case category == 16:
		return 32768
	case bits>>(category-1) == 0:
		return uint16(bits - 1<<category + 1)
	}
	return uint16(bits)
}

// slow decodes a difference that the look-up does not have whole from the next 32 bits; e is what the look-up has. It returns how many bits it took, 0 when
// they begin with no code.
func (t *table) slow(bits, e uint32) (d uint16, taken uint) {
	category, n := byte(e>>16), uint(e&63)
	if e == 0 {
		for n = lookBits + 1; n <= 16 && bits>>16 >= t.limit[n]; n++ {
		}
		if n > 16 {
			return 0, 0
		}
		category = t.values[t.base[n]+int32(bits>>(32-n))]
	}
	extra := uint(category) % 16
	return difference(bits<<n>>(32-extra), category), n + extra
}
