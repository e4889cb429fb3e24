package cli

import (
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

func TestAnEvenNumberOfFramesShowsOneOfThem(t *testing.T) {
	g := volume.Geometry{Size: [3]int{4, 6, 10}, Spacing: [3]float64{1, 1, 1}, Direction: mgl64.Ident3(), NoPosition: true}
	plane, err := (&renderCommand{}).orient(&g, g.Centre())
	if err != nil {
		t.Fatal(err)
	}
	if k := g.ToIndex(plane.Centre)[2]; k != 4 {
		t.Errorf("the plane is at frame %g of 10, wanted 4", k)
	}
}
