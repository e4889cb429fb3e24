package report

import (
	"math"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// found is one reader's marks of one class in one study against the reference.
type found struct {
	lesions []lesion
	wrong   []float64 // ratings of marks that hit nothing; NaN: not rated
	extra   int       // further marks on a lesion that has one already: neither hit nor wrong
}

// lesion is one of the reference.
type lesion struct {
	mm     float64 // diameter of the ball of equal volume, or the box's longest side; NaN: a point
	found  bool
	rating float64 // of the mark that found it; NaN: not rated, or not found
	dice   float64 // of the two masks; NaN: not found, or boxes
}

// matching is two readers' marks of one class in one study: how many are the same thing.
type matching struct {
	first, second, both int
	dice                []float64              // of the masks of what both marked
	attributes          [][2]map[string]Answer // of what both marked
}

// rated is a mark with its rating.
type rated struct {
	panel.Mark
	rating     float64
	attributes map[string]Answer
}

// marks returns what a source marked of a class: masks that are not empty, or boxes.
func (w *work) marks(src *source, class string) (out []rated) {
	c, _ := w.in.Definition.Class(class)
	if src.drawn != nil {
		for _, s := range src.drawn.Segments {
			if s.Class == class && s.Mask.Count() > 0 {
				out = append(out, rated{panel.Mark{Read: src.read.Digest, Number: s.Instance, Mask: s.Mask, Attributes: attributesOf(&c, s.Attributes)}, s.Rating, s.Attributes})
			}
		}
	}
	for _, m := range src.read.Marks {
		if m.Class == class {
			out = append(out, rated{panel.Mark{Read: src.read.Digest, Number: m.Number, Box: &panel.Box{Min: m.Min, Max: m.Max}, Attributes: attributesOf(&c, m.Attributes)}, m.Rating, m.Attributes})
		}
	}
	return out
}

// rule is how marks of two sources are matched: the project's own rule, so that the numbers and the consensus mean the same by "the same thing".
func (b *builder) rule(c *project.Class) project.MatchRule {
	if m := b.in.Definition.ClassRule(c.ID).Match; m != nil {
		return *m
	}
	return project.MatchRule{Criterion: "iou3d", Threshold: 0.1}
}

// instances matches marks one by one: between readers, and with the reference.
func (w *work) instances(c *project.Class, gold *goldOf) error {
	marks := map[string][]rated{}
	for _, src := range w.order {
		marks[src.name] = w.marks(src, c.ID)
	}
	for _, p := range w.pairs() {
		if w.study.reads[p[0]] == nil || w.study.reads[p[1]] == nil {
			continue
		}
		m, err := w.match(c, marks[p[0]], marks[p[1]])
		if err != nil {
			return err
		}
		w.matches[c.ID][p[0]+":"+p[1]] = m
	}
	truth := w.truthName()
	var lesions []rated
	switch {
	case w.study.truth != nil:
		lesions = marks[truth]
	case truth == goldName && gold != nil:
		lesions = gold.marks
	default:
		return nil
	}
	for _, r := range w.panel {
		if w.study.reads[r.ID] == nil {
			continue
		}
		f, err := w.hold(c, marks[r.ID], lesions)
		if err != nil {
			return err
		}
		w.founds[c.ID][r.ID+":"+truth] = f
	}
	if w.study.truth != nil && gold != nil {
		f, err := w.hold(c, gold.marks, lesions)
		if err != nil {
			return err
		}
		w.founds[c.ID][goldName+":"+truth] = f
	}
	return nil
}

// together matches the marks of two sources under the rule. The reads' digests are replaced: a source may be compared with itself in another role.
func (w *work) together(c *project.Class, a, b []rated) (pairs [][2]int, err error) {
	var all []panel.Mark
	for side, list := range [2][]rated{a, b} {
		for n, m := range list {
			m.Mark.Read, m.Mark.Number = project.Hash{byte(side + 1)}, n+1
			all = append(all, m.Mark)
		}
	}
	found, err := panel.Match(w.rule(c), all, w.grid)
	if err != nil {
		return nil, err
	}
	for _, cluster := range found {
		if len(cluster) == 2 {
			pairs = append(pairs, [2]int{cluster[0].Number - 1, cluster[1].Number - 1})
		}
	}
	return pairs, nil
}

func (w *work) match(c *project.Class, a, b []rated) (matching, error) {
	out := matching{first: len(a), second: len(b)}
	pairs, err := w.together(c, a, b)
	if err != nil {
		return out, err
	}
	out.both = len(pairs)
	for _, p := range pairs {
		out.attributes = append(out.attributes, [2]map[string]Answer{a[p[0]].attributes, b[p[1]].attributes})
		d, err := diceOf(a[p[0]].Mask, b[p[1]].Mask)
		if err != nil {
			return out, err
		}
		if !math.IsNaN(d) {
			out.dice = append(out.dice, d)
		}
	}
	return out, nil
}

func diceOf(a, b *segmentation.Mask) (float64, error) {
	if a == nil || b == nil {
		return math.NaN(), nil
	}
	o, err := metrics.Count(a, b)
	if err != nil {
		return math.NaN(), err
	}
	return o.Dice().Value, nil
}

// hold holds a reader's marks against the lesions. Every mark is a hit, an extra mark on a lesion that was found already, or wrong.
func (w *work) hold(c *project.Class, marks, lesions []rated) (*found, error) {
	out := &found{}
	for _, l := range lesions {
		out.lesions = append(out.lesions, lesion{mm: w.diameter(l), rating: math.NaN(), dice: math.NaN()})
	}
	pairs, err := w.together(c, marks, lesions)
	if err != nil {
		return nil, err
	}
	hit := make([]bool, len(marks))
	for _, p := range pairs {
		hit[p[0]] = true
		l := &out.lesions[p[1]]
		l.found, l.rating = true, marks[p[0]].rating
		if l.dice, err = diceOf(marks[p[0]].Mask, lesions[p[1]].Mask); err != nil {
			return nil, err
		}
	}
	for n, m := range marks {
		if hit[n] {
			continue
		}
		extra, err := w.meetsAny(c, m, lesions)
		if err != nil {
			return nil, err
		}
		if extra {
			out.extra++
		} else {
			out.wrong = append(out.wrong, m.rating)
		}
	}
	return out, nil
}

// meetsAny reports whether a mark meets the criterion for any of the lesions by itself.
func (w *work) meetsAny(c *project.Class, m rated, lesions []rated) (bool, error) {
	for _, l := range lesions {
		pairs, err := w.together(c, []rated{m}, []rated{l})
		if err != nil || len(pairs) > 0 {
			return len(pairs) > 0, err
		}
	}
	return false, nil
}

// diameter is that of the ball of a mask's volume, or a box's longest side, in mm.
func (w *work) diameter(m rated) float64 {
	if m.Box != nil {
		side := m.Box.Max.Sub(m.Box.Min)
		if longest := max(side[0], side[1], side[2]); longest > 0 {
			return longest
		}
		return math.NaN()
	}
	ml, ok := w.grid.VoxelML()
	if !ok {
		return math.NaN()
	}
	return 2 * math.Cbrt(3*float64(m.Mask.Count())*ml*1000/(4*math.Pi))
}
