package jpeg2000_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

func TestReducedResolutionsAreAsOpenJPEGHasThem(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 12))
	dir, judged := t.TempDir(), 0
	for n := range 60 {
		c := corpus.Random(r)
		levels := c.Reductions()
		if levels == 0 {
			continue
		}
		reduce := 1 + r.IntN(levels)
		stream, err := encode.Encode(c.Image, c.Options)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg2000.Decode(stream, jpeg2000.Options{Reduce: reduce})
		if err != nil {
			t.Errorf("seed %d, case %d, reduced by %d: %v\n%+v", seed, n, reduce, err, c.Options)
			continue
		}
		planes, err := corpus.Judge(dir, c, stream, "-r", fmt.Sprint(reduce))
		if errors.Is(err, corpus.ErrAbsent) {
			t.Skip(err)
		}
		if err != nil || planes == nil {
			continue // OpenJPEG refuses a reduction that leaves a component or a tile without samples
		}
		judged++
		within := int32(0)
		if slices.ContainsFunc(c.Codings(), func(k encode.Coding) bool { return k.Irreversible }) {
			within = closeness(c.Image)
		}
		for i, p := range m.Components {
			if err := near(p.Samples, planes[i], p.Width, within); err != nil {
				t.Errorf("seed %d, case %d, reduced by %d, component %d: %v\n%+v", seed, n, reduce, i, err, c.Options)
			}
		}
	}
	t.Logf("%d held against OpenJPEG", judged)
}

// near tells where two decoders' samples are more than within apart.
func near(got, want []int32, w int, within int32) error {
	if len(got) != len(want) {
		return fmt.Errorf("there are %d samples, not %d", len(got), len(want))
	}
	for i, v := range want {
		if d := got[i] - v; d > within || d < -within {
			return fmt.Errorf("sample (%d, %d) is %d, not %d", i%w, i/w, got[i], v)
		}
	}
	return nil
}
