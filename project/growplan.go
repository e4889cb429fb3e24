package project

import (
	"encoding/json"
	"slices"
	"strconv"
)

// What was fixed before anybody read stays fixed: who reads and what they see, how disagreement is resolved, which numbers are given. New questions and classes may
// bring rules and numbers of their own.

// sameJSON reports whether two parts of a definition are signed as the same bytes.
func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func (d *Definition) historyGrows(next *Definition) error {
	for n, c := range d.Project.Changes {
		if n >= len(next.Project.Changes) || next.Project.Changes[n] != c {
			return Fieldf(Conflict, "project.changes", "the definition is locked: entry %d of the history must stay", n+1)
		}
	}
	return nil
}

func (d *Definition) inclusionGrows(next *Definition) error {
	if d.Inclusion == nil && next.Inclusion == nil {
		return nil
	}
	var old, now Inclusion
	if d.Inclusion != nil {
		old = *d.Inclusion
	}
	if next.Inclusion != nil {
		now = *next.Inclusion
	}
	if !gains(old.Modalities, now.Modalities, true) {
		return Fieldf(Conflict, "inclusion.modalities", "the definition is locked: a list only gains")
	}
	for n, r := range old.Rules {
		if n >= len(now.Rules) || !sameJSON(r, now.Rules[n]) {
			return Fieldf(Conflict, "inclusion.rules", "the definition is locked: rule %d must stay", n+1)
		}
	}
	return nil
}

func (d *Definition) readingGrows(next *Definition) error {
	if d.Reading == nil {
		if next.Reading != nil {
			return Fieldf(Conflict, "reading", "the definition is locked: the protocol was fixed before, as one read a study")
		}
		return nil
	}
	if next.Reading == nil {
		return Fieldf(Conflict, "reading", "the definition is locked: the protocol must stay")
	}
	for _, s := range d.Reading.Stages {
		at := slices.IndexFunc(next.Reading.Stages, func(t Stage) bool { return t.ID == s.ID })
		if at < 0 || !sameJSON(s, next.Reading.Stages[at]) {
			return Fieldf(Conflict, "reading.stages."+s.ID, "the definition is locked: a stage stays as it is")
		}
	}
	switch {
	case next.RequiredReads() != d.RequiredReads():
		return Fieldf(Conflict, "reading.stages", "the definition is locked: a study keeps its %d independent reads", d.RequiredReads())
	case !gains(d.Reading.Roles, next.Reading.Roles, true):
		return Fieldf(Conflict, "reading.roles", "the definition is locked: a list only gains")
	case !sameJSON(d.Reading.Assignment, next.Reading.Assignment):
		return Fieldf(Conflict, "reading.assignment", "the definition is locked: this stays as it is")
	}
	return nil
}

// resolutionStays compares the rules that hold, whether they are written down or the default.
func (d *Definition) resolutionStays(next *Definition) error {
	const why = "the definition is locked: how disagreement is resolved stays"
	for _, q := range d.StudyForm {
		if q.Type != AnswerText && !sameJSON(d.LabelRule(q.ID), next.LabelRule(q.ID)) {
			return Fieldf(Conflict, "resolution.forms."+q.ID, why)
		}
	}
	for _, c := range d.Classes {
		if c.Is(KindMeasurement) && !sameJSON(d.MeasureRule(c.ID), next.MeasureRule(c.ID)) {
			return Fieldf(Conflict, "resolution.measurements."+c.ID, why)
		}
		if err := ruleStays("resolution.classes."+c.ID, d.ClassRule(c.ID), next.ClassRule(c.ID), c); err != nil {
			return err
		}
	}
	return nil
}

// ruleStays lets a rule speak of attributes that the class did not have.
func ruleStays(path string, old, next ClassRule, c Class) error {
	kept := map[string]LabelRule{}
	for id, r := range next.Attributes {
		if slices.ContainsFunc(c.Attributes, func(q Question) bool { return q.ID == id }) {
			kept[id] = r
		}
	}
	if next.Attributes = kept; len(kept) == 0 {
		next.Attributes = nil
	}
	if len(old.Attributes) == 0 {
		old.Attributes = nil
	}
	if !sameJSON(old, next) {
		return Fieldf(Conflict, path, "the definition is locked: how disagreement is resolved stays")
	}
	return nil
}

func (d *Definition) planGrows(next *Definition) error {
	old, now := d.Metrics, next.Metrics
	if old == nil {
		return nil
	}
	if now == nil {
		return Fieldf(Conflict, "metrics", "the definition is locked: the analysis plan must stay")
	}
	for _, stays := range []struct {
		field    string
		old, now any
	}{
		{"confidence", old.Confidence, now.Confidence}, {"bootstrap", old.Bootstrap, now.Bootstrap},
		{"surface_definition", old.SurfaceDefinition, now.SurfaceDefinition}, {"min_cases_for_ci", old.MinCases, now.MinCases},
	} {
		if !sameJSON(stays.old, stays.now) {
			return Fieldf(Conflict, "metrics."+stays.field, "the definition is locked: this stays as it is")
		}
	}
	for n, g := range old.Gates {
		if !slices.Contains(now.Gates, g) {
			return Fieldf(Conflict, "metrics.gates", "the definition is locked: gate %s must stay", strconv.Itoa(n+1))
		}
	}
	if !gains(old.Strata, now.Strata, false) {
		return Fieldf(Conflict, "metrics.strata", "the definition is locked: a list only gains")
	}
	return old.namesStay(now)
}

// namesStay checks that every number that was promised is still given, and measured in the same way.
func (p *Plan) namesStay(next *Plan) error {
	const why = "the definition is locked: numbers that were promised are given"
	for _, id := range sortedKeys(p.Labels) {
		if !gains(p.Labels[id], next.Labels[id], false) {
			return Fieldf(Conflict, "metrics.labels."+id, why)
		}
	}
	for _, id := range sortedKeys(p.Segments) {
		old, now := p.Segments[id], next.Segments[id]
		if !gains(old.Primary, now.Primary, false) || !gains(old.Secondary, append(slices.Clone(now.Secondary), now.Primary...), false) {
			return Fieldf(Conflict, "metrics.segments."+id, why)
		}
		if old.ToleranceMM != now.ToleranceMM {
			return Fieldf(Conflict, "metrics.segments."+id+".nsd_tolerance_mm", "the definition is locked: this stays as it is")
		}
	}
	for _, id := range sortedKeys(p.Detection) {
		old, now := p.Detection[id], next.Detection[id]
		if !slices.Equal(old.FROCRates, now.FROCRates) || old.JAFROC && !now.JAFROC {
			return Fieldf(Conflict, "metrics.detection."+id, why)
		}
	}
	return nil
}

// exportGrows lets no identity leak that the readers' institutions were promised would not.
func (d *Definition) exportGrows(next *Definition) error {
	if d.Export == nil || d.Export.Deidentify == nil {
		return nil
	}
	if next.Export == nil || !sameJSON(d.Export.Deidentify, next.Export.Deidentify) {
		return Fieldf(Conflict, "export.deidentify", "the definition is locked: images are de-identified as was said")
	}
	return nil
}
