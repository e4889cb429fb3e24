package measure

import (
	"math"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

func TestPixelLength(t *testing.T) {
	g := volume.Geometry{Size: [3]int{512, 512, 1}, Spacing: mgl64.Vec3{0.8, 0.5, 0}, Direction: mgl64.Ident3()}
	mm, err := PixelLength(&g, volume.Index{10, 8, 0}, volume.Index{24, 19, 0})
	if err != nil || math.Abs(mm-math.Hypot(14*0.8, 11*0.5)) > 1e-12 {
		t.Errorf("%v, %v", mm, err)
	}
	if mm, err := PixelLength(&g, volume.Index{1, 2, 0}, volume.Index{1, 2, 0}); mm != 0 || err != nil {
		t.Errorf("a point: %v, %v", mm, err)
	}
	for name, end := range map[string]volume.Index{"NaN": {math.NaN(), 0, 0}, "endless": {math.Inf(1), 0, 0}} {
		if mm, err := PixelLength(&g, volume.Index{}, end); project.KindOf(err) != project.Invalid || !math.IsNaN(mm) {
			t.Errorf("%s: %v, %v", name, mm, err)
		}
	}
	g.Uncalibrated = true
	if mm, err := PixelLength(&g, volume.Index{}, volume.Index{1, 1, 0}); project.KindOf(err) != project.Unsupported || !math.IsNaN(mm) {
		t.Errorf("uncalibrated: %v, %v", mm, err)
	}
}
