package segmentation

import (
	"slices"
	"testing"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// benchGrid is DESIGN.md section 10's 512 x 512 x 800.
func benchGrid() *volume.Geometry { return grid([3]int{512, 512, 800}, mgl64.Vec3{0.7, 0.7, 1}) }

// BenchmarkSphereStamp is one click of a sphere of 10 mm (8.6 thousand voxels) along a stroke, without and with publishing after each.
func BenchmarkSphereStamp(b *testing.B) {
	g := benchGrid()
	points := make([]volume.Point, 100)
	for n := range points {
		points[n] = volume.Point{100 + 1.5*float64(n), 120 + 0.7*float64(n), 300 + 0.4*float64(n)}
	}
	b.Run("stamp", func(b *testing.B) {
		p := benchPainter(b, g, Stroke{Shape: Sphere, RadiusMM: 10})
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			p.tip = nil
			p.moveTo(mgl64.Vec3(points[n%len(points)]))
			n++
		}
	})
	b.Run("fresh", func(b *testing.B) { // every stamp changes its voxels: odd ones add, even ones erase
		p := benchPainter(b, g, Stroke{Shape: Sphere, RadiusMM: 10})
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			p.tip = nil
			p.brush.Erase = n%2 == 1
			p.moveTo(mgl64.Vec3(points[n/2%len(points)]))
			n++
		}
	})
	b.Run("published", func(b *testing.B) {
		p := benchPainter(b, g, Stroke{Shape: Sphere, RadiusMM: 10})
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			p.tip = nil
			p.brush.Erase = n%2 == 1
			if _, err := p.Extend(points[n/2%len(points)]); err != nil {
				b.Fatal(err)
			}
			n++
		}
	})
}

func benchPainter(b *testing.B, g *volume.Geometry, s Stroke) *Painter {
	p, err := NewPainter(Target{Set: one(g), Segment: 1, Geometry: g}, s, Rule{})
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkBrush40 is one pointer step of a brush of 40 pixels on 512 x 512 x 800, published, with the slowest of 20 beside the mean.
func BenchmarkBrush40(b *testing.B) {
	for _, c := range []struct {
		name   string
		normal mgl64.Vec3
		shape  Shape
	}{{"axial disc", mgl64.Vec3{0, 0, 1}, Disc}, {"coronal disc", mgl64.Vec3{0, 1, 0}, Disc}, {"oblique disc", mgl64.Vec3{0.3, 0.5, 0.8}, Disc}, {"sphere", mgl64.Vec3{}, Sphere}} {
		b.Run(c.name, func(b *testing.B) {
			g := benchGrid()
			p := benchPainter(b, g, Stroke{Shape: c.shape, RadiusMM: 14, Normal: c.normal})
			at := volume.Point{100, 100, 400}
			along := mgl64.Vec3{3, 2, 1}
			if c.shape == Disc {
				along = dropped(along, c.normal.Normalize())
			}
			var took []time.Duration
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				start := time.Now()
				step := float64(n % 50)
				if n%100 >= 50 {
					step = 50 - step
				}
				p.brush.Erase = n/100%2 == 1
				if _, err := p.Extend(at.Add(along.Mul(step))); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				n++
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-us")
		})
	}
}

// ellipsoid fills the middle of a grid.
func ellipsoid(size [3]int, shift, scale float64) *Mask {
	g := grid(size, mgl64.Vec3{1, 1, float64(size[0]) / float64(size[2])})
	s := Stroke{Shape: Sphere, RadiusMM: min(MaxRadiusMM, scale*float64(size[0])/2), Points: []volume.Point{g.Centre().Add(mgl64.Vec3{shift, 0, 0})}}
	set, _, err := Paint(Target{Set: one(g), Segment: 1, Geometry: g}, s, Rule{})
	if err != nil {
		panic(err)
	}
	m, _ := set.Find(1)
	return m.Mask
}

// BenchmarkDice is the three population counts of Dice on 512 x 512 x 400 (105 M voxels).
func BenchmarkDice(b *testing.B) {
	size := [3]int{512, 512, 400}
	x, y := ellipsoid(size, 0, 0.9), ellipsoid(size, 13, 0.9)
	dice := 0.0
	for b.Loop() {
		both, err := CountBoth(x, y)
		if err != nil {
			b.Fatal(err)
		}
		dice = 2 * float64(both) / float64(x.Count()+y.Count())
	}
	b.ReportMetric(dice, "dice")
}

// BenchmarkUndo reverts a stroke of 40 samples, and the deletion of a segment of 50 M voxels.
func BenchmarkUndo(b *testing.B) {
	g := benchGrid()
	stroke := Stroke{RadiusMM: 14, Normal: mgl64.Vec3{0, 0, 1}}
	for n := range 40 {
		stroke.Points = append(stroke.Points, volume.Point{60 + 4*float64(n), 100 + 2*float64(n), 400})
	}
	before := one(g)
	after, d, err := Paint(Target{Set: before, Segment: 1, Geometry: g}, stroke, Rule{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("stroke", func(b *testing.B) { benchRevert(b, d, after) })
	b.ReportMetric(float64(len(d.Marshal())), "bytes")
	large := before.WithMask(1, ellipsoid(g.Size, 0, 0.9))
	d, err = Diff(before, large)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("large", func(b *testing.B) { benchRevert(b, d, large) })
	b.Run("invert", func(b *testing.B) {
		m, _ := large.Find(1)
		inverted := large.WithMask(1, Invert(m.Mask))
		d, err := Diff(large, inverted)
		if err != nil {
			b.Fatal(err)
		}
		benchRevert(b, d, inverted)
	})
}

func benchRevert(b *testing.B, d *Delta, after *Set) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Revert(after); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(d.Marshal())), "delta-bytes")
}

// BenchmarkDiff makes the delta of a stroke: what pointer up costs.
func BenchmarkDiff(b *testing.B) {
	g := benchGrid()
	before := one(g)
	after, _, err := Paint(Target{Set: before, Segment: 1, Geometry: g},
		Stroke{Shape: Sphere, RadiusMM: 14, Points: []volume.Point{{60, 100, 400}, {200, 150, 410}}}, Rule{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Diff(before, after); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMask is what a checkpoint, a bundle and a signature ask of a segment of 50 M voxels.
func BenchmarkMask(b *testing.B) {
	m := ellipsoid([3]int{512, 512, 800}, 0, 0.9)
	bytes := m.Marshal()
	b.Run("marshal", func(b *testing.B) {
		for b.Loop() {
			m.Marshal()
		}
		b.ReportMetric(float64(len(bytes)), "bytes")
	})
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := ParseMask(bytes, m.Size()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sha256", func(b *testing.B) {
		for b.Loop() {
			m.SHA256()
		}
	})
	b.Run("at", func(b *testing.B) {
		n := 0
		for b.Loop() {
			if m.At(n&511, 255, n>>9%800) {
				n++
			}
			n++
			if n > 400000 {
				n = 0
			}
		}
	})
}
