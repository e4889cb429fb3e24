package ht

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// FuzzDecode gives any bytes to a block of any size: an error or samples, and nothing is written beside the block.
func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		b, src, stride := randomBlock(r)
		if b.Width*b.Height > 400 {
			continue
		}
		Encode(&b, src, stride)
		f.Add(b.Data, b.Refinement, b.Passes, b.Planes, b.Missing, b.Width, b.Height, b.Causal)
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, data []byte, refinement, passes, planes, missing, w, h int, causal bool) {
		b := Block{Data: data, Cleanup: len(data) - refinement, Refinement: refinement, Passes: passes, Planes: planes, Missing: missing, Width: w, Height: h, Causal: causal}
		if w < 1 || h < 1 || w > 1024 || h > 1024 || w*h > 4096 {
			return
		}
		const room, mark = 3, -1 << 31
		stride := w + room
		dst := make([]int32, stride*h)
		for i := range dst {
			dst[i] = mark
		}
		if err := d.Decode(dst, stride, b); err != nil && !errors.Is(err, ErrData) {
			t.Fatal(err)
		}
		for i, v := range dst {
			if i%stride >= w && v != mark {
				t.Fatalf("sample (%d, %d) was written", i%stride, i/stride)
			}
		}
	})
}
