package jpeg2000_test

import (
	"errors"
	"image"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// TestRounds decodes random pictures with a ledger of a few pages, in whole and cut short, with the same result as with a large one.
func TestRounds(t *testing.T) {
	r, seed, cases := campaign(100, 3000)
	rounds := 0
	for n := range cases {
		c := corpus.Random(r)
		if n%4 == 0 {
			c = corpus.RandomDeep(r)
		}
		c.Options.Layers = 1 + r.IntN(30)
		c.Options.BlockWidth, c.Options.BlockHeight = 4, 4
		stream, err := encode.Encode(c.Image, c.Options)
		if err != nil {
			continue // high-throughput code-blocks have no layers
		}
		if r.IntN(3) == 0 {
			stream = stream[:len(stream)-r.IntN(len(stream)/2)]
		}
		o := jpeg2000.Options{Partial: r.IntN(2) == 0, Workers: r.IntN(3)}
		if r.IntN(4) == 0 {
			o.Region = image.Rect(r.IntN(20), r.IntN(20), 20+r.IntN(20), 20+r.IntN(20))
		}
		want, wantErr := jpeg2000.Decode(stream, o)
		got, err := jpeg2000.DecodeInRounds(stream, o, 1<<13+len(stream)/4)
		if errors.Is(err, jpeg2000.ErrWork) {
			continue
		}
		if (err == nil) != (wantErr == nil) || (got == nil) != (want == nil) || errors.Is(err, jpeg2000.ErrTruncated) != errors.Is(wantErr, jpeg2000.ErrTruncated) {
			t.Fatalf("seed %d, case %d, %s: %v, at once %v", seed, n, c.Name, err, wantErr)
		}
		if got == nil {
			continue
		}
		for i, p := range got.Components {
			if q := want.Components[i]; !slices.Equal(p.Samples, q.Samples) || !slices.Equal(p.Deep, q.Deep) {
				t.Fatalf("seed %d, case %d, %s, component %d is another picture", seed, n, c.Name, i)
			}
		}
		rounds++
	}
	if t.Logf("%d pictures", rounds); rounds < cases/4 {
		t.Errorf("seed %d: only %d of %d pictures were decoded", seed, rounds, cases)
	}
}

// TestFineStreams decodes pictures that are cut up more finely than the ledger holds, within the memory of any.
func TestFineStreams(t *testing.T) {
	const size = 160
	m := noisy(size, 1)
	for _, c := range []struct {
		name                    string
		block, precinct, layers int
		style                   encode.Style
	}{
		{"many layers", 4, 0, 100, 0},
		{"many layers of small precincts", 4, 8, 50, 0},
		{"passes that end, in many layers", 4, 16, 40, encode.TerminateAll},
		{"precincts of 4 x 4", 64, 4, 20, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := encode.Options{Coding: encode.Coding{Levels: 3, BlockWidth: c.block, BlockHeight: c.block, Style: c.style}, Layers: c.layers}
			if p := [2]int{c.precinct, c.precinct}; c.precinct > 0 {
				o.Precincts = [][2]int{p, p, p, p}
			}
			stream, err := encode.Encode(m, o)
			if err != nil {
				t.Fatal(err)
			}
			forget()
			before := allocated()
			got, err := jpeg2000.Decode(stream, jpeg2000.Options{})
			if err != nil {
				t.Fatal(err)
			}
			used, most := allocated()-before, uint64(8*size*size+len(stream)+1<<20)
			t.Logf("%d bytes for %d samples and %d bytes", used, size*size, len(stream))
			if used > most {
				t.Errorf("%d bytes were allocated, %d are fair", used, most)
			}
			if !slices.Equal(got.Components[0].Samples, m.Components[0].Samples) {
				t.Error("it is another picture")
			}
		})
	}
}

// TestRoundsOfACutPacket cuts a stream inside its only packet, before code-blocks of some rounds.
func TestRoundsOfACutPacket(t *testing.T) {
	m := noisy(64, 1)
	o := encode.Options{Coding: encode.Coding{BlockWidth: 4, BlockHeight: 4, Style: encode.TerminateAll}}
	stream, err := encode.Encode(m, o)
	if err != nil {
		t.Fatal(err)
	}
	for part := 5; part < 10; part++ { // its header is shorter than that
		cut := stream[:len(stream)*part/10]
		want, wantErr := jpeg2000.Decode(cut, jpeg2000.Options{Partial: true})
		got, err := jpeg2000.DecodeInRounds(cut, jpeg2000.Options{Partial: true}, 1<<13)
		if !errors.Is(err, jpeg2000.ErrTruncated) || !errors.Is(wantErr, jpeg2000.ErrTruncated) {
			t.Fatalf("%d tenths: %v, at once %v", part, err, wantErr)
		}
		if !slices.Equal(got.Components[0].Samples, want.Components[0].Samples) {
			t.Errorf("%d tenths of it are another picture", part)
		}
	}
}
