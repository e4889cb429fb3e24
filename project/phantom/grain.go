package phantom

import (
	"math"
	"math/rand/v2"
)

// grain is the noise of the scan: correlated like that of a filtered back projection, so that it looks like the mottle of a CT and not like television
// snow, and without visible repetition because two tiles of different periods are added.
type grain struct {
	a, b, streak noiseTile
	sd           float64 // HU where noiseAt is 1
}

// noiseTile is a periodic noise of unit standard deviation, n[0] columns by n[1] rows by n[2] slices.
type noiseTile struct {
	n [3]int
	v []float32
}

func newGrain(seed uint64, sd float64) *grain {
	r := rand.New(rand.NewPCG(seed, 0x677261696e)) // "grain"
	return &grain{a: newNoiseTile(r, [3]int{96, 80, 22}, true), b: newNoiseTile(r, [3]int{70, 110, 18}, true), streak: newNoiseTile(r, [3]int{64, 61, 16}, false), sd: sd}
}

// newNoiseTile filters white noise: fine is a band that leaves out the lowest frequencies, as the ramp filter of a reconstruction does; the
// other is drawn out along the rows, as where shoulders swallow the beam.
func newNoiseTile(r *rand.Rand, n [3]int, fine bool) noiseTile {
	v := make([]float32, n[0]*n[1]*n[2])
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	if fine {
		v = blurPeriodic(blurPeriodic(v, 1, n[0]), n[0], n[1])
		wide := v
		for range 6 {
			wide = blurPeriodic(blurPeriodic(wide, 1, n[0]), n[0], n[1])
		}
		for i := range v {
			v[i] -= 0.85 * wide[i]
		}
	} else {
		for range 60 {
			v = blurPeriodic(v, 1, n[0])
		}
		v = blurPeriodic(v, n[0], n[1])
	}
	v = blurPeriodic(v, n[0]*n[1], n[2])
	normalise(v)
	return noiseTile{n, v}
}

func (t *noiseTile) at(i, j, k int) float64 {
	return float64(t.v[((k%t.n[2])*t.n[1]+j%t.n[1])*t.n[0]+i%t.n[0]])
}

// at returns the noise of a voxel. level is that of noiseAt.
func (g *grain) at(i, j, k int, level noiseLevel) float64 {
	n := 0.7071 * (g.a.at(i, j, k) + g.b.at(i, j, k))
	return g.sd * (level.fine*n + level.streak*g.streak.at(i, j, k))
}

// noiseLevel scales the two kinds of noise at a place.
type noiseLevel struct{ fine, streak float64 }

// noiseAt: noise grows with what the beam has crossed, so it is largest in the middle of the body and between shoulders and hips, small in air
// and lung.
func (a *anatomy) noiseAt(p vec, hu float64) noiseLevel {
	halfWidth, halfDepth, middle := a.skin.frame(p.z)
	u, v := p.x/halfWidth, (p.y-middle)/halfDepth
	centre := math.Exp(-0.9 * (u*u + v*v))
	thick := 1 + 0.5*step(130, 175, p.z) + 0.3*step(-165, -205, p.z) - 0.25*step(-40, 30, p.z)*step(150, 110, p.z)
	if hu < -950 && u*u+v*v > 0.9 {
		return noiseLevel{0.32, 0.1}
	}
	level := noiseLevel{fine: (0.45 + 0.62*centre) * thick}
	level.streak = 0.22*centre + 0.9*step(135, 175, p.z)*centre + 0.35*step(-170, -205, p.z)*centre
	return level
}
