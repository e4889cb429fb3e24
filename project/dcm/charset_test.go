package dcm

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCharacterSets(t *testing.T) {
	for _, c := range []struct {
		name, set string
		vr        VR
		raw, want string
	}{
		{"nothing said, ASCII", "", PN, "Doe^John", "Doe^John"},
		{"nothing said, UTF-8 after all", "", PN, "Müller", "Müller"},
		{"nothing said, bytes are kept as ISO 8859-1", "", PN, "M\xfcller", "Müller"},
		{"ISO_IR 100", "ISO_IR 100", PN, "Buc^J\xe9r\xf4me", "Buc^Jérôme"},
		{"ISO_IR 101", "ISO_IR 101", LO, "W\xb3odek", "Włodek"},
		{"ISO_IR 144", "ISO_IR 144", PN, "\xbb\xee\xda\x63\xd1\xd5\xe0\xd3", "Люкcберг"},
		{"ISO_IR 126", "ISO_IR 126", PN, "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"},
		{"ISO_IR 127", "ISO_IR 127", PN, "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"},
		{"ISO_IR 138", "ISO_IR 138", PN, "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה"},
		{"ISO_IR 166", "ISO_IR 166", LO, "\xca\xc7\xd1\xca\xb4\xd5", "สวัสดี"},
		{"ISO_IR 203", "ISO_IR 203", LO, "\xa4", "€"},
		{"ISO_IR 192", "ISO_IR 192", PN, "Wang^XiaoDong=王^小东", "Wang^XiaoDong=王^小东"},
		{"ISO_IR 192 that is ISO 8859-1", "ISO_IR 192", PN, "M\xfcller", "Müller"},
		{"GB18030", "GB18030", PN, "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"},
		{"GBK with a backslash byte within a character", "GBK", LO, "\x81\x5c\\b", "乗\\b"},
		{"kanji by escapes (PS3.5 H.3.1)", `\ISO 2022 IR 87`, PN, "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
			"Yamada^Tarou=山田^太郎=やまだ^たろう"},
		{"katakana and kanji (PS3.5 H.3.2)", `ISO 2022 IR 13\ISO 2022 IR 87`, PN,
			"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
		{"hangul (PS3.5 I.2)", `\ISO 2022 IR 149`, PN, "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf", "Hong^Gildong=洪^吉洞=홍^길동"},
		{"hangul whose writer forgot the escapes", `\ISO 2022 IR 149`, LO, "\xc8\xab", "홍"},
		{"simplified Chinese (PS3.5 K.2)", `\ISO 2022 IR 58`, PN, "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东="},
		{"a kanji whose second byte is a backslash", `\ISO 2022 IR 87`, LO, "\x1b$B0\\\x1b(B\\b", "移\\b"},
		{"a name component ends the escape", `ISO 2022 IR 100\ISO 2022 IR 126`, PN, "\x1b-F\xc4\xe9^\xc4", "Δι^Ä"},
		{"a line end ends the escape", `ISO 2022 IR 100\ISO 2022 IR 126`, LT, "\x1b-F\xc4\r\n\xc4", "Δ\r\nÄ"},
		{"a caret in a description does not", `ISO 2022 IR 100\ISO 2022 IR 126`, LO, "\x1b-F\xc4^\xc4", "Δ^Δ"},
		{"JIS X 0212", `\ISO 2022 IR 159`, LO, "\x1b$(D0!\x1b(B", "丂"},
		{"an unknown escape is kept", `\ISO 2022 IR 87`, LO, "a\x1b(Zb", "a\x1b(Zb"},
		{"a misspelled set", "ISO-IR 100", LO, "\xe9", "é"},
		{"an unknown set", "KLINGON", LO, "\xe9", "é"},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := c.raw
			f := mustRead(t, part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", c.set), explicitEl(0x00091001, c.vr.String(), raw)))
			if got := strings.Join(f.Data.Strings(0x00091001), `\`); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestEveryDefinedTerm has one character of each set of PS3.3 tables C.12-2 to C.12-5: alone, named as with code extensions, and designated by its escape.
func TestEveryDefinedTerm(t *testing.T) {
	for _, c := range []struct{ number, escape, raw, want string }{
		{"100", "-A", "\xe9", "é"}, {"101", "-B", "\xb3", "ł"}, {"109", "-C", "\xa1", "Ħ"}, {"110", "-D", "\xa1", "Ą"}, {"144", "-L", "\xd1", "б"}, {"127", "-G", "\xc7", "ا"},
		{"126", "-F", "\xe1", "α"}, {"138", "-H", "\xe0", "א"}, {"148", "-M", "\xfd", "ı"}, {"203", "-b", "\xa4", "€"}, {"13", ")I", "\xb1", "ｱ"}, {"166", "-T", "\xa1", "ก"},
	} {
		other := "ISO 2022 IR 100"
		if c.number == "100" {
			other = "ISO 2022 IR 144"
		}
		for _, form := range []struct{ set, raw, want string }{
			{"ISO_IR " + c.number, "a" + c.raw + "b", "a" + c.want + "b"},
			{"ISO 2022 IR " + c.number, "a" + c.raw + "b", "a" + c.want + "b"},
			{`\ISO 2022 IR ` + c.number, "a\x1b" + c.escape + c.raw + "b", "a" + c.want + "b"},
			{other + `\ISO 2022 IR ` + c.number, "a\x1b" + c.escape + c.raw + "\\b", "a" + c.want + `\b`},
			{"ISO 2022 IR 6\\ISO 2022 IR " + c.number, "a\x1b" + c.escape + c.raw + "b", "a" + c.want + "b"},
		} {
			if got := decodedLO(t, form.set, form.raw); got != form.want {
				t.Errorf("%s: %q is %q, want %q", form.set, form.raw, got, form.want)
			}
		}
	}
	for _, c := range []struct{ set, raw, want string }{
		{"ISO_IR 6", "Doe", "Doe"}, {"ISO 2022 IR 6", "Doe", "Doe"},
		{`ISO 2022 IR 6\ISO 2022 IR 87`, "\x1b$B;3ED\x1b(B", "山田"}, {"ISO 2022 IR 87", "\x1b$B;3ED\x1b(B", "山田"}, {`ISO 2022 IR 13\ISO 2022 IR 159`, "\xb1\x1b$(D0!\x1b(J", "ｱ丂"},
		{`\ISO 2022 IR 149`, "\x1b$)C\xc8\xab", "홍"}, {"ISO 2022 IR 149", "\x1b$)C\xc8\xab", "홍"}, {`\ISO 2022 IR 58`, "\x1b$)A\xd5\xc5", "张"},
		{"ISO_IR 192", "山é", "山é"}, {"GB18030", "\xcd\xf5\x81\x30\x84\x36", "王¥"}, {"GBK", "\xcd\xf5", "王"},
		{`ISO 2022 IR 100\ISO 2022 IR 144\ISO 2022 IR 87\ISO 2022 IR 149`, "\xe9\x1b-L\xd1\x1b$B;3\x1b(B\x1b$)C\xc8\xab", "éб山홍"},
	} {
		if got := decodedLO(t, c.set, c.raw); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.set, c.raw, got, c.want)
		}
	}
}

func decodedLO(t *testing.T, set, raw string) string {
	t.Helper()
	f := mustRead(t, part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", set), explicitEl(0x00091001, "LO", raw)))
	for _, w := range f.Warnings {
		if strings.Contains(w.Text, "character set") {
			t.Errorf("%s: %s", set, w.Text)
		}
	}
	return strings.Join(f.Data.Strings(0x00091001), `\`)
}

// TestLongTextsOfTheStandard are the examples of PS3.5 I.3, J.3, J.4 and K.3: what an escape designates ends with the line.
func TestLongTextsOfTheStandard(t *testing.T) {
	const chinese, korean = "The first line includes 中文.\r\nThe second line includes 中文, too.\r\nThe third line.", "The 1st line includes 길동.\r\nThe 2nd line includes 길동, too.\r\nThe 3rd line."
	in := func(text, characters, bytes string) string { return strings.ReplaceAll(text, characters, bytes) }
	for _, c := range []struct{ set, raw, want string }{
		{`\ISO 2022 IR 149`, in(korean, "길동", "\x1b$)C\xb1\xe6\xb5\xbf"), korean}, {"GB18030", in(chinese, "中文", "\xd6\xd0\xce\xc4"), chinese},
		{"GBK", in(chinese, "中文", "\xd6\xd0\xce\xc4"), chinese}, {`\ISO 2022 IR 58`, in(chinese, "中文", "\x1b$)A\xd6\xd0\xce\xc4"), chinese}, {"ISO_IR 192", chinese, chinese},
	} {
		f := mustRead(t, part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", c.set), explicitEl(0x00091001, "LT", c.raw)))
		if got, _ := f.Data.String(0x00091001); got != c.want {
			t.Errorf("%s: %q, want %q", c.set, got, c.want)
		}
	}
}

func TestValuesAreSplitAfterDecoding(t *testing.T) {
	f := mustRead(t, part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", `\ISO 2022 IR 87`), explicitEl(0x00091001, "LO", "\x1b$B0\\\x1b(B\\b")))
	if got := f.Data.Strings(0x00091001); len(got) != 2 || got[0] != "移" || got[1] != "b" {
		t.Errorf("got %q", got)
	}
}

func TestItemsHaveTheirOwnCharacterSet(t *testing.T) {
	inner := func(parts ...[]byte) []byte {
		return cat(explicitLen(0x00081140, "SQ", unknownLength, ""), openItem(parts...), endOfSequence)
	}
	f := mustRead(t, part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", "ISO_IR 144"),
		inner(explicitEl(SpecificCharacterSet, "CS", "ISO_IR 100"), explicitEl(CodeMeaning, "LO", "\xdcnter"), inner(explicitEl(CodeMeaning, "LO", "\xdc"))),
		explicitEl(PatientName, "PN", "\xdc")))
	item := f.Data.Item(0x00081140)
	own, _ := item.String(CodeMeaning)
	inherited, _ := item.Item(0x00081140).String(CodeMeaning)
	outer, _ := f.Data.String(PatientName)
	if own != "Ünter" || inherited != "Ü" || outer != "м" {
		t.Errorf("item %q, item within it %q, object %q", own, inherited, outer)
	}
}

func TestRealNames(t *testing.T) {
	dir := filepath.Join(sharedData(t), "enc", "charset")
	for file, want := range map[string]string{
		"chrArab.dcm": "قباني^لنزار", "chrFren.dcm": "Buc^Jérôme", "chrGerm.dcm": "Äneas^Rüdiger", "chrGreek.dcm": "Διονυσιος", "chrH31.dcm": "Yamada^Tarou=山田^太郎=やまだ^たろう",
		"chrH32.dcm": "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", "chrHbrw.dcm": "שרון^דבורה", "chrI2.dcm": "Hong^Gildong=洪^吉洞=홍^길동", "chrRuss.dcm": "Люкceмбypг",
		"chrX1.dcm": "Wang^XiaoDong=王^小東", "chrX2.dcm": "Wang^XiaoDong=王^小东",
	} {
		f, err := Open(filepath.Join(dir, file), Options{HeaderOnly: true})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if got, _ := f.Data.String(PatientName); strings.TrimRight(got, "=") != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

func FuzzCharset(f *testing.F) {
	f.Add(`\ISO 2022 IR 87`, []byte("Yamada=\x1b$B;3ED\x1b(B"))
	f.Add(`ISO 2022 IR 13\ISO 2022 IR 87\ISO 2022 IR 159\ISO 2022 IR 149`, []byte("\xd4\x1b$(D0!\x1b$)C\xfb"))
	f.Add("GB18030", []byte("\x81\x30\x81"))
	f.Add("ISO_IR 192", []byte("\xff\xfe"))
	f.Add("ISO_IR 166", []byte("\xca\xfc"))
	f.Fuzz(func(t *testing.T, set string, text []byte) {
		c := newCharset(set)
		for _, vr := range []VR{PN, LO, LT} {
			got := c.decode(vr, text)
			if !utf8.ValidString(got) {
				t.Fatalf("%q is not UTF-8", got)
			}
			if len(got) > 4*len(text) {
				t.Fatalf("%d bytes became %d", len(text), len(got))
			}
			if isASCII(text) && got != string(text) {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}
