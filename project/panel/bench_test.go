package panel

import (
	"testing"

	"hotlight/project/segmentation"
)

// Three readers, 105 M voxels of grid, a liver-sized ball each: beside ITK's STAPLE, which visits every voxel in every round.
func ballsFor(b *testing.B) []*segmentation.Mask {
	size := [3]int{512, 512, 400}
	var out []*segmentation.Mask
	for r := range 3 {
		m := segmentation.NewBuilder(segmentation.NewMask(size))
		for k := 100; k < 300; k++ {
			for j := 100; j < 400; j++ {
				dk, dj := float64(k-200)/100, float64(j-250)/150
				if w := 1 - dk*dk - dj*dj; w > 0 {
					half := int(150 * w)
					m.SetRow(250-half+3*r, 250+half+2*r, j, k)
				}
			}
		}
		out = append(out, m.Mask())
	}
	b.ResetTimer()
	return out
}

func BenchmarkStapleThreeReaders(b *testing.B) {
	masks := ballsFor(b)
	for b.Loop() {
		s, err := EstimateStaple(masks, [3]int{}, [3]int{511, 511, 399})
		if err != nil {
			b.Fatal(err)
		}
		s.Mask(masks, 0.5)
	}
}

func BenchmarkMajorityThreeReaders(b *testing.B) {
	masks := ballsFor(b)
	for b.Loop() {
		if _, _, err := Majority(masks); err != nil {
			b.Fatal(err)
		}
	}
}

// Shape-based averaging of the same three balls, in the box around them.
func BenchmarkShapeAverageThreeReaders(b *testing.B) {
	masks := ballsFor(b)
	g := grid(masks[0].Size())
	for b.Loop() {
		if _, _, err := ShapeAverage(masks, g, 0); err != nil {
			b.Fatal(err)
		}
	}
}
