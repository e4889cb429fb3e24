package panel

import (
	"fmt"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/expr"
	"hotlight/project/metrics"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

var errGrid = segmentation.ErrGrid

// classes resolves what was drawn, class by class in the definition's order and image by image. Marks on different images are never the same thing.
func (w *Work) classes(out *CaseResult) error {
	for n := range w.Definition.Classes {
		c := &w.Definition.Classes[n]
		if !c.Is(project.KindSegment) && !c.Is(project.KindDetection) {
			continue
		}
		images := w.imagesOf(c.ID)
		if len(images) == 0 && !w.asked(c.Modalities) {
			continue
		}
		if len(images) == 0 {
			images = []int{-1} // nobody drew it anywhere: one result says so
		}
		for _, image := range images {
			if err := w.class(out, c, image); err != nil {
				return err
			}
		}
		w.sameImages(out, c, images)
	}
	return nil
}

// imagesOf returns the images on which the class was drawn, ascending.
func (w *Work) imagesOf(class string) (images []int) {
	for _, r := range w.Reads {
		for _, m := range r.Marks {
			if m.Class == class && !m.empty() && !slices.Contains(images, m.Image) {
				images = append(images, m.Image)
			}
		}
	}
	slices.Sort(images)
	return images
}

// empty reports whether the mark is a mask that was emptied again: it marks nothing.
func (m *Mark) empty() bool { return m.Mask != nil && m.Mask.Count() == 0 }

func (w *Work) class(out *CaseResult, c *project.Class, image int) error {
	t := Task{Definition: w.Hash, Class: *c, Rule: w.Definition.ClassRule(c.ID), Expected: w.Expected}
	if image >= 0 {
		t.Geometry = w.Images[image].Geometry
		if w.Surfaces || asksSurfaces(t.Rule.AdjudicateIf) {
			t.Surface, t.FitSurface = w.surface(c, t.Geometry), w.Surfaces
		}
	}
	for _, r := range w.Reads {
		reading := Reading{Read: r.Read}
		for _, m := range r.Marks {
			if m.Class == c.ID && m.Image == image {
				reading.Marks = append(reading.Marks, m.Mark)
			}
		}
		t.Readings = append(t.Readings, reading)
	}
	resolved, err := Resolve(t)
	if err != nil {
		return err
	}
	out.Classes = append(out.Classes, ImageResult{Class: c.ID, Image: image, ClassResult: *resolved})
	if resolved.Agreed {
		return nil
	}
	found := false
	for n, in := range resolved.Instances {
		if !in.Agreed {
			found = true
			out.open(Open{Subject: "classes." + c.ID, Image: image, Instance: n + 1, Reasons: in.Reasons})
		}
	}
	if !found {
		out.open(Open{Subject: "classes." + c.ID, Image: image, Reasons: resolved.Reasons})
	}
	return nil
}

// sameImages disputes a thing that there is once a study if the readers drew it on different images: each image alone might look agreed.
func (w *Work) sameImages(out *CaseResult, c *project.Class, images []int) {
	if len(images) < 2 || w.Definition.ClassRule(c.ID).Match != nil {
		return
	}
	out.open(Open{Subject: "classes." + c.ID, Image: -1, Reasons: []string{fmt.Sprintf("it was drawn on %d different images, and there is one a study", len(images))}})
	for n := range out.Classes {
		if r := &out.Classes[n]; r.Class == c.ID {
			r.dispute("it was drawn on other images too, and there is one a study")
		}
	}
}

// asksSurfaces reports whether a condition names a surface distance. One that does not parse is said by the gate itself.
func asksSurfaces(condition string) bool {
	if condition == "" {
		return false
	}
	tree, err := expr.Parse(condition)
	return err == nil && slices.ContainsFunc(tree.Fields(), func(field string) bool { return strings.HasSuffix(field, "_nsd") })
}

// surface measures the normalised surface distance as the analysis plan says: its surface, and the tolerance of the plan or else of the class. It is nil where there is no
// tolerance, or the image has no millimetres.
func (w *Work) surface(c *project.Class, g *volume.Geometry) func(a, b *segmentation.Mask) (float64, bool) {
	definition, tolerance := metrics.SurfelArea, c.ToleranceMM
	if p := w.Definition.Metrics; p != nil {
		if p.SurfaceDefinition != "" {
			definition = metrics.Surface(p.SurfaceDefinition)
		}
		if mm := p.Segments[c.ID].ToleranceMM; mm > 0 {
			tolerance = mm
		}
	}
	if g == nil || tolerance <= 0 {
		return nil
	}
	space, err := metrics.SpaceOf(g)
	if err != nil {
		return nil
	}
	return func(a, b *segmentation.Mask) (float64, bool) {
		d, err := metrics.Surfaces(a, b, space, definition)
		if err != nil || d.Status() == metrics.BothEmpty {
			return 0, false
		}
		return d.NSD(tolerance).Value, true
	}
}
