package dcm

import (
	"strings"
	"unicode/utf8"

	"hotlight/project"
)

// textLimits are the longest values in characters (PS3.5 6.2); a person name's counts for each of its three groups.
var textLimits = map[VR]int{AE: 16, AS: 4, CS: 16, DA: 8, DS: 16, DT: 26, IS: 12, LO: 64, LT: 10240, PN: 64, SH: 16, ST: 1024, TM: 14, UI: 64}

// checkText checks length and characters of each value of text that is about to be written.
func checkText(t Tag, vr VR, text string) error {
	values := []string{text}
	if !vr.is(vrWhole) {
		values = strings.Split(text, `\`)
	}
	limit := textLimits[vr]
	for _, v := range values {
		v = trim(v, vr)
		parts := []string{v}
		if vr == PN {
			parts = strings.Split(v, "=")
		}
		for _, p := range parts {
			if n := utf8.RuneCountInString(p); limit > 0 && n > limit {
				return project.Errorf(project.Invalid, "%v has a value of %d characters; %v allows %d", t, n, vr, limit)
			}
		}
		if c := forbidden(vr, v); c >= 0 {
			return project.Errorf(project.Invalid, "%v has a character (U+%04X) that %v does not allow", t, c, vr)
		}
	}
	return nil
}

// forbidden returns the first character that vr does not allow, or -1.
func forbidden(vr VR, v string) rune {
	for _, c := range v {
		ok := c >= 0x20 && c != 0x7F
		switch vr {
		case LT, ST, UT:
			ok = ok || c == '\n' || c == '\r' || c == '\f' || c == '\t'
		case CS:
			ok = c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ' ' || c == '_'
		case UI:
			ok = c >= '0' && c <= '9' || c == '.'
		case DS:
			ok = strings.ContainsRune("0123456789+-.eE ", c)
		case IS:
			ok = strings.ContainsRune("0123456789+- ", c)
		case DA, TM, DT:
			ok = strings.ContainsRune("0123456789+-. ", c)
		case AE, AS, UR:
			ok = ok && c < 0x7F
		}
		if !ok {
			return c
		}
	}
	return -1
}

// checkValue finds what the standard forbids and a caller can cause by text that people typed.
func checkValue(t Tag, vr VR, b []byte) error {
	if int64(len(b)) > 0xFFFFFFFE || !vr.is(vrLong) && len(b) > 0xFFFE {
		return project.Errorf(project.Invalid, "%v is %d bytes long, too long for %v", t, len(b), vr)
	}
	if !vr.is(vrText) {
		return nil
	}
	if !utf8.Valid(b) {
		return project.Errorf(project.Invalid, "%v is not valid UTF-8", t)
	}
	return checkText(t, vr, string(b))
}
