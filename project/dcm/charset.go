package dcm

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// charset is a Specific Character Set (PS3.3 C.12.1.1.2), as the values of (0008,0005) name it.
type charset struct {
	whole   encoding.Encoding // GB18030 or GBK: sets without code extensions
	utf8    bool
	g0, g1  graphicSet // in force where a value, a line or a name component begins
	spare   graphicSet // what high bytes mean where nothing was designated: the first extension of that kind
	unknown bool       // a value of (0008,0005) that the standard does not have
	odd     bool       // a known set under a misspelled name
}

// defaultCharset is in force without (0008,0005): ISO IR 6, and for bytes beyond it whatever keeps them.
var defaultCharset = &charset{g0: ascii, unknown: true}

// utf8Charset and latin1Charset are what most files name; they need no parsing.
var (
	utf8Charset   = &charset{utf8: true, g0: ascii}
	latin1Charset = &charset{g0: ascii, g1: latin1, spare: latin1}
)

// charsets keeps parsed values of (0008,0005) by their bytes. There are few in the world, but a hostile folder could hold many: it stops growing.
var charsets struct {
	sync.Mutex
	known map[string]*charset
}

const manyCharsets = 256

// parseCharset reads the value of (0008,0005). It never fails: see charset.unknown.
func parseCharset(value []byte) *charset {
	switch string(value) {
	case "":
		return defaultCharset
	case "ISO_IR 192":
		return utf8Charset
	case "ISO_IR 100":
		return latin1Charset
	}
	charsets.Lock()
	defer charsets.Unlock()
	if c := charsets.known[string(value)]; c != nil {
		return c
	}
	c := newCharset(string(value))
	if charsets.known == nil {
		charsets.known = map[string]*charset{}
	}
	if len(charsets.known) < manyCharsets && len(value) <= 256 {
		charsets.known[string(value)] = c
	}
	return c
}

func newCharset(value string) *charset {
	c := &charset{g0: ascii}
	terms := strings.Split(value, `\`)
	for n, term := range terms[:min(len(terms), 16)] {
		term = strings.Trim(term, " \x00")
		c.odd = c.odd || term != "" && !validTerm(term)
		switch name := bareTerm(term); name {
		case "", "6": // the default repertoire
		case "192":
			return &charset{utf8: true, g0: ascii, odd: c.odd}
		case "GB18030":
			return &charset{whole: simplifiedchinese.GB18030, g0: ascii, odd: c.odd}
		case "GBK":
			return &charset{whole: simplifiedchinese.GBK, g0: ascii, odd: c.odd}
		default:
			set, ok := setsByTerm[name]
			if !ok {
				c.unknown = true
				continue
			}
			c.add(set, n == 0)
		}
	}
	return c
}

// add brings a set into play: the first value is in force from the start, the others wait for their escape sequence.
func (c *charset) add(set graphicSet, first bool) {
	if first && !set.isDouble() {
		if set == katakana {
			c.g0 = romaji
		}
		c.g1 = set
	}
	if c.spare == none && set.isHigh() {
		c.spare = set
	}
}

// bareTerm reduces a defined term to what distinguishes it: "ISO_IR 100" and "ISO 2022 IR 100" and their misspellings to "100".
func bareTerm(term string) string {
	bare := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, term)
	switch bare {
	case "UTF8":
		return "192"
	case "LATIN1":
		return "100"
	}
	for _, prefix := range []string{"ISO2022IR", "ISOIR"} {
		if rest, ok := strings.CutPrefix(bare, prefix); ok {
			return rest
		}
	}
	return bare
}

func validTerm(term string) bool {
	name := bareTerm(term)
	return term == name || term == "ISO_IR "+name || term == "ISO 2022 IR "+name
}

// decode turns b into UTF-8. It never fails: what a set cannot hold becomes U+FFFD, and what belongs to no known set is kept byte for byte.
func (c *charset) decode(vr VR, b []byte) string {
	switch {
	case c.utf8:
		return fallbackText(b)
	case c.whole != nil:
		s, err := c.whole.NewDecoder().Bytes(b)
		if err != nil {
			return fallbackText(b)
		}
		return string(s)
	case c.unknown && c.g1 == none && c.spare == none && !hasEscape(b):
		return fallbackText(b)
	}
	return c.decode2022(vr, b)
}

func hasEscape(b []byte) bool {
	for _, v := range b {
		if v == escape {
			return true
		}
	}
	return false
}

// fallbackText decodes text whose set is not known: UTF-8 where it is valid, else each byte as the ISO 8859-1 character of its number, so that
// nothing is lost.
func fallbackText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b) + len(b)/2)
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// characterSet puts the value of (0008,0005) in force for d.
func (s *scanner) characterSet(d *DataSet, value []byte) {
	d.chars = parseCharset(value)
	switch {
	case len(value) == 0:
	case d.chars.unknown:
		s.warn("charset", "%v names a character set that the standard does not have; names may be shown wrongly", SpecificCharacterSet)
	case d.chars.odd:
		s.warn("charset", "%v names its character set in a form that the standard does not have", SpecificCharacterSet)
	}
}
