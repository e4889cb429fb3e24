package ht

// codes are the tables for Codewords as the decoder reads them: by context (from bit 7) and the next seven bits. An entry has the word's length in bits
// 0-2, u_off in bit 3, rho in bits 4-7, epsilon^1 in bits 8-11 and epsilon^k in bits 12-15. Bits that begin no word give 0: a quad of zeros that
// takes no bits.
var codes = [2][1024]uint16{codeTable(Codewords(true)), codeTable(Codewords(false))}

func codeTable(words []Codeword) (t [1024]uint16) {
	for _, c := range words {
		entry := uint16(c.Length) | uint16(c.Offset)<<3 | uint16(c.Significance)<<4 | uint16(c.Top)<<8 | uint16(c.Known)<<12
		for rest := 0; rest < 128; rest += 1 << c.Length {
			t[int(c.Context)<<7|rest|int(c.Word)] = entry
		}
	}
	return t
}

// excess is a prefix of the code for u (T.814 table 3): its length, the length of the suffix, and what it adds to the suffix. The values of 33 and more, which
// have an extension of four bits behind a suffix of 28 or more, belong to wide blocks (see extended); in others they fail when u is checked.
type excess struct{ length, suffix, value uint16 }

// prefixOf returns the prefix at the beginning of bits.
func prefixOf(bits int) excess {
	switch {
	case bits&1 == 1:
		return excess{1, 0, 1}
	case bits&3 == 2:
		return excess{2, 0, 2}
	case bits&7 == 4:
		return excess{3, 1, 3}
	}
	return excess{3, 5, 5}
}

// excesses are the tables for the u of two quads: by u_off of the first and of the second quad (bits 6 and 7) and the next six bits, which hold the
// prefixes. In the first row of quads two u share an event of the MEL code, which counts 64 more when it is 1 (T.814 7.3.6, equations 4 to 6).
// An entry has the prefixes' length in bits 0-2, both suffixes' length in bits 3-6, that of the first quad in bits 7-9, and what the prefixes add to the suffixes
// in bits 10-12 and 13-15.
var excesses = [2][512]uint16{excessTable(true), excessTable(false)}

func excessTable(first bool) (t [512]uint16) {
	for i := range 5 * 64 {
		mode, word := i>>6, i&63
		var a, b excess
		if mode&1 == 1 || mode == 4 {
			a = prefixOf(word)
		}
		switch {
		case first && mode == 3 && a.length == 3: // the first u is above 2 and not both are: one bit tells 1 from 2
			b = excess{1, 0, uint16(word>>3&1) + 1}
		case mode >= 2:
			b = prefixOf(word >> a.length)
		}
		if mode == 4 { // both are above 2
			a.value, b.value = a.value+2, b.value+2
		}
		t[i] = a.length + b.length | (a.suffix+b.suffix)<<3 | a.suffix<<7 | a.value<<10 | b.value<<13
	}
	return t
}
