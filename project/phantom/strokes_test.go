package phantom

import (
	"math"
	"math/rand/v2"
	"testing"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

func TestStrokesPaintTheShapeAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		shape   string
		g       Options
		radii   []float64
		dice    float64
		strokes int // at most
	}{
		{"liver", Options{Size: [3]int{160, 160, 50}, SpacingMM: [3]float64{1.8, 1.8, 5}, Centre: volume.Point{-30, 0, -60}}, nil, 0.99, 1500},
		{"liver", Options{Size: [3]int{160, 160, 50}, SpacingMM: [3]float64{1.8, 1.8, 5}, Centre: volume.Point{-30, 0, -60}}, []float64{10, 4}, 0.95, 600},
		{"lesion 1", Options{Size: [3]int{160, 160, 80}, SpacingMM: [3]float64{0.8, 0.7, 2.5}, Centre: volume.Point{-70, 0, -50}}, nil, 0.98, 120},
		{"left kidney", Options{Size: [3]int{120, 120, 60}, SpacingMM: [3]float64{1, 1, 3}, Centre: volume.Point{60, 20, -100}, Direction: Oblique(20, 10, 0)}, nil, 0.98, 600},
	} {
		g, err := c.g.Geometry()
		if err != nil {
			t.Fatal(err)
		}
		shape, _ := seed1.Shape(c.shape)
		want := shape.Mask(&g)
		strokes := Strokes(shape, &g, c.radii...)
		got := painted(t, &g, strokes)
		both, err := segmentation.CountBoth(got, want)
		if err != nil {
			t.Fatal(err)
		}
		if outside := got.Count() - both; outside > 0 {
			t.Errorf("%s: %d of %d voxels painted lie outside", c.shape, outside, got.Count())
		}
		dice := 2 * float64(both) / float64(got.Count()+want.Count())
		if dice < c.dice || len(strokes) > c.strokes {
			t.Errorf("%s: Dice %.3f with %d strokes, want at least %.2f with at most %d", c.shape, dice, len(strokes), c.dice, c.strokes)
		}
	}
}

func painted(t *testing.T, g *volume.Geometry, strokes []segmentation.Stroke) *segmentation.Mask {
	t.Helper()
	set, err := segmentation.NewSet(&segmentation.Segment{Number: 1, Name: "shape", Mask: segmentation.NewMask(g.Size)})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range strokes {
		if set, _, err = segmentation.Paint(segmentation.Target{Set: set, Segment: 1, Geometry: g}, s, segmentation.Rule{}); err != nil {
			t.Fatal(err)
		}
	}
	segment, _ := set.Find(1)
	return segment.Mask
}

func TestDepthIsTheDistanceToTheNearestVoxelOutside(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	s := sheet{columns: 23, rows: 17, inside: make([]bool, 23*17)}
	for n := range s.inside {
		s.inside[n] = r.Float64() < 0.9
	}
	const columnMM, rowMM = 0.7, 1.3
	got := s.depth(columnMM, rowMM)
	for j := range s.rows {
		for i := range s.columns {
			want := math.Inf(1)
			for y := -1; y <= s.rows; y++ {
				for x := -1; x <= s.columns; x++ {
					if x < 0 || y < 0 || x == s.columns || y == s.rows || !s.inside[y*s.columns+x] {
						want = min(want, math.Hypot(float64(x-i)*columnMM, float64(y-j)*rowMM))
					}
				}
			}
			if math.Abs(got[j*s.columns+i]-want) > 1e-9 {
				t.Fatalf("seed %d: depth of %d,%d is %g, want %g", seed, i, j, got[j*s.columns+i], want)
			}
		}
	}
}
