package project

import (
	"maps"
	"math"
	"slices"
)

func (d *Definition) checkResolution() error {
	r := d.Resolution
	if r == nil {
		return nil
	}
	if r.Default.Labels != "" {
		if err := checkLabelRule("resolution.default.labels", LabelRule{Rule: r.Default.Labels}, nil); err != nil {
			return err
		}
	}
	if err := oneOf("resolution.default.tie", r.Default.Tie, "adjudicate"); err != nil {
		return err
	}
	for _, id := range sortedKeys(r.Classes) {
		path := "resolution.classes." + id
		c, ok := d.Class(id)
		if !ok {
			return Fieldf(Invalid, path, "there is no class %q", id)
		}
		if !c.Is(KindSegment) && !c.Is(KindDetection) {
			return Fieldf(Invalid, path, "a %s has no masks or boxes to resolve", c.Kind)
		}
		if err := r.Classes[id].check(path); err != nil {
			return err
		}
		for _, name := range sortedKeys(r.Classes[id].Attributes) {
			at := slices.IndexFunc(c.Attributes, func(q Question) bool { return q.ID == name })
			if at < 0 {
				return Fieldf(Invalid, path+".attributes."+name, "the class has no question %q", name)
			}
			if err := checkLabelRule(path+".attributes."+name, r.Classes[id].Attributes[name], &c.Attributes[at]); err != nil {
				return err
			}
		}
	}
	for _, id := range sortedKeys(r.Forms) {
		q, ok := d.Question(id)
		if !ok {
			return Fieldf(Invalid, "resolution.forms."+id, "the study form has no question %q", id)
		}
		if err := checkLabelRule("resolution.forms."+id, r.Forms[id], &q); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(r.Measurements) {
		path := "resolution.measurements." + id
		if c, ok := d.Class(id); !ok || !c.Is(KindMeasurement) {
			return Fieldf(Invalid, path, "there is no measurement %q among the classes", id)
		}
		if r.Measurements[id].Rule != RuleMedian {
			return Fieldf(Invalid, path+".rule", "measurements are resolved by median")
		}
	}
	return nil
}

// checkLabelRule checks a rule against its question, where it is known.
func checkLabelRule(path string, r LabelRule, q *Question) error {
	at := path
	if q != nil {
		at = path + ".rule"
	}
	if _, _, votes := ParseVotes(r.Rule); !votes {
		if r.Rule == "" {
			return Fieldf(Invalid, path, "the rule must be given")
		}
		if err := oneOf(at, r.Rule, RuleMajority, RuleUnanimous, RuleAny, RuleWorst, RuleMedian, RuleTwoPlus, "k of n"); err != nil || r.Rule == "k of n" {
			return Fieldf(Invalid, at, "%q is not a rule: majority, unanimous, 2 of 3 and the like, 2+1, median, worst, adjudicate_on_any_disagreement", r.Rule)
		}
	}
	if err := oneOf(path+".no_majority", r.NoMajority, "adjudicate"); err != nil {
		return err
	}
	if r.MaxSpread != nil && (!(*r.MaxSpread >= 0) || math.IsInf(*r.MaxSpread, 0)) {
		return Fieldf(Invalid, path+".max_spread", "must be a number, 0 or more")
	}
	if r.MinReaders < 0 {
		return Fieldf(Invalid, path+".min_readers", "must be 0 or more")
	}
	if q == nil {
		return nil
	}
	numeric := q.Type == AnswerScale || q.Type == AnswerNumber
	switch {
	case q.Type == AnswerText:
		return Fieldf(Invalid, path, "free text has no consensus")
	case (r.Rule == RuleWorst || r.Rule == RuleMedian || r.MaxSpread != nil) && !numeric && q.Type != AnswerEnum:
		return Fieldf(Invalid, path, "%s has no scale", q.ID)
	case (r.Rule == RuleMedian || r.MaxSpread != nil) && !numeric && !q.Ordinal:
		return Fieldf(Invalid, path, "%s is not ordinal: steps between its values mean nothing", q.ID)
	}
	return nil
}

func (r ClassRule) check(path string) error {
	if r.Method != "" && r.Mask != nil {
		return Fieldf(Invalid, path+".method", "method and mask are both given")
	}
	m := r.MaskRule()
	at := path + ".method"
	if r.Mask != nil {
		at = path + ".mask.method"
	}
	if err := oneOf(at, m.Method, MaskMethods...); err != nil {
		return err
	}
	if m.Threshold != nil && (m.Method == MaskSTAPLE && !(*m.Threshold > 0 && *m.Threshold < 1) || m.Method == MaskShape && !(math.Abs(*m.Threshold) < 1000)) {
		return Fieldf(Invalid, path+".mask.threshold", "is a probability between 0 and 1 for staple, and millimetres for sba")
	}
	if m.MarginMM != nil && !(*m.MarginMM >= 0 && *m.MarginMM < 10_000) {
		return Fieldf(Invalid, path+".mask.margin_mm", "must be millimetres, 0 or more")
	}
	if r.MinReaders < 0 {
		return Fieldf(Invalid, path+".min_readers", "must be 0 or more")
	}
	if err := oneOf(path+".tie", r.Tie, "adjudicate"); err != nil {
		return err
	}
	if err := oneOf(path+".box", r.Box, "median_corners"); err != nil {
		return err
	}
	if (r.Match == nil) != (r.Presence == nil) {
		return Fieldf(Invalid, path, "match and presence are given together: which marks are the same, and how many make one real")
	}
	if r.Match == nil {
		return nil
	}
	if _, _, ok := ParseVotes(r.Presence.Rule); !ok {
		return Fieldf(Invalid, path+".presence.rule", "%q is not of the form 2 of 3", r.Presence.Rule)
	}
	if err := oneOf(path+".presence.singletons", r.Presence.Singletons, "adjudicate", "drop"); err != nil {
		return err
	}
	return r.Match.check(path + ".match")
}

func (m *MatchRule) check(path string) error {
	if err := oneOf(path+".assignment", m.Assignment, "hungarian"); err != nil {
		return err
	}
	switch m.Criterion {
	case "iou2d", "iou3d":
		if !(m.Threshold > 0 && m.Threshold <= 1) {
			return Fieldf(Invalid, path+".threshold", "an overlap is above 0 and at most 1")
		}
	case "center_mm":
		if !(m.MaxCenterMM > 0) || math.IsInf(m.MaxCenterMM, 0) {
			return Fieldf(Invalid, path+".max_center_mm", "must be millimetres, above 0")
		}
	case "center_in_box_or_iou":
		if !(m.IoU > 0 && m.IoU <= 1) || !(m.MaxCenterMM >= 0) || math.IsInf(m.MaxCenterMM, 0) {
			return Fieldf(Invalid, path, "iou is above 0 and at most 1, max_center_mm 0 or more")
		}
	default:
		return Fieldf(Invalid, path+".criterion", "%q is not known here; there are: iou3d, iou2d, center_mm, center_in_box_or_iou", m.Criterion)
	}
	return nil
}

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
