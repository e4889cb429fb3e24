package metrics

import (
	"math/rand/v2"
	"testing"

	"hotlight/project/segmentation"
)

// bigPair is DESIGN.md section 10's pair: 300 x 512 x 512 voxels with an object of 140 x 250 x 250.
func bigPair() (a, b *segmentation.Mask, s Space) {
	ball := func(x, y, z, grow float64) *segmentation.Mask {
		build := segmentation.NewBuilder(segmentation.NewMask([3]int{512, 512, 300}))
		for k := range 300 {
			for j := range 512 {
				for i := 100; i < 412; i++ {
					u, v, w := (float64(i)-x)/(125+grow), (float64(j)-y)/(125+grow), (float64(k)-z)/(70+grow)
					if u*u+v*v+w*w <= 1 {
						build.Set(i, j, k)
					}
				}
			}
		}
		return build.Mask()
	}
	return ball(256, 250, 150, 0), ball(258, 249, 151, 1), Space{SpacingMM: [3]float64{0.8, 0.8, 2}}
}

// BenchmarkSurfaces is Hausdorff, HD95, ASSD and NSD of one pair.
func BenchmarkSurfaces(b *testing.B) {
	x, y, s := bigPair()
	for _, definition := range []Surface{SurfelArea, VoxelFace} {
		b.Run(string(definition), func(b *testing.B) {
			for b.Loop() {
				d := distances(b, x, y, s, definition)
				d.Hausdorff()
				d.HausdorffPercentile(95)
				d.ASSD()
				d.NSD(1)
			}
		})
	}
}

// BenchmarkDice is one pair of 105 M voxels.
func BenchmarkDice(b *testing.B) {
	size := [3]int{512, 512, 400}
	r := rand.New(rand.NewPCG(1, 1))
	x, y := segmentation.NewBuilder(segmentation.NewMask(size)), segmentation.NewBuilder(segmentation.NewMask(size))
	for k := range size[2] {
		for j := range size[1] {
			from := r.IntN(200)
			x.SetRow(from, from+250, j, k)
			y.SetRow(from+10, from+270, j, k)
		}
	}
	m, n := x.Mask(), y.Mask()
	for b.Loop() {
		o, err := Count(m, n)
		if err != nil || !o.Dice().Defined() {
			b.Fatal(err)
		}
	}
}

// BenchmarkBootstrapAUC is the interval of one AUC of 10 thousand cases, 2000 replicates.
func BenchmarkBootstrapAUC(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	var s Scored
	for range 5000 {
		s.Negative, s.Positive = append(s.Negative, r.NormFloat64()), append(s.Positive, r.NormFloat64()+1)
	}
	for b.Loop() {
		if _, err := BootstrapAUC(s, Bootstrap{Replicates: 2000, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAgreement is 100 thousand units by three readers.
func BenchmarkAgreement(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 3))
	ratings := make(Ratings, 100000)
	for u := range ratings {
		v := float64(r.IntN(5))
		ratings[u] = []float64{v, min(4, v+float64(r.IntN(2))), v}
	}
	s, err := NewScale(0, 1, 2, 3, 4)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("kappa", func(b *testing.B) {
		for b.Loop() {
			rated, err := Rate(ratings, s)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := FleissKappa(rated, Linear); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("alpha", func(b *testing.B) {
		for b.Loop() {
			if _, err := KrippendorffAlpha(ratings, OrdinalLevel, Bootstrap{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
