package segmentation

import (
	"slices"

	"hotlight/project"
)

// Segment is one labelled structure of a read. It is immutable: change a copy and put that into a Set.
type Segment struct {
	Number   int            // from 1; never used for another segment of the same read, not even after deletion
	Image    int            // index of the item's image (series volume) on whose grid the segment lies
	Class    string         // project.Class.ID, or empty
	Name     string         // as the reader sees it; unique in the read
	Colour   project.Colour //
	Category project.Code   // segmented property category
	Type     project.Code   // segmented property type
	Locked   bool           // the mask must not change
	Mask     *Mask          // never nil in a Set
}

// Set is the segments of one read at one moment, by ascending number. It is immutable and may be read by any number of goroutines.
// The zero value is the empty set.
type Set struct {
	segments []*Segment
}

// NewSet returns the set of the given segments. It refuses a number that is below 1 or occurs twice, and a segment without a mask.
func NewSet(segments ...*Segment) (*Set, error) {
	s := &Set{}
	for _, g := range segments {
		if g.Number < 1 || g.Mask == nil {
			return nil, project.Errorf(project.Invalid, "segment %d: a segment has a number from 1 and a mask", g.Number)
		}
		if _, taken := s.Find(g.Number); taken {
			return nil, project.Errorf(project.Invalid, "segment %d occurs twice", g.Number)
		}
		s = s.With(g)
	}
	return s, nil
}

// Segments returns the segments by ascending number. The slice is the set's own: read only.
func (s *Set) Segments() []*Segment { return s.segments }

// Find returns the segment with the given number.
func (s *Set) Find(number int) (*Segment, bool) {
	n, ok := s.search(number)
	if !ok {
		return nil, false
	}
	return s.segments[n], true
}

// ByName returns the segment with the given name, spelt exactly so.
func (s *Set) ByName(name string) (*Segment, bool) {
	for _, g := range s.segments {
		if g.Name == name {
			return g, true
		}
	}
	return nil, false
}

// OfClass returns the segments of a class, by ascending number.
func (s *Set) OfClass(class string) []*Segment {
	var out []*Segment
	for _, g := range s.segments {
		if g.Class == class {
			out = append(out, g)
		}
	}
	return out
}

// With returns a set in which g stands in the place of the segment of its number, or is added.
func (s *Set) With(g *Segment) *Set {
	n, ok := s.search(g.Number)
	out := &Set{segments: slices.Clone(s.segments)}
	if ok {
		out.segments[n] = g
	} else {
		out.segments = slices.Insert(out.segments, n, g)
	}
	return out
}

// Without returns a set that lacks the segment of the given number.
func (s *Set) Without(number int) *Set {
	n, ok := s.search(number)
	if !ok {
		return s
	}
	return &Set{segments: slices.Delete(slices.Clone(s.segments), n, n+1)}
}

// WithMask returns a set in which the segment of the given number, which must exist, has mask m.
func (s *Set) WithMask(number int, m *Mask) *Set {
	n, ok := s.search(number)
	if !ok {
		panic("segmentation: WithMask of a segment that is not in the set")
	}
	g := *s.segments[n]
	g.Mask = m
	return s.With(&g)
}

// Equal reports whether both sets have the same segments with the same fields and the same voxels.
func (s *Set) Equal(o *Set) bool {
	return slices.EqualFunc(s.segments, o.segments, func(a, b *Segment) bool {
		if a == b {
			return true
		}
		x, y := *a, *b
		x.Mask, y.Mask = nil, nil
		return x == y && a.Mask.Equal(b.Mask)
	})
}

func (s *Set) search(number int) (int, bool) {
	return slices.BinarySearchFunc(s.segments, number, func(g *Segment, n int) int { return g.Number - n })
}
