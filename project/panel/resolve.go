package panel

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Reading is what one read holds of one class. No marks at all is an answer too: the reader saw none.
type Reading struct {
	Read  project.Hash
	Marks []Mark // Read is filled in
}

// Task is one class of one case to resolve.
type Task struct {
	Definition project.Hash // of the signed definition
	Class      project.Class
	Rule       project.ClassRule
	Expected   int              // readers there should be
	Geometry   *volume.Geometry // of the masks' grid; nil where nothing needs millimetres
	Readings   []Reading
	// Surface returns the normalised surface distance of two masks at the class's tolerance; ok is false when it is undefined. nil: there is none, and
	// gates that ask for it dispute.
	Surface    func(a, b *segmentation.Mask) (nsd float64, ok bool)
	FitSurface bool // measure each reader's surface against the consensus too
}

// ClassResult is the consensus on one class.
type ClassResult struct {
	Basis     Basis
	Agreed    bool
	Reasons   []string
	Instances []Instance // in the order of their first mark
}

// Instance is the consensus on one thing.
type Instance struct {
	From      []Source // the marks it was made of
	Present   bool     // enough readers marked it; otherwise it is a question for the adjudicator, or dropped
	Agreed    bool
	Reasons   []string
	Mask      *segmentation.Mask // nil: none could be made
	Undecided *segmentation.Mask // voxels that the rule leaves open: neither in Mask nor background; nil: none
	Box       *Box
	Facts     map[string]float64 // what the gates were asked about; NaN: not known
	Fit       []Fit              // of each mark to the consensus mask
	Staple    *Staple
	Simple    *Simple
	// Attributes are the answers to the class's questions for which the rule says how; those who marked it answer.
	Attributes map[string]FormResult
}

// Source names a mark.
type Source struct {
	Read   project.Hash
	Number int
}

// Fit is how well one reader's mask meets the consensus.
type Fit struct {
	Dice float64
	// WithoutThem is Dice with the plain majority of the others: a reader's own vote flatters them.
	WithoutThem float64
	NSD         float64 // as Task.Surface measures it; NaN where it is not known
}

// Resolve makes the consensus of a class. Errors are Invalid: reads that are not told apart, masks of different grids, too many of them. What the
// rule cannot decide is no error but a disputed result.
func Resolve(t Task) (*ClassResult, error) {
	readings := slices.Clone(t.Readings)
	slices.SortFunc(readings, func(a, b Reading) int { return bytes.Compare(a.Read[:], b.Read[:]) })
	var reads []project.Hash
	var marks []Mark
	for _, r := range readings {
		reads = append(reads, r.Read)
		for _, m := range r.Marks {
			m.Read = r.Read
			if err := t.check(m); err != nil {
				return nil, err
			}
			if m.Mask == nil || m.Mask.Count() > 0 { // a segment that was emptied again marks nothing
				marks = append(marks, m)
			}
		}
	}
	basis, err := newBasis(reads, t.Expected, t.Definition, t.Class.ID, t.Rule)
	if err != nil {
		return nil, err
	}
	out := &ClassResult{Basis: basis, Agreed: true}
	if t.Rule.Match == nil && severalEach(marks) {
		out.dispute("a read has several instances, and the rule does not say how they match")
		return out, nil
	}
	if basis.Missing > 0 {
		out.Reasons = append(out.Reasons, fmt.Sprintf("%d of %d readers are missing", basis.Missing, t.Expected))
	}
	if len(reads) == 0 || len(reads) < t.Rule.MinReaders {
		out.dispute(fmt.Sprintf("the rule wants %d readers, there are %d", max(t.Rule.MinReaders, 1), len(reads)))
		return out, nil
	}
	clusters, err := t.clusters(marks, len(reads))
	if err != nil {
		return nil, err
	}
	for _, c := range clusters {
		in, err := t.instance(c, len(reads))
		if err != nil {
			return nil, err
		}
		out.add(t, in)
	}
	return out, nil
}

// check refuses a mark that is neither a mask nor a box, or a box that is turned inside out.
func (t Task) check(m Mark) error {
	if (m.Mask == nil) == (m.Box == nil) {
		return project.Errorf(project.Invalid, "classes.%s: mark %d is not one of mask and box", t.Class.ID, m.Number)
	}
	if m.Box != nil {
		for n := range 3 {
			if lo, hi := m.Box.Min[n], m.Box.Max[n]; !(lo <= hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
				return project.Errorf(project.Invalid, "classes.%s: box %d is turned inside out", t.Class.ID, m.Number)
			}
		}
	}
	return nil
}

func (r *ClassResult) dispute(reason string) {
	r.Agreed = false
	r.Reasons = append(r.Reasons, reason)
}

func (r *ClassResult) add(t Task, in Instance) {
	if !in.Present && t.Rule.Presence != nil && t.Rule.Presence.Singletons == "drop" {
		in.Agreed = true // that it is nothing
	}
	if !in.Agreed {
		r.dispute(fmt.Sprintf("instance %d is disputed", len(r.Instances)+1))
	}
	r.Instances = append(r.Instances, in)
}

// clusters groups the marks: by the rule, or all as one thing where the class has one instance.
func (t Task) clusters(marks []Mark, readers int) ([]Cluster, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	if t.Rule.Match != nil {
		return Match(*t.Rule.Match, marks, t.Geometry)
	}
	slices.SortFunc(marks, byRead)
	return []Cluster{marks}, nil
}

// severalEach reports whether a read has more than one mark.
func severalEach(marks []Mark) bool {
	seen := map[project.Hash]bool{}
	for _, m := range marks {
		if seen[m.Read] {
			return true
		}
		seen[m.Read] = true
	}
	return false
}

// instance makes the consensus of one cluster. readers is how many took part, whether or not they marked it.
func (t Task) instance(c Cluster, readers int) (Instance, error) {
	in := Instance{Agreed: true, Present: true}
	var masks []*segmentation.Mask
	var boxes []Box
	for _, m := range c {
		in.From = append(in.From, Source{m.Read, m.Number})
		switch {
		case m.Mask != nil:
			masks = append(masks, m.Mask)
		case m.Box != nil:
			boxes = append(boxes, *m.Box)
		}
	}
	if len(masks) > 0 && len(boxes) > 0 || len(masks)+len(boxes) < len(c) {
		return in, project.Errorf(project.Invalid, "classes.%s: the marks of one thing are all masks or all boxes", t.Class.ID)
	}
	t.presence(&in, len(c), readers)
	if err := t.attributes(&in, c); err != nil {
		return in, err
	}
	if len(boxes) > 0 {
		b := MedianBox(boxes)
		in.Box = &b
		t.gateBoxes(&in, boxes, readers)
		return in, nil
	}
	if err := t.mask(&in, masks, readers); err != nil {
		return in, err
	}
	return in, t.gate(&in, masks, readers)
}

func (in *Instance) dispute(format string, args ...any) {
	in.Agreed = false
	in.Reasons = append(in.Reasons, fmt.Sprintf(format, args...))
}

// presence decides whether enough readers marked it. A class of one instance that only some drew is left to the mask's rule and the gates.
func (t Task) presence(in *Instance, marked, readers int) {
	if t.Rule.Presence == nil {
		return
	}
	k, n, ok := project.ParseVotes(t.Rule.Presence.Rule)
	if !ok {
		in.Present = false
		in.dispute("the rule %q is not known", t.Rule.Presence.Rule)
		return
	}
	if need := scaled(k, n, readers, max(t.Expected, n)); marked < need {
		in.Present = false
		in.dispute("%d of %d readers marked it, the rule wants %d", marked, readers, need)
	}
}

// attributes resolves the questions about the thing, among those who marked it.
func (t Task) attributes(in *Instance, c Cluster) error {
	for _, id := range slices.Sorted(maps.Keys(t.Rule.Attributes)) {
		at := slices.IndexFunc(t.Class.Attributes, func(q project.Question) bool { return q.ID == id })
		if at < 0 {
			return project.Errorf(project.Invalid, "classes.%s: the rule is about %q, which the class does not ask", t.Class.ID, id)
		}
		var answers []Answer
		for _, m := range c {
			a := m.Attributes[id]
			a.Read = m.Read
			answers = append(answers, a)
		}
		resolved, err := ResolveAnswers(t.Definition, &t.Class.Attributes[at], t.Rule.Attributes[id], answers, len(c))
		if err != nil {
			return err
		}
		if in.Attributes == nil {
			in.Attributes = map[string]FormResult{}
		}
		in.Attributes[id] = *resolved
		if !resolved.Agreed {
			in.dispute("%s: %s", id, strings.Join(resolved.Reasons, "; "))
		}
	}
	return nil
}

// mask makes the consensus mask. A reader who took part and did not mark the thing votes against every voxel of it in a vote; the estimates (staple, simple, sba)
// are made of those who marked it.
func (t Task) mask(in *Instance, marked []*segmentation.Mask, readers int) error {
	if err := sameGrid(marked); err != nil {
		return err
	}
	if readers > MaxReaders {
		return project.Errorf(project.Invalid, "a consensus is made of at most %d readers", MaxReaders)
	}
	rule, all := t.Rule.MaskRule(), slices.Clone(marked)
	for len(all) < readers {
		all = append(all, segmentation.NewMask(marked[0].Size()))
	}
	if t.Rule.Match == nil && len(marked) < readers && !slices.Contains([]string{project.MaskUnion, project.MaskIntersection, project.MaskMajority}, rule.Method) {
		in.dispute("%d of %d readers drew nothing, which %s does not count", readers-len(marked), readers, rule.Method)
	}
	var tied *segmentation.Mask
	var err error
	switch rule.Method {
	case project.MaskUnion:
		in.Mask, err = Union(all)
	case project.MaskIntersection:
		in.Mask, err = Intersection(all)
	case project.MaskMajority:
		in.Mask, tied, err = Majority(all)
	case project.MaskSTAPLE:
		err = t.staple(in, marked, rule)
	case project.MaskSIMPLE:
		in.Mask, in.Simple, err = SelectSimple(marked)
		if err == nil {
			tied = in.Simple.Tied
			if !in.Simple.Converged {
				in.dispute("SIMPLE did not come to an end")
			}
		}
	case project.MaskShape:
		threshold := 0.0
		if rule.Threshold != nil {
			threshold = *rule.Threshold
		}
		in.Mask, tied, err = ShapeAverage(marked, t.Geometry, threshold)
	default:
		in.dispute("the method %q is not known", rule.Method)
	}
	if project.KindOf(err) == project.Invalid {
		in.Mask, err = nil, nil
		in.dispute("%s cannot be computed: nothing is marked by one of the readers, or there are no millimetres", rule.Method)
	}
	if tied != nil && tied.Count() > 0 {
		in.Undecided = tied
		in.dispute("%d voxels are undecided", tied.Count())
	}
	return err
}

// staple estimates over the box of the union and a margin: the prior hangs on the field of view.
func (t Task) staple(in *Instance, masks []*segmentation.Mask, rule project.MaskRule) error {
	threshold, margin := 0.5, 10.0
	if rule.Threshold != nil {
		threshold = *rule.Threshold
	}
	if rule.MarginMM != nil {
		margin = *rule.MarginMM
	}
	if t.Geometry == nil || t.Geometry.Size != masks[0].Size() || t.Geometry.Uncalibrated {
		return project.Errorf(project.Invalid, "staple's margin is in millimetres")
	}
	var all segmentation.Bounds
	for _, m := range masks {
		lo, hi, ok := m.Bounds()
		all.Include(segmentation.Bounds{Lo: lo, Hi: hi, Any: ok})
	}
	for a := range 3 {
		step := t.Geometry.Spacing[a]
		if step == 0 {
			step = 1
		}
		n := int(math.Ceil(margin / step))
		all.Lo[a], all.Hi[a] = max(all.Lo[a]-n, 0), min(all.Hi[a]+n, t.Geometry.Size[a]-1)
	}
	s, err := EstimateStaple(masks, all.Lo, all.Hi)
	if err != nil {
		return err
	}
	in.Staple = s
	m, ok := s.Mask(masks, threshold)
	in.Mask = m
	if !ok {
		in.dispute("STAPLE holds what nobody marked for foreground")
	}
	if !s.Converged {
		in.dispute("STAPLE did not come to an end")
	}
	return nil
}
