package definition

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hotlight/project"
)

func person(n byte, role project.Role) project.Reader {
	seed := bytes.Repeat([]byte{n}, ed25519.SeedSize)
	key := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	device := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n + 100}, ed25519.SeedSize)).Public().(ed25519.PublicKey)
	return project.Reader{ID: project.ReaderID(project.Fingerprint(key)), Name: fmt.Sprintf("Dr %d", n), Role: role, SigningKey: key, DeviceKey: device,
		Recipient: fmt.Sprintf("age1pq1recipient%d", n), Recovery: fmt.Sprintf("age1pq1recovery%d", n)}
}

func example() *project.Definition {
	return &project.Definition{
		Schema:  project.DefinitionSchema,
		Project: project.About{ID: "org.example.liver", Title: "Liver pilot", Version: 1},
		Classes: []project.Class{
			{ID: "liver", Value: 1, Name: "Liver", Colour: project.Colour{R: 0xb5, G: 0x65, B: 0x1d},
				Category: project.Code{Value: "91723000", Scheme: "SCT", Meaning: "Anatomical Structure"},
				Type:     project.Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}},
			{ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[0]},
		},
		Readers: []project.Reader{person(1, project.Lead), person(2, project.Radiologist), person(3, project.Radiologist)},
		Server:  project.Server{URL: "https://127.0.0.1:8443", TLSPin: project.HashOf([]byte("x")), LogKey: person(9, project.Lead).SigningKey},
	}
}

func text(t *testing.T, d *project.Definition) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	want := example()
	got, err := Parse(strings.NewReader(text(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestErrorsNameTheField(t *testing.T) {
	lead, reader := person(1, project.Lead), person(2, project.Radiologist)
	leadAgain := lead
	leadAgain.Role = project.Radiologist
	sameKey := person(4, project.Adjudicator)
	sameKey.Recipient = lead.Recipient
	for name, c := range map[string]struct {
		change func(*project.Definition)
		want   string
		kind   project.Kind
	}{
		"a value used twice":                {func(d *project.Definition) { d.Classes[1].Value = 1 }, "classes.lesion: the value 1 is taken by liver", project.Invalid},
		"an id used twice":                  {func(d *project.Definition) { d.Classes[1].ID = "liver" }, "occurs twice", project.Invalid},
		"an id with a capital":              {func(d *project.Definition) { d.Classes[1].ID = "Liver" }, "lower-case", project.Invalid},
		"no classes":                        {func(d *project.Definition) { d.Classes = nil }, "at least one", project.Invalid},
		"no lead":                           {func(d *project.Definition) { d.Readers = d.Readers[1:] }, "exactly one lead", project.Invalid},
		"a lead who also reads":             {func(d *project.Definition) { d.Readers = append(d.Readers, leadAgain) }, "one role", project.NotPermitted},
		"a lead under a second fingerprint": {func(d *project.Definition) { d.Readers = append(d.Readers, sameKey) }, "share a decryption key", project.NotPermitted},
		"an id that is not its key":         {func(d *project.Definition) { d.Readers[1].ID = lead.ID }, "not the fingerprint", project.Invalid},
		"a role that does not exist":        {func(d *project.Definition) { d.Readers[1] = withRole(reader, "boss") }, "is not a role", project.Invalid},
		"a server without a pin":            {func(d *project.Definition) { d.Server.TLSPin = project.Hash{} }, "tls_pin", project.Invalid},
		"a server without TLS":              {func(d *project.Definition) { d.Server.URL = "http://x" }, "https://", project.Invalid},
		"a schema of the future":            {func(d *project.Definition) { d.Schema = "hotlight.project/9" }, "this program knows", project.Unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			d := example()
			c.change(d)
			_, err := Parse(strings.NewReader(text(t, d)))
			if err == nil || !strings.Contains(err.Error(), c.want) || project.KindOf(err) != c.kind {
				t.Errorf("got %v (%s), want %q (%s)", err, project.KindOf(err), c.want, c.kind)
			}
		})
	}
}

func withRole(r project.Reader, role project.Role) project.Reader { r.Role = role; return r }

func TestYAMLErrorsNameTheLine(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"an unknown field":    {"schema: hotlight.project/1\nprojekt:\n  id: x\n", "line 2"},
		"a text for a number": {"schema: hotlight.project/1\nproject:\n  version: three\n", "line 3"},
		"not YAML":            {"{{{", "line 1"},
		"empty":               {"", "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse(strings.NewReader(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, example()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if d, err := Parse(bytes.NewReader(in)); err == nil {
			if err := d.Check(); err != nil {
				t.Errorf("accepted what does not check: %v", err)
			}
		}
	})
}

func TestAPublicRecordReadsBack(t *testing.T) {
	var b bytes.Buffer
	want := person(2, project.Radiologist)
	if err := WriteReader(&b, want); err != nil {
		t.Fatal(err)
	}
	got, err := ParseReaders(&b)
	if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got %+v, %v", got, err)
	}
}
