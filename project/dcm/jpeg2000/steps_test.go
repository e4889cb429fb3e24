package jpeg2000

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The fast ways must give the very bits of the plain ones, on every processor.

func random(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// plain97 takes one step after the other, as T.800 F.3.8.2 is written.
func plain97(x []float32, odd int) {
	if len(x) == 1 {
		x[0] /= float32(1 + odd)
		return
	}
	for n, factor := range []float32{delta, gamma, beta, alpha} {
		for i := (odd + n) & 1; i < len(x); i += 2 {
			before, after := max(i-1, 1-i), min(i+1, 2*len(x)-3-i)
			x[i] -= float32(factor * float32(x[before]+x[after]))
		}
	}
}

func TestInverse97(t *testing.T) {
	r := random(t)
	for n := 1; n < 40; n++ {
		for odd := range 2 {
			want := make([]float32, n)
			for i := range want {
				want[i] = float32(r.NormFloat64() * 1000)
			}
			row := slices.Clone(want)
			columns := make([]float32, 0, 3*n)
			for _, v := range want {
				columns = append(columns, v, -v, 2*v)
			}
			plain97(want, odd)
			if inverse97(row, odd); !slices.Equal(row, want) {
				t.Errorf("row of %d from %d on: %v, want %v", n, odd, row, want)
			}
			columns97(&grid[float32]{columns, 3, n, 0, 3}, odd)
			for i, v := range want {
				if got := columns[3*i:][:3]; got[0] != v || got[1] != -v || got[2] != 2*v {
					t.Errorf("columns of %d from %d on: %v at %d, want %v", n, odd, got, i, v)
				}
			}
		}
	}
}

func TestRounded(t *testing.T) {
	r := random(t)
	nan := float32(math.NaN())
	in := []float32{0, 0.5, -0.5, 1.5, 2.5, 1e30, -1e30, float32(math.Inf(1)), float32(math.Inf(-1)), nan, -nan,
		math.Float32frombits(math.Float32bits(nan) ^ 1<<31), 3 << 22, -3 << 22, 1 << 22, -1 << 22, 1<<20 - 0.5, -1<<20 - 0.5, 1<<20 - 1.5, math.MaxFloat32, -math.MaxFloat32}
	for range 10000 {
		in = append(in, math.Float32frombits(r.Uint32()), float32(r.NormFloat64()*1000), float32(r.IntN(1<<17)-1<<16)+0.5)
	}
	for _, s := range []sampling{{precision: 1}, {precision: 8}, {precision: 8, signed: true}, {precision: 12}, {precision: 16, signed: true}, {precision: 20}, {precision: 21, signed: true}, {precision: 21}} {
		l := levelOf[int32](s)
		out := make([]int32, len(in))
		l.rounded(out, in)
		for i, v := range in {
			want := l.low
			if f := math.RoundToEven(float64(v)) + float64(l.shift); f > float64(l.low) {
				want = int32(min(f, float64(l.high)))
			}
			if out[i] != want {
				t.Errorf("%d bits, signed %v: %v is %d, want %d", s.precision, s.signed, v, out[i], want)
			}
		}
	}
}

// TestDecodingSteps decodes the same bytes in both ways, changing between them.
func TestDecodingSteps(t *testing.T) {
	r := random(t)
	for range 200 {
		src := make([]byte, r.IntN(300))
		for i := range src {
			src[i] = byte(max(r.IntN(300), 0x80) - r.IntN(0x80)) // many FF
		}
		var one, both mq
		one.reset()
		both.reset()
		d, e := one.start(src), both.start(src)
		for n := 0; n < 4000; {
			v := both.interval(e)
			for range r.IntN(20) {
				k := uint8(r.IntN(contextCount))
				var want, got uint32
				d, want = one.decode(d, k)
				if v, got = both.next(v, k); got != want || both.contexts != one.contexts {
					t.Fatalf("symbol %d: %d, want %d", n, got, want)
				}
				n++
			}
			for e = both.keep(v); r.IntN(20) > 0; n++ {
				k := uint8(r.IntN(contextCount))
				var want, got uint32
				d, want = one.decode(d, k)
				if e, got = both.decode(e, k); got != want || e != d {
					t.Fatalf("symbol %d: %d, want %d", n, got, want)
				}
			}
		}
	}
}
