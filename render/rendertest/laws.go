package rendertest

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/voi"
)

func (s *Suite) laws(t *testing.T) {
	t.Run("grey is the window formula", s.windowFormula)
	t.Run("random planes are within one grey level of the exact path", s.randomPlanes)
	t.Run("an oblique plane equals the axis plane in the limit", s.limit)
	t.Run("padding is black, inverted or not", s.padding)
	t.Run("slices still loading are black", s.loading)
	t.Run("a new window or stroke draws what a new backend draws", s.caches)
	t.Run("another plane of a stack is refused", s.stack)
	t.Run("impossible scenes are refused", s.refused)
	t.Run("a cancelled context stops", s.cancelled)
}

// windowFormula: 64 grey values computed by hand from PS3.3 C.11.2.1.2.1, c 32, w 64: ((x-31.5)/63+0.5)*255 rounds to 4.0476*x.
func (s *Suite) windowFormula(t *testing.T) {
	for _, pixel := range []volume.Pixel{volume.Uint8, volume.Int16, volume.Uint16, volume.Float32} {
		v := Ramp(pixel)
		got := s.draw(t, render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, 0, 1), VOI: voi.VOI{Center: 32, Width: 64}}, image.Pt(64, 16))
		for x := range 64 {
			want := int(float64(x)*255/63 + 0.5)
			if g := int(got.RGBAAt(x, 5).R); g < want-s.Tolerance || g > want+s.Tolerance {
				t.Errorf("%v, value %d: grey %d, want %d", pixel, x, g, want)
			}
		}
	}
}

// noise is a smooth random volume with steps in it, on a turned grid.
func noise(r *rand.Rand, p volume.Pixel) *volume.Volume {
	q := mgl64.QuatRotate(r.Float64()*6, mgl64.Vec3{r.Float64() - 0.5, r.Float64() - 0.5, 0.3}.Normalize()).Mat4().Mat3()
	if r.IntN(2) == 0 {
		q = mgl64.Ident3()
	}
	g := volume.Geometry{Size: [3]int{40 + r.IntN(30), 40 + r.IntN(30), 20 + r.IntN(20)}, Spacing: mgl64.Vec3{0.7 + r.Float64(), 0.7 + r.Float64(), 1 + r.Float64()}, Direction: q}
	a, b, c := r.Float64(), r.Float64(), r.Float64()
	v := newVolume(g, p, func(i, j, k int) float64 {
		x := 60*math.Sin(a*float64(i)+b*float64(j)) + 60*math.Cos(c*float64(k)) + float64(r.IntN(20)) + 100
		if (i/9+j/7+k/5)%5 == 0 {
			x += 100
		}
		return max(x, 0)
	})
	if p == volume.Int16 {
		v.Slope, v.Intercept = 4, -500
	}
	return v
}

// randomPlane passes through the volume, along its axes, turned within them, or any.
func randomPlane(r *rand.Rand, v *volume.Volume) volume.Plane {
	p := volume.Plane{Centre: v.Centre().Add(mgl64.Vec3{r.NormFloat64() * 4, r.NormFloat64() * 4, r.NormFloat64() * 4}), MMPerPixel: 0.2 + r.Float64()}
	axes := r.Perm(3)
	p.Right, p.Down = v.Axis(axes[0]), v.Axis(axes[1]).Mul(float64(1-2*r.IntN(2)))
	if turn := r.IntN(3); turn > 0 {
		axis := mgl64.Vec3{r.Float64() - 0.5, r.Float64() - 0.5, r.Float64() - 0.5}.Normalize()
		if turn == 1 {
			axis = p.Normal()
		}
		q := mgl64.QuatRotate(r.Float64()*6, axis)
		p.Right, p.Down = q.Rotate(p.Right), q.Rotate(p.Down)
	}
	return p
}

func (s *Suite) randomPlanes(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range 24 {
		v := noise(r, []volume.Pixel{volume.Uint8, volume.Int16, volume.Uint16, volume.Float32}[n%4])
		p := randomPlane(r, v)
		w := voi.FromRange(v.Rescale(60), v.Rescale(220))
		if n%3 == 0 { // narrow: a whole stored value is many greys
			w = voi.FromRange(v.Rescale(100), v.Rescale(130))
		}
		const side = 96
		got := s.draw(t, render.Scene{Volume: v, Plane: p, VOI: w}, image.Pt(side, side))
		values, err := mpr.Values(context.Background(), v, p, side, side, mpr.Linear, mpr.Slab{})
		if err != nil {
			t.Fatal(err)
		}
		wrong, most := 0, 0.0
		for at, x := range values {
			d := math.Abs(float64(got.Pix[4*at]) - w.Grey(float64(x)))
			if d > 1.5+float64(s.Tolerance) { // half a level of it is rounding
				wrong++
			}
			most = max(most, d)
		}
		if wrong > s.Aside {
			t.Errorf("case %d: %d of %d pixels are off, by up to %.2f levels (%+v)", n, wrong, len(values), most, p)
		}
	}
}

func (s *Suite) limit(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	v := noise(r, volume.Int16)
	p := volume.AcquiredPlane(&v.Geometry, 9, 0.5)
	scene := render.Scene{Volume: v, Plane: p, VOI: voi.VOI{Center: 0, Width: 600}}
	straight := s.draw(t, scene, image.Pt(90, 90))
	q := mgl64.QuatRotate(1e-7, mgl64.Vec3{0.3, 0.5, 0.8}.Normalize())
	scene.Plane.Right, scene.Plane.Down = q.Rotate(p.Right), q.Rotate(p.Down)
	turned := s.draw(t, scene, image.Pt(90, 90))
	if _, wrong, worst := difference(turned, straight, 1+s.Tolerance); wrong > 90 { // the border's last pixels may fall either way
		t.Errorf("%d pixels differ, by up to %d", wrong, worst)
	}
}

func (s *Suite) padding(t *testing.T) {
	v := Ramp(volume.Int16)
	for j := range 8 {
		for k := range 4 {
			for i := range 64 {
				v.Int16[v.Offset(i, j, k)] = -2000
			}
		}
	}
	v.HasPadding, v.Padding = true, [2]float64{-2000, -2000}
	for _, invert := range []bool{false, true} {
		w := voi.VOI{Center: -100, Width: 10, Invert: invert} // everything that is not padding is white, or black when inverted
		bright := uint8(255)
		if invert {
			w.Center, bright = 200, 255
		}
		for _, angle := range []float64{0, 0.2} {
			p := volume.AcquiredPlane(&v.Geometry, 2, 0.5)
			p.Right, p.Down = p.Right.Mul(math.Cos(angle)).Add(p.Down.Mul(math.Sin(angle))), p.Down.Mul(math.Cos(angle)).Sub(p.Right.Mul(math.Sin(angle)))
			got := s.draw(t, render.Scene{Volume: v, Plane: p, VOI: w}, image.Pt(80, 24))
			for y := range 24 {
				for x := range 80 {
					at := v.ToIndex(p.At(float64(x), float64(y), 80, 24))
					if math.Abs(at[1]-7.5) < 0.01 {
						continue // on the border between the two
					}
					want := uint8(0)
					if at[1] > 7.5 && v.Contains(at) {
						want = bright
					}
					if g := got.RGBAAt(x, y).R; g != want {
						t.Fatalf("invert %v, turned by %v, pixel %d,%d at row %.2f: grey %d, want %d", invert, angle, x, y, at[1], g, want)
					}
				}
			}
		}
	}
}

func (s *Suite) loading(t *testing.T) {
	full := Ramp(volume.Uint8)
	v, err := volume.New(full.Geometry, volume.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Uint8 {
		v.Uint8[n] = 200
	}
	backend := s.New()
	scene := render.Scene{Volume: v, VOI: voi.VOI{Center: 100, Width: 10}}
	scene.Plane, _ = volume.NewPlane(volume.Coronal, v.Centre(), 1)
	for here := range 5 {
		if here > 0 {
			v.Arrive(here - 1)
		}
		got, err := backend.Draw(context.Background(), scene, image.Pt(64, 8))
		if err != nil {
			t.Fatal(err)
		}
		// Rows are a millimetre apart from the top, slices 2 mm from the bottom: row y lies at slice (6.5-y)/2 of 0 to 3.
		for y := range 8 {
			k := (6.5 - float64(y)) / 2
			want := uint8(0)
			if math.Ceil(min(max(k, 0), 3)) < float64(here) {
				want = 255
			}
			if g := got.RGBAAt(30, y).R; g != want {
				t.Errorf("%d slices here, row %d: grey %d, want %d", here, y, g, want)
			}
		}
	}
}

// caches draws a random walk through scenes with one backend and each of them with a new one.
func (s *Suite) caches(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	v := noise(r, volume.Int16)
	kept := s.New()
	scene := render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, 3, 0.5), VOI: voi.VOI{Center: 0, Width: 600}}
	size := image.Pt(120, 80)
	for n := range 60 {
		scene.Draft = false
		switch r.IntN(9) {
		case 0:
			scene.VOI.Center += 10
		case 1:
			scene.VOI.Invert = !scene.VOI.Invert
		case 2:
			scene.Plane = randomPlane(r, v)
		case 3:
			mask := Ball(&v.Geometry, v.Centre().Add(mgl64.Vec3{r.NormFloat64() * 9, r.NormFloat64() * 9, 0}), 6)
			scene.Layers = append(append([]render.Layer(nil), scene.Layers...), render.Layer{Mask: mask, Colour: project.Palette[n%12], Fill: 0.3, Outline: true})
		case 4:
			if len(scene.Layers) > 0 {
				scene.Layers = append([]render.Layer(nil), scene.Layers[1:]...)
			}
		case 5:
			if len(scene.Layers) > 0 {
				scene.Layers = append([]render.Layer(nil), scene.Layers...)
				l := &scene.Layers[r.IntN(len(scene.Layers))]
				l.Locked, l.Outline = !l.Locked, r.IntN(3) > 0
			}
		case 6:
			size = image.Pt(50+r.IntN(100), 50+r.IntN(100))
		case 7:
			scene.Slab.ThicknessMM = float64(r.IntN(2) * 5)
		case 8:
			scene.Draft = true
		}
		got, err := kept.Draw(context.Background(), scene, size)
		if err != nil {
			t.Fatal(err)
		}
		if scene.Draft {
			continue // may be coarse or not
		}
		if _, wrong, worst := difference(got, s.draw(t, scene, size), 0); wrong > 0 {
			t.Fatalf("step %d: %d pixels differ from those of a new backend, by up to %d", n, wrong, worst)
		}
	}
}

func (s *Suite) stack(t *testing.T) {
	v := Ramp(volume.Uint8)
	v.PlaneOrigins = []volume.Point{{0, 0, 0}, {0, 1, 2}, {0, 2, 5}, {0, 3, 9}}
	scene := render.Scene{Volume: v, VOI: voi.VOI{Center: 32, Width: 64}, Plane: volume.AcquiredPlane(&v.Geometry, 2, 1)}
	if got := s.draw(t, scene, image.Pt(64, 16)); got.RGBAAt(63, 8).R != 255 || got.RGBAAt(0, 8).R != 0 {
		t.Errorf("its own plane is drawn wrong")
	}
	scene.Plane.Centre[2]++
	if _, err := s.New().Draw(context.Background(), scene, image.Pt(64, 16)); !errors.Is(err, mpr.ErrStack) {
		t.Errorf("got %v, want ErrStack", err)
	}
}

func (s *Suite) refused(t *testing.T) {
	v := Ramp(volume.Uint8)
	good := render.Scene{Volume: v, VOI: voi.VOI{Center: 32, Width: 64}, Plane: volume.AcquiredPlane(&v.Geometry, 2, 1)}
	other := volume.Geometry{Size: [3]int{9, 9, 9}}
	for name, change := range map[string]func(*render.Scene, *image.Point){
		"no pixels":              func(_ *render.Scene, p *image.Point) { p.X = 0 },
		"too many pixels":        func(_ *render.Scene, p *image.Point) { p.Y = 1 << 20 },
		"a window without width": func(s *render.Scene, _ *image.Point) { s.VOI.Width = 0 },
		"a plane that is none":   func(s *render.Scene, _ *image.Point) { s.Plane.Down = s.Plane.Right },
		"a segment of another grid": func(s *render.Scene, _ *image.Point) {
			s.Layers = []render.Layer{{Mask: Ball(&other, volume.Point{}, 1)}}
		},
		"a layer without a mask": func(s *render.Scene, _ *image.Point) { s.Layers = []render.Layer{{}} },
	} {
		scene, size := good, image.Pt(64, 16)
		change(&scene, &size)
		var e *project.Error
		if _, err := s.New().Draw(context.Background(), scene, size); !errors.As(err, &e) || e.Kind != project.Invalid {
			t.Errorf("%s: got %v, want an error of kind invalid", name, err)
		}
	}
}

func (s *Suite) cancelled(t *testing.T) {
	v := Ramp(volume.Uint8)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	scene := render.Scene{Volume: v, VOI: voi.VOI{Center: 32, Width: 64}, Plane: volume.AcquiredPlane(&v.Geometry, 2, 1)}
	if _, err := s.New().Draw(ctx, scene, image.Pt(64, 16)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
