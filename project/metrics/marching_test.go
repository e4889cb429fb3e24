package metrics

import (
	"math"
	"testing"
)

// The marching cubes areas by hand: a corner, an edge, a side.
func TestSurfaceElementsOfKnownShape(t *testing.T) {
	s := [3]float64{2, 3, 5}
	area := surfaceAreas(s)
	corner := 0.125 * math.Sqrt(3*5*3*5+2*5*2*5+2*3*2*3)
	for _, c := range []struct {
		name string
		code int
		want float64
	}{
		{"nothing inside", 0, 0},
		{"all inside", 255, 0},
		{"one corner inside", 1, corner},
		{"one corner outside", 254, corner},
		{"opposite corners inside", 1 | 128, 2 * corner},
		{"the lower slice inside", 0b00001111, 2 * 3},
		{"the lower row inside", 0b00110011, 2 * 5},
		{"the lower column inside", 0b01010101, 3 * 5},
		{"an edge along the row inside", 0b00000011, 2 * 0.5 * math.Hypot(3, 5)},
		{"a corner and its three neighbours: a hexagon", 0b00010111, 6 * corner},
	} {
		if got := area[c.code]; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: area %v, want %v", c.name, got, c.want)
		}
	}
}

// Turning the cell inside out or mirroring an axis leaves the area.
func TestSurfaceAreasAreSymmetric(t *testing.T) {
	area := surfaceAreas([3]float64{0.7, 1.9, 4})
	for code := range 256 {
		if d := math.Abs(area[code] - area[255-code]); d > 1e-12 {
			t.Errorf("code %08b and its complement differ by %v", code, d)
		}
		for axis := range 3 {
			if d := math.Abs(area[code] - area[mirrored(code, axis)]); d > 1e-12 {
				t.Errorf("code %08b mirrored along axis %d differs by %v", code, axis, d)
			}
		}
	}
}

func mirrored(code, axis int) (out int) {
	for corner := range 8 {
		if code>>corner&1 != 0 {
			out |= 1 << (corner ^ 1<<axis)
		}
	}
	return out
}
