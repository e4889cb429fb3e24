package voi

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// The standard's own worked examples for 8 bit output are C.11.2.1.2.1 notes 2 to 5; the rest is worked by hand from the formulas.
func TestGreyByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		v    VOI
		x    float64
		want float64
	}{
		{"c=2048 w=4096 is the identity on 0..4095: black", VOI{Center: 2048, Width: 4096}, 0, 0},
		{"c=2048 w=4096: white", VOI{Center: 2048, Width: 4096}, 4095, 255},
		{"c=2048 w=4096: middle", VOI{Center: 2048, Width: 4096}, 2047.5, 127.5},
		{"w=1 is a threshold at c-0.5: below", VOI{Center: 2048, Width: 1}, 2047, 0},
		{"w=1: on the threshold", VOI{Center: 2048, Width: 1}, 2047.5, 0},
		{"w=1: above", VOI{Center: 2048, Width: 1}, 2048, 255},
		{"c=0 w=100: -50 is the last black", VOI{Center: 0, Width: 100}, -50, 0},
		{"c=0 w=100: 49 is white", VOI{Center: 0, Width: 100}, 49, 255},
		{"c=0 w=100: 0 is ((0+0.5)/99+0.5)*255", VOI{Center: 0, Width: 100}, 0, (0.5/99 + 0.5) * 255},
		{"exact c=0 w=100: -50", VOI{Center: 0, Width: 100, Function: LinearExact}, -50, 0},
		{"exact c=0 w=100: 0", VOI{Center: 0, Width: 100, Function: LinearExact}, 0, 127.5},
		{"exact c=0 w=100: 50", VOI{Center: 0, Width: 100, Function: LinearExact}, 50, 255},
		{"exact SUV 0-5: 1", VOI{Center: 2.5, Width: 5, Function: LinearExact}, 1, 51},
		{"inverted SUV 0-5: 1", VOI{Center: 2.5, Width: 5, Function: LinearExact, Invert: true}, 1, 204},
		{"sigmoid: the centre is the middle", VOI{Center: 10, Width: 20, Function: Sigmoid}, 10, 127.5},
		{"sigmoid: half a width above is 1/(1+e^-2)", VOI{Center: 10, Width: 20, Function: Sigmoid}, 20, 255 / (1 + math.Exp(-2))},
		{"not a number is black", VOI{Center: 10, Width: 20, Invert: true}, math.NaN(), 0},
	} {
		if got := c.v.Grey(c.x); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, v := range []VOI{{Width: 0.5}, {Width: 0, Function: LinearExact}, {Width: -1, Function: Sigmoid}, {Width: 10, Function: "LOG"}, {Width: math.NaN()}, {Center: math.Inf(1), Width: 1}} {
		if v.Check() == nil {
			t.Errorf("%+v passed", v)
		}
	}
	for _, v := range []VOI{{Width: 1}, {Width: 0.001, Function: LinearExact}, {Width: 1e-6, Function: Sigmoid}} {
		if err := v.Check(); err != nil {
			t.Errorf("%+v: %v", v, err)
		}
	}
}

// TestTableIsTheFormula: whole stored values get exactly Level, fractions within one level of it, and monotone.
func TestTableIsTheFormula(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	var table Table
	for n := range 300 {
		v := VOI{Center: r.NormFloat64() * 1000, Width: 1 + math.Exp(r.Float64()*11), Invert: r.IntN(2) == 0,
			Function: []Function{Linear, LinearExact, Sigmoid, ""}[n%4]}
		slope, intercept := []float64{1, 2.5, 0.1, -1}[r.IntN(4)], []float64{0, -1024, 7.25}[r.IntN(3)]
		table.Set(v, slope, intercept)
		src := make([]int32, 2000)
		for i := range src {
			stored := float64(r.IntN(65536+32768) - 32768)
			if i%2 == 0 { // near the window
				stored = math.Floor(min(max((v.Center+(r.Float64()-0.5)*1.2*v.Width-intercept)/slope, -32768), 65535))
			}
			src[i] = int32(stored) << fractionBits
			if i >= 1000 {
				src[i] += int32(r.IntN(256))
			}
		}
		dst := make([]uint32, len(src))
		table.Fixed(dst, src)
		for i, f := range src {
			x := float64(f)/256*slope + intercept
			want := int(v.Level(x))
			got := int(dst[i] & 255)
			allowed := 0
			if i >= 1000 && v.Width/math.Abs(slope) > 2 {
				allowed = 1
			} else if i >= 1000 {
				continue // a step a voxel wide: which side of it a fraction falls on is a matter of its last bit
			}
			if got < want-allowed || got > want+allowed {
				t.Fatalf("%+v slope %v intercept %v: stored %v: got %d, want %d", v, slope, intercept, float64(f)/256, got, want)
			}
			if dst[i] != pixel(uint8(got)) {
				t.Fatalf("pixel %08x is not grey and opaque", dst[i])
			}
		}
	}
}

func TestFloatsAreTheFormula(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	var table Table
	for n := range 100 {
		v := VOI{Center: r.NormFloat64() * 10, Width: 1.5 + r.Float64()*30, Invert: r.IntN(2) == 0, Function: []Function{Linear, LinearExact, Sigmoid}[n%3]}
		table.Set(v, 1, 0)
		src := []float32{float32(math.NaN()), float32(math.Inf(-1)), float32(math.Inf(1)), -math.MaxFloat32, math.MaxFloat32}
		for range 500 {
			src = append(src, float32(v.Center+(r.Float64()-0.5)*1.5*v.Width))
		}
		dst := make([]uint32, len(src))
		table.Floats(dst, src)
		for i, x := range src {
			want := v.Grey(float64(x))
			if i < 2 {
				want = 0
			}
			if math.Abs(float64(dst[i]&255)-want) > 0.5001 {
				t.Fatalf("%+v at %v: got %d, want %v", v, x, dst[i]&255, want)
			}
		}
	}
}

func newVolume(t *testing.T, m project.Modality, p volume.Pixel, size [3]int) *volume.Volume {
	v, err := volume.New(volume.Geometry{Size: size, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}, p)
	if err != nil {
		t.Fatal(err)
	}
	v.Modality = m
	v.ArriveAll()
	return v
}

func TestAutoByHand(t *testing.T) {
	v := newVolume(t, "MR", volume.Int16, [3]int{1001, 1, 1})
	for n := range v.Int16 {
		v.Int16[n] = int16(n) // 0 is left out: 1 to 1000, percentiles 1 and 99.5 of them
	}
	lo, hi := Auto(v).Range()
	if math.Abs(lo-(1+0.01*999)) > 1e-9 || math.Abs(hi-(1+0.995*999)) > 1e-9 {
		t.Errorf("MR: %v to %v", lo, hi)
	}
	v.Modality = "DX"
	v.HasPadding, v.Padding = true, [2]float64{501, 1000}
	v.Slope, v.Intercept = 2, -10
	lo, hi = Auto(v).Range()
	if math.Abs(lo-(2*5-10)) > 1e-9 || math.Abs(hi-(2*495-10)) > 1e-9 {
		t.Errorf("DX with padding and rescale: %v to %v", lo, hi)
	}
	empty := newVolume(t, "MR", volume.Float32, [3]int{4, 4, 4})
	for n := range empty.Float32 {
		empty.Float32[n] = float32(math.NaN())
	}
	if got := Auto(empty); got != FromRange(0, 1) || got.Check() != nil {
		t.Errorf("nothing to look at: %+v", got)
	}
	flat := newVolume(t, "CR", volume.Uint8, [3]int{4, 4, 4})
	if err := Auto(flat).Check(); err != nil {
		t.Errorf("one value only: %v", err)
	}
}

func TestPresets(t *testing.T) {
	for _, m := range []project.Modality{"CT", "PT", "US"} {
		keys := map[rune]bool{}
		for _, p := range Presets(m) {
			if p.Key != 0 && (p.Key < '1' || p.Key > '9' || keys[p.Key]) {
				t.Errorf("%s %s: key %q", m, p.Name, p.Key)
			}
			keys[p.Key] = true
			if err := p.VOI.Check(); err != nil {
				t.Errorf("%s %s: %v", m, p.Name, err)
			}
		}
	}
	for _, m := range []project.Modality{"MR", "CR", "DX", "MG", "NM"} {
		for _, p := range Relative(m, VOI{Center: 1, Width: 1.5}) {
			if err := p.VOI.Check(); err != nil {
				t.Errorf("%s %s: %v", m, p.Name, err)
			}
		}
	}
	if lung := Presets("CT")[1]; lung.Key != '2' || lung.VOI != (VOI{Center: -600, Width: 1500}) {
		t.Errorf("lung is %+v", lung)
	}
}

func TestParse(t *testing.T) {
	ct, pet := newVolume(t, "CT", volume.Int16, [3]int{2, 2, 2}), newVolume(t, "PT", volume.Float32, [3]int{2, 2, 2})
	pet.Unit = "SUVbw"
	for _, c := range []struct {
		s    string
		v    *volume.Volume
		want VOI
	}{
		{"400/40", ct, VOI{Center: 40, Width: 400}},
		{"1500/-600", nil, VOI{Center: -600, Width: 1500}},
		{"1500/−600", ct, VOI{Center: -600, Width: 1500}},
		{" 80 / 40.5 ", ct, VOI{Center: 40.5, Width: 80}},
		{"0.5/1", pet, VOI{Center: 1, Width: 0.5, Function: LinearExact}},
		{"lung", ct, VOI{Center: -600, Width: 1500}},
		{"Soft-Tissue", nil, VOI{Center: 40, Width: 400}},
		{"suv 0-5", pet, VOI{Center: 2.5, Width: 5, Function: LinearExact, Invert: true}},
		{"auto", ct, Auto(ct)},
	} {
		if got, err := Parse(c.s, c.v); err != nil || got != c.want {
			t.Errorf("%q: got %+v, %v; want %+v", c.s, got, err, c.want)
		}
	}
	for _, s := range []string{"", "400", "0/40", "lungs", "a/b", "400/40/3", "nan/1"} {
		if got, err := Parse(s, ct); err == nil {
			t.Errorf("%q was taken for %+v", s, got)
		}
	}
	pet.Unit = "BQML"
	if got, err := Parse("suv 0-5", pet); err == nil {
		t.Errorf("5 Bq/ml are not an uptake of 5: %+v", got)
	}
	if got, err := Parse("auto", nil); err == nil {
		t.Errorf("auto without a volume: %+v", got)
	}
}

func BenchmarkTableSet(b *testing.B) {
	for _, v := range []VOI{{Center: 40, Width: 400}, {Center: 0, Width: 65536}, {Center: 40, Width: 400, Function: Sigmoid}} {
		b.Run(v.String()+string(v.Function), func(b *testing.B) {
			var t Table
			n := 0.0
			for b.Loop() {
				v.Center += 1
				n++
				t.Set(v, 1, -1024)
			}
		})
	}
}

func BenchmarkWindow1024(b *testing.B) {
	src, dst := make([]int32, 1<<20), make([]uint32, 1<<20)
	for n := range src {
		src[n] = (int32(uint32(n)*2654435761>>20) - 1024) << fractionBits
	}
	var t Table
	v := VOI{Center: 40, Width: 400}
	for b.Loop() {
		v.Center++ // the table is made anew for each frame, as in a window drag
		t.Set(v, 1, 0)
		t.Fixed(dst, src)
	}
}
