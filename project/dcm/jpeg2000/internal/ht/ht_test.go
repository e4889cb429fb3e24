package ht

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// randomBlock is a block of up to most bit planes and samples for it.
func randomBlock(r *rand.Rand, most int) (Block, []Magnitude, int) {
	b := Block{Planes: 1 + r.IntN(most), Width: 1 + r.IntN(64), Height: 1 + r.IntN(64), Passes: 1 + r.IntN(3), Causal: r.IntN(2) == 0}
	switch r.IntN(8) {
	case 0:
		b.Width, b.Height = 1+r.IntN(1024), 1+r.IntN(4)
	case 1:
		b.Width, b.Height = 1+r.IntN(4), 1+r.IntN(1024)
	}
	dense := r.IntN(12) == 0 // as many bits as there can be
	if dense {
		b.Planes = most - r.IntN(4)
	}
	b.Missing = r.IntN(b.Planes)
	if dense {
		b.Missing = b.Planes - 1
	}
	if b.Missing == b.Planes-1 {
		b.Passes = 1
	}
	stride := b.Width + r.IntN(5)
	src := make([]Magnitude, stride*b.Height)
	size, density := 1+r.IntN(b.Planes), r.Float64()
	if dense {
		density = 1
	}
	for i := range src {
		if r.Float64() < density {
			bits := 1 + r.IntN(size)
			if dense {
				bits = b.Planes
			}
			src[i] = Magnitude{r.Uint64(), r.Uint64(), r.IntN(2) == 0}.down(uint(128 - bits))
			if dense {
				src[i] = src[i].with(b.Planes - 1)
			}
			src[i].Negative = src[i].Negative && !src[i].zero()
		}
	}
	return b, src, stride
}

// with returns m with bit n set.
func (m Magnitude) with(n int) Magnitude {
	one := Magnitude{Lo: 1}.up(uint(n))
	return Magnitude{m.Hi | one.Hi, m.Lo | one.Lo, m.Negative}
}

// expected is what decoding must give, in half steps: the definition of the passes, sample by sample, without any bit stream.
func expected(b Block, src []Magnitude, stride int) []Magnitude {
	plane := b.Planes - 1 - b.Missing
	e := encoder{w: b.Width, h: b.Height, sigma: make([]bool, b.Width*b.Height)}
	out := make([]Magnitude, len(src))
	last := make([]int, b.Width*b.Height) // the last plane known of each sample, or -1 if it is not significant
	for i := range last {
		v := src[i/b.Width*stride+i%b.Width]
		last[i] = -1
		if e.sigma[i] = !v.down(uint(plane)).zero(); e.sigma[i] {
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
					if !e.sigma[i] && e.near(now, x, y, y0, b.Causal) && v.bit(plane-1) == 1 {
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
		if at := i/b.Width*stride + i%b.Width; p >= 0 {
			out[at] = src[at].down(uint(p)).up(1).with(0).up(uint(p))
		}
	}
	return out
}

// settled returns v, in half steps, without the shift of a region of interest, by the book: what is at least 2^shift whole steps is of the region.
func settled(v Magnitude, shift int) *big.Int {
	n := new(big.Int).SetUint64(v.Hi)
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(v.Lo))
	if limit := new(big.Int).Lsh(big.NewInt(2), uint(shift)); n.Cmp(limit) >= 0 {
		whole, rest := new(big.Int).QuoRem(n, new(big.Int).Lsh(big.NewInt(1), uint(shift)), new(big.Int))
		if n = whole; rest.Sign() > 0 {
			n.SetBit(n, 0, 1)
		}
	}
	if v.Negative {
		n.Neg(n)
	}
	return n
}

// untouched is what stands beside a block.
const untouched = -1 << 31

// decodeAs decodes b with f into samples between which there is room, and compares them with want.
func decodeAs[S int32 | int64](f func(dst []S, stride int, b Block) error, b Block, want []Magnitude, stride, shift int) error {
	got := make([]S, len(want))
	for i := range got {
		if i%stride >= b.Width {
			got[i] = untouched
		}
	}
	if err := f(got, stride, b); err != nil {
		return err
	}
	for i, v := range got {
		w := settled(want[i], shift)
		if i%stride >= b.Width {
			w = big.NewInt(untouched)
		}
		if w.Cmp(big.NewInt(int64(v))) != 0 {
			return fmt.Errorf("sample (%d, %d) is %d, not %d", i%stride, i/stride, v, w)
		}
	}
	return nil
}

func TestDecodingGivesBackWhatThePassesTold(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 4))
	var d Decoder
	for n := range 1500 {
		b, src, stride := randomBlock(r, NarrowPlanes)
		Encode(&b, src, stride)
		want := expected(b, src, stride)
		if err := decodeAs(d.Decode, b, want, stride, 0); err != nil {
			t.Fatalf("seed %d, block %d, %s: %v", seed, n, say(b), err)
		}
		if err := decodeAs(d.shifted(0), b, want, stride, 0); n%3 == 0 && err != nil {
			t.Fatalf("seed %d, block %d as a wide one, %s: %v", seed, n, say(b), err)
		}
	}
	for n := range 1000 {
		b, src, stride := randomBlock(r, WidePlanes)
		shift := max(0, b.Planes-62)
		shift += r.IntN(63 - shift)
		Encode(&b, src, stride)
		if err := decodeAs(d.shifted(shift), b, expected(b, src, stride), stride, shift); err != nil {
			t.Fatalf("seed %d, wide block %d, shift %d, %s: %v", seed, n, shift, say(b), err)
		}
	}
}

// shifted returns DecodeWide for a shift.
func (d *Decoder) shifted(shift int) func(dst []int64, stride int, b Block) error {
	return func(dst []int64, stride int, b Block) error { return d.DecodeWide(dst, stride, b, shift) }
}

func say(b Block) string {
	b.Data = nil
	return fmt.Sprintf("%+v", b)
}

func TestDamagedBlocksAreRefusedOrDecodedButNeverReadBeyond(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 5))
	var d Decoder
	dst, wide := make([]int32, 1024*1024), make([]int64, 1024*1024)
	refused := 0
	for n := range 4000 {
		most := []int{NarrowPlanes, WidePlanes}[n&1]
		b, src, stride := randomBlock(r, most)
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
		err := d.DecodeWide(wide, stride, b, max(0, b.Planes-62))
		if most == NarrowPlanes {
			err = d.Decode(dst, stride, b)
		}
		if err != nil {
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
