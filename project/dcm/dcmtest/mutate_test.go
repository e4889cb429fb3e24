package dcmtest

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

func TestMutateLeavesTheOriginal(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	changed := 0
	for range 3000 {
		b := make([]byte, r.IntN(600))
		for n := range b {
			b[n] = "\x00\x08\x28\xFE\xFF\xE0USISSQ"[r.IntN(12)]
		}
		original := bytes.Clone(b)
		m := Mutate(r, b)
		if !bytes.Equal(b, original) {
			t.Fatalf("seed %d: the original was changed", seed)
		}
		if len(m) > len(b)+3*30<<10 {
			t.Fatalf("seed %d: %d bytes became %d", seed, len(b), len(m))
		}
		if !bytes.Equal(m, b) {
			changed++
		}
	}
	if changed < 2000 {
		t.Errorf("seed %d: only %d of 3000 were damaged", seed, changed)
	}
}

var kept []byte

func TestCostAndPeakSeeWhatIsHeld(t *testing.T) {
	hold := func() { kept = make([]byte, 32<<20); time.Sleep(5 * time.Millisecond) }
	if _, allocated := Cost(hold); allocated < 32<<20 || allocated > 40<<20 {
		t.Errorf("32 MiB cost %d", allocated)
	}
	kept = nil
	if held := Peak(hold); held < 32<<20 || held > 40<<20 {
		t.Errorf("32 MiB held at once are %d", held)
	}
	kept = nil
	churn := func() {
		for range 200 {
			kept = make([]byte, 1<<20)
		}
	}
	if held := Peak(churn); held > 64<<20 {
		t.Errorf("200 MiB of garbage, 1 MiB at a time, count as %d held", held)
	}
	kept = nil
}
