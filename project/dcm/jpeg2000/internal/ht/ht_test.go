package ht

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// randomBlock is a block and samples for it.
func randomBlock(r *rand.Rand) (Block, []int32, int) {
	b := Block{Planes: 1 + r.IntN(30), Width: 1 + r.IntN(64), Height: 1 + r.IntN(64), Passes: 1 + r.IntN(3), Causal: r.IntN(2) == 0}
	switch r.IntN(8) {
	case 0:
		b.Width, b.Height = 1+r.IntN(1024), 1+r.IntN(4)
	case 1:
		b.Width, b.Height = 1+r.IntN(4), 1+r.IntN(1024)
	}
	dense := r.IntN(12) == 0 // as many bits as there can be
	if dense {
		b.Planes = 27 + r.IntN(4)
	}
	b.Missing = r.IntN(b.Planes)
	if dense {
		b.Missing = b.Planes - 1
	}
	if b.Missing == b.Planes-1 {
		b.Passes = 1
	}
	stride := b.Width + r.IntN(5)
	src := make([]int32, stride*b.Height)
	size, density := 1+r.IntN(b.Planes), r.Float64()
	if dense {
		density = 1
	}
	for i := range src {
		if r.Float64() < density {
			if src[i] = r.Int32N(1 << (1 + r.IntN(size))); dense {
				src[i] = 1<<b.Planes - 1 - r.Int32N(1<<(b.Planes-1))
			}
			if src[i] >= 1<<b.Planes {
				src[i] = 1<<b.Planes - 1
			}
			if r.IntN(2) == 0 {
				src[i] = -src[i]
			}
		}
	}
	// the cleanup pass has no more than Missing+1 bits
	for i, v := range src {
		if max(v, -v)>>(b.Planes-1-b.Missing)>>(b.Missing+1) != 0 {
			src[i] = 0
		}
	}
	return b, src, stride
}

// expected is what decoding must give: the definition of the passes, sample by sample, without any bit stream.
func expected(b Block, src []int32, stride int) []int32 {
	plane := b.Planes - 1 - b.Missing
	e := encoder{w: b.Width, h: b.Height, sigma: make([]bool, b.Width*b.Height)}
	out := make([]int32, len(src))
	last := make([]int, b.Width*b.Height) // the last plane known of each sample, or -1 if it is not significant
	for i := range last {
		v := src[i/b.Width*stride+i%b.Width]
		last[i] = -1
		if e.sigma[i] = max(v, -v)>>plane > 0; e.sigma[i] {
			last[i] = plane
		}
	}
	if b.Passes > 1 {
		now := slices.Clone(e.sigma)
		for y0 := 0; y0 < b.Height; y0 += 4 {
			for x := range b.Width {
				for y := y0; y < min(y0+4, b.Height); y++ {
					i := y*b.Width + x
					v := src[y*stride+x]
					if !e.sigma[i] && e.near(now, x, y, y0, b.Causal) && max(v, -v)>>(plane-1)&1 == 1 {
						now[i], last[i] = true, plane-1
					}
					if e.sigma[i] && b.Passes > 2 {
						last[i] = plane - 1
					}
				}
			}
		}
	}
	for i, p := range last {
		if p >= 0 {
			v := src[i/b.Width*stride+i%b.Width]
			m := (max(v, -v)>>p<<1 | 1) << p
			if v < 0 {
				m = -m
			}
			out[i/b.Width*stride+i%b.Width] = m
		}
	}
	return out
}

func TestDecodingGivesBackWhatThePassesTold(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 4))
	var d Decoder
	for n := range 1500 {
		b, src, stride := randomBlock(r)
		Encode(&b, src, stride)
		got := make([]int32, len(src))
		const outside = -1 << 31
		for i := range got {
			if i%stride >= b.Width {
				got[i] = outside
			}
		}
		if err := d.Decode(got, stride, b); err != nil {
			t.Fatalf("seed %d, block %d, %s: %v", seed, n, say(b), err)
		}
		want := expected(b, src, stride)
		for i := range want {
			if i%stride >= b.Width {
				want[i] = outside
			}
			if got[i] != want[i] {
				t.Fatalf("seed %d, block %d, %s: sample (%d, %d) of %d is %d, not %d", seed, n, say(b), i%stride, i/stride, src[i], got[i], want[i])
			}
		}
	}
}

func say(b Block) string {
	b.Data = nil
	return fmt.Sprintf("%+v", b)
}

func TestDamagedBlocksAreRefusedOrDecodedButNeverReadBeyond(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 5))
	var d Decoder
	dst := make([]int32, 1024*1024)
	refused := 0
	for n := range 4000 {
		b, src, stride := randomBlock(r)
		Encode(&b, src, stride)
		b.Data = slices.Clone(b.Data)
		switch r.IntN(4) {
		case 0:
			for i := range b.Data {
				b.Data[i] = byte(r.Uint32())
			}
		case 1:
			b.Cleanup = 2 + r.IntN(len(b.Data)-1)
			b.Refinement = len(b.Data) - b.Cleanup
		default:
			for range 1 + r.IntN(5) {
				b.Data[r.IntN(len(b.Data))] ^= 1 << r.IntN(8)
			}
		}
		b.Data = b.Data[:len(b.Data):len(b.Data)]
		if err := d.Decode(dst, stride, b); err != nil {
			refused++
			if !errors.Is(err, ErrData) {
				t.Fatalf("seed %d, block %d: %v", seed, n, err)
			}
		}
	}
	if refused == 0 {
		t.Fatalf("seed %d: no damaged block was refused", seed)
	}
}
