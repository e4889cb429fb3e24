package bundle_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	mrand "math/rand/v2"
	"os"
	"slices"
	"testing"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/bundle/bundletest"
)

func seal(t testing.TB, p *bundletest.Project, s bundle.Signer, d bundle.Draft) ([]byte, *bundle.Sealed) {
	t.Helper()
	var out bytes.Buffer
	sealed, err := bundle.Seal(&out, p.Trust, s, d)
	if err != nil {
		t.Fatal(err)
	}
	if sealed.Size != int64(out.Len()) || sealed.Address != project.HashOf(out.Bytes()) {
		t.Fatal("Seal reports another size or address than it wrote")
	}
	return out.Bytes(), sealed
}

func verify(b []byte, t *bundle.Trust) (*bundle.Verified, error) {
	return bundle.Verify(bytes.NewReader(b), int64(len(b)), t)
}

func open(t testing.TB, b []byte, o bundle.Opener, trust *bundle.Trust) (*bundle.Opened, error) {
	t.Helper()
	dir := t.TempDir()
	opened, err := bundle.Open(bytes.NewReader(b), int64(len(b)), o, trust, dir)
	if err != nil {
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("a refused bundle left a spool behind")
		}
		return nil, err
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("Close left the spool behind")
		}
	})
	return opened, nil
}

func wantKind(t testing.TB, err error, k project.Kind) {
	t.Helper()
	if err == nil || project.KindOf(err) != k {
		t.Errorf("got error %v of kind %v, wanted %v", err, project.KindOf(err), k)
	}
}

func mask(size int) []byte {
	b := make([]byte, size)
	rng := mrand.New(mrand.NewPCG(1, uint64(size)))
	for i := 0; i < size; i += 1 + rng.IntN(200) {
		b[i] = byte(rng.Uint32())
	}
	return b
}

func TestWhatIsSealedOpensForThoseItIsFor(t *testing.T) {
	p := bundletest.NewProject(t)
	masks := [][]byte{mask(4096), {}, bytes.Repeat([]byte{0xFF}, 20<<20), randomBytes(100_000), mask(4096)}
	b, _ := seal(t, p, p.Ann, p.Read(t, p.Ann, 7, 1, project.Hash{}, masks...))
	v, err := verify(b, p.Trust)
	if err != nil {
		t.Fatal(err)
	}
	if v.Author.ID != p.Ann.ReaderID() || v.Route.Item != p.Item(7) || !slices.Equal(v.Route.To, []project.ReaderID{p.Lead.ReaderID()}) {
		t.Errorf("route is %+v", v.Route)
	}
	for _, who := range []*bundletest.Person{p.Ann, p.Ann.Recovered(), p.Lead} {
		o, err := open(t, b, who, p.Trust)
		if err != nil {
			t.Fatalf("%s: %v", who.Name, err)
		}
		if o.Read.Item != p.Item(7) || len(o.Manifest.Objects) != 5 {
			t.Errorf("%d objects, wanted the read and four different masks", len(o.Manifest.Objects))
		}
		for i, m := range masks {
			got, err := o.Object(project.HashOf(m))
			if err != nil || !bytes.Equal(got, m) {
				t.Errorf("mask %d came back different: %v", i, err)
			}
		}
		_, err = o.Object(project.HashOf([]byte("no such")))
		wantKind(t, err, project.NotFound)
	}
}

func TestNobodyElseOpensIt(t *testing.T) {
	p := bundletest.NewProject(t)
	b, _ := seal(t, p, p.Ann, p.Read(t, p.Ann, 7, 1, project.Hash{}, mask(4096)))
	others := map[string]*bundletest.Person{
		"another reader":                  p.Ben,
		"the adjudicator":                 p.Judge,
		"a stranger":                      bundletest.NewPerson(t, "Stranger", project.Lead),
		"another reader posing as author": p.Ben.As(p.Ann),
		"another reader posing as lead":   p.Ben.As(p.Lead),
		"the lead's recovery key":         p.Lead.Recovered(),
	}
	for name, who := range others {
		_, err := open(t, b, who, p.Trust)
		if err == nil {
			t.Errorf("%s opened the bundle", name)
		}
		wantKind(t, err, project.NotPermitted)
	}
}

func TestADefinitionReachesEverybody(t *testing.T) {
	p := bundletest.NewProject(t)
	next := p.Next(t, func(d *project.Definition) { d.Readers[2].Revoked = true })
	b, _ := seal(t, p, p.Lead, next.News(1, project.Hash{}))
	v, err := verify(b, p.Trust)
	if err != nil {
		t.Fatal(err)
	}
	if v.NewRoster == nil || v.NewRoster.Version != 2 {
		t.Fatal("the new roster is not reported")
	}
	for _, who := range []*bundletest.Person{p.Ann, p.Judge, p.Lead, p.Lead.Recovered()} {
		o, err := open(t, b, who, p.Trust)
		if err != nil {
			t.Fatalf("%s: %v", who.Name, err)
		}
		if string(o.Definition.Marshal()) != string(next.Signed.Marshal()) {
			t.Error("another definition came out")
		}
	}
	_, err = open(t, b, p.Ben, p.Trust)
	wantKind(t, err, project.NotPermitted) // revoked: not addressed
	for name, secret := range map[string][]byte{"case key": p.Definition.CaseKey, "printed name": []byte("Ann Reader"), "project ID": []byte("example.liver")} {
		if bytes.Contains(b, secret) {
			t.Errorf("the %s stands in the file in clear", name)
		}
	}
}

func TestWhoMaySendWhat(t *testing.T) {
	p := bundletest.NewProject(t)
	revoked := p.Next(t, func(d *project.Definition) { d.Readers[1].Revoked = true })
	stranger := bundletest.NewPerson(t, "Stranger", project.Radiologist)
	cases := []struct {
		name   string
		p      *bundletest.Project
		author *bundletest.Person
	}{
		{"the lead reads", p, p.Lead},
		{"the adjudicator reads", p, p.Judge},
		{"a stranger reads", p, stranger},
		{"a revoked reader reads", revoked, p.Ann},
	}
	for _, c := range cases {
		_, err := bundle.Seal(io.Discard, c.p.Trust, c.author, c.p.Read(t, c.author, 1, 1, project.Hash{}))
		wantKind(t, err, project.NotPermitted)
	}
	_, err := bundle.Seal(io.Discard, p.Trust, p.Ann, p.News(1, project.Hash{}))
	wantKind(t, err, project.NotPermitted)
}

func TestALeadIsNeverAlsoAReader(t *testing.T) {
	p := bundletest.NewProject(t)
	double := *p.Trust.Roster
	double.Members = slices.Clone(double.Members)
	double.Members[1].Recipient = double.Members[0].Recipient // the lead's key in a reader's record
	_, err := bundle.SignRoster(&double, p.Lead.Person())
	wantKind(t, err, project.NotPermitted)
	double.Members = append(slices.Clone(p.Trust.Roster.Members), p.Trust.Roster.Members[0])
	double.Members[4].Role = project.Radiologist
	_, err = bundle.SignRoster(&double, p.Lead.Person())
	wantKind(t, err, project.NotPermitted)
}

func TestARevokedAuthorsBundleNeedsAWitness(t *testing.T) {
	p := bundletest.NewProject(t)
	b, sealed := seal(t, p, p.Ann, p.Read(t, p.Ann, 7, 1, project.Hash{}))
	later := p.Next(t, func(d *project.Definition) { d.Readers[1].Revoked = true }).Trust
	later.Earlier = map[int]*bundle.Roster{1: p.Trust.Roster}
	_, err := verify(b, later)
	wantKind(t, err, project.NotPermitted)
	later.Witnessed = func(h project.Hash) bool { return h == sealed.Address }
	if _, err := verify(b, later); err != nil {
		t.Errorf("a receipt proves that it was there before: %v", err)
	}
}

func TestTheOrderOfAnAuthorsBundles(t *testing.T) {
	p := bundletest.NewProject(t)
	one, s1 := seal(t, p, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}))
	two, s2 := seal(t, p, p.Ann, p.Read(t, p.Ann, 2, 2, s1.Address))
	three, _ := seal(t, p, p.Ann, p.Read(t, p.Ann, 3, 3, s2.Address))
	fork, _ := seal(t, p, p.Ann, p.Read(t, p.Ann, 4, 2, s2.Address))
	trust := *p.Trust
	trust.Last = func(project.ReaderID) (uint64, project.Hash, bool) { return 1, s1.Address, true }
	for _, c := range []struct {
		name  string
		b     []byte
		wants project.Kind
	}{{"the same again", one, project.Other}, {"the next", two, project.Other}, {"one left out", three, project.Conflict}, {"another history", fork, project.Conflict}} {
		_, err := verify(c.b, &trust)
		if project.KindOf(err) != c.wants || (err == nil) != (c.wants == project.Other) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := bundle.Seal(io.Discard, p.Trust, p.Ann, p.Read(t, p.Ann, 1, 0, project.Hash{}))
	wantKind(t, err, project.Invalid)
	_, err = bundle.Seal(io.Discard, p.Trust, p.Ann, p.Read(t, p.Ann, 1, 2, project.Hash{}))
	wantKind(t, err, project.Invalid)
}

func TestAReadIsCheckedBeforeItIsSealed(t *testing.T) {
	p := bundletest.NewProject(t)
	good := p.Read(t, p.Ann, 7, 1, project.Hash{}, mask(100))
	other := p.Read(t, p.Ben, 7, 1, project.Hash{}, mask(100))
	for name, change := range map[string]func(*bundle.Draft){
		"a mask is missing":           func(d *bundle.Draft) { d.Objects = d.Objects[:1] },
		"there is no read":            func(d *bundle.Draft) { d.Objects = d.Objects[1:] },
		"there are two reads":         func(d *bundle.Draft) { d.Objects = append(slices.Clone(d.Objects), other.Objects[0]) },
		"the read is another's":       func(d *bundle.Draft) { d.Objects = other.Objects },
		"the item is another":         func(d *bundle.Draft) { d.Item = p.Item(8) },
		"the item is missing":         func(d *bundle.Draft) { d.Item = "" },
		"the kind is unknown":         func(d *bundle.Draft) { d.Kind = "gossip" },
		"the read is only its body":   func(d *bundle.Draft) { d.Objects[0].Data = []byte("{}") },
		"the checkpoint is a chapter": func(d *bundle.Draft) { d.Checkpoint = string(make([]byte, 5000)) },
	} {
		d := good
		d.Objects = slices.Clone(good.Objects)
		change(&d)
		if _, err := bundle.Seal(io.Discard, p.Trust, p.Ann, d); err == nil {
			t.Errorf("sealed although %s", name)
		}
	}
}

func TestSizesAreBlurred(t *testing.T) {
	p := bundletest.NewProject(t)
	_, none := seal(t, p, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}))
	_, some := seal(t, p, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}, randomBytes(4000)))
	if none.Size != some.Size {
		t.Errorf("an empty read has %d bytes, one with a little %d", none.Size, some.Size)
	}
}

func TestTrustFilesAreDefinitionsOrRosters(t *testing.T) {
	p := bundletest.NewProject(t)
	for _, e := range []*project.Envelope{p.Signed, p.Roster} {
		trust, err := bundle.ParseTrust(e.Marshal())
		if err != nil || trust.Roster.Version != 1 {
			t.Errorf("%v", err)
		}
	}
	forged := *p.Roster
	forged.Signatures = []project.Signature{p.Signed.Signatures[0]}
	if _, err := bundle.NewTrust(&forged); err == nil {
		t.Error("a roster with a foreign signature was accepted")
	}
	if _, err := bundle.ParseTrust([]byte("{}")); err == nil {
		t.Error("an empty object was accepted as trust")
	}
}

func TestABundleOfAnotherProjectIsRefused(t *testing.T) {
	p := bundletest.NewProject(t)
	q := p.Next(t, func(d *project.Definition) { d.CaseKey = []byte("another key another key another!") })
	b, _ := seal(t, p, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}))
	_, err := verify(b, q.Trust)
	wantKind(t, err, project.NotPermitted)
	newer := p.Next(t, func(*project.Definition) {})
	c, _ := seal(t, newer, p.Ann, newer.Read(t, p.Ann, 1, 1, project.Hash{}))
	_, err = verify(c, p.Trust)
	wantKind(t, err, project.Conflict)
}

func TestInspectTellsAndProvesNothing(t *testing.T) {
	p := bundletest.NewProject(t)
	b, sealed := seal(t, p, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}))
	c, err := bundle.Inspect(bytes.NewReader(b), int64(len(b)))
	if err != nil || !c.PayloadOK || c.Recipients != 3 || c.Address != sealed.Address || c.Route.From != p.Ann.ReaderID() {
		t.Errorf("%+v, %v", c, err)
	}
	b[len(b)-1] ^= 1
	c, err = bundle.Inspect(bytes.NewReader(b), int64(len(b)))
	if err != nil || c.PayloadOK || c.Address != project.HashOf(b) {
		t.Errorf("a damaged payload: %+v, %v", c, err)
	}
}

func TestTheSealFailsWhereTheWriterFails(t *testing.T) {
	p := bundletest.NewProject(t)
	full := errors.New("no space left")
	_, err := bundle.Seal(brokenWriter{full}, p.Trust, p.Ann, p.Read(t, p.Ann, 1, 1, project.Hash{}))
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
