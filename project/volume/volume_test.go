package volume

import (
	"math"
	"slices"
	"testing"

	"github.com/go-gl/mathgl/mgl64"
)

func small(t *testing.T, p Pixel) *Volume {
	t.Helper()
	v, err := New(Geometry{Size: [3]int{2, 3, 2}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}, p)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestValueRescalesAndHidesWhatIsNoMeasurement(t *testing.T) {
	v := small(t, Int16)
	v.Slope, v.Intercept = 2, -1000
	v.Padding, v.HasPadding = [2]float64{-2048, -2000}, true
	v.Int16[v.Offset(1, 2, 0)] = 520
	v.Int16[v.Offset(0, 0, 0)] = -2000
	v.Int16[v.Offset(1, 2, 1)] = 7
	v.Arrive(0)
	for name, c := range map[string]struct {
		x     Index
		value float64
		ok    bool
	}{
		"a value in its unit":            {Index{1, 2, 0}, 40, true},
		"the voxel that holds the point": {Index{0.6, 2.4, 0.4}, 40, true},
		"padding":                        {Index{0, 0, 0}, 0, false},
		"a slice that has not arrived":   {Index{1, 2, 1}, 0, false},
		"outside":                        {Index{1, 2, -0.6}, 0, false},
	} {
		if got, ok := v.Value(c.x); got != c.value || ok != c.ok {
			t.Errorf("%s: %v %t", name, got, ok)
		}
	}
}

func TestValueOfFloatsAndColour(t *testing.T) {
	f := small(t, Float32)
	f.ArriveAll()
	f.Float32[0] = float32(math.NaN())
	if _, ok := f.Value(Index{0, 0, 0}); ok {
		t.Error("not a number is no value")
	}
	c := small(t, RGB8)
	c.ArriveAll()
	if _, ok := c.Value(Index{0, 0, 0}); ok {
		t.Error("a colour has no single value")
	}
}

func TestSlicesArrive(t *testing.T) {
	v := small(t, Uint8)
	if got := v.ArrivedSlices(); !slices.Equal(got, []bool{false, false}) {
		t.Errorf("at first %v", got)
	}
	v.Arrive(1)
	v.Arrive(1)
	if v.Complete() || !v.Arrived(1) || !slices.Equal(v.ArrivedSlices(), []bool{false, true}) {
		t.Error("one slice arrived, twice said")
	}
	v.Arrive(0)
	if !v.Complete() || v.ArrivedSlices() != nil {
		t.Error("all are here")
	}
}

func TestNewRefuses(t *testing.T) {
	for name, size := range map[string][3]int{"no columns": {0, 1, 1}, "negative": {1, -1, 1}, "too many": {1, 1, 1<<20 + 1}} {
		if _, err := New(Geometry{Size: size}, Int16); err == nil {
			t.Errorf("%s is refused", name)
		}
	}
	if _, err := New(Geometry{Size: [3]int{1, 1, 1}}, 0); err == nil {
		t.Error("no pixel type is refused")
	}
}

func TestStorageOfEachPixelType(t *testing.T) {
	for p, want := range map[Pixel]int{Uint8: 12, Int16: 12, Uint16: 12, Float32: 12, RGB8: 36} {
		v := small(t, p)
		if got := len(v.Uint8) + len(v.Int16) + len(v.Uint16) + len(v.Float32) + len(v.RGB); got != want {
			t.Errorf("%s has %d values, want %d", p, got, want)
		}
	}
}
