package segmentation

import (
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// TestOverwriteRules paints a ball over four segments that fill the grid, and asks of each voxel who has it afterwards.
func TestOverwriteRules(t *testing.T) {
	g := grid([3]int{70, 30, 12}, mgl64.Vec3{1, 1, 1})
	const target, plain, locked, shown, elsewhere = 1, 2, 3, 4, 5
	all := Invert(NewMask(g.Size))
	set, err := NewSet(
		&Segment{Number: target, Mask: NewMask(g.Size)},
		&Segment{Number: plain, Mask: all},
		&Segment{Number: locked, Mask: half(g.Size), Locked: true},
		&Segment{Number: shown, Mask: all},
		&Segment{Number: elsewhere, Mask: all, Image: 1},
	)
	if err != nil {
		t.Fatal(err)
	}
	ball := Stroke{Shape: Sphere, RadiusMM: 5, Points: []volume.Point{{35, 15, 6}, {60, 15, 6}}}
	brush := mustPaint(t, set, g, ball)
	free, _ := Subtract(brush, half(g.Size)) // of the brush, what the locked segment does not have
	less := func(m *Mask) *Mask { out, _ := Subtract(all, m); return out }
	for _, c := range []struct {
		name  string
		rule  Rule
		erase bool
		want  map[int]*Mask
	}{
		{"none: the others are not changed", Rule{}, false, map[int]*Mask{target: brush}},
		{"all: the others lose what is painted, the locked one keeps what it has", Rule{Overwrite: OverwriteAll}, false,
			map[int]*Mask{target: free, plain: less(free), shown: less(free)}},
		{"all, but one may overlap", Rule{Overwrite: OverwriteAll, Overlap: []int{plain}}, false,
			map[int]*Mask{target: free, shown: less(free)}},
		{"all, but the locked one may overlap", Rule{Overwrite: OverwriteAll, Overlap: []int{locked}}, false,
			map[int]*Mask{target: brush, plain: less(brush), shown: less(brush)}},
		{"visible: only those that are shown", Rule{Overwrite: OverwriteVisible, Visible: []int{target, shown}}, false,
			map[int]*Mask{target: brush, shown: less(brush)}},
		{"visible, the locked one shown", Rule{Overwrite: OverwriteVisible, Visible: []int{locked}}, false,
			map[int]*Mask{target: free}},
		{"erasing changes no other", Rule{Overwrite: OverwriteAll}, true, map[int]*Mask{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ball
			s.Erase = c.erase
			got, d, err := Paint(Target{Set: set, Segment: target, Geometry: g}, s, c.rule)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range got.Segments() {
				want := c.want[g.Number]
				if want == nil {
					old, _ := set.Find(g.Number)
					want = old.Mask
				}
				if !g.Mask.Equal(want) {
					t.Fatalf("segment %d has %d voxels, want %d", g.Number, g.Mask.Count(), want.Count())
				}
			}
			if back, err := d.Revert(got); err != nil || !back.Equal(set) {
				t.Fatalf("undo: %v", err)
			}
		})
	}
}

// half is every voxel left of column 48.
func half(size [3]int) *Mask {
	b := NewBuilder(NewMask(size))
	for k := range size[2] {
		for j := range size[1] {
			b.SetRow(0, 47, j, k)
		}
	}
	return b.Mask()
}

func TestSetsAreInOrderAndImmutable(t *testing.T) {
	m := NewMask([3]int{1, 1, 1})
	a, err := NewSet(&Segment{Number: 7, Name: "b", Class: "x", Mask: m}, &Segment{Number: 2, Name: "a", Class: "x", Mask: m})
	if err != nil || a.Segments()[0].Number != 2 {
		t.Fatalf("%v, %v", a, err)
	}
	b := a.With(&Segment{Number: 5, Mask: m}).Without(7)
	if len(a.Segments()) != 2 || len(b.Segments()) != 2 || b.Segments()[1].Number != 5 || len(a.OfClass("x")) != 2 {
		t.Fatal("a set changed, or is out of order")
	}
	if g, ok := a.ByName("b"); !ok || g.Number != 7 {
		t.Fatal("a name is not found")
	}
	for _, bad := range [][]*Segment{{{Number: 0, Mask: m}}, {{Number: 1}}, {{Number: 1, Mask: m}, {Number: 1, Mask: m}}} {
		if _, err := NewSet(bad...); err == nil {
			t.Fatal("a set that breaks its rules was made")
		}
	}
}
