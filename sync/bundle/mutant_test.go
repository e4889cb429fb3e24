package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"hotlight/project"
)

// insider is a person with keys, for tests that forge from within; bundletest has the same for everybody else.
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

func (p *insider) ReaderID() project.ReaderID             { return project.ReaderID(rawSigner{p.sign}.KeyID()) }
func (p *insider) Person() project.EnvelopeSigner         { return rawSigner{p.sign} }
func (p *insider) Device() project.EnvelopeSigner         { return rawSigner{p.device} }
func (p *insider) Decrypt(r io.Reader) (io.Reader, error) { return age.Decrypt(r, p.identity) }
func (p *insider) member() Member {
	return Member{ID: p.ReaderID(), Role: p.role, SigningKey: p.sign.Public().(ed25519.PublicKey), DeviceKey: p.device.Public().(ed25519.PublicKey),
		Recipient: p.identity.Recipient().String(), Recovery: p.recovery.Recipient().String()}
}

// office is a roster of three and a draft of a small read.
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

// mutate changes b in one of the ways that transport, decay or an attacker without keys can: flip, cut, splice, append, repeat, swap.
func mutate(rng *rand.Rand, b, other []byte) []byte {
	m := bytes.Clone(b)
	at := rng.IntN(len(m))
	if rng.IntN(3) == 0 {
		at = rng.IntN(4096) // the head is where the structure is
	}
	n := 1 + rng.IntN(min(200, len(m)-at))
	switch rng.IntN(7) {
	case 0:
		m[at] ^= 1 << rng.IntN(8)
	case 1:
		m[at] = byte(rng.Uint32())
	case 2:
		m = m[:at]
	case 3:
		m = append(m[:at], m[at+n:]...)
	case 4:
		m = append(m, other[:1+rng.IntN(len(other))]...)
	case 5: // the head of this, the tail of another, at the same place
		if at < len(other) {
			m = append(m[:at], other[at:]...)
		}
	case 6: // a stretch of another one
		copy(m[at:], other[rng.IntN(len(other)):][:min(n, 1)])
		if to := rng.IntN(len(m)); to+n <= len(m) {
			copy(m[to:to+n], b[at:at+n])
		}
	}
	return m
}

// repair makes the preamble agree with what follows it, as an attacker would: without it almost every mutant falls at the first hash.
func repair(m []byte) []byte {
	if len(m) < PreambleSize+2 {
		return m
	}
	headerLen := int(binary.BigEndian.Uint32(m[12:]))
	if headerLen < 1 || headerLen >= len(m)-PreambleSize {
		headerLen = 1
	}
	header, payload := m[PreambleSize:PreambleSize+headerLen], m[PreambleSize+headerLen:]
	p := preamble{Major: Major, Minor: Minor, Suite: SuiteAge, HeaderLen: uint32(headerLen), PayloadLen: uint64(len(payload)),
		HeaderSHA256: project.HashOf(header), PayloadSHA256: project.HashOf(payload)}
	head := p.marshal()
	copy(m, head[:])
	return m
}

func TestNoMutantIsAccepted(t *testing.T) {
	o := newOffice(t)
	b := o.seal(t, o.ann, o.draft(t, o.ann, 1, project.Hash{}))
	other := o.seal(t, o.ann, o.draft(t, o.ann, 2, project.HashOf(b)))
	count := 20_000
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		count = 2_000_000
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d mutants", seed, count)
	rng := rand.New(rand.NewPCG(seed, 0))
	same := 0
	for i := range count {
		m := mutate(rng, b, other)
		if i%2 == 1 {
			m = repair(m)
		}
		if bytes.Equal(m, b) || bytes.Equal(m, other) {
			same++
			continue
		}
		if _, err := Verify(bytes.NewReader(m), int64(len(m)), o.trust); err == nil {
			t.Fatalf("mutant %d of seed %d is accepted", i, seed)
		}
	}
	if same > count/10 {
		t.Errorf("%d of %d mutants were no mutants", same, count)
	}
}

// An author's own computer can sign any payload. What does not follow the format inside must still be refused, and never panic.
func TestNoMutantOfThePlaintextIsAccepted(t *testing.T) {
	o := newOffice(t)
	d := o.draft(t, o.ann, 1, project.Hash{})
	route, roster, err := draftRoute(o.trust, o.ann, d)
	if err != nil {
		t.Fatal(err)
	}
	plain := plaintext(t, o, route, d)
	reseal := func(plain []byte) []byte {
		to := recipients(route.Kind, o.ann.member(), roster)
		return o.forge(t, route, o.ann, encryptRaw(t, plain, to))
	}
	good := reseal(plain)
	if opened, err := Open(bytes.NewReader(good), int64(len(good)), o.lead, o.trust, t.TempDir()); err != nil {
		t.Fatalf("the unchanged plaintext does not open: %v", err)
	} else if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	count := 150
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		count = 20_000
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for i := range count {
		m := mutate(rng, plain, plain)
		if bytes.Equal(m, plain) {
			continue
		}
		b := reseal(m)
		if opened, err := Open(bytes.NewReader(b), int64(len(b)), o.lead, o.trust, t.TempDir()); err == nil {
			opened.Close()
			t.Fatalf("plaintext mutant %d of seed %d is accepted", i, seed)
		}
	}
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

// forge signs a route over any payload.
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

// Properly signed by the author's keys, and wrong all the same.
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
		{"from another person", payload, func(r *Route) { r.From = o.ben.ReaderID() }, project.NotPermitted},
		{"from another device", payload, func(r *Route) { r.Device = o.ben.member().Device() }, project.NotPermitted},
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

// Key IDs and additional signatures are under no signature themselves, so there must be no freedom in them.
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

// A manifest must be by the author and name the recipients that the kind allows, whatever the outside says.
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

// The same plaintext encrypted again is another payload than the one that was verified.
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

func TestManifestLimits(t *testing.T) {
	h := func(i int) project.Hash { return project.HashOf([]byte{byte(i), byte(i >> 8)}) }
	many := make([]Entry, MaxObjects+1)
	for i := range many {
		many[i] = Entry{Kind: "mask", SHA256: h(i), Codec: CodecNone}
	}
	bombs := make([]Entry, 40)
	for i := range bombs {
		bombs[i] = Entry{Kind: "mask", SHA256: h(i), Codec: CodecZstd, Size: MaxObject, Stored: 9000}
	}
	for name, objects := range map[string][]Entry{
		"too many":             many,
		"a bomb":               bombs,
		"one too large":        {{Kind: "mask", Codec: CodecNone, Size: MaxObject + 1, Stored: MaxObject + 1}},
		"a negative size":      {{Kind: "mask", Codec: CodecNone, Size: -1, Stored: -1}},
		"grown by compression": {{Kind: "mask", Codec: CodecZstd, Size: 1, Stored: 2}},
		"an unknown codec":     {{Kind: "mask", Codec: "lzma", Size: 1, Stored: 1}},
		"listed twice":         {{Kind: "mask", Codec: CodecNone}, {Kind: "other", Codec: CodecNone}},
		"without a kind":       {{Codec: CodecNone}},
	} {
		if (&Manifest{Objects: objects}).checkSizes() == nil {
			t.Errorf("objects that are %s were accepted", name)
		}
	}
}

func TestABombIsDefusedAtItsDeclaredSize(t *testing.T) {
	data := make([]byte, 64<<20)
	_, stored := compress(data)
	var u unpacker
	defer u.close()
	lie := Entry{Codec: CodecZstd, Size: 1000, SHA256: project.HashOf(data[:1000]), Stored: int64(len(stored))}
	if err := u.check(lie, bytes.NewReader(stored)); err == nil {
		t.Error("an object larger than declared was accepted")
	}
	if err := u.check(Entry{Codec: CodecZstd, Size: 64 << 20, SHA256: project.HashOf(data)}, bytes.NewReader(stored)); err != nil {
		t.Error(err)
	}
}

func TestPaddingIsAFunctionOfLength(t *testing.T) {
	for _, c := range [][2]int64{{1, 16384}, {16384, 16384}, {16385, 17408}, {17408, 17408}, {32768, 32768}, {32769, 34816}, {1 << 20, 1 << 20}, {1<<20 + 1, 1<<20 + 1<<16}} {
		if got := paddedLen(c[0]); got != c[1] {
			t.Errorf("%d is padded to %d, want %d", c[0], got, c[1])
		}
	}
	last := int64(0)
	for n := int64(1); n < 300_000; n += 7 {
		p := paddedLen(n)
		if p < n || p < last || paddedLen(p) != p || p > minPlaintext && p > n+n/16+1 {
			t.Fatalf("%d is padded to %d after %d", n, p, last)
		}
		last = p
	}
}

func TestASpoolIsUnreadableAndReadsBackAnywhere(t *testing.T) {
	dir := t.TempDir()
	s, err := newSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, 200_003)
	for i := range plain {
		plain[i] = byte(i * i >> 7)
	}
	for at, n := 0, 0; at < len(plain); at += n {
		n = min(len(plain)-at, 1+at%70_001)
		if _, err := s.Write(plain[at : at+n]); err != nil {
			t.Fatal(err)
		}
	}
	for _, off := range []int64{0, 1, 15, 16, 17, 65535, 65536, 199_999} {
		got := make([]byte, min(1000, len(plain)-int(off)))
		if _, err := s.ReadAt(got, off); err != nil || !bytes.Equal(got, plain[off:off+int64(len(got))]) {
			t.Errorf("offset %d reads back different: %v", off, err)
		}
	}
	raw, err := os.ReadFile(s.file.Name())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, plain[1000:1032]) {
		t.Error("the spool holds plaintext")
	}
	if info, _ := os.Stat(s.file.Name()); info.Mode().Perm() != 0o600 {
		t.Errorf("the spool has mode %v", info.Mode())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A bundle that is replaced between the verification and the decryption must not open.
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
