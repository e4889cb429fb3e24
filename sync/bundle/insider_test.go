package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"io"
	"testing"
	"time"

	"filippo.io/age"

	"hotlight/project"
)

type insider struct {
	sign, device ed25519.PrivateKey
	identity     *age.HybridIdentity
	recovery     *age.HybridIdentity
	role         project.Role
}

func newInsider(t testing.TB, name string, role project.Role) *insider {
	t.Helper()
	key := func(s string) ed25519.PrivateKey {
		seed := sha256.Sum256([]byte(s + name))
		return ed25519.NewKeyFromSeed(seed[:])
	}
	a, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	b, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return &insider{key("p"), key("d"), a, b, role}
}

type rawSigner struct{ key ed25519.PrivateKey }

func (s rawSigner) KeyID() string { return project.Fingerprint(s.key.Public().(ed25519.PublicKey)) }

func (s rawSigner) Sign(typ string, body []byte) ([]byte, error) {
	return ed25519.Sign(s.key, project.PAE(typ, body)), nil
}

func (p *insider) ReaderID() project.ReaderID { return project.ReaderID(rawSigner{p.sign}.KeyID()) }

func (p *insider) Person() project.EnvelopeSigner { return rawSigner{p.sign} }

func (p *insider) Device() project.EnvelopeSigner { return rawSigner{p.device} }

func (p *insider) Decrypt(r io.Reader) (io.Reader, error) { return age.Decrypt(r, p.identity) }

func (p *insider) member() Member {
	return Member{ID: p.ReaderID(), Role: p.role, SigningKey: p.sign.Public().(ed25519.PublicKey), DeviceKey: p.device.Public().(ed25519.PublicKey),
		Recipient: p.identity.Recipient().String(), Recovery: p.recovery.Recipient().String()}
}

type office struct {
	lead, ann, ben *insider
	trust          *Trust
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{lead: newInsider(t, "lead", project.Lead), ann: newInsider(t, "ann", project.Radiologist), ben: newInsider(t, "ben", project.Annotator)}
	r := &Roster{Schema: RosterSchema, Project: Handle(newID()), Version: 3, Definition: project.HashOf([]byte("definition")),
		Members: []Member{o.lead.member(), o.ann.member(), o.ben.member()}}
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	o.trust = &Trust{Roster: r}
	return o
}

func (o *office) draft(t testing.TB, author *insider, seq uint64, prev project.Hash) Draft {
	t.Helper()
	mask := bytes.Repeat([]byte("brick"), 700)
	item := project.ItemID(newID())
	read := project.SignedRead{Definition: o.trust.Roster.Definition, Item: item, Segments: []project.SignedMask{{Number: 1, Object: project.HashOf(mask)}},
		Signature: project.Manifest{Reader: author.ReaderID(), Device: project.DeviceID(author.Device().KeyID())}}
	e, err := project.SignEnvelope(project.SignedReadType, mustJSON(read), author.Person())
	if err != nil {
		t.Fatal(err)
	}
	return Draft{Kind: KindRead, Item: item, Seq: seq, Prev: prev, Created: time.Unix(1.8e9, 0), Program: "test",
		Objects: []Object{{ObjectRead, project.SignedReadType, e.Marshal()}, {ObjectMask, "bricks", mask}}}
}

func (o *office) seal(t testing.TB, author *insider, d Draft) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := Seal(&out, o.trust, author, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func plaintext(t testing.TB, o *office, route *Route, d Draft) []byte {
	t.Helper()
	payload, err := sealPayload(route, o.ann.member(), o.trust.Roster, o.ann, d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.lead.Decrypt(bytes.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func encryptRaw(t testing.TB, plain []byte, to []string) []byte {
	t.Helper()
	var keys []age.Recipient
	for _, s := range to {
		k, err := age.ParseHybridRecipient(s)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, keys...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (o *office) forge(t testing.TB, route *Route, author *insider, payload []byte) []byte {
	t.Helper()
	r := *route
	r.PayloadSHA256, r.PayloadLen = project.HashOf(payload), int64(len(payload))
	var out bytes.Buffer
	if _, err := writeFile(&out, &r, author, payload); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
