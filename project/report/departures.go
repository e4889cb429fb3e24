package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hotlight/project"
)

// departures is the section on what was not done as the protocol says: as reported, and as the reads themselves show.
func (b *builder) departures(list []*studyFacts) error {
	s := b.section("deviations", "Deviations, missing and undefined")
	for _, find := range []func(list []*studyFacts){b.missingReads, b.wrongVersion, b.unanswered, b.signatures, b.decisions, b.splitPatients, b.outsidePeriod} {
		find(list)
	}
	all := append(slices.Clone(b.in.Panel.Deviations), b.deviations...)
	if len(all) == 0 {
		s.text("None was reported, and the reads show none.")
	} else {
		t := &Table{Caption: "Deviations", Columns: []string{"Study", "Reader", "What", "Impact", "Action", "Found"}}
		for _, d := range all {
			t.words(or(d.Study, "–"), or(d.Reader, "–"), d.Text, or(d.Impact, "–"), or(d.Action, "–"), or(d.Found, "reported"))
		}
		s.table(t)
	}
	undefined := map[string]int{}
	for _, n := range b.list {
		if !n.Defined() {
			undefined[strings.ReplaceAll(string(n.Status), "_", " ")]++
		}
	}
	if len(undefined) > 0 {
		t := &Table{Caption: "Numbers of this report that are undefined; each stands with its status in appendix A, never as 0 or 1", Columns: []string{"Status", "Numbers"}}
		for _, status := range slices.Sorted(maps.Keys(undefined)) {
			t.words(status, fmt.Sprint(undefined[status]))
		}
		s.table(t)
	}
	for _, f := range list {
		if f.unspaced != "" {
			b.note("Study %s: %s. Surface distances of it are undefined.", f.study.ID, f.unspaced)
		}
	}
	for _, w := range b.in.Warnings {
		b.note("%s", w)
	}
	for _, n := range b.notes {
		s.text(n)
	}
	return nil
}

func (b *builder) deviate(d Deviation) {
	d.Found = byReport
	b.deviations = append(b.deviations, d)
}

// some lists the first of many.
func some(list []string) string {
	if len(list) > 12 {
		return strings.Join(list[:12], ", ") + fmt.Sprintf(" and %d more", len(list)-12)
	}
	return strings.Join(list, ", ")
}

// missingReads: where every reader of the panel is to read every study, each missing one; otherwise studies with another number of reads than asked for.
func (b *builder) missingReads([]*studyFacts) {
	if b.expected == len(b.panel) {
		for _, r := range b.panel {
			var none []string
			for _, st := range b.studies {
				if st.reads[r.ID] == nil {
					none = append(none, st.ID)
				}
			}
			if len(none) > 0 {
				b.deviate(Deviation{Reader: r.ID, Text: fmt.Sprintf("No read of %d studies: %s.", len(none), some(none)), Impact: "Missing data; nothing is imputed. Numbers with this reader stand on fewer studies."})
			}
		}
		return
	}
	var few, many []string
	for _, st := range b.studies {
		switch n := len(st.reads); {
		case n < b.expected:
			few = append(few, st.ID)
		case n > b.expected:
			many = append(many, st.ID)
		}
	}
	if len(few) > 0 {
		b.deviate(Deviation{Text: fmt.Sprintf("%d studies have fewer than %d reads: %s.", len(few), b.expected, some(few)), Impact: "Missing data; nothing is imputed."})
	}
	if len(many) > 0 {
		b.deviate(Deviation{Text: fmt.Sprintf("%d studies have more than %d reads: %s.", len(many), b.expected, some(many))})
	}
}

func (b *builder) wrongVersion([]*studyFacts) {
	others := map[int][]string{}
	for _, r := range b.used() {
		if r.Version != 0 && r.Version != b.in.Definition.Project.Version {
			others[r.Version] = append(others[r.Version], r.Study+" by "+r.Reader)
		}
	}
	for _, v := range slices.Sorted(maps.Keys(others)) {
		b.deviate(Deviation{Text: fmt.Sprintf("%d reads were made under version %d of the definition, not %d: %s.", len(others[v]), v, b.in.Definition.Project.Version, some(others[v]))})
	}
}

// used are the reads that enter numbers.
func (b *builder) used() (out []*Read) {
	for _, st := range b.studies {
		for _, r := range b.panel {
			if one := st.reads[r.ID]; one != nil {
				out = append(out, one)
			}
			out = append(out, st.repeats[r.ID]...)
		}
		for _, one := range []*Read{st.judged, st.truth} {
			if one != nil {
				out = append(out, one)
			}
		}
	}
	return out
}

// unanswered counts required questions without an answer. Questions that are required on a condition are the workstation's to check.
func (b *builder) unanswered([]*studyFacts) {
	for n := range b.in.Definition.StudyForm {
		q := &b.in.Definition.StudyForm[n]
		if !q.Required || q.ShowIf != "" {
			continue
		}
		for _, r := range b.panel {
			var open []string
			for _, st := range b.studies {
				if read := st.reads[r.ID]; read != nil && asked(q.Modalities, st.Modality) && !hasAnswer(read, q.ID) {
					open = append(open, st.ID)
				}
			}
			if len(open) > 0 {
				b.deviate(Deviation{Reader: r.ID, Text: fmt.Sprintf("The required question %s has no answer in %d studies: %s.", q.ID, len(open), some(open)), Impact: "Missing data; nothing is imputed."})
			}
		}
	}
}

func (b *builder) signatures([]*studyFacts) {
	var bad []string
	for _, r := range b.used() {
		if r.Signature != nil && !r.Signature.Verified {
			bad = append(bad, r.Study+" by "+r.Reader)
		}
	}
	if len(bad) > 0 {
		b.deviate(Deviation{Text: fmt.Sprintf("The signature of %d reads was not verified: %s.", len(bad), some(bad)), Impact: "Nobody has shown that these reads are what their readers signed."})
	}
}

// decisions checks adjudications against the protocol and against what was open.
func (b *builder) decisions(list []*studyFacts) {
	required := false
	if r := b.in.Definition.Reading; r != nil {
		for _, st := range r.Stages {
			required = required || st.RationaleRequired
		}
	}
	open := map[string][]string{}
	for _, f := range list {
		for _, o := range b.outcomesOf(f) {
			if o.state == openCase {
				open[o.subject] = append(open[o.subject], f.study.ID)
			}
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(open)) {
		b.deviate(Deviation{Text: fmt.Sprintf("%s is open in %d studies (disputed and not adjudicated): %s.", subject, len(open[subject]), some(open[subject])), Impact: "They have no result of the panel."})
	}
	for _, a := range b.in.Panel.Adjudications {
		if required && a.Rationale == "" {
			b.deviate(Deviation{Study: a.Study, Reader: a.Adjudicator, Text: "A decision on " + a.Subject + " has no rationale, which the protocol requires."})
		}
		at := slices.IndexFunc(list, func(f *studyFacts) bool { return f.study.ID == a.Study })
		if at < 0 {
			continue
		}
		if class, ok := b.in.Definition.Class(a.Subject); ok && (class.Is(project.KindSegment) || class.Is(project.KindDetection)) && list[at].study.judged == nil {
			b.deviate(Deviation{Study: a.Study, Reader: a.Adjudicator, Text: "A decision on " + a.Subject + " comes without the adjudicator's own read.", Impact: "The panel has no result there."})
		}
		for _, c := range list[at].result.Classes {
			if c.Class == a.Subject && c.Agreed {
				b.deviate(Deviation{Study: a.Study, Reader: a.Adjudicator, Text: a.Subject + " was adjudicated though the rule says agreed."})
			}
		}
	}
}

func (b *builder) splitPatients([]*studyFacts) {
	splits := map[string]map[string]bool{}
	for _, st := range b.studies {
		if st.Split == "" {
			continue
		}
		if splits[st.patient()] == nil {
			splits[st.patient()] = map[string]bool{}
		}
		splits[st.patient()][st.Split] = true
	}
	var both []string
	for p, s := range splits {
		if len(s) > 1 {
			both = append(both, p)
		}
	}
	if slices.Sort(both); len(both) > 0 {
		b.deviate(Deviation{Text: fmt.Sprintf("%d patients are in more than one split: %s.", len(both), some(both)), Impact: "The splits are not independent."})
	}
}

func (b *builder) outsidePeriod([]*studyFacts) {
	p := b.in.Panel.Period
	if p == nil {
		return
	}
	var out []string
	for _, r := range b.used() {
		if day := r.Signed.UTC().Format("2006-01-02"); !r.Signed.IsZero() && (day < p.From || day > p.To) {
			out = append(out, r.Study+" by "+r.Reader)
		}
	}
	if len(out) > 0 {
		b.deviate(Deviation{Text: fmt.Sprintf("%d reads were signed outside the period: %s.", len(out), some(out))})
	}
}
