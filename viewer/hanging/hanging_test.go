package hanging

import (
	"fmt"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
	"hotlight/render/voi"
)

func grid(i, j mgl64.Vec3) *volume.Geometry {
	k := i.Cross(j)
	return &volume.Geometry{Size: [3]int{10, 20, 30}, Spacing: mgl64.Vec3{1, 1, 2}, Direction: mgl64.Mat3FromCols(i, j, k)}
}

var (
	left, back, feet = mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, mgl64.Vec3{0, 0, -1}
)

func TestPathsLookAsRadiologistsLook(t *testing.T) {
	for name, c := range map[string]struct {
		g       *volume.Geometry
		facing  Facing
		letters string // right, down
		axis    int
		sign    int
	}{
		"axial scan, axial: the wheel goes to the feet":     {grid(left, back), Axial, "L P", 2, -1},
		"axial scan, coronal: the wheel goes to the back":   {grid(left, back), Coronal, "L I", 1, 1},
		"axial scan, sagittal: the wheel goes to the right": {grid(left, back), Sagittal, "P I", 0, -1},
		"sagittal scan, sagittal is the acquired plane":     {grid(back, feet), Sagittal, "P I", 2, 1},
		"sagittal scan, axial is cut from it":               {grid(back, feet), Axial, "L P", 1, 1},
		"coronal scan, coronal":                             {grid(left, feet), Coronal, "L I", 2, 1},
		"prone scan is turned to the usual side":            {grid(left.Mul(-1), back.Mul(-1)), Axial, "L P", 2, -1},
		"prone scan as acquired is not turned":              {grid(left.Mul(-1), back.Mul(-1)), Acquired, "R A", 2, -1},
		"tilted scan stays on its own planes":               {grid(left, mgl64.Vec3{0, 0.9, 0.4358898943540674}), Axial, "L PS", 2, -1},
	} {
		p := PathOf(c.g, c.facing)
		got := volume.Letters(p.Right) + " " + volume.Letters(p.Down)
		if got != c.letters || p.Axis != c.axis || p.Sign != c.sign || p.Count != c.g.Size[c.axis] {
			t.Errorf("%s: letters %s axis %d sign %d count %d", name, got, p.Axis, p.Sign, p.Count)
		}
		if d := p.Right.Dot(p.Down); d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: right and down are not perpendicular", name)
		}
	}
}

func TestHang(t *testing.T) {
	axial, sagittal := grid(left, back), grid(back, feet)
	single := *axial
	single.Size[2] = 1
	for name, c := range map[string]struct {
		s    Subject
		l    Layout
		want string
	}{
		"an axial CT hangs axial large":      {Subject{"CT", axial, false}, OnePlusThree, "[axial coronal sagittal axial*]"},
		"a sagittal MR hangs sagittal large": {Subject{"MR", sagittal, false}, OnePlusThree, "[sagittal axial coronal sagittal*]"},
		"one viewport":                       {Subject{"CT", axial, false}, One, "[axial]"},
		"a stack hangs as acquired":          {Subject{"CT", axial, true}, OnePlusThree, "[acquired]"},
		"a single slice hangs alone":         {Subject{"CT", &single, false}, OnePlusThree, "[axial]"},
	} {
		var got []string
		for _, v := range Hang(c.s, c.l) {
			s := string(v.Facing)
			if v.Second {
				s += "*"
			}
			got = append(got, s)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestOtherWindow(t *testing.T) {
	lung, soft, brain := voi.VOI{Center: -600, Width: 1500}, voi.VOI{Center: 40, Width: 400}, voi.VOI{Center: 40, Width: 80}
	for want, first := range map[string]voi.VOI{"Soft tissue": lung, "Lung": soft, "Bone": brain} {
		if name, _ := Other("CT", first, first); name != want {
			t.Errorf("beside %v hangs %s, want %s", first, name, want)
		}
	}
	if name, w := Other("OT", soft, soft); name != "" || w != soft {
		t.Errorf("a modality without presets gives %q %v", name, w)
	}
}
