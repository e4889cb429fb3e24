package report

import (
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// goldOf is the panel's result on one class of one study: what the rule gave where it says agreed, what the adjudicator decided where it does not.
type goldOf struct {
	mask  *segmentation.Mask // all of it; nil for boxes
	marks []rated
}

// resolve carries out the definition's rule. nil: there is no gold, since the rule is missing, or its dispute is not decided.
func (w *work) resolve(c *project.Class) (*goldOf, error) {
	rule := w.in.Definition.ClassRule(c.ID)
	if c.Is(project.KindDetection) && rule.Match == nil || severalOf(w.in.Definition, c) && rule.Match == nil {
		return nil, nil // nothing says how marks become one
	}
	t := panel.Task{Definition: w.in.Hash, Class: *c, Rule: rule, Expected: w.expected, Geometry: w.grid, Surface: w.nsd(c)}
	for _, r := range w.panel {
		read := w.study.reads[r.ID]
		if read == nil {
			continue
		}
		one := panel.Reading{Read: read.Digest}
		for _, m := range w.marks(w.sources[r.ID], c.ID) {
			one.Marks = append(one.Marks, m.Mark)
		}
		t.Readings = append(t.Readings, one)
	}
	result, err := panel.Resolve(t)
	if err != nil {
		return nil, err
	}
	w.resolved[c.ID] = result
	w.stapleRows(c, result)
	if w.adjudicated(c.ID) {
		return w.judgedGold(c)
	}
	if !result.Agreed {
		return nil, nil
	}
	out := &goldOf{}
	for n, in := range result.Instances {
		if !in.Present {
			continue
		}
		out.marks = append(out.marks, rated{panel.Mark{Number: n + 1, Mask: in.Mask, Box: in.Box}, math.NaN()})
	}
	return out, w.join(c, out)
}

func (w *work) nsd(c *project.Class) func(a, b *segmentation.Mask) (float64, bool) {
	mm := w.tolerance(c)
	if mm == 0 || w.unspaced != "" {
		return nil
	}
	return func(a, b *segmentation.Mask) (float64, bool) {
		d, err := metrics.Surfaces(a, b, w.space, w.surface)
		if err != nil {
			return 0, false
		}
		r := d.NSD(mm)
		return r.Value, r.Defined()
	}
}

// adjudicated reports whether the adjudicator decided on the subject in this study.
func (w *work) adjudicated(subject string) bool {
	return slices.ContainsFunc(w.in.Panel.Adjudications, func(a Adjudication) bool { return a.Study == w.study.ID && a.Subject == subject })
}

// judgedGold is what the adjudicator's own read of the study holds; nil where there is none.
func (w *work) judgedGold(c *project.Class) (*goldOf, error) {
	if w.study.judged == nil {
		return nil, nil
	}
	out := &goldOf{marks: w.marks(w.sources[w.study.judged.Reader], c.ID)}
	return out, w.join(c, out)
}

// join makes the union of gold's masks.
func (w *work) join(c *project.Class, g *goldOf) (err error) {
	if !c.Is(project.KindSegment) || w.grid == nil {
		return nil
	}
	g.mask = segmentation.NewMask(w.grid.Size)
	for _, m := range g.marks {
		if m.Mask == nil {
			continue
		}
		if g.mask, err = segmentation.Union(g.mask, m.Mask); err != nil {
			return err
		}
	}
	return nil
}

// StapleRow is the estimate of one reader's performance in one instance.
type StapleRow struct {
	Study, Class             string
	Instance                 int
	Reader                   string
	Sensitivity, Specificity float64
	Iterations               int
	VolumeRatio              float64 // of STAPLE's mask to the plain majority's
}

func (w *work) stapleRows(c *project.Class, r *panel.ClassResult) {
	for n, in := range r.Instances {
		if in.Staple == nil {
			continue
		}
		for k, from := range in.From {
			reader := ""
			for _, src := range w.order {
				if src.read.Digest == from.Read {
					reader = src.name
				}
			}
			w.staple = append(w.staple, StapleRow{w.study.ID, c.ID, n + 1, reader, in.Staple.Sensitivity[k], in.Staple.Specificity[k], in.Staple.Iterations, in.Facts["majority_volume_ratio"]})
		}
	}
}
