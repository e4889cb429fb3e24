package mpr

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// randomVolume is noise over the whole range of the pixel type on an oblique, anisotropic grid.
func randomVolume(t testing.TB, r *rand.Rand, p volume.Pixel, size [3]int) *volume.Volume {
	q := mgl64.QuatRotate(r.Float64()*6, mgl64.Vec3{r.Float64() - 0.5, r.Float64() - 0.5, r.Float64() + 0.1}.Normalize()).Mat4().Mat3()
	if r.IntN(2) == 0 {
		q = mgl64.Ident3()
	}
	g := volume.Geometry{Size: size, Spacing: mgl64.Vec3{0.5 + r.Float64(), 0.5 + r.Float64(), 0.5 + 2*r.Float64()},
		Origin: volume.Point{r.Float64() * 100, r.Float64() * 100, r.Float64() * 100}, Direction: q}
	if size[2] == 1 {
		g.Spacing[2] = 0
	}
	v, err := volume.New(g, p)
	if err != nil {
		t.Fatal(err)
	}
	for n := range g.Voxels() {
		switch p {
		case volume.Uint8:
			v.Uint8[n] = uint8(r.Uint32())
		case volume.Int16:
			v.Int16[n] = int16(r.Uint32())
		case volume.Uint16:
			v.Uint16[n] = uint16(r.Uint32())
		case volume.Float32:
			v.Float32[n] = float32(r.NormFloat64() * 1000)
		}
	}
	v.ArriveAll()
	return v
}

// randomPlane passes near the centre: half of them along the grid's axes, in either direction; some turned within their plane.
func randomPlane(r *rand.Rand, v *volume.Volume) volume.Plane {
	c := v.ToPatient(volume.Index{r.Float64() * float64(v.Size[0]-1), r.Float64() * float64(v.Size[1]-1), r.Float64() * float64(v.Size[2]-1)})
	mm := v.Spacing[0] * math.Exp(r.Float64()*2-1.4)
	p := volume.Plane{Centre: c, MMPerPixel: mm}
	axes := r.Perm(3)
	sign := func() float64 { return float64(1 - 2*r.IntN(2)) }
	p.Right, p.Down = v.Axis(axes[0]).Mul(sign()), v.Axis(axes[1]).Mul(sign())
	switch r.IntN(4) {
	case 0: // turned within the plane
		a := r.Float64() * 6
		p.Right, p.Down = p.Right.Mul(math.Cos(a)).Add(p.Down.Mul(math.Sin(a))), p.Down.Mul(math.Cos(a)).Sub(p.Right.Mul(math.Sin(a)))
	case 1: // any
		q := mgl64.QuatRotate(r.Float64()*6, mgl64.Vec3{r.Float64() - 0.5, r.Float64() - 0.5, r.Float64() + 0.1}.Normalize())
		p.Right, p.Down = q.Rotate(p.Right), q.Rotate(p.Down)
	}
	if v.Size[2] == 1 { // the only plane there is
		p.Centre = v.ToPatient(volume.Index{3, 3, 0})
		p.Right, p.Down = v.Axis(0), v.Axis(1).Mul(sign())
	}
	return p
}

// shown returns what pixel n of a cut shows, NaN for nothing.
func (c *Cut) shown(n int) float64 {
	x, y := int32(n%c.W), n/c.W
	switch {
	case x < c.From[y] || x >= c.To[y]:
		return math.NaN()
	case len(c.Fixed) > 0 && c.Fixed[n] != Void:
		return float64(c.Fixed[n]) / (1 << FixedBits)
	case len(c.Float) > 0 && !math.IsInf(float64(c.Float[n]), -1):
		return float64(c.Float[n])
	}
	return math.NaN()
}

// TestDisplayAgreesWithTheExactPath cuts random planes through noise both ways. Display may differ by its rounding and by 1/4096 of the
// contrast; pixels whose place rounds to either side of a border between voxels (nearest, or the volume's edge) may take either side.
func TestDisplayAgreesWithTheExactPath(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	contrast := map[volume.Pixel]float64{volume.Uint8: 255, volume.Int16: 65535, volume.Uint16: 65535, volume.Float32: 8000}
	var cutter Cutter
	var got Cut
	for n := range 400 {
		pixel := []volume.Pixel{volume.Uint8, volume.Int16, volume.Uint16, volume.Float32}[n%4]
		size := [3]int{3 + r.IntN(30), 3 + r.IntN(30), 1 + r.IntN(30)}
		v := randomVolume(t, r, pixel, size)
		p := randomPlane(r, v)
		in := []Interpolation{Linear, Linear, Nearest}[r.IntN(3)]
		slab := Slab{}
		if r.IntN(4) == 0 {
			slab = Slab{ThicknessMM: r.Float64() * 9, Mode: []SlabMode{MIP, MinIP, Mean}[r.IntN(3)]}
		}
		w, h := 1+r.IntN(80), 1+r.IntN(80)
		name := fmt.Sprintf("case %d: %v %v, %v, %v, %+v, %dx%d", n, size, pixel, in, p, slab, w, h)
		want, err := Values(context.Background(), v, p, w, h, in, slab)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := cutter.Cut(context.Background(), v, p, w, h, in, slab, &got); err != nil {
			t.Fatal(name, err)
		}
		tolerance := contrast[pixel]/4096 + 1.0/256
		a, err := NewAffine(&v.Geometry, p, w, h)
		if err != nil {
			t.Fatal(name, err)
		}
		wrong := 0
		for at := range want {
			shown, value := got.shown(at), float64(want[at])
			if math.IsNaN(shown) == math.IsNaN(value) && !(math.Abs(shown-value) > tolerance) {
				continue
			}
			if slab.ThicknessMM == 0 && nearBorder(a.At(float64(at%w), float64(at/w), 0), 0.5) {
				continue
			}
			if wrong == 0 {
				t.Logf("%s: pixel %d,%d shown %v, value %v", name, at%w, at/w, shown, value)
			}
			wrong++
		}
		allowed := 0
		if slab.ThicknessMM > 0 { // any of its samples may lie at a border
			allowed = len(want) / 50
		}
		if wrong > allowed {
			t.Errorf("%s: %d of %d pixels differ by more than %.3g", name, wrong, len(want), tolerance)
		}
	}
}

// TestPaddingShowsNothing compares display of a volume with padding with the definition: nothing where the nearest voxel is padding, the
// nearest voxel where padding would be mixed in.
func TestPaddingShowsNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	var cutter Cutter
	var got Cut
	for n := range 60 {
		v := randomVolume(t, r, volume.Int16, [3]int{12, 13, 14})
		for i := range v.Int16 {
			v.Int16[i] = int16(r.IntN(1000))
			if r.IntN(5) == 0 {
				v.Int16[i] = -2000
			}
		}
		v.HasPadding, v.Padding = true, [2]float64{-2000, -2000}
		p := randomPlane(r, v)
		in := []Interpolation{Linear, Nearest}[n%2]
		if err := cutter.Cut(context.Background(), v, p, 50, 40, in, Slab{}, &got); err != nil {
			t.Fatal(err)
		}
		a, err := NewAffine(&v.Geometry, p, 50, 40)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 40 {
			for x := range 50 {
				at := a.At(float64(x), float64(y), 0)
				if nearBorder(at, 0) || nearBorder(at, 0.5) {
					continue // which voxel is the nearest here is a matter of rounding
				}
				shown := got.shown(y*50 + x)
				_, inside := v.Value(at) // false outside and in padding
				if math.IsNaN(shown) == inside || shown < 0 {
					t.Fatalf("case %d, pixel %d,%d at voxel %v: shown %v, inside %t (%v %+v)", n, x, y, at, shown, inside, in, p)
				}
			}
		}
	}
}

func TestSlicesStillLoadingShowNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	var cutter Cutter
	var got Cut
	for n := range 60 {
		full := randomVolume(t, r, volume.Uint8, [3]int{12, 13, 14})
		v, err := volume.New(full.Geometry, volume.Uint8)
		if err != nil {
			t.Fatal(err)
		}
		copy(v.Uint8, full.Uint8)
		for k := range 14 {
			if r.IntN(3) > 0 {
				v.Arrive(k)
			}
		}
		v.Arrive(0)
		p := randomPlane(r, v)
		want, err := Values(context.Background(), v, p, 50, 40, Linear, Slab{})
		if err != nil {
			t.Fatal(err)
		}
		if err := cutter.Cut(context.Background(), v, p, 50, 40, Linear, Slab{}, &got); err != nil {
			t.Fatal(err)
		}
		a, err := NewAffine(&v.Geometry, p, 50, 40)
		if err != nil {
			t.Fatal(err)
		}
		for at := range want {
			pixel := a.At(float64(at%50), float64(at/50), 0)
			if nearBorder(pixel, 0) || nearBorder(pixel, 0.5) {
				continue // which voxels meet here is a matter of rounding
			}
			shown, value := got.shown(at), float64(want[at])
			if math.IsNaN(shown) != math.IsNaN(value) || math.Abs(shown-value) > 0.2 {
				t.Fatalf("case %d, pixel %d,%d at voxel %v: shown %v, value %v (%+v)", n, at%50, at/50, pixel, shown, value, p)
			}
		}
	}
}

// nearBorder reports whether a coordinate of index lies within 1/256 of a whole number and fraction: display rounds its steps there, so
// either side is right.
func nearBorder(index volume.Index, fraction float64) bool {
	for axis := range 3 {
		distance := index[axis] - fraction
		if math.Abs(distance-math.Round(distance)) < 1.0/256 {
			return true
		}
	}
	return false
}

func TestObliqueEqualsAxisPlaneInTheLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	v := randomVolume(t, r, volume.Int16, [3]int{30, 31, 32})
	p := volume.AcquiredPlane(&v.Geometry, 7, v.Spacing[0]*0.6)
	var cutter Cutter
	var straight, turned Cut
	if err := cutter.Cut(context.Background(), v, p, 60, 60, Linear, Slab{}, &straight); err != nil {
		t.Fatal(err)
	}
	const angle = 1e-7
	p.Right, p.Down = p.Right.Mul(math.Cos(angle)).Add(p.Down.Mul(math.Sin(angle))), p.Down.Mul(math.Cos(angle)).Sub(p.Right.Mul(math.Sin(angle)))
	p.Centre = p.Centre.Add(v.Axis(2).Mul(1e-7))
	if err := cutter.Cut(context.Background(), v, p, 60, 60, Linear, Slab{}, &turned); err != nil {
		t.Fatal(err)
	}
	for n := range 3600 {
		a, b := straight.shown(n), turned.shown(n)
		if math.IsNaN(a) != math.IsNaN(b) || math.Abs(a-b) > 65535.0/4096 {
			t.Fatalf("pixel %d,%d: along the axes %v, turned by 1e-7 %v", n%60, n/60, a, b)
		}
	}
}
