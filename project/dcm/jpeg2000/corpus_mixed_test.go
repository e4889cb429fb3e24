package jpeg2000_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// decoded returns the samples of the first component of m coded with o.
func decoded(t *testing.T, m *encode.Image, o encode.Options) []int32 {
	t.Helper()
	stream, err := encode.Encode(m, o)
	if err != nil {
		t.Fatal(err)
	}
	p, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		t.Fatalf("%v\n%+v", err, o)
	}
	return p.Components[0].Samples
}

// TestMixedBlocksOfOneKindAreAsWithoutMixing holds for what is lost as well: irreversible steps and the last bit plane of HT passes.
func TestMixedBlocksOfOneKindAreAsWithoutMixing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 14))
	one := func(n int) bool { return r.IntN(n) == 0 }
	for n := range 60 {
		m := encode.Grey(1+r.IntN(60), 1+r.IntN(60), 1+r.IntN(14), one(2), nil)
		corpus.Fill(r, m, 0)
		o := encode.Options{Coding: encode.Coding{Levels: r.IntN(4), BlockWidth: 4 << r.IntN(4), BlockHeight: 4 << r.IntN(4), Irreversible: one(2)}, Layers: 1 + r.IntN(5)}
		ht, part1 := o, o
		ht.Style = encode.HighThroughput | encode.Causal*encode.Style(r.IntN(2))
		ht.HTPasses, ht.Placeholders = 1+r.IntN(3), r.IntN(4)
		part1.Style = encode.Style(r.IntN(64)) &^ (encode.Bypass | encode.TerminateAll)
		for _, alone := range []encode.Options{ht, part1} {
			mixed := alone
			mixed.Style |= encode.HighThroughput | encode.Mixed
			mixed.Late = r.IntN(9)
			if alone.Style&encode.HighThroughput != 0 {
				mixed.Mix = 1<<64 - 1
			}
			if a, b := decoded(t, m, alone), decoded(t, m, mixed); !slices.Equal(a, b) {
				t.Errorf("seed %d, case %d: mixed is not as alone\n%+v", seed, n, mixed)
			}
		}
	}
}

// TestMixedStreamsHaveBlocksOfBothKinds is about the tests, which would prove little if the encoder chose one kind.
func TestMixedStreamsHaveBlocksOfBothKinds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for s := range encode.HighThroughput {
		m := encode.Grey(64, 64, 12, false, nil)
		corpus.Fill(r, m, 0)
		o := encode.Options{Coding: encode.Coding{Style: s | encode.HighThroughput | encode.Mixed, BlockWidth: 32, BlockHeight: 32}, Layers: 3}
		var lengths []int
		for _, mix := range []uint64{0, 5, 15} {
			o.Mix = mix
			stream, err := encode.Encode(m, o)
			if err != nil {
				t.Fatal(err)
			}
			lengths = append(lengths, len(stream))
		}
		if slices.Sort(lengths); len(slices.Compact(lengths)) != 3 {
			t.Errorf("style %06b: streams with 0, 2 and 4 HT blocks have lengths of %d", int(s), lengths)
		}
	}
}

// TestMixedBlocksThatBeginWithSeveralSegmentsAreRefused: such a block of Part 1 could seem to be of Part 15.
func TestMixedBlocksThatBeginWithSeveralSegmentsAreRefused(t *testing.T) {
	m := encode.Grey(1, 1, 8, false, []int32{200})
	stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Style: encode.TerminateAll}})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(stream, 0x52) + 11 // the style in COD
	if stream[at] != byte(encode.TerminateAll) {
		t.Fatalf("the style is %x", stream[at])
	}
	stream[at] |= byte(encode.HighThroughput | encode.Mixed)
	if _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrUnsupported) {
		t.Error(err)
	}
}
