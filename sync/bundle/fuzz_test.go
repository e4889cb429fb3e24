package bundle

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"

	"hotlight/project"
)

func fuzzTrust(t testing.TB) *Trust {
	t.Helper()
	b, err := os.ReadFile("testdata/v1/definition.json")
	if err != nil {
		t.Fatal(err)
	}
	trust, err := ParseTrust(b)
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func vectors(t testing.TB) [][]byte {
	t.Helper()
	var out [][]byte
	for _, name := range []string{"read.hlb", "definition.hlb"} {
		b, err := os.ReadFile("testdata/v1/" + name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// FuzzOutside: nothing but the vectors themselves verifies, and what parses re-encodes to the same bytes.
func FuzzOutside(f *testing.F) {
	trust, known := fuzzTrust(f), vectors(f)
	for _, b := range known {
		f.Add(b, false)
		f.Add(b[:PreambleSize], true)
		f.Add(b[:len(b)/2], true)
	}
	f.Fuzz(func(t *testing.T, b []byte, fix bool) {
		if fix {
			b = repair(bytes.Clone(b))
		}
		if v, err := Verify(bytes.NewReader(b), int64(len(b)), trust); err == nil {
			for _, k := range known {
				if bytes.Equal(b, k) {
					return
				}
			}
			t.Fatalf("a stranger's bundle verifies: %+v", v.Route)
		}
		o, err := readOutside(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		head := o.preamble.marshal()
		again := append(head[:], (&project.Envelope{PayloadType: RouteType, Payload: mustJSON(o.route), Signatures: o.envelope.Signatures}).Marshal()...)
		if !bytes.Equal(again, b[:len(again)]) {
			t.Fatal("the outside does not re-encode to the same bytes")
		}
	})
}

// FuzzRoute: the routing header's body.
func FuzzRoute(f *testing.F) {
	for _, b := range vectors(f) {
		n := binary.BigEndian.Uint32(b[12:])
		e, err := project.ParseEnvelope(b[PreambleSize : PreambleSize+n])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(e.Payload)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := parseRoute(body); err == nil && !bytes.Equal(mustJSON(r), body) {
			t.Fatal("a route does not re-encode to the same bytes")
		}
	})
}

// FuzzManifest: the inside, as a malicious author could sign it.
func FuzzManifest(f *testing.F) {
	o := newOffice(f)
	d := o.draft(f, o.ann, 1, project.Hash{})
	route, roster, err := draftRoute(o.trust, o.ann, d)
	if err != nil {
		f.Fatal(err)
	}
	v := &Verified{Route: *route, Author: o.ann.member(), Roster: roster}
	plain := plaintext(f, o, route, d)
	e, err := project.ParseEnvelope(plain[4 : 4+binary.BigEndian.Uint32(plain)])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(e.Payload)
	f.Add(bytes.Replace(e.Payload, []byte(`"size":`), []byte(`"size":9999999999`), 1))
	f.Fuzz(func(t *testing.T, body []byte) {
		signed, err := project.SignEnvelope(ManifestType, body, o.ann.Person())
		if err != nil {
			t.Fatal(err)
		}
		m, err := parseManifest(signed.Marshal(), v)
		if err != nil {
			return
		}
		if !bytes.Equal(mustJSON(m), body) {
			t.Fatal("a manifest does not re-encode to the same bytes")
		}
		if m.stored() < 0 || len(m.Objects) > MaxObjects {
			t.Fatal("a manifest beyond its limits")
		}
	})
}

// FuzzRoster: a roster file as a stranger could sign it.
func FuzzRoster(f *testing.F) {
	b, err := os.ReadFile("testdata/v1/roster.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		if trust, err := ParseTrust(b); err == nil && trust.Roster.Lead().ID == "" {
			t.Fatal("a roster without a lead")
		}
	})
}
