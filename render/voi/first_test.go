package voi

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// slice is a volume of one slice of 200 x 200 pixels whose values are f's.
func slice(t *testing.T, pixel volume.Pixel, f func(n int) float64) *volume.Volume {
	t.Helper()
	v, err := volume.New(volume.Geometry{Size: [3]int{200, 200, 1}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}, pixel)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Voxels() {
		switch pixel {
		case volume.Int16:
			v.Int16[n] = int16(f(n))
		case volume.Uint16:
			v.Uint16[n] = uint16(f(n))
		case volume.Float32:
			v.Float32[n] = float32(f(n))
		}
	}
	v.ArriveAll()
	return v
}

// part gives inside to every pixel of a disc that covers share of the slice, outside to the others.
func part(share float64, inside, outside func() float64) func(int) float64 {
	r2 := share * 40000 / math.Pi
	return func(n int) float64 {
		x, y := float64(n%200)-99.5, float64(n/200)-99.5
		if x*x+y*y <= r2 {
			return inside()
		}
		return outside()
	}
}

func TestFirstPassesOverWindowsThatShowNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	between := func(lo, hi float64) func() float64 {
		return func() float64 { return math.Floor(lo + rng.Float64()*(hi-lo)) }
	}
	always := func(x float64) func() float64 { return func() float64 { return x } }
	every := func(f func() float64) func(int) float64 { return func(int) float64 { return f() } }
	air, tissue, soft, lung := between(-1010, -980), between(-20, 80), ctPresets[0].VOI, ctPresets[1].VOI
	half := &volume.LUT{First: 1000, Bits: 8, Entries: []uint16{0, 60, 120, 180, 255}}
	inverted := soft
	inverted.Invert = true
	for name, c := range map[string]struct {
		v       *volume.Volume
		sources []VOI
		want    int
	}{
		"a body in air":                         {slice(t, volume.Int16, part(0.4, tissue, air)), []VOI{soft}, 0},
		"95 % air":                              {slice(t, volume.Int16, part(0.05, tissue, air)), []VOI{soft}, 0},
		"99 % air":                              {slice(t, volume.Int16, part(0.01, tissue, air)), []VOI{soft}, 0},
		"a wire in air":                         {slice(t, volume.Int16, part(0.003, between(900, 1000), air)), []VOI{soft}, 0},
		"only air, which is noise":              {slice(t, volume.Int16, every(air)), []VOI{soft, lung}, 1},
		"noise of 16 bits":                      {slice(t, volume.Uint16, every(between(2000, 65536))), []VOI{soft, lung}, 2},
		"noise, the window inverted":            {slice(t, volume.Uint16, every(between(2000, 65536))), []VOI{inverted}, 1},
		"counts that are no HU":                 {slice(t, volume.Int16, every(between(1000, 1400))), []VOI{soft}, 1},
		"the same with one dead pixel":          {slice(t, volume.Int16, part(0.00006, always(0), between(1000, 1400))), []VOI{soft}, 1},
		"the same with one hot pixel":           {slice(t, volume.Int16, part(0.00006, always(30000), between(-900, -700))), []VOI{soft}, 1},
		"lungs cut out":                         {slice(t, volume.Int16, part(0.3, between(-900, -700), always(-1000))), []VOI{soft, lung}, 1},
		"one value":                             {slice(t, volume.Int16, every(always(-1000))), []VOI{soft}, 0},
		"a mask, a tenth of a per cent of it":   {slice(t, volume.Uint16, part(0.001, always(1), always(0))), []VOI{FromRange(0, 1)}, 0},
		"a mask under a window far too wide":    {slice(t, volume.Uint16, part(0.3, always(1), always(0))), []VOI{FromRange(0, 65535)}, 1},
		"eight bits under a window of sixteen":  {slice(t, volume.Uint16, every(between(0, 100))), []VOI{FromRange(0, 65535)}, 1},
		"uptake at a point":                     {slice(t, volume.Float32, part(0.002, between(3, 9), always(0))), []VOI{suv(5)}, 0},
		"uptake of a body":                      {slice(t, volume.Float32, part(0.2, func() float64 { return rng.Float64() * 3 }, always(0))), []VOI{suv(5)}, 0},
		"counts under a window for uptake":      {slice(t, volume.Float32, every(between(100, 30000))), []VOI{suv(5)}, 1},
		"a radiograph, its own window":          {slice(t, volume.Uint16, every(between(200, 3800))), []VOI{{Center: 2000, Width: 3000, Invert: true}}, 0},
		"a radiograph, collimated to 2 %":       {slice(t, volume.Uint16, part(0.02, between(200, 3800), always(4095))), []VOI{{Center: 2000, Width: 3000}}, 0},
		"a sigmoid that is elsewhere":           {slice(t, volume.Uint16, every(between(3000, 4000))), []VOI{{Center: 0, Width: 100, Function: Sigmoid}}, 1},
		"a table that is elsewhere":             {slice(t, volume.Uint16, every(between(3000, 4000))), []VOI{FromLUT(half)}, 1},
		"the file's second window shows":        {slice(t, volume.Uint16, every(between(3000, 4000))), []VOI{FromLUT(half), FromRange(2000, 5000), soft}, 1},
		"a window that the standard forbids":    {slice(t, volume.Int16, part(0.4, tissue, air)), []VOI{{Center: 40}, soft}, 1},
		"nothing to choose from":                {slice(t, volume.Int16, part(0.4, tissue, air)), nil, 0},
		"half of the picture at each end of it": {slice(t, volume.Int16, part(0.5, between(500, 900), air)), []VOI{soft}, 0},
	} {
		if got := First(c.v, 0, c.sources...); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		if first, again := First(c.v, 0, c.sources...), First(c.v, 0, c.sources...); first != again {
			t.Errorf("%s: %d, then %d", name, first, again)
		}
	}
}

func TestFirstHasNothingToJudgeBy(t *testing.T) {
	noise := func(n int) float64 { return float64(3000 + 7919*n%20000) }
	v := slice(t, volume.Uint16, noise)
	if First(v, 0, ctPresets[0].VOI) != 1 {
		t.Fatal("the test has a picture that the preset shows")
	}
	v.HasPadding, v.Padding = true, [2]float64{0, 65535}
	if got := First(v, 0, ctPresets[0].VOI); got != 0 {
		t.Errorf("all padding: %d", got)
	}
	if late, err := volume.New(v.Geometry, volume.Uint16); err != nil || First(late, 0, ctPresets[0].VOI) != 0 {
		t.Errorf("a slice that is not there yet: %v", err)
	}
	nothing := slice(t, volume.Float32, func(int) float64 { return math.NaN() })
	if got := First(nothing, 0, ctPresets[0].VOI); got != 0 {
		t.Errorf("no numbers: %d", got)
	}
	colour, err := volume.New(v.Geometry, volume.RGB8)
	if err != nil {
		t.Fatal(err)
	}
	colour.ArriveAll()
	if got := First(colour, 0, ctPresets[0].VOI); got != 0 {
		t.Errorf("colour: %d", got)
	}
}

func BenchmarkFirst(b *testing.B) {
	v, err := volume.New(volume.Geometry{Size: [3]int{2048, 2048, 1}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}, volume.Int16)
	if err != nil {
		b.Fatal(err)
	}
	for n := range v.Int16 {
		v.Int16[n] = int16(7919 * n)
	}
	v.ArriveAll()
	for b.Loop() {
		First(v, 0, ctPresets[0].VOI)
	}
}
