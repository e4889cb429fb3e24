package volume

import (
	"testing"

	"github.com/go-gl/mathgl/mgl64"
)

func TestLettersOfAPictureWithoutPosition(t *testing.T) {
	right, down := mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}
	for name, c := range map[string]struct {
		row, column string
		v           mgl64.Vec3
		want        string
	}{
		"right of a chest from the front": {"L", "F", right, "L"},
		"its left":                        {"L", "F", right.Mul(-1), "R"},
		"its top":                         {"L", "F", down.Mul(-1), "S"},
		"its bottom":                      {"L", "F", down.Mul(3), "I"},
		"a lateral view":                  {"A", "F", right.Mul(-1), "P"},
		"oblique sides as coded":          {"PR", "F", right, "PR"},
		"and their opposites":             {"AFR", "FP", right.Mul(-1), "PSL"},
		"turned by a quarter":             {"L", "F", down, "I"},
		"turned by 30 degrees":            {"L", "F", mgl64.Vec3{0.866, 0.5, 0}, "LI"},
		"turned by 60 degrees":            {"L", "F", mgl64.Vec3{0.5, -0.866, 0}, "SL"},
		"no direction":                    {"L", "F", mgl64.Vec3{}, ""},
		"nothing said":                    {"", "", right, ""},
		"half of it":                      {"L", "", right, ""},
		"rows and columns along one axis": {"L", "R", right, ""},
		"an axis twice":                   {"LR", "F", right, ""},
		"letters that mean nothing":       {"X", "F", right, ""},
		"our own letters are not coded":   {"S", "L", right, ""},
		"words":                           {"LEFT", "FOOT", right, ""},
	} {
		if got := PictureLetters([2]string{c.row, c.column}, c.v); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
