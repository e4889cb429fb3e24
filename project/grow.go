package project

import "slices"

// Succeeds reports whether next may replace d: the same project, a higher version, and no class whose id or value changed meaning.
// A locked definition keeps its codes, questions, values and their order as well: it only grows.
func (d *Definition) Succeeds(next *Definition) error {
	if next.Project.ID != d.Project.ID || string(next.CaseKey) != string(d.CaseKey) {
		return Errorf(Conflict, "this is the definition of another project")
	}
	if next.Lead().ID != d.Lead().ID {
		return Errorf(NotPermitted, "only the lead who signed the earlier version can sign the next")
	}
	if next.Project.Version <= d.Project.Version {
		return Errorf(Conflict, "version %d does not follow version %d", next.Project.Version, d.Project.Version)
	}
	for _, c := range d.Classes {
		n, ok := next.Class(c.ID)
		if !ok || n.Value != c.Value {
			return Fieldf(Conflict, "classes."+c.ID, "a class keeps its id and value; a definition only grows")
		}
	}
	if !d.Locked() {
		return nil
	}
	return d.growsInto(next)
}

// Locked reports whether classes, questions and codes are frozen. A retired definition is locked too.
func (d *Definition) Locked() bool {
	return d.Project.Status == StatusLocked || d.Project.Status == StatusRetired
}

func (d *Definition) growsInto(next *Definition) error {
	if !next.Locked() || d.Project.Status == StatusRetired && next.Project.Status != StatusRetired {
		return Fieldf(Conflict, "project.status", "what is %s does not become %s", d.Project.Status, orDraft(next.Project.Status))
	}
	for _, name := range sortedKeys(d.Schemes) {
		if next.Schemes[name] != d.Schemes[name] {
			return Fieldf(Conflict, "coding_schemes."+name, "the definition is locked: a scheme stays what it is")
		}
	}
	for i := range d.Classes {
		c := &d.Classes[i]
		n, _ := next.Class(c.ID)
		if err := c.growsInto("classes."+c.ID, &n); err != nil {
			return err
		}
	}
	if err := questionsGrow("study_form", d.StudyForm, next.StudyForm); err != nil {
		return err
	}
	for _, check := range []func(*Definition) error{d.historyGrows, d.inclusionGrows, d.readingGrows, d.resolutionStays, d.planGrows, d.exportGrows} {
		if err := check(next); err != nil {
			return err
		}
	}
	return nil
}

func orDraft(s Status) Status {
	if s == "" {
		return StatusDraft
	}
	return s
}

func questionsGrow(path string, old, next []Question) error {
	for i := range old {
		q := &old[i]
		at := slices.IndexFunc(next, func(n Question) bool { return n.ID == q.ID })
		if at < 0 {
			return Fieldf(Conflict, path, "the definition is locked: the question %s must stay", q.ID)
		}
		if err := q.growsInto(path+"."+q.ID, &next[at]); err != nil {
			return err
		}
	}
	return nil
}

// growsInto allows more values, wider limits and another wording, and nothing that would give an old answer another meaning.
func (q *Question) growsInto(path string, n *Question) error {
	if n.Type != q.Type || n.Per != q.Per || n.Ordinal != q.Ordinal || n.Concept != q.Concept || n.Unit != q.Unit {
		return Fieldf(Conflict, path, "the definition is locked: a question keeps its type, unit, concept and order")
	}
	if n.ShowIf != q.ShowIf {
		return Fieldf(Conflict, path+".show_if", "the definition is locked: who is asked stays, or old answers that are missing would mean something else")
	}
	if !gains(q.Modalities, n.Modalities, true) {
		return Fieldf(Conflict, path+".modalities", "the definition is locked: a list only gains")
	}
	for _, v := range q.Values {
		at := slices.IndexFunc(n.Values, func(w Choice) bool { return w.ID == v.ID })
		if at < 0 || n.Values[at].Code != v.Code {
			return Fieldf(Conflict, path+".values", "the definition is locked: the value %s and its code must stay", v.ID)
		}
	}
	if q.Ordinal && !sameOrder(q.Scale(), n.Scale(), q.IDs()) {
		return Fieldf(Conflict, path+".order", "the definition is locked: values keep their order")
	}
	if narrower(q.Min, n.Min, -1) || narrower(q.Max, n.Max, 1) {
		return Fieldf(Conflict, path, "the definition is locked: a scale only widens")
	}
	return nil
}

// sameOrder reports whether next, without the values that are new, is old.
func sameOrder(old, next, known []string) bool {
	kept := slices.DeleteFunc(slices.Clone(next), func(id string) bool { return !slices.Contains(known, id) })
	return slices.Equal(old, kept)
}

// narrower reports whether a limit moved inwards; side is -1 for a lower one. nil is none.
func narrower(old, next *float64, side float64) bool {
	return next != nil && (old == nil || side**next < side**old)
}

// gains reports whether next has all of old. emptyIsAll says that an empty list stands for everything.
func gains[T comparable](old, next []T, emptyIsAll bool) bool {
	if emptyIsAll && (len(old) == 0 || len(next) == 0) {
		return len(next) == 0
	}
	return !slices.ContainsFunc(old, func(v T) bool { return !slices.Contains(next, v) })
}
