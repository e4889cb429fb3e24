// Package bundletest makes people, projects and reads for tests of the exchange: small keys in memory where a workstation has a vault.
package bundletest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"filippo.io/age"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// Person has keys in memory. It satisfies bundle.Signer and bundle.Opener.
type Person struct {
	Name            string
	Role            project.Role
	signing, device ed25519.PrivateKey
	identity        *age.HybridIdentity
	recovery        *age.HybridIdentity
}

// NewPerson makes a person; the signing keys follow from the name and role.
func NewPerson(t testing.TB, name string, role project.Role) *Person {
	t.Helper()
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	recovery, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return FromIdentities(name, role, identity, recovery)
}

// FromIdentities makes a person with the given decryption keys.
func FromIdentities(name string, role project.Role, identity, recovery *age.HybridIdentity) *Person {
	return &Person{Name: name, Role: role, signing: seeded("person " + name), device: seeded("device " + name), identity: identity, recovery: recovery}
}

func seeded(s string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("hotlight test " + s))
	return ed25519.NewKeyFromSeed(seed[:])
}

type signer struct{ key ed25519.PrivateKey }

func (s signer) KeyID() string { return project.Fingerprint(s.key.Public().(ed25519.PublicKey)) }

func (s signer) Sign(payloadType string, body []byte) ([]byte, error) {
	return ed25519.Sign(s.key, project.PAE(payloadType, body)), nil
}

// ReaderID names the person.
func (p *Person) ReaderID() project.ReaderID { return project.ReaderID(signer{p.signing}.KeyID()) }

// Person signs as the person.
func (p *Person) Person() project.EnvelopeSigner { return signer{p.signing} }

// Device signs as the person's installation.
func (p *Person) Device() project.EnvelopeSigner { return signer{p.device} }

// Decrypt opens what is sealed to the person.
func (p *Person) Decrypt(r io.Reader) (io.Reader, error) { return age.Decrypt(r, p.identity) }

// Recovered is the same person with nothing but the printed recovery key.
func (p *Person) Recovered() *Person {
	q := *p
	q.identity = p.recovery
	return &q
}

// As is a thief: q's decryption key under p's name.
func (p *Person) As(q *Person) *Person {
	thief := *q
	thief.identity = p.identity
	return &thief
}

// Reader is the public record.
func (p *Person) Reader() project.Reader {
	return project.Reader{
		ID: p.ReaderID(), Name: p.Name, Role: p.Role, SigningKey: p.signing.Public().(ed25519.PublicKey), DeviceKey: p.device.Public().(ed25519.PublicKey),
		Recipient: p.identity.Recipient().String(), Recovery: p.recovery.Recipient().String(),
	}
}

// Project is a signed definition with its people.
type Project struct {
	Lead, Ann, Ben, Judge *Person // lead, radiologist, annotator, adjudicator
	Definition            *project.Definition
	Signed                *project.Envelope // the definition
	Roster                *project.Envelope
	Trust                 *bundle.Trust
}

// NewProject makes one with four people.
func NewProject(t testing.TB) *Project {
	t.Helper()
	return WithPeople(t, NewPerson(t, "Lea Lead", project.Lead), NewPerson(t, "Ann Reader", project.Radiologist),
		NewPerson(t, "Ben Reader", project.Annotator), NewPerson(t, "Jo Judge", project.Adjudicator))
}

// WithPeople makes a project of these.
func WithPeople(t testing.TB, lead, ann, ben, judge *Person) *Project {
	t.Helper()
	p := &Project{Lead: lead, Ann: ann, Ben: ben, Judge: judge}
	code := project.Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}
	p.Definition = &project.Definition{
		Schema:  project.DefinitionSchema,
		Project: project.About{ID: "example.liver", Title: "Liver", Version: 1},
		Classes: []project.Class{{ID: "liver", Value: 1, Name: "Liver", Category: code, Type: code}},
		Readers: []project.Reader{lead.Reader(), ann.Reader(), ben.Reader(), judge.Reader()},
		CaseKey: []byte("0123456789abcdef0123456789abcdef"),
	}
	p.sign(t)
	return p
}

// Next makes a later version with change applied.
func (p *Project) Next(t testing.TB, change func(*project.Definition)) *Project {
	t.Helper()
	next := *p
	d := *p.Definition
	d.Readers = append([]project.Reader(nil), d.Readers...)
	d.Project.Version++
	change(&d)
	next.Definition = &d
	next.sign(t)
	return &next
}

func (p *Project) sign(t testing.TB) {
	t.Helper()
	body, err := p.Definition.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if p.Signed, err = project.SignEnvelope(project.DefinitionType, body, p.Lead.Person()); err != nil {
		t.Fatal(err)
	}
	if p.Trust, err = bundle.NewTrust(p.Signed); err != nil {
		t.Fatal(err)
	}
	if p.Roster, err = bundle.SignRoster(p.Trust.Roster, p.Lead.Person()); err != nil {
		t.Fatal(err)
	}
}

// Item is the work item of the n-th study.
func (p *Project) Item(n int) project.ItemID {
	return project.NewItemID(p.Definition.CaseKey, project.StudyUID(fmt.Sprintf("1.2.3.%d", n)))
}

// When is the time in all drafts.
var When = time.Date(2026, 11, 23, 2, 40, 0, 0, time.UTC)

// Read drafts a bundle with author's signed read of item n holding the given masks.
func (p *Project) Read(t testing.TB, author *Person, n int, seq uint64, prev project.Hash, masks ...[]byte) bundle.Draft {
	t.Helper()
	read := project.SignedRead{
		ReadID: project.ReadID(fmt.Sprintf("read %d of %s", n, author.Name)), Project: p.Definition.Project.ID, Definition: p.Trust.Roster.Definition,
		Item: p.Item(n), Study: project.StudyUID(fmt.Sprintf("1.2.3.%d", n)),
		Signature: project.Manifest{
			PrintedName: author.Name, Reader: author.ReaderID(), Device: project.DeviceID(author.Device().KeyID()), Role: author.Role,
			Meaning: project.Authorship, Statement: "I read these images independently.", SignedAt: When, Program: "Hotlight test",
		},
	}
	d := bundle.Draft{Kind: bundle.KindRead, Item: read.Item, Seq: seq, Prev: prev, Created: When, Program: "Hotlight test"}
	for i, m := range masks {
		read.Segments = append(read.Segments, project.SignedMask{Number: i + 1, Class: "liver", Name: "Liver", Object: project.HashOf(m)})
		d.Objects = append(d.Objects, bundle.Object{Kind: bundle.ObjectMask, Media: "application/vnd.hotlight.bricks", Data: m})
	}
	body, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	e, err := project.SignEnvelope(project.SignedReadType, body, author.Person())
	if err != nil {
		t.Fatal(err)
	}
	d.Objects = append([]bundle.Object{{Kind: bundle.ObjectRead, Media: project.SignedReadType, Data: e.Marshal()}}, d.Objects...)
	return d
}

// News drafts the bundle that carries p's definition to everybody.
func (p *Project) News(seq uint64, prev project.Hash) bundle.Draft {
	return bundle.Draft{
		Kind: bundle.KindDefinition, Seq: seq, Prev: prev, Created: When, Program: "Hotlight test", Roster: p.Roster,
		Objects: []bundle.Object{{Kind: bundle.ObjectDefinition, Media: project.DefinitionType, Data: p.Signed.Marshal()}},
	}
}

// Secrets returns the person's decryption keys as text, for test vectors.
func (p *Person) Secrets() (identity, recovery string) {
	return p.identity.String(), p.recovery.String()
}
