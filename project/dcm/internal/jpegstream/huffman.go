package jpegstream

import (
	"fmt"
	"iter"
)

// HuffmanCodes are the codes of one Huffman table and the values they stand for: T.81 annex C. Looking the short ones up is the codec's part, since what a
// value means, and so what a look-up has ready, differs.
type HuffmanCodes struct {
	// For codes of n bits: those below limit[n], which is aligned to 16 bits, belong to n or less; base[n] added to the code is its index in values.
	limit  [17]uint32
	base   [17]int32
	values [256]byte
}

// HuffmanCode is one code.
type HuffmanCode struct {
	Bits   uint32 // right-aligned
	Length int    // 1 to 16
}

// Parse reads one table of at most most values (1 to 256) from b, which is behind the table's number (T.81 B.2.4.2), and returns what follows it. Tables that
// are cut short, have no value, too many of them or more codes of a length than there are, are ErrHeader; the codes then mean nothing.
func (c *HuffmanCodes) Parse(b []byte, most int) (rest []byte, err error) {
	if len(b) < 16 {
		return nil, fmt.Errorf("%w: a Huffman table is cut short", ErrHeader)
	}
	total := 0
	for _, n := range b[:16] {
		total += int(n)
	}
	if total == 0 || total > most || total > len(b)-16 {
		return nil, fmt.Errorf("%w: a Huffman table has %d codes", ErrHeader, total)
	}
	*c = HuffmanCodes{}
	copy(c.values[:], b[16:16+total])
	code, index := uint32(0), int32(0)
	for n := 1; n <= 16; n++ {
		c.base[n] = index - int32(code)
		code, index = code+uint32(b[n-1]), index+int32(b[n-1])
		if code > 1<<n {
			return nil, fmt.Errorf("%w: a Huffman table has more codes of %d bits than there are", ErrHeader, n)
		}
		c.limit[n] = code << (16 - n)
		code <<= 1
	}
	return b[16+total:], nil
}

// All goes over the codes and their values, in the order in which the stream has them: shorter codes first.
func (c *HuffmanCodes) All() iter.Seq2[HuffmanCode, byte] {
	return func(yield func(HuffmanCode, byte) bool) {
		for n := 1; n <= 16; n++ {
			for code := c.limit[n-1] >> (16 - n); code < c.limit[n]>>(16-n); code++ {
				if !yield(HuffmanCode{code, n}, c.values[c.base[n]+int32(code)]) {
					return
				}
			}
		}
	}
}

// Longer finds the code of more than n bits at the start of bits, the next 16, and returns its value and its length. The length is 0 when there is none.
func (c *HuffmanCodes) Longer(bits uint32, n uint) (value byte, length uint) {
	for n++; n <= 16; n++ {
		if bits < c.limit[n] {
			return c.values[c.base[n]+int32(bits>>(16-n))], n
		}
	}
	return 0, 0
}

// Extend turns the bits of a number of the category size, 0 to 16, into its value: T.81 F.2.2.1, table F.1.
func Extend(bits uint32, size uint) int32 {
	if size == 0 {
		return 0
	}
	if bits>>(size-1) == 0 {
		return int32(bits) - 1<<size + 1
	}
	return int32(bits)
}
