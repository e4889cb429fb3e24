package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hotlight/project"
)

// marshal writes < and > as they are.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(out.Bytes()), err
}

// protocol is the section on what was asked, of whom, and how disagreement is decided.
func (b *builder) protocol([]*studyFacts) error {
	d := b.in.Definition
	s := b.section("protocol", "Protocol, readers and blinding")
	t := &Table{Caption: "The definition under which the reads were made", Columns: []string{"What", "As defined"}}
	t.words("Project", d.Project.Title+" ("+d.Project.ID+")")
	t.words("Version, status", fmt.Sprintf("%d, %s", d.Project.Version, or(string(d.Project.Status), "draft")))
	t.words("SHA-256 of "+b.in.Digested, b.in.Hash.String())
	t.words("Intended use", or(d.Project.IntendedUse, notGiven))
	if o := d.Project.Owner; o != nil {
		t.words("Owner", o.Name)
	}
	if g := d.Project.Guideline; g != nil {
		digest := g.SHA256
		if len(digest) != 64 {
			digest = notGiven + " (a placeholder stands in its place)"
		}
		t.words("Guideline", fmt.Sprintf("%s, SHA-256 %s", g.File, digest))
	} else {
		t.words("Guideline", "none named")
	}
	if p := b.in.Panel.Period; p != nil {
		t.words("Period of reading", p.From+" to "+p.To)
	} else {
		t.words("Period of reading", notGiven)
	}
	s.table(t)
	if len(d.Project.Changes) > 0 {
		changes := &Table{Caption: "History of the definition", Columns: []string{"Version", "Date", "By", "Change"}}
		for _, c := range d.Project.Changes {
			changes.words(fmt.Sprint(c.Version), c.Date, c.Author, c.Text)
		}
		s.table(changes)
	}
	b.readers(s)
	b.stages(s)
	b.classTable(s)
	b.rules(s)
	return nil
}

const notGiven = "not given"

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (b *builder) readers(s *Section) {
	t := &Table{Caption: "People by role, under pseudonyms", Columns: []string{"Who", "Role", "Specialty", "Years", "Board certified", "Site", "Training on this protocol", "First reads", "Repeats"}}
	for _, r := range b.in.Panel.Readers {
		first, again := 0, 0
		for _, st := range b.studies {
			if st.reads[r.ID] != nil {
				first++
			}
			again += len(st.repeats[r.ID])
			if st.judged != nil && st.judged.Reader == r.ID || st.truth != nil && st.truth.Reader == r.ID {
				first++
			}
		}
		years, board := "", notGiven
		if r.Years > 0 {
			years = fmt.Sprintf("%g", r.Years)
		}
		if r.BoardCertified != nil {
			board = map[bool]string{true: "yes", false: "no"}[*r.BoardCertified]
		}
		if r.Role == RoleReference {
			board = "–"
		}
		t.words(r.ID, string(r.Role), or(r.Specialty, "–"), or(years, "–"), board, or(r.Site, "–"), or(r.Training, "–"), fmt.Sprint(first), fmt.Sprint(again))
	}
	if b.reference != "" {
		t.Note = "The reference is an external truth and no reader; it never enters agreement between readers."
	}
	s.table(t)
}

func (b *builder) stages(s *Section) {
	reading := b.in.Definition.Reading
	if reading == nil {
		s.plate("The definition has no reading protocol: number of readers, blinding and order are not fixed by it.")
	} else {
		t := &Table{Caption: "Stages, and what is hidden from those who work in them", Columns: []string{"Stage", "Role", "Reads a study", "Hidden", "Order", "Repeats"}}
		for _, st := range reading.Stages {
			if st.Enabled != nil && !*st.Enabled {
				t.words(st.ID, string(st.Role), "not used", "–", "–", "–")
				continue
			}
			reads := "on disagreement"
			if st.Role.Reads() {
				reads = fmt.Sprint(st.Readers)
			}
			t.words(st.ID, string(st.Role), reads, hiddenIn(st), orderOf(st), repeatOf(st))
		}
		t.Note = fmt.Sprintf("The numbers of this report are those of stage %q, first reads, unless a table says otherwise. A reader's workstation shows nothing of other reads before the round is closed; the adjudicator sees reads without names.", b.in.stage())
		s.table(t)
	}
	s.text("Blinding as carried out: " + or(b.in.Panel.Blinding, "no statement was given.") + " Order of reading: " + or(orderText(reading), "not fixed by the definition") + ".")
}

func orderText(r *project.Reading) string {
	if r == nil {
		return ""
	}
	for _, st := range r.Stages {
		if st.Role.Reads() && st.Order != nil {
			return orderOf(st)
		}
	}
	return ""
}

func hiddenIn(st project.Stage) string {
	if !st.Role.Reads() {
		if st.Show != nil && st.Show.Reads != "" {
			return "readers' names"
		}
		return "–"
	}
	if st.Blinding == nil {
		return "everything"
	}
	var out []string
	for _, h := range []struct {
		hidden bool
		what   string
	}{{st.Blinding.OtherReaders, "other readers"}, {st.Blinding.AIOutput, "AI output"}, {st.Blinding.PriorReport, "prior report"}, {st.Blinding.ClinicalOutcome, "outcome"}, {st.Blinding.Draft, "draft"}} {
		if h.hidden {
			out = append(out, h.what)
		} else {
			out = append(out, h.what+": SHOWN")
		}
	}
	if st.Blinding.Overlays == project.OverlaysOnRequest {
		out = append(out, "overlays of the files: ON REQUEST")
	} else {
		out = append(out, "overlays of the files")
	}
	return strings.Join(out, ", ")
}

func orderOf(st project.Stage) string {
	if st.Order == nil || st.Order.Randomize == "" {
		return "not fixed"
	}
	out := map[string]string{"per_reader": "random for each reader", "once": "random, one for all", "none": "as listed"}[st.Order.Randomize]
	if st.Order.Seed != "" && st.Order.Seed != "random" {
		out += ", seed " + st.Order.Seed
	}
	return out
}

func repeatOf(st project.Stage) string {
	if st.Repeat == nil {
		return "none"
	}
	return fmt.Sprintf("%g %% of studies, at least %d, after %d days", 100*st.Repeat.Fraction, st.Repeat.Min, st.Repeat.WashoutDays)
}

func (b *builder) classTable(s *Section) {
	t := &Table{Caption: "Classes", Columns: []string{"Class", "Id", "Kind", "Code", "Instances", "NSD tolerance, mm", "Modalities"}}
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		instances := "one a study"
		if severalOf(b.in.Definition, c) || c.Is(project.KindDetection) {
			instances = "several"
		}
		tolerance := "–"
		if mm := b.tolerance(c); mm > 0 && c.Is(project.KindSegment) {
			tolerance = fmt.Sprintf("%g", mm)
		}
		code := "–"
		if c.Type.Value != "" {
			code = c.Type.Value + " " + c.Type.Scheme
			if scheme, ok := b.in.Definition.Schemes[c.Type.Scheme]; ok && scheme.Private {
				code += " (private)"
			}
		}
		var modalities []string
		for _, m := range c.Modalities {
			modalities = append(modalities, string(m))
		}
		t.words(c.Name, c.ID, or(string(c.Kind), "segment"), code, instances, tolerance, or(strings.Join(modalities, ", "), "all"))
	}
	s.table(t)
}

// rules prints the rules verbatim: in the definition's own words, not ours.
func (b *builder) rules(s *Section) {
	t := &Table{Caption: "How disagreement is decided, verbatim from the definition", Columns: []string{"Subject", "Rule"}}
	r := b.in.Definition.Resolution
	if r == nil {
		s.plate("The definition has no resolution rules: classes are decided by a majority of voxels, and any disagreement on a label goes to the adjudicator.")
		return
	}
	add := func(subject string, v any) {
		text, err := marshal(v)
		if err == nil && string(text) != "{}" {
			t.words(subject, string(text))
		}
	}
	add("default", r.Default)
	for _, id := range slices.Sorted(maps.Keys(r.Classes)) {
		add("classes."+id, r.Classes[id])
	}
	for _, id := range slices.Sorted(maps.Keys(r.Forms)) {
		add("forms."+id, r.Forms[id])
	}
	for _, id := range slices.Sorted(maps.Keys(r.Measurements)) {
		add("measurements."+id, r.Measurements[id])
	}
	s.table(t)
}
