package volume

import (
	"math"
	"strings"

	"github.com/go-gl/mathgl/mgl64"
)

// PictureLetters returns the letters of a direction in a picture that has no position in the patient but says where its rows and columns lead:
// Patient Orientation (0020,0020), such as "A" and "F". v is in the axes of the picture: x to the right, y down. It is empty where the file says
// nothing usable. Head and foot become S and I, as Letters writes them.
//
// Between the axes the nearer one's letters stand first; the other's first letter follows from about 6 degrees on.
func PictureLetters(orientation [2]string, v mgl64.Vec3) string {
	row, okRow := sideLetters(orientation[0])
	column, okColumn := sideLetters(orientation[1])
	length := math.Hypot(v[0], v[1])
	if !okRow || !okColumn || axisOf(row[0]) == axisOf(column[0]) || !(length > 1e-9) {
		return ""
	}
	first, second, major, minor := row, column, v[0], v[1]
	if math.Abs(v[1]) > math.Abs(v[0]) {
		first, second, major, minor = column, row, v[1], v[0]
	}
	out := towards(first, major)
	if math.Abs(minor) > 0.1*length && len(first) == 1 {
		out += towards(second[:1], minor)
	}
	return out
}

// sideLetters turns one value of Patient Orientation into our letters: one to three of different axes, the strongest first.
func sideLetters(coded string) (string, bool) {
	out := strings.NewReplacer("H", "S", "F", "I").Replace(strings.TrimSpace(coded))
	used := ""
	for _, c := range []byte(out) {
		axis := axisOf(c)
		if axis == "" || strings.Contains(used, axis) || strings.ContainsAny(coded, "SI") {
			return "", false
		}
		used += axis
	}
	return out, out != ""
}

// axisOf returns both letters of the axis of c, or nothing.
func axisOf(c byte) string {
	for _, axis := range [3]string{"RL", "AP", "IS"} {
		if strings.IndexByte(axis, c) >= 0 {
			return axis
		}
	}
	return ""
}

// towards returns letters, each turned to its opposite for a negative sign.
func towards(letters string, sign float64) string {
	if sign >= 0 {
		return letters
	}
	out := []byte(letters)
	for n, c := range out {
		axis := axisOf(c)
		out[n] = axis[1-strings.IndexByte(axis, c)]
	}
	return string(out)
}
