package voi

import (
	"math"
	"math/rand/v2"
	"testing"

	"hotlight/project/volume"
)

func TestTablesByHand(t *testing.T) {
	curve := &volume.LUT{First: -2, Bits: 8, Entries: []uint16{0, 51, 102, 255, 204}}
	half := &volume.LUT{First: 0, Bits: 16, Entries: []uint16{0, 65535, 0}}
	single := &volume.LUT{First: 7, Bits: 12, Entries: []uint16{4095}}
	stretched := FromLUT(curve)
	stretched.Width *= 2
	inverted := FromLUT(curve)
	inverted.Invert = true
	for _, c := range []struct {
		name string
		v    VOI
		x    float64
		want float64
	}{
		{"before the table: its first entry", FromLUT(curve), -40, 0},
		{"the first entry", FromLUT(curve), -2, 0},
		{"an entry below zero", FromLUT(curve), -1, 51},
		{"between two entries", FromLUT(curve), 0.5, 178.5},
		{"a table may fall", FromLUT(curve), 2, 204},
		{"after the table: its last entry", FromLUT(curve), 300, 204},
		{"inverted", inverted, -1, 204},
		{"not a number is black", inverted, math.NaN(), 0},
		{"16 bits", FromLUT(half), 1, 255},
		{"one entry", FromLUT(single), 0, 255},
		{"one entry, 8 bits of 12", FromLUT(&volume.LUT{Bits: 12, Entries: []uint16{819}}), 5, 51},
		{"twice as wide: the same entry twice as far from the centre", stretched, -2, 51},
		{"twice as wide: the end", stretched, 4, 204},
		{"a presentation table after the window", VOI{Center: 0, Width: 100, Function: LinearExact, Presentation: half}, 0, 255},
		{"a presentation table at the white end", VOI{Center: 0, Width: 100, Function: LinearExact, Presentation: half}, 50, 0},
		{"inversion comes last", VOI{Center: 0, Width: 100, Function: LinearExact, Presentation: half, Invert: true}, 50, 255},
	} {
		if err := c.v.Check(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := c.v.Grey(c.x); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	for _, l := range []*volume.LUT{{Bits: 8}, {Entries: []uint16{1}}, {Bits: 17, Entries: []uint16{1}}} {
		if (VOI{Width: 1, LUT: l}).Check() == nil || (VOI{Width: 1, Presentation: l}).Check() == nil {
			t.Errorf("%+v passed", l)
		}
	}
}

// TestDrawnTablesAreTheirEntries: every whole value gets its entry, scaled to 255 and rounded, by the finished table and among floats.
func TestDrawnTablesAreTheirEntries(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	var table Table
	for range 60 {
		l := &volume.LUT{First: r.IntN(4000) - 2000, Bits: 8 + r.IntN(9), Entries: make([]uint16, 1+r.IntN(1<<r.IntN(17)))}
		for n := range l.Entries {
			l.Entries[n] = uint16(r.IntN(1 << l.Bits))
		}
		w := FromLUT(l)
		w.Invert = r.IntN(2) == 0
		slope, intercept := []float64{1, 2, -1}[r.IntN(3)], float64(r.IntN(2048)-1024)
		table.Set(w, slope, intercept)
		fixed, floats := make([]int32, 500), make([]float32, 500)
		for n := range fixed {
			stored := r.IntN(65536+32768) - 32768
			if n%2 == 0 {
				stored = int((float64(l.First+r.IntN(len(l.Entries))) - intercept) / slope)
				stored = min(max(stored, -32768), 65535)
			}
			fixed[n], floats[n] = int32(stored)<<fractionBits, float32(stored)
		}
		a, b := make([]uint32, len(fixed)), make([]uint32, len(fixed))
		table.Fixed(a, fixed)
		table.Floats(b, floats)
		for n, v := range fixed {
			x := int(float64(v>>fractionBits)*slope + intercept)
			y := float64(l.Entries[max(0, min(x-l.First, len(l.Entries)-1))]) / l.Full() * 255
			if w.Invert {
				y = 255 - y
			}
			if want := pixel(uint8(y + 0.5)); a[n] != want || b[n] != want {
				t.Fatalf("table of %d from %d, value %d: %08x and %08x, want %08x", len(l.Entries), l.First, x, a[n], b[n], want)
			}
		}
	}
}
