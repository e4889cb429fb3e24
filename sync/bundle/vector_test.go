package bundle_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/bundle/bundletest"
)

var makeVectors = flag.Bool("make-vectors", false, "write testdata/v1 anew; only for a version that was never released")

const vectorDir = "testdata/v1"

// vectorKeys are the decryption keys of the vectors' people. They protect nothing.
type vectorKeys struct {
	People []struct {
		Name, Identity, Recovery string
		Role                     project.Role
	}
}

func vectorPeople(t testing.TB) []*bundletest.Person {
	t.Helper()
	var keys vectorKeys
	if err := json.Unmarshal(vectorFile(t, "keys.json"), &keys); err != nil {
		t.Fatal(err)
	}
	var out []*bundletest.Person
	for _, k := range keys.People {
		identity, err := age.ParseHybridIdentity(k.Identity)
		if err != nil {
			t.Fatal(err)
		}
		recovery, err := age.ParseHybridIdentity(k.Recovery)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, bundletest.FromIdentities(k.Name, k.Role, identity, recovery))
	}
	return out
}

func vectorFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(vectorDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func vectorTrust(t testing.TB) *bundle.Trust {
	t.Helper()
	trust, err := bundle.ParseTrust(vectorFile(t, "definition.json"))
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

// Files of version 1 must open for ever.
func TestVectorsOfVersion1StillOpen(t *testing.T) {
	if *makeVectors {
		writeVectors(t)
	}
	trust, people := vectorTrust(t), vectorPeople(t)
	expect := strings.Fields(string(vectorFile(t, "expect.txt")))
	for i, name := range []string{"read.hlb", "definition.hlb"} {
		b := vectorFile(t, name)
		if got := project.HashOf(b).String(); got != expect[i] {
			t.Errorf("%s has address %s, want %s", name, got, expect[i])
		}
		if _, err := verify(b, trust); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := vectorFile(t, "read.hlb")
	for _, who := range []*bundletest.Person{people[0], people[1], people[1].Recovered()} {
		o, err := open(t, b, who, trust)
		if err != nil {
			t.Fatal(err)
		}
		m, err := o.Object(project.HashOf(vectorMask()))
		if err != nil || !bytes.Equal(m, vectorMask()) {
			t.Errorf("the mask came out different: %v", err)
		}
	}
	if _, err := open(t, b, people[2], trust); err == nil {
		t.Error("the other reader opens the read")
	}
	o, err := open(t, vectorFile(t, "definition.hlb"), people[2], trust)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(o.Definition.Marshal(), vectorFile(t, "definition.json")) {
		t.Error("the definition came out different")
	}
}

func vectorMask() []byte { return bytes.Repeat([]byte{0, 0, 0, 0x0F, 0xFF, 0xF0, 0, 0}, 1024) }

func writeVectors(t *testing.T) {
	p := bundletest.NewProject(t)
	var keys vectorKeys
	for _, who := range []*bundletest.Person{p.Lead, p.Ann, p.Ben, p.Judge} {
		id, rec := who.Secrets()
		keys.People = append(keys.People, struct {
			Name, Identity, Recovery string
			Role                     project.Role
		}{who.Name, id, rec, who.Role})
	}
	k, err := json.MarshalIndent(keys, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	read, rs := seal(t, p, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}, vectorMask()))
	def, ds := seal(t, p, p.Lead, p.News(1, project.Hash{}))
	if err := os.MkdirAll(vectorDir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"keys.json": append(k, '\n'), "definition.json": p.Signed.Marshal(), "roster.json": p.Roster.Marshal(), "read.hlb": read, "definition.hlb": def,
		"expect.txt": []byte(rs.Address.String() + "\n" + ds.Address.String() + "\n"),
	} {
		if err := os.WriteFile(filepath.Join(vectorDir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
