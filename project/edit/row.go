package edit

import (
	"unicode/utf8"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// Row is a segment without its voxels, as the journal keeps it.
type Row struct {
	Number   int            `json:"number"`
	Image    int            `json:"image"`
	Class    string         `json:"class,omitempty"`
	Name     string         `json:"name"`
	Colour   project.Colour `json:"color"`
	Category project.Code   `json:"category,omitzero"`
	Type     project.Code   `json:"type,omitzero"`
	Locked   bool           `json:"locked,omitempty"`
}

// RowChange is one row of the segment list before and after; nil where it does not exist.
type RowChange struct {
	Before *Row `json:"before"`
	After  *Row `json:"after"`
}

func rowOf(g *segmentation.Segment) *Row {
	return &Row{g.Number, g.Image, g.Class, g.Name, g.Colour, g.Category, g.Type, g.Locked}
}

func (r *Row) segment(m *segmentation.Mask) *segmentation.Segment {
	return &segmentation.Segment{
		Number: r.Number, Image: r.Image, Class: r.Class, Name: r.Name, Colour: r.Colour,
		Category: r.Category, Type: r.Type, Locked: r.Locked, Mask: m,
	}
}

func (c RowChange) number() int {
	if c.Before != nil {
		return c.Before.Number
	}
	return c.After.Number
}

// check refuses a change that no operation makes.
func (c RowChange) check() error {
	switch b, a := c.Before, c.After; {
	case b == nil && a == nil, b != nil && a != nil && (*b == *a || b.Number != a.Number || b.Image != a.Image):
		return corrupt("a row changes into nothing, itself or another")
	}
	for _, r := range []*Row{c.Before, c.After} {
		if r == nil {
			continue
		}
		if r.Number < 1 || r.Number > MaxSegments || r.Image < 0 || r.Image >= MaxImages || r.Name == "" {
			return corrupt("a row breaks the rules of a segment")
		}
		for _, s := range []string{r.Class, r.Category.Value, r.Category.Scheme, r.Category.Meaning, r.Type.Value, r.Type.Scheme, r.Type.Meaning} {
			if !utf8.ValidString(s) {
				return corrupt("a row has text that is not UTF-8")
			}
		}
		if err := checkName("name", r.Name); err != nil {
			return corrupt("a row breaks the rules of a segment: %w", err)
		}
	}
	return nil
}

func corrupt(format string, args ...any) error {
	return project.Errorf(project.Corrupt, format, args...)
}

// apply makes a change to a set: rows that appear or change first, then the voxels, then rows that go, which must have none left. Back takes it back.
// It changes nothing and returns ErrBase (of segmentation) or a Corrupt error unless the set is the one the change was made on.
func apply(images []Image, s *segmentation.Set, rows []RowChange, d *segmentation.Delta, back bool) (*segmentation.Set, error) {
	for _, c := range rows {
		from, to := c.Before, c.After
		if back {
			from, to = to, from
		}
		g, exists := s.Find(c.number())
		if exists != (from != nil) || exists && *rowOf(g) != *from {
			return nil, &project.Error{Kind: project.Conflict, Text: "the change was made on another list of segments", Err: segmentation.ErrBase}
		}
		switch {
		case to == nil:
		case exists:
			s = s.With(to.segment(g.Mask))
		case to.Image >= len(images):
			return nil, corrupt("a segment lies on image %d of %d", to.Image, len(images))
		default:
			s = s.With(to.segment(segmentation.NewMask(images[to.Image].Geometry.Size)))
		}
	}
	move := d.Apply
	if back {
		move = d.Revert
	}
	s, err := move(s)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		if to := c.After; (back && c.Before == nil) || (!back && to == nil) {
			if g, _ := s.Find(c.number()); g.Mask.Count() > 0 {
				return nil, corrupt("a segment is deleted that still has voxels")
			}
			s = s.Without(c.number())
		}
	}
	return s, nil
}
