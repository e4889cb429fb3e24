package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// resolve carries out the definition's rules on the panel's reads, as the lead's workstation does.
func (w *work) resolve() error {
	task := panel.Work{Definition: w.in.Definition, Hash: w.in.Hash, Modality: w.study.Modality, Expected: w.expected, Images: []panel.Image{{Geometry: w.grid}}}
	for _, r := range w.panel {
		if read := w.study.reads[r.ID]; read != nil {
			task.Reads = append(task.Reads, w.content(w.sources[r.ID]))
		}
	}
	var err error
	if w.result, err = panel.ResolveCase(task); err != nil {
		return err
	}
	record, err := w.result.Record()
	if err != nil {
		return err
	}
	w.record = project.HashOf(record)
	w.stapleRows()
	w.measure()
	return nil
}

// content is a read in the panel's words.
func (w *work) content(src *source) panel.Content {
	out := panel.Content{Read: src.read.Digest}
	for n := range w.in.Definition.StudyForm {
		q := &w.in.Definition.StudyForm[n]
		for id, a := range src.read.Answers {
			if name, part := partOf(id); name == q.ID {
				out.Answers = append(out.Answers, panel.Said{Question: q.ID, Part: part, Answer: a.answered(q)})
			}
		}
	}
	for n := range w.in.Definition.Classes {
		class := w.in.Definition.Classes[n].ID
		for _, m := range w.marks(src, class) {
			out.Marks = append(out.Marks, panel.Drawn{Class: class, Mark: m.Mark})
		}
	}
	for _, m := range src.read.Measurements {
		out.Measurements = append(out.Measurements, panel.Measured{Class: m.Class, Name: strings.TrimSpace(m.Name + " " + m.Target), Of: m.Of, Value: m.Value, Unit: m.Unit})
	}
	return out
}

// goldOf is the panel's result on one class of one study: what the rule gave where it says agreed, what the adjudicator decided where it does not.
type goldOf struct {
	mask  *segmentation.Mask // all of it; nil for boxes
	marks []rated
}

// gold returns the panel's result; nil where the rule left it open and nobody decided.
func (w *work) gold(c *project.Class) (*goldOf, error) {
	if w.adjudicated(c.ID) {
		return w.judgedGold(c)
	}
	at := slices.IndexFunc(w.result.Classes, func(r panel.ImageResult) bool { return r.Class == c.ID })
	if at < 0 || !w.result.Classes[at].Agreed {
		return nil, nil
	}
	out := &goldOf{}
	for n, in := range w.result.Classes[at].Instances {
		if in.Present {
			out.marks = append(out.marks, rated{panel.Mark{Number: n + 1, Mask: in.Mask, Box: in.Box}, math.NaN(), nil})
		}
	}
	return out, w.join(c, out)
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

// stapleRow is the estimate of one reader's performance in one instance.
type stapleRow struct {
	study, class             string
	instance                 int
	reader                   string
	sensitivity, specificity float64
	iterations               int
	volumeRatio              float64 // of STAPLE's mask to the plain majority's
}

func (w *work) stapleRows() {
	for _, r := range w.result.Classes {
		for n, in := range r.Instances {
			if in.Staple == nil {
				continue
			}
			for k, from := range in.From {
				w.staple = append(w.staple, stapleRow{w.study.ID, r.Class, n + 1, w.readerOf(from.Read), in.Staple.Sensitivity[k], in.Staple.Specificity[k], in.Staple.Iterations, in.Facts["majority_volume_ratio"]})
			}
		}
	}
}

// readerOf names the panel's reader whose read has the digest.
func (w *work) readerOf(read project.Hash) string {
	for _, r := range w.panel {
		if one := w.study.reads[r.ID]; one != nil && one.Digest == read {
			return r.ID
		}
	}
	return ""
}

// measuredThing is one number of one thing, by reader.
type measuredThing struct {
	class, name string
	thing       string // "mass 2", a target's name, or empty
	values      map[string]float64
	units       []string
}

// measure brings together what the readers measured of one thing: the marks that they measured are matched by the class's rule.
func (w *work) measure() {
	at := map[[3]string]int{}
	for _, r := range w.panel {
		read := w.study.reads[r.ID]
		if read == nil {
			continue
		}
		for _, m := range read.Measurements {
			thing := m.Target
			if m.Of > 0 {
				c, _ := w.in.Definition.Class(m.Class)
				thing = w.instanceOf(c.LinkTo, panel.Source{Read: read.Digest, Number: m.Of})
			}
			key := [3]string{m.Class, m.Name, thing}
			n, ok := at[key]
			if !ok {
				n = len(w.measured)
				at[key], w.measured = n, append(w.measured, measuredThing{m.Class, m.Name, thing, map[string]float64{}, nil})
			}
			w.measured[n].values[r.ID] = m.Value
			if !slices.Contains(w.measured[n].units, m.Unit) {
				w.measured[n].units = append(w.measured[n].units, m.Unit)
			}
		}
	}
}

func (w *work) instanceOf(class string, mark panel.Source) string {
	for _, r := range w.result.Classes {
		for n, in := range r.Instances {
			if r.Class == class && slices.Contains(in.From, mark) {
				return fmt.Sprintf("%s %d", class, n+1)
			}
		}
	}
	return fmt.Sprintf("%s of read %s, mark %d", class, mark.Read, mark.Number)
}
