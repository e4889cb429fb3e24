package jpeg2000

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// anyWindow returns a window that starts anywhere, odd and even.
func anyWindow(r *rand.Rand) rect {
	x0, y0 := r.IntN(30), r.IntN(30)
	return rect{x0, y0, x0 + 1 + r.IntN(20), y0 + 1 + r.IntN(20)}
}

// TestExpand moves samples apart in place, also those of windows with more than is needed, in rows that are longer than they are wide, and compares with copies.
func TestExpand(t *testing.T) {
	r := random(t)
	for n := range 5000 {
		w := anyWindow(r)
		low := w.halved(1)
		low = rect{low.x0 - r.IntN(9), low.y0 - r.IntN(9), low.x1 + r.IntN(9), low.y1 + r.IntN(9)}
		from, to := raster{low, r.IntN(40), low.width() + r.IntN(30)}, raster{w, r.IntN(40), w.width() + r.IntN(30)}
		if r.IntN(2) == 0 {
			to.stride = max(from.stride, to.stride)
			from.stride = to.stride
		}
		if r.IntN(2) == 0 {
			from.at, to.at = 0, 0
		}
		size := 1 + max(from.index(max(low.x0, low.x1-1), max(low.y0, low.y1-1)), to.index(w.x1-1, w.y1-1))
		before := make([]int32, size)
		for i := range before {
			before[i] = r.Int32()
		}
		samples := slices.Clone(before)
		expand(samples, from, to)
		need := w.halved(1)
		for y := need.y0; y < need.y1; y++ {
			for x := need.x0; x < need.x1; x++ {
				if got, want := samples[to.index(2*x, 2*y)], before[from.index(x, y)]; got != want {
					t.Fatalf("case %d, from %+v to %+v: sample %d, %d is %d, not %d", n, from, to, x, y, got, want)
				}
			}
		}
	}
}

// TestClearRaster demands zero at all places of a window, or at all that are odd on an axis, and that nothing else changes.
func TestClearRaster(t *testing.T) {
	r := random(t)
	for n := range 1000 {
		w, low := anyWindow(r), n&1 == 1
		to := raster{w, r.IntN(40), w.width() + r.IntN(30)}
		want := make([]int32, 1+to.index(w.x1-1, w.y1-1)+r.IntN(20))
		for i := range want {
			want[i] = 1 + r.Int32()&0xFFFF
		}
		got := slices.Clone(want)
		for y := w.y0; y < w.y1; y++ {
			for x := w.x0; x < w.x1; x++ {
				if !low || (x|y)&1 == 1 {
					want[to.index(x, y)] = 0
				}
			}
		}
		if clearRaster(got, to, low); !slices.Equal(got, want) {
			t.Fatalf("case %d, %+v, %v: %v, want %v", n, to, low, got, want)
		}
	}
}

// TestBuffersAreTakenFromTheBudget: a tile that needs no more than those before it takes nothing, a larger one all of its own, whatever there is of earlier pictures.
// What is refused is not taken.
func TestBuffersAreTakenFromTheBudget(t *testing.T) {
	d := decoder{budget: 1000, memory: make([]int32, 500)}
	for _, tile := range []struct {
		narrow, deep int
		left         budget
		err          error
	}{{150, 0, 400, nil}, {100, 0, 400, nil}, {0, 51, 400, errWork}, {0, 20, 240, nil}, {150, 20, 240, nil}, {151, 20, 240, errWork}, {150, 30, 0, nil}} {
		if err := d.buffers(tile.narrow, tile.deep); err != tile.err || d.budget != tile.left {
			t.Errorf("%+v: %v, %d bytes are left", tile, err, d.budget)
		} else if err == nil && (len(d.memory) != tile.narrow || len(d.deepMemory) != tile.deep) {
			t.Errorf("%+v: there is room for %d and %d", tile, len(d.memory), len(d.deepMemory))
		}
	}
}

// TestRoundedInPlace makes int64 of float32 in the memory where they come to lie or before it.
func TestRoundedInPlace(t *testing.T) {
	r := random(t)
	for range 1000 {
		n := 1 + r.IntN(20)
		out := make([]int64, n+r.IntN(5))
		in := floats(halves(out))[r.IntN(1+2*(len(out)-n)):][:n]
		for i := range in {
			in[i] = float32(r.NormFloat64() * (1 << 30))
		}
		l := levelOf[int64](sampling{precision: uint8(27 + r.IntN(12)), signed: r.IntN(2) == 0})
		want := make([]int64, n)
		l.rounded(want, slices.Clone(in))
		got := out[len(out)-n:]
		if l.rounded(got, in); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}
