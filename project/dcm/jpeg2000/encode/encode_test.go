package encode_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

func TestOpenJPEGReadsWhatIsWritten(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 6))
	dir := t.TempDir()
	for n := range 150 {
		c := corpus.Random(r)
		stream, err := encode.Encode(c.Image, c.Options)
		if err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		got, err := corpus.Judge(dir, c, stream)
		if errors.Is(err, corpus.ErrAbsent) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatalf("seed %d, case %d: %v\n%s", seed, n, err, say(c))
		}
		if got == nil {
			continue
		}
		for k := range c.Image.Components {
			want := c.Image.Components[k].Samples
			if len(got) <= k || len(got[k]) != len(want) {
				t.Fatalf("seed %d, case %d: component %d is missing or of another size\n%s", seed, n, k, say(c))
			}
			for i := range want {
				if c.Exact() && got[k][i] != want[i] {
					t.Fatalf("seed %d, case %d: sample %d of component %d is %d, not %d\n%s", seed, n, i, k, got[k][i], want[i], say(c))
				}
			}
		}
	}
}

func say(c corpus.Case) string {
	s := fmt.Sprintf("%+v\n%d-%d, %d-%d", c.Options, c.Image.X0, c.Image.X1, c.Image.Y0, c.Image.Y1)
	for _, k := range c.Image.Components {
		s += fmt.Sprintf(" %d bits %v 1/%d 1/%d", k.Bits, k.Signed, k.DX, k.DY)
	}
	return s
}
