package metrics

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/distance"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

var allSurfaces = []Surface{SurfelArea, VoxelFace, VoxelFull}

// Two voxels, one of them shared.
func TestOverlapByHand(t *testing.T) {
	size := [3]int{70, 4, 9}
	o, err := Count(boxMask(size, [3]int{63, 1, 7}, [3]int{64, 1, 7}), boxMask(size, [3]int{64, 1, 7}, [3]int{64, 1, 8}))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Dice", o.Dice().Value, 0.5, 0)
	near(t, "Jaccard", o.Jaccard().Value, 1.0/3, 1e-15)
	near(t, "volume difference", o.VolumeDifference().Value, 0, 0)
	near(t, "reference missed", o.FalseNegative().Value, 0.5, 0)
	near(t, "IoR", o.IoR(), 0.5, 0)
	s := Space{SpacingMM: [3]float64{0.5, 2, 3}}
	near(t, "volume", s.VolumeMM3(o.Reference), 6, 0)
}

func TestEmptyMasks(t *testing.T) {
	size := [3]int{5, 5, 5}
	none, some := segmentation.NewMask(size), boxMask(size, [3]int{1, 1, 1}, [3]int{2, 2, 2})
	s := Space{SpacingMM: [3]float64{1, 2, 3}}
	for _, c := range []struct {
		name               string
		ref, test          *segmentation.Mask
		status             Status
		dice, nsd          float64
		hausdorff          float64
		refToTest, testRef float64
	}{
		{"both empty", none, none, BothEmpty, nan, nan, math.Inf(1), nan, nan},
		{"the reference empty", none, some, RefEmpty, 0, 0, math.Inf(1), nan, math.Inf(1)},
		{"the test empty", some, none, TestEmpty, 0, 0, math.Inf(1), math.Inf(1), nan},
	} {
		o, err := Count(c.ref, c.test)
		if err != nil {
			t.Fatal(err)
		}
		if o.Status() != c.status {
			t.Errorf("%s: %s", c.name, o.Status())
		}
		near(t, c.name+": Dice", o.Dice().Value, c.dice, 0)
		if o.Dice().Defined() == math.IsNaN(c.dice) {
			t.Errorf("%s: Dice is %s", c.name, o.Dice().Status)
		}
		for _, surface := range allSurfaces {
			d := distances(t, c.ref, c.test, s, surface)
			near(t, c.name+": NSD", d.NSD(1).Value, c.nsd, 0)
			a, b := d.MeanDirected()
			equal(t, c.name+": reference to test", a.Value, c.refToTest)
			equal(t, c.name+": test to reference", b.Value, c.testRef)
			want := c.hausdorff
			if c.status == BothEmpty && surface != SurfelArea {
				want = nan
			}
			equal(t, c.name+": Hausdorff", d.Hausdorff().Value, want)
			equal(t, c.name+": HD95", d.HausdorffPercentile(95).Value, want)
			if d.Hausdorff().Defined() {
				t.Errorf("%s: a Hausdorff distance that may enter a mean", c.name)
			}
		}
	}
}

func equal(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// A plate one voxel thick, moved by three slices of 2.5 mm: every distance is 7.5 mm between its voxels.
func TestShiftedPlateByHand(t *testing.T) {
	size := [3]int{20, 12, 10}
	a, b := boxMask(size, [3]int{3, 3, 2}, [3]int{10, 8, 2}), boxMask(size, [3]int{3, 3, 5}, [3]int{10, 8, 5})
	d := distances(t, a, b, Space{SpacingMM: [3]float64{0.5, 0.7, 2.5}}, VoxelFace)
	for name, r := range map[string]Result{"HD": d.Hausdorff(), "HD95": d.HausdorffPercentile(95), "pooled": d.PooledPercentile(95), "ASSD": d.ASSD(), "MASD": d.MASD()} {
		near(t, name, r.Value, 7.5, 1e-12)
	}
	near(t, "NSD below", d.NSD(7.4).Value, 0, 0)
	near(t, "NSD at the distance", d.NSD(7.5).Value, 1, 0)
	if r, n := d.Elements(); r != 48 || n != 48 {
		t.Errorf("%d and %d border voxels", r, n)
	}
}

// One outlying voxel moves Hausdorff, less HD95, and the two HD95 definitions differ.
func TestHD95HasTwoDefinitions(t *testing.T) {
	size := [3]int{60, 60, 1}
	a := maskOf(size, func(i, j, _ int) bool { return i >= 40 && i < 43 && j >= 40 && j < 43 || i == 2 && j == 40 })
	b := boxMask(size, [3]int{40, 40, 0}, [3]int{42, 42, 0})
	d := distances(t, a, b, Space{SpacingMM: [3]float64{1, 3, 1}, Planar: true}, VoxelFace)
	near(t, "HD", d.Hausdorff().Value, 38, 1e-12)
	near(t, "HD95", d.HausdorffPercentile(95).Value, 38*0.6, 1e-9) // of 9: position 7.6 between 0 and 38
	near(t, "pooled", d.PooledPercentile(95).Value, 38*0.2, 1e-9)  // of 17: position 15.2
}

// The area of a box's surface is that of the box with its edges cut.
func TestSurfelAreaOfABox(t *testing.T) {
	size := [3]int{30, 30, 30}
	s := Space{SpacingMM: [3]float64{1, 2, 4}}
	m := boxMask(size, [3]int{0, 5, 5}, [3]int{9, 14, 14}) // touches the border
	at, codes := surfels(distance.Crop(m, [3]int{0, 5, 5}, [3]int{9, 14, 14}), false)
	table, area := surfaceAreas(s.SpacingMM), 0.0
	for _, c := range codes {
		area += table[c]
	}
	sides := 2.0 * 81 * (1*2 + 1*4 + 2*4)
	edges := 4.0 * 9 * (1*math.Hypot(2, 4) + 2*math.Hypot(1, 4) + 4*math.Hypot(1, 2)) / 2
	corners := 8 * 0.125 * math.Sqrt(2*4*2*4+1*4*1*4+1*2*1*2)
	near(t, "area", area, sides+edges+corners, 1e-9)
	n := 0
	at.Each(func(_, _, _ int) { n++ })
	if n != len(codes) {
		t.Errorf("%d cells, %d codes", n, len(codes))
	}
}

func TestMasksThatCannotBeCompared(t *testing.T) {
	a, b := segmentation.NewMask([3]int{4, 4, 4}), segmentation.NewMask([3]int{4, 4, 5})
	if _, err := Count(a, b); !errors.Is(err, segmentation.ErrGrid) {
		t.Errorf("other grids: %v", err)
	}
	if _, err := Surfaces(a, b, Space{SpacingMM: [3]float64{1, 1, 1}}, SurfelArea); !errors.Is(err, segmentation.ErrGrid) {
		t.Errorf("other grids: %v", err)
	}
	for name, s := range map[string]Space{
		"no spacing":       {},
		"negative":         {SpacingMM: [3]float64{1, -1, 1}},
		"not a number":     {SpacingMM: [3]float64{1, nan, 1}},
		"infinite":         {SpacingMM: [3]float64{1, math.Inf(1), 1}},
		"planar in slices": {SpacingMM: [3]float64{1, 1, 1}, Planar: true},
	} {
		if _, err := Surfaces(a, a, s, SurfelArea); project.KindOf(err) != project.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	full := segmentation.Invert(a)
	if _, err := Surfaces(full, full, Space{SpacingMM: [3]float64{1, 1, 1}}, "by eye"); project.KindOf(err) != project.Invalid {
		t.Errorf("an unknown surface: %v", err)
	}
}

func TestMillimetresAreNotGuessed(t *testing.T) {
	good := volume.Geometry{Size: [3]int{4, 4, 4}, Spacing: mgl64.Vec3{1, 2, 3}, Direction: mgl64.Ident3()}
	uncalibrated, stack, single := good, good, good
	uncalibrated.Uncalibrated = true
	stack.PlaneOrigins = make([]volume.Point, 4)
	single.Size[2], single.Spacing[2] = 1, 0
	for name, g := range map[string]*volume.Geometry{"uncalibrated": &uncalibrated, "stack": &stack} {
		if _, err := SpaceOf(g); project.KindOf(err) != project.Unsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := SpaceOf(&single); err != nil || !s.Planar {
		t.Errorf("a single slice: %v, %v", s, err)
	}
	if s, err := SpaceOf(&good); err != nil || s != (Space{SpacingMM: [3]float64{1, 2, 3}}) {
		t.Errorf("a volume: %v, %v", s, err)
	}
}

// Laws of all definitions on random pairs: identity, symmetry, bounds, order, shift and mirror.
func TestLawsOfDistances(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for n := range 24 {
		a, b, s := somePair(r, n)
		for _, surface := range allSurfaces {
			self := distances(t, a, a, s, surface)
			if self.Hausdorff().Value != 0 || self.ASSD().Value != 0 || self.NSD(0).Value != 1 {
				t.Errorf("a mask is not at distance 0 of itself: %v", self.Hausdorff())
			}
			d, back := distances(t, a, b, s, surface), distances(t, b, a, s, surface)
			near(t, "Hausdorff turned round", back.Hausdorff().Value, d.Hausdorff().Value, 0)
			near(t, "HD95 turned round", back.HausdorffPercentile(95).Value, d.HausdorffPercentile(95).Value, 1e-12)
			near(t, "ASSD turned round", back.ASSD().Value, d.ASSD().Value, 1e-9)
			near(t, "NSD turned round", back.NSD(1).Value, d.NSD(1).Value, 1e-12)
			if hd := d.Hausdorff().Value; d.HausdorffPercentile(95).Value > hd || d.ASSD().Value > hd || d.PooledPercentile(95).Value > hd {
				t.Errorf("%s: a percentile or a mean above the greatest distance", surface)
			}
			if x, y := d.NSD(0.5).Value, d.NSD(2).Value; !(0 <= x && x <= y && y <= 1) {
				t.Errorf("%s: NSD falls with its tolerance or leaves its bounds: %v, %v", surface, x, y)
			}
			flipped := distances(t, mirror(a), mirror(b), s, surface)
			near(t, "Hausdorff mirrored", flipped.Hausdorff().Value, d.Hausdorff().Value, 1e-12)
			near(t, "ASSD mirrored", flipped.ASSD().Value, d.ASSD().Value, 1e-9)
		}
	}
}

func mirror(m *segmentation.Mask) *segmentation.Mask {
	size := m.Size()
	return maskOf(size, func(i, j, k int) bool { return m.At(size[0]-1-i, size[1]-1-j, size[2]-1-k) })
}
