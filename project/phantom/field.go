package phantom

import (
	"math"
	"math/rand/v2"
)

const fieldSize = 32 // lattice points along each axis; a power of two

// field is a smooth random function of space with mean 0 and standard deviation 1, periodic over fieldSize cells. It bends surfaces that would
// otherwise look drawn with a compass, and gives tissue its texture.
type field struct{ v []float32 }

// newField blurs white noise once along each axis, so that trilinear interpolation shows no creases at the lattice planes.
func newField(r *rand.Rand) *field {
	n := fieldSize
	v := make([]float32, n*n*n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	for _, stride := range []int{1, n, n * n} {
		v = blurPeriodic(v, stride, n)
	}
	normalise(v)
	return &field{v}
}

// blurPeriodic convolves with (1, 2, 1) / 4 along the axis with the given stride and length.
func blurPeriodic(v []float32, stride, n int) []float32 {
	out := make([]float32, len(v))
	for i := range v {
		at := i / stride % n
		left, right := i-stride, i+stride
		if at == 0 {
			left += n * stride
		}
		if at == n-1 {
			right -= n * stride
		}
		out[i] = (v[left] + 2*v[i] + v[right]) / 4
	}
	return out
}

func normalise(v []float32) {
	var sum, sum2 float64
	for _, x := range v {
		sum += float64(x)
		sum2 += float64(x) * float64(x)
	}
	mean := sum / float64(len(v))
	sd := math.Sqrt(sum2/float64(len(v)) - mean*mean)
	for i := range v {
		v[i] = float32((float64(v[i]) - mean) / sd)
	}
}

// at returns the value at p with cells of the given size in millimetres.
func (f *field) at(p vec, cellMM float64) float64 {
	const n, m = fieldSize, fieldSize - 1
	s := 1 / cellMM
	x, y, z := p.x*s, p.y*s, p.z*s
	fx, fy, fz := math.Floor(x), math.Floor(y), math.Floor(z)
	i, j, k := int(fx), int(fy), int(fz)
	tx, ty, tz := x-fx, y-fy, z-fz
	i0, i1 := i&m, (i+1)&m
	j0, j1 := (j&m)*n, ((j+1)&m)*n
	k0, k1 := (k&m)*n*n, ((k+1)&m)*n*n
	v := f.v
	line := func(o int) float64 {
		a := float64(v[o+i0])
		return a + (float64(v[o+i1])-a)*tx
	}
	near := line(k0 + j0)
	near += (line(k0+j1) - near) * ty
	far := line(k1 + j0)
	far += (line(k1+j1) - far) * ty
	return near + (far-near)*tz
}
