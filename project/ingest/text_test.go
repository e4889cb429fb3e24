package ingest

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project/dcm"
)

// inCharset returns the file of d, whose texts hold the placeholder "@@", with that replaced by bytes of a character set. It is written in UTF-8,
// so the element that names the set is replaced as well.
func inCharset(t *testing.T, d *dcm.DataSet, set, bytesOf string) []byte {
	t.Helper()
	raw := encode(t, d)
	element := []byte("\x08\x00\x05\x00CS\x0a\x00ISO_IR 192")
	if len(set)%2 == 1 {
		set += " "
	}
	if bytes.Count(raw, element) != 1 || bytes.Count(raw, []byte("LO\x02\x00@@")) != 3 {
		t.Fatal("the file is not as expected")
	}
	if len(bytesOf)%2 == 1 {
		bytesOf += " "
	}
	raw = bytes.Replace(raw, element, append([]byte("\x08\x00\x05\x00CS"), append([]byte{byte(len(set)), 0}, set...)...), 1)
	return bytes.ReplaceAll(raw, []byte("LO\x02\x00@@"), append([]byte("LO"), append([]byte{byte(len(bytesOf)), 0}, bytesOf...)...))
}

func TestDatesOfTheForerunnerAreDates(t *testing.T) {
	for in, want := range map[string]string{"1994.01.30": "19940130", "20240102": "20240102", "": "", "1994-01-30": "1994-01-30"} {
		if got := dateOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDescriptionsAreReadInTheirCharacterSet(t *testing.T) {
	for _, c := range []struct{ set, bytes, want string }{
		{"ISO_IR 100", "Gr\xf6\xdfe", "Größe"},
		{"ISO_IR 144", "\xbb\xee\xda\xd3", "Люкг"},
		{"ISO_IR 192", "Größe 山田", "Größe 山田"},
		{"GB18030", "\xcd\xf5\xd0\xa1\xb6\xab", "王小东"},
		{`\ISO 2022 IR 87`, "Yamada \x1b$B;3ED\x1b(B", "Yamada 山田"},
		{`ISO 2022 IR 13\ISO 2022 IR 87`, "\xd4\xcf\xc0\xde \x1b$B;3ED\x1b(J", "ﾔﾏﾀﾞ 山田"},
		{`\ISO 2022 IR 149`, "\x1b$)C\xb1\xe8\xc8\xf1\xc1\xdf", "김희중"},
		{"ISO_IR 127", "\xe2\xc8\xc7\xe6\xea", "قباني"},
	} {
		d := picture(set(dcm.StudyDescription, dcm.LO, "@@"), set(dcm.SeriesDescription, dcm.LO, "@@"), set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "STATIC"), set(dcm.Modality, dcm.CS, "MG"),
			within(tagViewCodeSequence, set(dcm.CodeMeaning, dcm.LO, "@@")), without(dcm.ImagePositionPatient))
		r := scan(t, save(t, filepath.Join(t.TempDir(), "x"), inCharset(t, d, c.set, c.bytes)))
		s := onlySeries(t, r)
		if r.Studies[0].Description != c.want || s.Description != c.want || s.Volumes[0].Label != c.want {
			t.Errorf("%s: study %q, series %q, image %q, want %q", c.set, r.Studies[0].Description, s.Description, s.Volumes[0].Label, c.want)
		}
		raw, err := json.Marshal(Report(r))
		if err != nil || strings.Count(string(raw), c.want) != 4 { // label and view are one
			t.Errorf("%s: %s, %v", c.set, raw, err)
		}
		var b bytes.Buffer
		if err := Print(&b, r); err != nil || strings.Count(b.String(), c.want) != 3 {
			t.Errorf("%s: %q, %v", c.set, b.String(), err)
		}
	}
}
