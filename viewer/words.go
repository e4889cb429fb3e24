package viewer

import (
	"fmt"
	"math"
	"strings"

	"hotlight/project/volume"
)

// Numbers are written with a true minus, thousands by a thin gap, and a fixed number of places, so that they do not dance while they change.

// whole writes a whole number: "3 391".
func whole(n int) string {
	s := fmt.Sprint(max(n, -n))
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + " " + s[at:]
	}
	if n < 0 {
		s = "−" + s
	}
	return s
}

// fixed writes v with so many places after the point.
func fixed(v float64, places int) string {
	s := fmt.Sprintf("%.*f", places, math.Abs(v))
	if v < 0 && strings.Trim(s, "0.") != "" {
		s = "−" + s
	}
	return s
}

// level writes a grey level or a value: whole numbers as such, others with about three digits, without gaps: "1500", "−600", "0.25".
func level(v float64) string {
	if v == math.Trunc(v) || math.Abs(v) >= 100 {
		return fixed(v, 0)
	}
	return significant(v)
}

// significant writes v with about three digits: 0.0123, 1.23, 123, 12 345.
func significant(v float64) string {
	a := math.Abs(v)
	switch {
	case a == 0:
		return "0"
	case a >= 100:
		return whole(int(math.Round(v)))
	case a >= 10:
		return fixed(v, 1)
	case a >= 1:
		return fixed(v, 2)
	}
	return fixed(v, min(6, 2-int(math.Floor(math.Log10(a)))))
}

// place writes a patient point: "R 57.3  P 130.8  I 519.8 mm".
func place(p volume.Point) string {
	return side(p[0], "L", "R") + "  " + side(p[1], "P", "A") + "  " + side(p[2], "S", "I") + " mm"
}

func side(v float64, plus, minus string) string {
	if v < 0 {
		return minus + " " + fixed(-v, 1)
	}
	return plus + " " + fixed(v, 1)
}

// along writes where a plane lies by the one letter that its normal is nearest to: "I 519.8 mm".
func along(g *volume.Geometry, axis int, p volume.Point) string {
	v := g.Axis(axis)
	best := 0
	for c := range 3 {
		if math.Abs(v[c]) > math.Abs(v[best]) {
			best = c
		}
	}
	pairs := [3][2]string{{"L", "R"}, {"P", "A"}, {"S", "I"}}
	return side(p[best], pairs[best][0], pairs[best][1]) + " mm"
}

// volumeOf writes how much count voxels are: "2.07 ml", "–" for none, voxels where the grid gives no volume.
func volumeOf(g *volume.Geometry, count int64) string {
	if count == 0 {
		return "–"
	}
	if ml, ok := g.VoxelML(); ok {
		return significant(ml*float64(count)) + " ml"
	}
	return whole(int(count)) + " vx"
}

// gridSentence says what kind of grid it is, in full and in brief; warned when lengths across it cannot be trusted blindly.
func gridSentence(m *Image) (long, brief string, warned bool) {
	g := m.Geometry
	spacing := fixed(g.Spacing[0], 2) + " × " + fixed(g.Spacing[1], 2)
	switch {
	case m.Lengths == "mm in regions":
		return "Millimetres within the ultrasound's regions, else pixels", "Lengths in pixels", true
	case g.Uncalibrated:
		return "No pixel size in the file. Lengths are in pixels.", "Lengths in pixels", true
	case m.Lengths == "mm at detector":
		return spacing + " mm at the detector", "mm at the detector", true
	case m.Lengths != "" && m.Lengths != "mm":
		return "Pixels of " + spacing + " " + m.Lengths, m.Lengths, true
	case g.NoPosition || g.Size[2] == 1:
		return "Pixels of " + spacing + " mm", "", false
	case g.IsStack():
		return "Planes as acquired, not a regular grid: exact plane by plane", "Not a regular grid", true
	}
	return "Regular grid " + spacing + " × " + fixed(g.Spacing[2], 2) + " mm, no gap, no tilt", "Regular grid", false
}
