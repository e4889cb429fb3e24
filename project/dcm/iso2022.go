package dcm

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// graphicSet is one set of characters that ISO 2022 can designate to the lower (G0) or the upper (G1) half of the bytes.
type graphicSet uint8

const (
	none graphicSet = iota
	ascii
	romaji   // JIS X 0201, lower half
	kanji    // JIS X 0208, two bytes, lower half
	kanji2   // JIS X 0212, two bytes, lower half
	katakana // JIS X 0201, upper half
	hangul   // KS X 1001, two bytes, upper half
	hanzi    // GB 2312, two bytes, upper half
	latin1
	latin2
	latin3
	latin4
	cyrillic
	arabic
	greek
	hebrew
	latin5
	latin9
	thai
)

// setsByTerm are the numbers of the defined terms (PS3.3 tables C.12-2 to C.12-4).
var setsByTerm = map[string]graphicSet{
	"100": latin1, "101": latin2, "109": latin3, "110": latin4, "144": cyrillic, "127": arabic, "126": greek, "138": hebrew, "148": latin5,
	"203": latin9, "166": thai, "13": katakana, "87": kanji, "159": kanji2, "149": hangul, "58": hanzi,
}

// singleByte are the tables of the upper halves. TIS 620 is Windows 874 without its additions.
var singleByte = map[graphicSet]*charmap.Charmap{
	latin1: charmap.ISO8859_1, latin2: charmap.ISO8859_2, latin3: charmap.ISO8859_3, latin4: charmap.ISO8859_4, cyrillic: charmap.ISO8859_5,
	arabic: charmap.ISO8859_6, greek: charmap.ISO8859_7, hebrew: charmap.ISO8859_8, latin5: charmap.ISO8859_9, latin9: charmap.ISO8859_15,
	thai: charmap.Windows874,
}

const escape = 0x1B

// escapes are the sequences that designate a set, without the escape itself (PS3.3 tables C.12-3 and C.12-4).
var escapes = []struct {
	code string
	set  graphicSet
}{
	{"(B", ascii}, {"(J", romaji}, {"$B", kanji}, {"$@", kanji}, {"$(D", kanji2}, {")I", katakana}, {"$)C", hangul}, {"$)A", hanzi},
	{"-A", latin1}, {"-B", latin2}, {"-C", latin3}, {"-D", latin4}, {"-L", cyrillic}, {"-G", arabic}, {"-F", greek}, {"-H", hebrew}, {"-M", latin5},
	{"-b", latin9}, {"-T", thai},
}

// isDouble: two bytes make a character.
func (g graphicSet) isDouble() bool { return g == kanji || g == kanji2 || g == hangul || g == hanzi }

// isHigh: the set lives in bytes from 0xA0 up.
func (g graphicSet) isHigh() bool { return g >= katakana }

// decode2022 decodes b with code extensions. Escapes are honoured even where (0008,0005) did not announce them.
func (c *charset) decode2022(vr VR, b []byte) string {
	var out strings.Builder
	out.Grow(2 * len(b))
	g0, g1 := c.g0, c.g1
	for len(b) > 0 {
		v := b[0]
		if v == escape {
			set, n := designation(b[1:])
			if n > 0 {
				if set.isHigh() {
					g1 = set
				} else {
					g0 = set
				}
				b = b[1+n:]
				continue
			}
		}
		switch {
		case v < 0x21 || v == 0x7F || !g0.isDouble() && resets(vr, v):
			if resets(vr, v) {
				g0, g1 = c.g0, c.g1
			}
			out.WriteByte(v)
			b = b[1:]
		case v < 0x80:
			n := runOf(b, false, !g0.isDouble(), vr)
			g0.appendTo(&out, b[:n])
			b = b[n:]
		default:
			n := runOf(b, true, false, vr)
			set := g1
			if set == none {
				set = c.spare
			}
			set.appendTo(&out, b[:n])
			b = b[n:]
		}
	}
	return out.String()
}

// designation returns the set that the sequence after an escape designates, and its length; 0 when it is unknown.
func designation(b []byte) (graphicSet, int) {
	for _, e := range escapes {
		if len(b) >= len(e.code) && string(b[:len(e.code)]) == e.code {
			return e.set, len(e.code)
		}
	}
	return none, 0
}

// resets reports whether v ends what escapes designated: line ends, tabs, and the delimiters of values and name components (PS3.5 6.1.2.5.3).
func resets(vr VR, v byte) bool {
	switch v {
	case '\n', '\r', '\f', '\t':
		return true
	case '\\':
		return !vr.is(vrWhole)
	case '^', '=':
		return vr == PN
	}
	return false
}

// runOf returns how many bytes at the start of b belong to the same half and are neither controls nor, with delimiters, delimiters.
func runOf(b []byte, high, delimiters bool, vr VR) int {
	n := 0
	for n < len(b) && (b[n] >= 0x80) == high && (high || b[n] > 0x20 && b[n] != 0x7F) && !(delimiters && resets(vr, b[n])) {
		n++
	}
	return max(n, 1)
}

// appendTo decodes a run of bytes of the set.
func (g graphicSet) appendTo(out *strings.Builder, b []byte) {
	switch g {
	case kanji:
		decodeWith(out, japanese.EUCJP, highPairs(b, nil))
	case kanji2:
		decodeWith(out, japanese.EUCJP, highPairs(b, []byte{0x8F}))
	case hangul:
		decodeWith(out, korean.EUCKR, b)
	case hanzi:
		decodeWith(out, simplifiedchinese.GBK, b)
	case katakana:
		for _, v := range b {
			if v >= 0xA1 && v <= 0xDF {
				out.WriteRune(0xFF61 + rune(v) - 0xA1)
			} else {
				out.WriteRune('\uFFFD')
			}
		}
	case romaji:
		// 0x5C and 0x7E are yen and overline there, but DICOM's delimiter is the former; other readers keep both as ASCII.
		out.Write(b)
	default:
		table := singleByte[g]
		for _, v := range b {
			if v < 0x80 || table == nil {
				out.WriteRune(rune(v))
			} else {
				out.WriteRune(table.DecodeByte(v))
			}
		}
	}
}

// highPairs sets the high bits, as EUC has them, and puts prefix before each pair. A last odd byte is dropped into the decoder as it is.
func highPairs(b, prefix []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/2+1)
	for n := range b {
		if n%2 == 0 {
			out = append(out, prefix...)
		}
		out = append(out, b[n]|0x80)
	}
	return out
}

func decodeWith(out *strings.Builder, e encoding.Encoding, b []byte) {
	s, err := e.NewDecoder().Bytes(b)
	if err != nil {
		s = []byte(fallbackText(b))
	}
	out.Write(s)
}
