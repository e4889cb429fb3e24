package bundle

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"hotlight/project"
)

func TestSignedButWrongIsRefused(t *testing.T) {
	o := newOffice(t)
	d := o.draft(t, o.ann, 1, project.Hash{})
	payload, err := func() ([]byte, error) {
		route, roster, err := draftRoute(o.trust, o.ann, d)
		if err != nil {
			return nil, err
		}
		return sealPayload(route, o.ann.member(), roster, o.ann, d)
	}()
	if err != nil {
		t.Fatal(err)
	}
	plain := []byte("plain")
	right := recipients(KindRead, o.ann.member(), o.trust.Roster)
	x, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	classic := func() []byte {
		var out bytes.Buffer
		w, err := age.Encrypt(&out, x.Recipient(), x.Recipient(), x.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		w.Write(plain)
		w.Close()
		return out.Bytes()
	}()
	cases := []struct {
		name    string
		payload []byte
		change  func(*Route)
		kind    project.Kind
	}{
		{"of version 2", payload, func(r *Route) { r.Format[0] = 2 }, project.Unsupported},
		{"of suite 2", payload, func(r *Route) { r.Suite = 2 }, project.Unsupported},
		{"with an unknown critical extension", payload, func(r *Route) { r.Critical = []string{"teleport"} }, project.Unsupported},
		{"of an unknown kind", payload, func(r *Route) { r.Kind = "gossip" }, project.Unsupported},
		{"addressed to a peer too", payload, func(r *Route) { r.To = append(r.To, o.ben.ReaderID()) }, project.NotPermitted},
		{"from another person", payload, func(r *Route) { r.From, r.FromKey = o.ben.ReaderID(), o.ben.member().SigningKey }, project.NotPermitted},
		{"from another device", payload, func(r *Route) { r.Device, r.DeviceKey = o.ben.member().Device(), o.ben.member().DeviceKey }, project.NotPermitted},
		{"naming a person by another's key", payload, func(r *Route) { r.From = o.ben.ReaderID() }, project.Invalid},
		{"naming a device by another's key", payload, func(r *Route) { r.DeviceKey = o.ben.member().DeviceKey }, project.Invalid},
		{"with a far future roster", payload, func(r *Route) { r.RosterVersion = 99 }, project.Conflict},
		{"with a name that is a path", payload, func(r *Route) { r.BundleID = "../../../../../../etc/passwd" }, project.Invalid},
		{"with local time", payload, func(r *Route) { r.Created = r.Created.In(time.FixedZone("", 3600)) }, project.Invalid},
		{"sealed to four", encryptRaw(t, plain, append(right, o.ben.member().Recipient)), nil, project.NotPermitted},
		{"sealed to two", encryptRaw(t, plain, right[:2]), nil, project.NotPermitted},
		{"sealed to classic keys", classic, nil, project.NotPermitted},
		{"no age file", []byte("age-encryption.org/v1\n-> "), nil, project.Corrupt},
		{"sealed to another three", encryptRaw(t, plain, []string{right[0], right[1], o.ben.member().Recipient}), nil, project.Other},
	}
	for _, c := range cases {
		route, _, err := draftRoute(o.trust, o.ann, d)
		if err != nil {
			t.Fatal(err)
		}
		if c.change != nil {
			c.change(route)
		}
		b := o.forge(t, route, o.ann, c.payload)
		_, err = Open(bytes.NewReader(b), int64(len(b)), o.lead, o.trust, t.TempDir())
		if err == nil || c.kind != project.Other && project.KindOf(err) != c.kind {
			t.Errorf("a bundle %s: %v (%v)", c.name, err, project.KindOf(err))
		}
	}
}

func TestNothingCanBeAddedToTheSignatures(t *testing.T) {
	o := newOffice(t)
	b := o.seal(t, o.ann, o.draft(t, o.ann, 1, project.Hash{}))
	n := binary.BigEndian.Uint32(b[12:])
	header, payload := b[PreambleSize:PreambleSize+n], b[PreambleSize+n:]
	for name, change := range map[string]func(*project.Envelope){
		"one more":             func(e *project.Envelope) { e.Signatures = append(e.Signatures, e.Signatures[0]) },
		"one less":             func(e *project.Envelope) { e.Signatures = e.Signatures[:1] },
		"in another order":     func(e *project.Envelope) { e.Signatures[0], e.Signatures[1] = e.Signatures[1], e.Signatures[0] },
		"with another name":    func(e *project.Envelope) { e.Signatures[1].KeyID = e.Signatures[0].KeyID },
		"with the other twice": func(e *project.Envelope) { e.Signatures[0] = e.Signatures[1] },
	} {
		e, err := project.ParseEnvelope(header)
		if err != nil {
			t.Fatal(err)
		}
		change(e)
		again := e.Marshal()
		m := repair(slices.Concat(b[:12], binary.BigEndian.AppendUint32(nil, uint32(len(again))), b[16:PreambleSize], again, payload))
		if _, err := Verify(bytes.NewReader(m), int64(len(m)), o.trust); project.KindOf(err) != project.Corrupt {
			t.Errorf("signatures %s: %v", name, err)
		}
	}
}

func TestAManifestByOthersOrForOthersIsRefused(t *testing.T) {
	o := newOffice(t)
	d := o.draft(t, o.ann, 1, project.Hash{})
	route, roster, err := draftRoute(o.trust, o.ann, d)
	if err != nil {
		t.Fatal(err)
	}
	objects := pack(d.Objects)
	for name, c := range map[string]struct {
		change func(*Manifest)
		signer *insider
		kind   project.Kind
	}{
		"right":                    {func(*Manifest) {}, o.ann, project.Other},
		"signed by another reader": {func(*Manifest) {}, o.ben, project.Corrupt},
		"for another reader too":   {func(m *Manifest) { m.Recipients = append(m.Recipients, "x") }, o.ann, project.NotPermitted},
		"without the lead":         {func(m *Manifest) { m.Recipients = m.Recipients[1:] }, o.ann, project.NotPermitted},
		"of another bundle":        {func(m *Manifest) { m.BundleID = newID() }, o.ann, project.Corrupt},
		"of another item":          {func(m *Manifest) { m.Item = project.ItemID(newID()) }, o.ann, project.Corrupt},
		"with an object less":      {func(m *Manifest) { m.Objects = m.Objects[:1] }, o.ann, project.Corrupt},
		"with a wrong object hash": {func(m *Manifest) { m.Objects[1].SHA256[3] ^= 1 }, o.ann, project.Corrupt},
		"with a wrong object size": {func(m *Manifest) { m.Objects[1].Size++ }, o.ann, project.Corrupt},
		"with an object codec lie": {func(m *Manifest) { m.Objects[1].Codec, m.Objects[1].Size = CodecNone, m.Objects[1].Stored }, o.ann, project.Corrupt},
	} {
		m := newManifest(route, o.ann.member(), roster)
		m.Program, m.Objects = "test", []Entry{objects[0].entry, objects[1].entry}
		c.change(m)
		e, err := project.SignEnvelope(ManifestType, mustJSON(m), c.signer.Person())
		if err != nil {
			t.Fatal(err)
		}
		payload, err := encrypt(e.Marshal(), objects, recipients(KindRead, o.ann.member(), roster))
		if err != nil {
			t.Fatal(err)
		}
		b := o.forge(t, route, o.ann, payload)
		opened, err := Open(bytes.NewReader(b), int64(len(b)), o.lead, o.trust, t.TempDir())
		if project.KindOf(err) != c.kind || (err == nil) != (c.kind == project.Other) {
			t.Errorf("a manifest that is %s: %v", name, err)
		}
		if err == nil {
			opened.Close()
		}
	}
}

func TestAPayloadThatIsEncryptedAgainUnderneathIsNoticed(t *testing.T) {
	o := newOffice(t)
	d := o.draft(t, o.ann, 1, project.Hash{})
	route, roster, err := draftRoute(o.trust, o.ann, d)
	if err != nil {
		t.Fatal(err)
	}
	plain, to := plaintext(t, o, route, d), recipients(KindRead, o.ann.member(), roster)
	a := o.forge(t, route, o.ann, encryptRaw(t, plain, to))
	b := append(bytes.Clone(a[:PreambleSize+binary.BigEndian.Uint32(a[12:])]), encryptRaw(t, plain, to)...)
	// Verify reads preamble, header, payload for its digest and once more for the stanzas; what comes later is for decryption.
	counting := &swapping{first: a, then: a}
	if _, err := Verify(counting, int64(len(a)), o.trust); err != nil {
		t.Fatal(err)
	}
	swap := &swapping{first: a, then: b, after: counting.reads}
	opened, err := Open(swap, int64(len(a)), o.lead, o.trust, t.TempDir())
	if err == nil {
		opened.Close()
	}
	if project.KindOf(err) != project.Corrupt {
		t.Errorf("got %v", err)
	}
}

func TestHigherMinorsAreReadAndMayExtend(t *testing.T) {
	o := newOffice(t)
	d := o.draft(t, o.ann, 1, project.Hash{})
	route, roster, err := draftRoute(o.trust, o.ann, d)
	if err != nil {
		t.Fatal(err)
	}
	route.Format[1], route.Ext = 7, json.RawMessage(`{"weather":"fine"}`)
	payload, err := sealPayload(route, o.ann.member(), roster, o.ann, d)
	if err != nil {
		t.Fatal(err)
	}
	b := o.forge(t, route, o.ann, payload)
	if _, err := Verify(bytes.NewReader(b), int64(len(b)), o.trust); err != nil {
		t.Error(err)
	}
}

func TestUnknownFieldsAndSpellingsAreRefused(t *testing.T) {
	o := newOffice(t)
	route, _, err := draftRoute(o.trust, o.ann, o.draft(t, o.ann, 1, project.Hash{}))
	if err != nil {
		t.Fatal(err)
	}
	body := string(mustJSON(route))
	if _, err := parseRoute([]byte(body)); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]string{
		"a new field":      strings.Replace(body, `{"format"`, `{"extra":1,"format"`, 1),
		"a double key":     strings.Replace(body, `"suite":1`, `"suite":1,"suite":1`, 1),
		"another case":     strings.Replace(body, `"suite"`, `"Suite"`, 1),
		"a space":          strings.Replace(body, `"suite":1`, `"suite": 1`, 1),
		"another number":   strings.Replace(body, `"author_seq":1`, `"author_seq":1e0`, 1),
		"trailing bytes":   body + " ",
		"a second object":  body + "{}",
		"an escaped digit": strings.Replace(body, `"kind":"read"`, `"kind":"\u0072ead"`, 1),
	} {
		if _, err := parseRoute([]byte(b)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestAFileThatChangesUnderneathIsNoticed(t *testing.T) {
	o := newOffice(t)
	d := o.draft(t, o.ann, 1, project.Hash{})
	a := o.seal(t, o.ann, d)
	b := o.seal(t, o.ann, d)
	swap := &swapping{first: a, then: b, after: 3}
	if len(a) != len(b) {
		t.Fatal("the two bundles should have equal length")
	}
	for after := 1; after < 8; after++ {
		swap.reads, swap.after = 0, after
		opened, err := Open(swap, int64(len(a)), o.lead, o.trust, t.TempDir())
		if err == nil {
			if swap.reads > after {
				t.Errorf("swapped after %d reads and opened", after)
			}
			opened.Close()
		}
	}
}

type swapping struct {
	first, then  []byte
	reads, after int
}

func (s *swapping) ReadAt(p []byte, off int64) (int, error) {
	s.reads++
	from := s.first
	if s.reads > s.after {
		from = s.then
	}
	return bytes.NewReader(from).ReadAt(p, off)
}

func TestSignaturesCanBeCheckedByAnybody(t *testing.T) {
	o := newOffice(t)
	b := o.seal(t, o.ann, o.draft(t, o.ann, 1, project.Hash{}))
	v, err := VerifySignatures(bytes.NewReader(b), int64(len(b)))
	if err != nil || v.Route.From != o.ann.ReaderID() || v.Address != project.HashOf(b) {
		t.Fatalf("got %+v, %v", v, err)
	}
	// Somebody else's signatures under her name are refused, though every digest is right.
	route := v.Route
	forged := o.forge(t, &route, o.ben, b[len(b)-int(route.PayloadLen):])
	if _, err := VerifySignatures(bytes.NewReader(forged), int64(len(forged))); project.KindOf(err) != project.Corrupt {
		t.Errorf("signed by another under her name: %v", err)
	}
	for at := 0; at < len(b); at += 97 {
		m := bytes.Clone(b)
		m[at] ^= 4
		if _, err := VerifySignatures(bytes.NewReader(m), int64(len(m))); err == nil {
			t.Errorf("a flip at %d is accepted", at)
		}
	}
}
