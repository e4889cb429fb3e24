package bundle

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"hotlight/project"
)

// insider is a person with keys, for tests that forge from within; bundletest has the same for everybody else.

// office is a roster of three and a draft of a small read.

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

// forge signs a route over any payload.

// Properly signed by the author's keys, and wrong all the same.

// Key IDs and additional signatures are under no signature themselves, so there must be no freedom in them.

// A manifest must be by the author and name the recipients that the kind allows, whatever the outside says.

// The same plaintext encrypted again is another payload than the one that was verified.

// A bundle that is replaced between the verification and the decryption must not open.
