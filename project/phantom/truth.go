package phantom

import (
	"fmt"
	"math"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Lesion is an ellipsoid in the liver with its axes along the patient's.
type Lesion struct {
	Centre  volume.Point
	RadiiMM [3]float64
	ValueHU float64 // within it, before noise, to a few HU
}

// VolumeML returns the lesion's exact volume.
func (l Lesion) VolumeML() float64 {
	return 4 * math.Pi / 3 * l.RadiiMM[0] * l.RadiiMM[1] * l.RadiiMM[2] / 1000
}

// Truth says what lies where in a patient, for tests and for painting by script. It may be used from several goroutines.
type Truth struct {
	a      *anatomy
	all    []*part
	shapes []*Shape
}

// Shape is one known structure.
type Shape struct {
	Name string
	box  box
	dist func(p vec) float64 // mm from its surface, about, negative inside; the sign is exact
}

// NewTruth returns the truth of the patient that Compute scans with this seed, without scanning.
func NewTruth(seed uint64) *Truth {
	a := newAnatomy(seed)
	t := &Truth{a: a}
	for n := range a.parts {
		t.all = append(t.all, &a.parts[n])
	}
	bent := func(f func(vec) float64) func(vec) float64 {
		return func(p vec) float64 { return f(a.bent(p)) }
	}
	half := func(f func(vec) float64, side, middle float64) func(vec) float64 { // the part of f on one side of the plane x = middle
		return func(p vec) float64 { return max(f(p), side*(middle-p.x)) }
	}
	trunk := box{vec{-250, -150, -2000}, vec{250, 150, 2000}}
	chest := box{vec{-145, -105, -130}, vec{145, 100, 195}}
	loins := box{vec{-120, -30, -205}, vec{120, 80, -30}}
	lungs, kidneys := bent(a.lungs), bent(a.kidney)
	t.shapes = []*Shape{
		{"body", trunk, a.skinDist},
		{"right lung", chest, half(lungs, -1, 4)},
		{"left lung", chest, half(lungs, 1, 4)},
		{"liver", box{vec{-150, -105, -165}, vec{95, 105, 35}}, bent(a.liver)},
		{"spleen", box{vec{15, -45, -135}, vec{150, 100, 25}}, bent(a.spleen)},
		{"right kidney", loins, half(kidneys, -1, 0)},
		{"left kidney", loins, half(kidneys, 1, 0)},
		{"aorta", a.aorta.box.grown(6), bent(func(p vec) float64 { return a.aorta.smooth(p, 3) })},
	}
	for n := range a.lesions {
		l := &a.lesions[n]
		t.shapes = append(t.shapes, &Shape{fmt.Sprintf("lesion %d", n+1), l.box(), l.dist})
	}
	return t
}

func (l *Lesion) box() box {
	c, r := vec{l.Centre[0], l.Centre[1], l.Centre[2]}, vec{l.RadiiMM[0], l.RadiiMM[1], l.RadiiMM[2]}
	return box{c.sub(r), c.add(r)}
}

// Shapes returns the known structures: body, right lung, left lung, liver, spleen, right kidney, left kidney, aorta, lesion 1 and on. The liver
// includes its vessels and lesions, a lung its vessels; a kidney does not include its sinus.
func (t *Truth) Shapes() []*Shape { return t.shapes }

// Shape returns the structure of that name.
func (t *Truth) Shape(name string) (*Shape, bool) {
	for _, s := range t.shapes {
		if s.Name == name {
			return s, true
		}
	}
	return nil, false
}

// Lesions returns the lesions of the liver, largest metastasis first, a cyst last. "lesion 1" is the first.
func (t *Truth) Lesions() []Lesion { return append([]Lesion(nil), t.a.lesions...) }

// ValueHU returns the Hounsfield units at p before noise and blur between slices, where boundaries fade over widthMM (0 is as sharp as the phantom goes).
func (t *Truth) ValueHU(p volume.Point, widthMM float64) float64 {
	return clamp(t.a.hu(&sample{}, vec{p[0], p[1], p[2]}, max(widthMM, narrowestMM), t.all), smallest, largest)
}

// At reports whether p lies in the structure.
func (s *Shape) At(p volume.Point) bool {
	q := vec{p[0], p[1], p[2]}
	return s.box.holds(q) && s.dist(q) < 0
}

// Bounds returns a box around the structure, not always the smallest.
func (s *Shape) Bounds() (lo, hi volume.Point) {
	return volume.Point{s.box.lo.x, s.box.lo.y, s.box.lo.z}, volume.Point{s.box.hi.x, s.box.hi.y, s.box.hi.z}
}

// Mask returns the voxels of g whose centres lie in the structure. It uses all processors.
func (s *Shape) Mask(g *volume.Geometry) *segmentation.Mask {
	lo, hi := s.voxels(g)
	b := segmentation.NewBuilder(segmentation.NewMask(g.Size))
	for k, sheet := range s.sheets(g, lo, hi) {
		for j := range sheet.rows {
			for _, run := range sheet.runs(j) {
				b.SetRow(lo[0]+run[0], lo[0]+run[1], lo[1]+j, lo[2]+k)
			}
		}
	}
	return b.Mask()
}

// voxels returns the inclusive range of voxels that the structure's box can meet; hi is below lo where it lies outside g.
func (s *Shape) voxels(g *volume.Geometry) (lo, hi [3]int) {
	lo = g.Size
	hi = [3]int{-1, -1, -1}
	for n := range 8 {
		p := volume.Point{s.box.lo.x, s.box.lo.y, s.box.lo.z}
		for a, far := range [3]float64{s.box.hi.x, s.box.hi.y, s.box.hi.z} {
			if n>>a&1 == 1 {
				p[a] = far
			}
		}
		x := g.ToIndex(p)
		for a := range 3 {
			lo[a] = min(lo[a], max(int(math.Floor(x[a])), 0))
			hi[a] = max(hi[a], min(int(math.Ceil(x[a])), g.Size[a]-1))
		}
	}
	return lo, hi
}
