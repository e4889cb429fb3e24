package project

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

type testSigner struct{ key ed25519.PrivateKey }

func newSigner(n byte) testSigner {
	return testSigner{ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))}
}
func (s testSigner) public() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }
func (s testSigner) KeyID() string             { return Fingerprint(s.public()) }
func (s testSigner) Sign(kind string, body []byte) ([]byte, error) {
	return ed25519.Sign(s.key, PAE(kind, body)), nil
}

// The published example of secure-systems-lab/dsse, protocol.md: PAE("http://example.com/HelloWorld", "hello world").
func TestPAEIsThePublishedOne(t *testing.T) {
	const want = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
	if got := string(PAE("http://example.com/HelloWorld", []byte("hello world"))); got != want {
		t.Errorf("got %q", got)
	}
}

func TestEnvelope(t *testing.T) {
	a, b := newSigner(1), newSigner(2)
	e, err := SignEnvelope("type/one", []byte("body"), a)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := e.Verify("type/one", a.public()); err != nil || string(body) != "body" {
		t.Errorf("the signer's own key: %v", err)
	}
	for name, verify := range map[string]func(Envelope) error{
		"another type wanted": func(e Envelope) error { _, err := e.Verify("type/two", a.public()); return err },
		"the type was changed": func(e Envelope) error {
			e.PayloadType = "type/two"
			_, err := e.Verify("type/two", a.public())
			return err
		},
		"another key":           func(e Envelope) error { _, err := e.Verify("type/one", b.public()); return err },
		"both keys, one signed": func(e Envelope) error { _, err := e.Verify("type/one", a.public(), b.public()); return err },
		"no keys":               func(e Envelope) error { _, err := e.Verify("type/one"); return err },
		"the body was changed": func(e Envelope) error {
			e.Payload = []byte("bodi")
			_, err := e.Verify("type/one", a.public())
			return err
		},
		"the signature was lost":  func(e Envelope) error { e.Signatures = nil; _, err := e.Verify("type/one", a.public()); return err },
		"a key of the wrong size": func(e Envelope) error { _, err := e.Verify("type/one", a.public()[:31]); return err },
	} {
		if verify(*e) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestAnEnvelopeHasOneSpelling(t *testing.T) {
	e, _ := SignEnvelope("type/one", []byte("body <&> é"), newSigner(1), newSigner(2))
	b := e.Marshal()
	back, err := ParseEnvelope(b)
	if err != nil || !bytes.Equal(back.Marshal(), b) {
		t.Fatalf("round trip: %v", err)
	}
	for name, other := range map[string][]byte{
		"a space more":     bytes.Replace(b, []byte(`,"payload"`), []byte(`, "payload"`), 1),
		"an unknown field": bytes.Replace(b, []byte(`{"payloadType"`), []byte(`{"x":1,"payloadType"`), 1),
		"bytes after":      append(bytes.Clone(b), '\n'),
		"cut":              b[:len(b)-1],
		"empty":            nil,
	} {
		if _, err := ParseEnvelope(other); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzParseEnvelope(f *testing.F) {
	e, _ := SignEnvelope("type/one", []byte("body"), newSigner(1))
	f.Add(e.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := ParseEnvelope(b); err == nil && !bytes.Equal(e.Marshal(), b) {
			t.Error("parsed, but marshals to other bytes")
		}
	})
}

func TestHashText(t *testing.T) {
	h := HashOf([]byte("abc"))
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4 example
	if h.String() != want {
		t.Errorf("got %s", h)
	}
	if back, err := ParseHash(want); err != nil || back != h {
		t.Error("does not read back")
	}
	for _, bad := range []string{"", want[1:], "BA" + want[2:], "zz" + want[2:]} {
		if _, err := ParseHash(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

func TestItemIDHidesTheStudy(t *testing.T) {
	a, b := NewItemID([]byte("key one"), "1.2.3"), NewItemID([]byte("key two"), "1.2.3")
	if a == b || len(a) != 26 || a != NewItemID([]byte("key one"), "1.2.3") {
		t.Errorf("%s %s", a, b)
	}
}

func TestColours(t *testing.T) {
	for _, c := range Palette {
		if back, err := ParseColour(c.String()); err != nil || back != c {
			t.Errorf("%s: %v", c, err)
		}
	}
	for _, bad := range []string{"", "#12345", "#1234567", "1234567", "#12345g"} {
		if _, err := ParseColour(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

func TestErrorsKeepKindAndCause(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("outer: %w", Errorf(Busy, "held: %w", cause))
	if KindOf(err) != Busy || !errors.Is(err, cause) || err.Error() != "outer: held: cause" {
		t.Errorf("%v %s", err, KindOf(err))
	}
	for k := Other; k <= Locked; k++ {
		if ParseKind(k.String()) != k {
			t.Errorf("%s does not read back", k)
		}
	}
}

var (
	readerA = Reader{ID: "a", Role: Radiologist}
	readerB = Reader{ID: "b", Role: Radiologist}
	leader  = Reader{ID: "l", Role: Lead}
	seatA   = ReadSeat{Item: "i", Reader: "a"}
)

func TestStatesOfARead(t *testing.T) {
	for _, c := range []struct {
		name  string
		from  ReadState
		event ReadEvent
		actor Reader
		want  ReadState // empty: refused
	}{
		{"the first change starts it", Assigned, EventChange, readerA, InProgress},
		{"it cannot be signed before anything was done", Assigned, EventSign, readerA, ""},
		{"nothing seen is an answer too", Assigned, EventComplete, readerA, Complete},
		{"complete may go on", Complete, EventReopen, readerA, InProgress},
		{"signing freezes", Complete, EventSign, readerA, Signed},
		{"signed cannot change", Signed, EventChange, readerA, ""},
		{"committed cannot change", Committed, EventChange, readerA, ""},
		{"signed cannot be withdrawn", Signed, EventWithdraw, leader, ""},
		{"a receipt commits", Signed, EventCommit, readerA, Committed},
		{"a second receipt changes nothing", Committed, EventCommit, readerA, Committed},
		{"a correction supersedes", Committed, EventSupersede, readerA, Superseded},
		{"superseded is the end", Superseded, EventCommit, readerA, ""},
		{"the lead withdraws", InProgress, EventWithdraw, leader, Withdrawn},
		{"a reader does not withdraw", InProgress, EventWithdraw, readerA, ""},
		{"another reader changes nothing", InProgress, EventChange, readerB, ""},
		{"the lead draws nothing", InProgress, EventChange, leader, ""},
	} {
		got, err := c.from.Next(c.event, seatA, c.actor)
		if c.want == "" && (err == nil || got != c.from) || c.want != "" && got != c.want {
			t.Errorf("%s: got %s, %v", c.name, got, err)
		}
	}
	if _, err := Signed.Next(EventChange, seatA, readerA); !errors.Is(err, ErrSigned) {
		t.Errorf("changing a signed read gives %v", err)
	}
}

// No sequence of events changes a read after it was signed, and nobody but its reader ever moves it towards signed.
func TestRandomEventsNeverUnfreezeARead(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	events := []ReadEvent{EventChange, EventComplete, EventReopen, EventSign, EventCommit, EventDecline, EventWithdraw, EventSupersede}
	revoked := readerA
	revoked.Revoked = true
	actors := []Reader{readerA, readerB, leader, revoked, {ID: "a", Role: Adjudicator}}
	for range 20000 {
		state := Assigned
		for range 12 {
			event, actor := events[r.IntN(len(events))], actors[r.IntN(len(actors))]
			next, err := state.Next(event, seatA, actor)
			if err != nil {
				continue
			}
			if state.Frozen() && !next.Frozen() {
				t.Fatalf("%s became %s by %s", state, next, event)
			}
			if next == Signed && (actor.ID != "a" || actor.Revoked || !actor.Role.Reads()) {
				t.Fatalf("signed by %v", actor)
			}
			state = next
		}
	}
}

func TestSucceeds(t *testing.T) {
	base := func() *Definition {
		return &Definition{Schema: DefinitionSchema, Project: About{ID: "p", Version: 1}, CaseKey: []byte("k"),
			Classes: []Class{{ID: "liver", Value: 1}}, Readers: []Reader{leader}}
	}
	for name, c := range map[string]struct {
		change func(*Definition)
		ok     bool
	}{
		"a class more": {func(d *Definition) {
			d.Project.Version = 2
			d.Classes = append(d.Classes, Class{ID: "lesion", Value: 2})
		}, true},
		"the same version":      {func(d *Definition) {}, false},
		"a class less":          {func(d *Definition) { d.Project.Version = 2; d.Classes = nil }, false},
		"a class's value":       {func(d *Definition) { d.Project.Version = 2; d.Classes[0].Value = 7 }, false},
		"another lead":          {func(d *Definition) { d.Project.Version = 2; d.Readers[0].ID = "m" }, false},
		"another project":       {func(d *Definition) { d.Project.Version = 2; d.Project.ID = "q" }, false},
		"another project's key": {func(d *Definition) { d.Project.Version = 2; d.CaseKey = []byte("x") }, false},
	} {
		next := base()
		next.Readers = []Reader{leader}
		c.change(next)
		if err := base().Succeeds(next); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
