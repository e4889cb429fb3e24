package dcm

import "strings"

// String returns the first value of t as text: decoded after the item's own character set, without padding. ok is false when t is absent or
// empty or holds no text. Numbers in binary form are not turned into text.
func (d *DataSet) String(t Tag) (s string, ok bool) {
	e := d.find(t)
	if e == nil || !e.isText() {
		return "", false
	}
	b, ok := e.bytes()
	if !ok || len(b) == 0 {
		return "", false
	}
	text := d.decode(e.vr, b)
	if !e.vr.is(vrWhole) {
		text, _, _ = strings.Cut(text, `\`)
	}
	text = trim(text, e.vr)
	return text, text != ""
}

// Strings returns all values of t, each decoded and trimmed; values between are kept when empty. It is nil when t is absent or empty.
func (d *DataSet) Strings(t Tag) []string {
	e := d.find(t)
	if e == nil || !e.isText() {
		return nil
	}
	b, ok := e.bytes()
	if !ok || len(b) == 0 {
		return nil
	}
	text := d.decode(e.vr, b)
	if e.vr.is(vrWhole) {
		text = trim(text, e.vr)
		if text == "" {
			return nil
		}
		return []string{text}
	}
	values := strings.Split(text, `\`)
	for n := range values {
		values[n] = trim(values[n], e.vr)
	}
	if len(values) == 1 && values[0] == "" {
		return nil
	}
	return values
}

// isText: UN is offered as text too, since a caller who asks for text knows what the element should be.
func (e *element) isText() bool { return e.vr.is(vrText) || e.vr == UN }

// decode turns b into UTF-8.
func (d *DataSet) decode(vr VR, b []byte) string {
	if isASCII(b) {
		return string(b)
	}
	if !vr.is(vrCharset) && vr != UN {
		return fallbackText(b)
	}
	return d.charset().decode(vr, b)
}

// isASCII reports whether b means the same in every character set: no high bytes and no escape.
func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 || c == 0x1B {
			return false
		}
	}
	return true
}

// charset returns the character set in force: the item's own or the nearest of those around it.
func (d *DataSet) charset() *charset {
	for ; d != nil; d = d.parent {
		if d.chars != nil {
			return d.chars
		}
	}
	return defaultCharset
}

// trim removes padding: spaces and NULs at the end, and spaces in front where PS3.5 6.2 calls them insignificant.
func trim(s string, vr VR) string {
	s = strings.TrimRight(s, " \x00")
	if vr.is(vrLeading) {
		return s
	}
	return strings.TrimLeft(s, " \x00")
}
