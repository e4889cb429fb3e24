package edit

import (
	"slices"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// stroke is a brush operation on its way to an entry.
type stroke struct {
	op      Op
	rows    []RowChange // the segment's creation, if its class had none
	segment int
	image   int
	without *segmentation.Set // the set as it was before
	painter *segmentation.Painter
}

// newStroke finds or makes the segment and sets the brush up. Points are not painted yet.
func (h *History) newStroke(op Op) (*stroke, error) {
	s := &stroke{op: op, without: h.set}
	set, err := h.brushSegment(s)
	if err != nil {
		return nil, err
	}
	if reason := h.withheld[s.image]; reason != nil {
		return nil, reason
	}
	image := h.images[s.image]
	brush := segmentation.Stroke{RadiusMM: op.RadiusMM, Erase: op.Mode == "erase", Range: op.Range}
	if op.Shape == "sphere" {
		brush.Shape = segmentation.Sphere
	} else {
		brush.Normal = op.normal(image)
	}
	rule, err := h.rule(op, s.image)
	if err != nil {
		return nil, err
	}
	target := segmentation.Target{Set: set, Segment: s.segment, Geometry: image.Geometry, Volume: image.Volume}
	if s.painter, err = segmentation.NewPainter(target, brush, rule); err != nil {
		return nil, err
	}
	s.op.Samples, s.op.PointsMM = len(op.PointsMM), nil
	return s, nil
}

// brushSegment finds the segment to paint on, or adds one if the reference names a class that has none on the image yet.
func (h *History) brushSegment(s *stroke) (*segmentation.Set, error) {
	g, err := h.find("segment", s.op.Segment, s.op.Image)
	if err == nil {
		if s.op.Image != 0 && s.op.Image != g.Image {
			return nil, invalid("image: %s lies on image %d", g.Name, g.Image)
		}
		s.segment, s.image = g.Number, g.Image
		return h.set, nil
	}
	class, ok := h.class(s.op.Segment.Name)
	if !ok || project.KindOf(err) != project.NotFound {
		return nil, err
	}
	row, err := h.newRow(class, s.op.Image)
	if err != nil {
		return nil, err
	}
	s.segment, s.image, s.rows = row.Number, row.Image, []RowChange{{After: row}}
	return h.set.With(row.segment(segmentation.NewMask(h.images[row.Image].Geometry.Size))), nil
}

// normal returns the normal of a disc's plane.
func (op *Op) normal(image Image) mgl64.Vec3 {
	if op.Normal != nil {
		return *op.Normal
	}
	switch op.Plane {
	case "axial":
		return mgl64.Vec3{0, 0, 1}
	case "coronal":
		return mgl64.Vec3{0, 1, 0}
	case "sagittal":
		return mgl64.Vec3{1, 0, 0}
	}
	return image.Geometry.Axis(2)
}

func (h *History) rule(op Op, image int) (r segmentation.Rule, err error) {
	switch op.Overwrite {
	case "visible":
		r.Overwrite = segmentation.OverwriteVisible
	case "all":
		r.Overwrite = segmentation.OverwriteAll
	}
	if r.Visible, err = h.numbers("visible", op.Visible, image); err != nil {
		return r, err
	}
	r.Overlap, err = h.numbers("overlap", op.Overlap, image)
	return r, err
}

// numbers resolves a list of segments. A class stands for all its segments, also for none.
func (h *History) numbers(field string, refs []Ref, image int) ([]int, error) {
	var out []int
	for _, r := range refs {
		if class, ok := h.class(r.Name); ok && r.Number == 0 {
			if _, named := h.set.ByName(r.Name); !named {
				for _, g := range h.set.OfClass(class.ID) {
					out = append(out, g.Number)
				}
				continue
			}
		}
		g, err := h.find(field, r, image)
		if err != nil {
			return nil, err
		}
		out = append(out, g.Number)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// change returns what the stroke made. A segment that it would have created but in which it left no voxel is not created.
func (s *stroke) change() change {
	c := change{op: s.op, rows: s.rows, after: s.painter.Set(), method: ByHand}
	if s.op.Range != nil {
		c.method = ByHandRange
	}
	if g, ok := c.after.Find(s.segment); ok && len(s.rows) > 0 && g.Mask.Count() == 0 {
		c.rows, c.after = nil, s.without
	}
	return c
}
