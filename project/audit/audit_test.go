package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
)

// kept is a Storage in memory that keeps leaves too.
type kept struct {
	memory
	leaves [][]byte
}

func (k *kept) Leaf(i int64) ([]byte, error) { return k.leaves[i], nil }
func (k *kept) Append(n int64, leaf []byte, first int64, hashes []tlog.Hash) error {
	k.leaves = append(k.leaves, leaf)
	return k.memory.Append(n, leaf, first, hashes)
}

func filled(t testing.TB, n int) (Log, *kept) {
	k := &kept{}
	l := Log{k}
	for i := range n {
		if _, err := l.AppendLeaf(fmt.Appendf(nil, "leaf %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	return l, k
}

// The inputs and roots are those of the Certificate Transparency reference implementation
// (google/certificate-transparency, merkletree tests), which RFC 6962 trees are checked with.
func TestRootsAreThoseOfRFC6962(t *testing.T) {
	inputs := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := map[int]string{
		0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	l := Log{&kept{}}
	for i := 0; ; i++ {
		h, err := l.Head()
		if err != nil {
			t.Fatal(err)
		}
		if want, ok := roots[i]; ok && h.Root.String() != want {
			t.Errorf("%d leaves: root %s, want %s", i, h.Root, want)
		}
		if i == len(inputs) {
			return
		}
		leaf, _ := hex.DecodeString(inputs[i])
		if _, err := l.AppendLeaf(leaf); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProofsHoldForTheirLeafAndNoOther(t *testing.T) {
	const n = 70
	l, k := filled(t, n)
	for size := int64(1); size <= n; size++ {
		h, err := l.HeadAt(size)
		if err != nil {
			t.Fatal(err)
		}
		for i := range size {
			p, err := l.Inclusion(i, size)
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyInclusion(p, h, i, k.leaves[i]); err != nil {
				t.Fatal(err)
			}
			if VerifyInclusion(p, h, i, []byte("another leaf")) == nil {
				t.Fatalf("another leaf is proved at %d of %d", i, size)
			}
			if size > 1 && VerifyInclusion(p, h, (i+1)%size, k.leaves[i]) == nil {
				t.Fatalf("leaf %d is proved at another place of %d", i, size)
			}
		}
	}
}

func TestConsistencyHoldsOnlyBetweenStatesOfOneLog(t *testing.T) {
	const n = 40
	l, _ := filled(t, n)
	other := Log{&kept{}}
	for i := range n {
		other.AppendLeaf(fmt.Appendf(nil, "other %d", i))
	}
	next, _ := l.Head()
	for old := int64(1); old <= n; old++ {
		was, _ := l.HeadAt(old)
		p, err := l.Consistency(old, n)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyConsistency(p, was, next); err != nil {
			t.Fatal(err)
		}
		foreign, _ := other.HeadAt(old)
		if VerifyConsistency(p, foreign, next) == nil {
			t.Fatalf("another log of %d leaves is taken for the beginning", old)
		}
	}
	empty, _ := l.HeadAt(0)
	if err := VerifyConsistency(nil, empty, next); err != nil {
		t.Error(err)
	}
	if err := VerifyConsistency(nil, next, empty); project.KindOf(err) != project.Corrupt {
		t.Errorf("a cut tail gives %v", err)
	}
	if _, err := l.Inclusion(n, n); project.KindOf(err) != project.NotFound {
		t.Errorf("a proof beyond the end gives %v", err)
	}
}

func TestVerifyFindsEveryChangedLeafAndHash(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		l, k := filled(t, 1+rng.IntN(50))
		want, _ := l.Head()
		if got, err := l.Verify(context.Background()); err != nil || got != want {
			t.Fatalf("an untouched log: %v, %v, want %v", got, err, want)
		}
		if rng.IntN(2) == 0 {
			i := rng.IntN(len(k.leaves))
			k.leaves[i] = append(bytes.Clone(k.leaves[i]), '!')
		} else {
			i := rng.IntN(len(k.hashes))
			k.hashes[i][rng.IntN(32)] ^= 1 << rng.IntN(8)
		}
		if _, err := l.Verify(context.Background()); project.KindOf(err) != project.Corrupt {
			t.Fatalf("a changed log: %v", err)
		}
	}
}

func TestVerifyFindsSwappedAndCutLeaves(t *testing.T) {
	l, k := filled(t, 9)
	whole, _ := l.Head()
	k.leaves[3], k.leaves[4] = k.leaves[4], k.leaves[3]
	if _, err := l.Verify(context.Background()); project.KindOf(err) != project.Corrupt {
		t.Errorf("swapped leaves: %v", err)
	}
	k.leaves[3], k.leaves[4] = k.leaves[4], k.leaves[3]
	k.n, k.leaves = 8, k.leaves[:8]
	cut, err := l.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if VerifyConsistency(nil, whole, cut) == nil {
		t.Error("the newer checkpoint does not show that the tail was cut")
	}
}

var when = time.Date(2026, 11, 23, 10, 40, 0, 123456789, time.FixedZone("", 8*3600))

func TestAnEventIsRecordedInUTCAndHasOneSpelling(t *testing.T) {
	k := &kept{}
	e, err := Log{k}.Append(Event{Time: when, Actor: "a", Device: "d", Type: ReadEdited, Object: "r", Detail: project.HashOf([]byte("x"))})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"v":1,"seq":0,"t":"2026-11-23T02:40:00.123Z","actor":"a","device":"d","type":"read.edited","object":"r","detail":"` + project.HashOf([]byte("x")).String() + `"}`
	if string(k.leaves[0]) != want {
		t.Errorf("got  %s\nwant %s", k.leaves[0], want)
	}
	if got, err := ParseEvent(k.leaves[0]); err != nil || got != e {
		t.Errorf("got %+v, %v; want %+v", got, err, e)
	}
	for name, bad := range map[string]string{
		"a space":            strings.Replace(want, ",", ", ", 1),
		"an unknown field":   strings.Replace(want, `"seq"`, `"x":1,"seq"`, 1),
		"local time":         strings.Replace(want, "02:40:00.123Z", "10:40:00.123+08:00", 1),
		"microseconds":       strings.Replace(want, ".123Z", ".123456Z", 1),
		"no type":            strings.Replace(want, "read.edited", "", 1),
		"a newer version":    strings.Replace(want, `"v":1`, `"v":2`, 1),
		"a repeated field":   strings.Replace(want, `"v":1`, `"v":1,"v":1`, 1),
		"something after it": want + "\n",
	} {
		if _, err := ParseEvent([]byte(bad)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func pair(t testing.TB) (ed25519.PublicKey, note.Signer, note.Verifier) {
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(pub, func(text []byte) ([]byte, error) { return ed25519.Sign(key, text), nil })
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVerifier(pub)
	if err != nil {
		t.Fatal(err)
	}
	return pub, s, v
}

func TestACheckpointIsANoteThatAnybodyCanVerify(t *testing.T) {
	pub, s, v := pair(t)
	_, _, stranger := pair(t)
	l, _ := filled(t, 5)
	h, _ := l.Head()
	c := Checkpoint{Origin: "hotlight/log/one", Head: h}
	signed, err := SignCheckpoint(c, s)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(signed, c.Origin, stranger, v); err != nil || got != c {
		t.Fatalf("got %+v, %v", got, err)
	}
	// Another program, with nothing but the text form of the key.
	key, _ := VerifierKey(pub)
	plain, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(signed, note.VerifierList(plain)); err != nil || n.Text != c.Text() {
		t.Errorf("x/mod/sumdb/note: %v", err)
	}
	for name, err := range map[string]error{
		"another log":   second(OpenCheckpoint(signed, "hotlight/log/two", v)),
		"another key":   second(OpenCheckpoint(signed, c.Origin, stranger)),
		"no key":        second(OpenCheckpoint(signed, c.Origin)),
		"a changed one": second(OpenCheckpoint(bytes.Replace(signed, []byte("\n5\n"), []byte("\n6\n"), 1), c.Origin, v)),
	} {
		if project.KindOf(err) != project.Corrupt {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := SignCheckpoint(Checkpoint{Origin: "example.org/log", Head: h}, s); err == nil {
		t.Error("a foreign origin was signed")
	}
}

func second[T any](_ T, err error) error { return err }

func FuzzEvent(f *testing.F) {
	f.Add(Event{Version: 1, Time: when.UTC().Truncate(time.Millisecond), Type: StoreCreated}.Marshal())
	f.Add([]byte(`{"v":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := ParseEvent(b); err == nil && !bytes.Equal(e.Marshal(), b) {
			t.Fatal("a record was accepted that does not re-encode to itself")
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	_, s, v := pair(f)
	signed, _ := SignCheckpoint(Checkpoint{Origin: "hotlight/x", Head: Head{Root: emptyRoot}}, s)
	f.Add(signed)
	f.Add([]byte("hotlight/x\n0\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := ParseCheckpointText(string(b)); err == nil && c.Text() != string(b) {
			t.Fatal("a checkpoint was accepted that is not spelt as we spell it")
		}
		OpenAnyCheckpoint(b, v)
	})
}

func BenchmarkAppend(b *testing.B) {
	l := Log{&kept{}}
	leaf := Event{Version: 1, Time: when.UTC().Truncate(time.Millisecond), Type: ReadEdited}.Marshal()
	for b.Loop() {
		if _, err := l.AppendLeaf(leaf); err != nil {
			b.Fatal(err)
		}
	}
}
