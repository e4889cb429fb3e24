package jpeg2000_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// givesBack encodes and decodes c, and compares.
func givesBack(c corpus.Case) error {
	stream, err := encode.Encode(c.Image, c.Options)
	if err != nil {
		return err
	}
	m, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		return err
	}
	for i, p := range m.Components {
		if k := c.Image.Components[i]; p.Precision != k.Bits || p.Signed != k.Signed || !slices.Equal(p.Samples, k.Samples) || !slices.Equal(p.Deep, k.Deep) {
			return fmt.Errorf("component %d, of %d bits, is not as the source", i, k.Bits)
		}
	}
	return nil
}

func TestDeepPicturesDecode(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for _, c := range corpus.Deep(seed) {
		if err := givesBack(c); err != nil {
			t.Errorf("seed %d, %s: %v", seed, c.Name, err)
		}
	}
}

func TestAnyDeepParametersDecode(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 14))
	count := 100
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		count = 5000
	}
	for n := range count {
		c := corpus.RandomDeep(r)
		if err := givesBack(c); err != nil {
			t.Fatalf("seed %d, case %d: %v\n%+v", seed, n, err, c.Options)
		}
	}
}

// TestWideBlocksLoseWhatNarrowOnesLose codes pictures in passes that lose something, with guard bits that make no difference but that the blocks are wide.
func TestWideBlocksLoseWhatNarrowOnesLose(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 15))
	for n := range 40 {
		m := encode.Grey(1+r.IntN(70), 1+r.IntN(70), 24, r.IntN(2) == 0, nil)
		corpus.Fill(r, m, 0)
		o := encode.Options{Coding: encode.Coding{Levels: r.IntN(4), Style: encode.HighThroughput | encode.Causal*encode.Style(r.IntN(2)), HTPasses: 1 + n%3}, Layers: 1 + r.IntN(3)}
		switch {
		case o.Layers == 1:
			o.Placeholders = r.IntN(9)
		case r.IntN(2) == 0:
			o.HTTwice = true
		}
		if o.Irreversible = r.IntN(3) == 0; o.Irreversible {
			o.Step = 0.5
		}
		var decoded [2][]int32
		for i, guard := range []int{2, 7} {
			o.Guard = guard
			stream, err := encode.Encode(m, o)
			if err != nil {
				t.Fatal(err)
			}
			p, err := jpeg2000.Decode(stream, jpeg2000.Options{})
			if err != nil {
				t.Fatalf("seed %d, case %d, %d guard bits: %v\n%+v", seed, n, guard, err, o)
			}
			decoded[i] = p.Components[0].Samples
		}
		if !slices.Equal(decoded[0], decoded[1]) {
			t.Errorf("seed %d, case %d: more guard bits give another picture\n%+v", seed, n, o)
		}
	}
}
