package dcm

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// jsonElement is an element of DICOM's JSON model (PS3.18 F).
type jsonElement struct {
	VR           string            `json:"vr"`
	Value        []json.RawMessage `json:"Value"`
	InlineBinary string            `json:"InlineBinary"`
}

// TestThirdOpinion compares every element of the real files with DCMTK's dcm2json.
//
// Where DCMTK cannot read a file, or was built without its character set, that is counted: these are TestSecondOpinion's alone.
func TestThirdOpinion(t *testing.T) {
	tool, err := exec.LookPath("dcm2json")
	if err != nil {
		t.Skip("dcm2json of DCMTK is not installed")
	}
	data := sharedData(t)
	same, refused, files := 0, 0, 0
	for n, name := range opinionFiles(t, data) {
		if os.Getenv("HOTLIGHT_SOAK") != "1" && n%8 != 0 {
			continue
		}
		if info, err := os.Stat(name); err != nil || info.Size() > 4<<20 {
			continue // it writes pixels as text
		}
		var theirs map[string]jsonElement
		out, err := exec.Command(tool, name).Output()
		if err != nil || json.Unmarshal(out, &theirs) != nil {
			refused++
			continue
		}
		f, err := Open(name, Options{})
		if err != nil {
			t.Errorf("%s: dcmtk reads it, we do not: %v", strings.TrimPrefix(name, data+"/"), err)
			continue
		}
		same += compareJSON(t, strings.TrimPrefix(name, data+"/"), f.Data, theirs)
		files++
		f.Close()
	}
	t.Logf("%d elements of %d files are the same; DCMTK refused %d", same, files, refused)
	if same < 2000 {
		t.Errorf("only %d elements were compared", same)
	}
}

// compareJSON returns how many elements are equal, and fails for those that are not.
func compareJSON(t *testing.T, path string, d *DataSet, theirs map[string]jsonElement) (same int) {
	for key, e := range theirs {
		n, err := strconv.ParseUint(key, 16, 32)
		tag := Tag(n)
		if err != nil || tag == PixelData || tag == SpecificCharacterSet || tag.Element() == 0 { // it has turned all into UTF-8
			continue
		}
		at := path + "/" + key
		if !d.Has(tag) {
			t.Errorf("%s: dcmtk has it, we do not", at)
			continue
		}
		if e.VR == "SQ" {
			items := d.Items(tag)
			if len(items) != len(e.Value) {
				t.Errorf("%s: %d items, dcmtk has %d", at, len(items), len(e.Value))
				continue
			}
			for i, raw := range e.Value {
				var item map[string]jsonElement
				if err := json.Unmarshal(raw, &item); err != nil {
					t.Fatal(err)
				}
				same += compareJSON(t, fmt.Sprintf("%s/%d", at, i), items[i], item)
			}
			continue
		}
		if ours, want, ok := bothValues(d, tag, e); ok && ours != want {
			t.Errorf("%s %s: %.200q, dcmtk has %.200q", at, e.VR, ours, want)
		} else if ok {
			same++
		}
	}
	return same
}

// bothValues returns an element as one text, ours and DCMTK's. ok is false where the two cannot be compared.
func bothValues(d *DataSet, tag Tag, e jsonElement) (ours, theirs string, ok bool) {
	var list []string
	for _, raw := range e.Value {
		list = append(list, jsonText(raw))
	}
	theirs = strings.TrimRight(strings.Join(list, `\`), `\`)
	switch e.VR {
	case "OB", "OW", "UN", "OF", "OD", "OL", "OV":
		want, err := base64.StdEncoding.DecodeString(e.InlineBinary)
		got, has := d.Bytes(tag)
		if has && len(got) == len(want)-1 { // DCMTK makes lengths even
			want = want[:len(got)]
		}
		return string(got), string(want), err == nil && has
	case "DS", "IS", "FL", "FD", "US", "SS", "UL", "SL", "SV", "UV":
		for _, v := range floatsAs(d, tag, e.VR) {
			ours += strconv.FormatFloat(v+0, 'g', 7, 64) + `\` // no negative zero
		}
		theirs = ""
		for _, v := range list {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil { // empty, or not a number: nothing that Floats gives
				return "", "", false
			}
			theirs += strconv.FormatFloat(f+0, 'g', 7, 64) + `\`
		}
		return ours, theirs, true
	case "AT":
		for _, v := range d.Ints(tag) {
			ours += fmt.Sprintf("%08X\\", v)
		}
		return strings.TrimRight(ours, `\`), theirs, true
	}
	for _, v := range d.Strings(tag) {
		ours += strings.Trim(v, " =^") + `\`
	}
	return strings.TrimRight(ours, `\`), theirs, !strings.ContainsAny(theirs, "\x1b\uFFFD") // it does not decode an item's own character set
}

// floatsAs returns numbers; those of a private element that is written without its value representation as DCMTK's dictionary has them.
func floatsAs(d *DataSet, tag Tag, vr string) []float64 {
	if d.VR(tag) != UN {
		return d.Floats(tag)
	}
	b, _ := d.Bytes(tag)
	known := VR(vr[0])<<8 | VR(vr[1])
	private := &DataSet{elements: []element{{tag: tag, vr: known, value: b}}}
	return private.Floats(tag)
}

// jsonText returns a value as text: a person name with its groups put together again.
func jsonText(raw json.RawMessage) string {
	var name struct{ Alphabetic, Ideographic, Phonetic string }
	var text string
	switch {
	case json.Unmarshal(raw, &text) == nil:
		return strings.Trim(text, " =^")
	case len(raw) > 0 && raw[0] == '{' && json.Unmarshal(raw, &name) == nil:
		return strings.Trim(name.Alphabetic+"="+name.Ideographic+"="+name.Phonetic, " =^")
	}
	return string(raw)
}
