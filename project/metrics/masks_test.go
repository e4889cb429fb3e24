package metrics

import (
	"math/rand/v2"

	"hotlight/project/segmentation"
)

// maskOf sets the voxels that in says.
func maskOf(size [3]int, in func(i, j, k int) bool) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(size))
	for k := range size[2] {
		for j := range size[1] {
			for i := range size[0] {
				if in(i, j, k) {
					b.Set(i, j, k)
				}
			}
		}
	}
	return b.Mask()
}

// boxMask sets voxels lo to hi, both inclusive.
func boxMask(size, lo, hi [3]int) *segmentation.Mask {
	return maskOf(size, func(i, j, k int) bool {
		return i >= lo[0] && i <= hi[0] && j >= lo[1] && j <= hi[1] && k >= lo[2] && k <= hi[2]
	})
}

// blobs is a few random ellipsoids with specks, never empty; it may touch the border.
func blobs(r *rand.Rand, size [3]int) *segmentation.Mask {
	type ellipsoid struct{ centre, radius [3]float64 }
	some := make([]ellipsoid, 1+r.IntN(3))
	for n := range some {
		for a := range size {
			some[n].centre[a] = r.Float64() * float64(size[a]-1)
			some[n].radius[a] = 1 + r.Float64()*float64(size[a])/3
		}
	}
	speck := r.Float64() * 0.01
	first := [3]int{r.IntN(size[0]), r.IntN(size[1]), r.IntN(size[2])}
	return maskOf(size, func(i, j, k int) bool {
		at := [3]int{i, j, k}
		if at == first || r.Float64() < speck {
			return true
		}
		for _, e := range some {
			d := 0.0
			for a, c := range e.centre {
				d += square((float64(at[a]) - c) / e.radius[a])
			}
			if d <= 1 {
				return true
			}
		}
		return false
	})
}

// somePair is two random masks of a random anisotropic grid; every fourth is planar.
func somePair(r *rand.Rand, n int) (a, b *segmentation.Mask, s Space) {
	size := [3]int{3 + r.IntN(90), 2 + r.IntN(40), 1 + r.IntN(25)}
	s = Space{SpacingMM: [3]float64{0.3 + 2*r.Float64(), 0.3 + 2*r.Float64(), 0.5 + 5*r.Float64()}}
	if n%4 == 3 {
		size[2], s.Planar, s.SpacingMM[2] = 1, true, 1
	}
	return blobs(r, size), blobs(r, size), s
}

// insideBlob is an ellipsoid at least two voxels inside the grid.
func insideBlob(r *rand.Rand, size [3]int) *segmentation.Mask {
	var centre, radius [3]float64
	for a, n := range size {
		radius[a] = 0.6 + r.Float64()*(float64(n-5)/2-0.6)
		centre[a] = 2 + radius[a] + r.Float64()*(float64(n-5)-2*radius[a])
	}
	first := [3]int{int(centre[0]), int(centre[1]), int(centre[2])}
	return maskOf(size, func(i, j, k int) bool {
		d := 0.0
		for a, v := range [3]int{i, j, k} {
			d += square((float64(v) - centre[a]) / radius[a])
		}
		return d <= 1 || [3]int{i, j, k} == first
	})
}
