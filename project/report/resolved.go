package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/panel"
)

// caseState is what became of one subject of one study.
type caseState string

const (
	agreedCase caseState = "agreed"
	judgedCase caseState = "adjudicated"
	openCase   caseState = "open"
)

// outcome is one subject of one study under the rules.
type outcome struct {
	subject string
	state   caseState
	reasons []string
}

// outcomesOf lists what the rules made of a study, subject by subject.
func (b *builder) outcomesOf(f *studyFacts) (out []outcome) {
	add := func(kind, id string, agreed bool, why []string) {
		o := outcome{subject: kind + id, state: agreedCase, reasons: why}
		if !agreed {
			o.state = openCase
		}
		if slices.ContainsFunc(b.in.Panel.Adjudications, func(a Adjudication) bool { return a.Study == f.study.ID && a.Subject == id }) {
			o.state = judgedCase
		}
		// Several parts or images of one subject are one outcome: the worst.
		if n := slices.IndexFunc(out, func(p outcome) bool { return p.subject == o.subject }); n >= 0 {
			if !agreed {
				out[n].state, out[n].reasons = o.state, append(out[n].reasons, why...)
			}
			return
		}
		out = append(out, o)
	}
	for _, c := range f.result.Classes {
		var why []string
		for _, r := range c.Reasons {
			if !strings.HasPrefix(r, "instance ") { // the instances' own reasons follow
				why = append(why, r)
			}
		}
		for _, in := range c.Instances {
			if !in.Agreed {
				why = append(why, in.Reasons...)
			}
		}
		add("classes.", c.Class, c.Agreed, why)
	}
	for _, q := range f.result.Questions {
		add("form.", q.Question, q.Agreed, q.Reasons)
	}
	for _, m := range f.result.Measurements {
		add("measurements.", m.Class, m.Agreed, m.Reasons)
	}
	return out
}

// resolved is the section on consensus and adjudication.
func (b *builder) resolved(list []*studyFacts) error {
	s := b.section("consensus", "Consensus and adjudication")
	s.text(fmt.Sprintf("The rules above were carried out on the panel's reads by package panel, version %s. A tie is undecided, never background. What the rules do not decide goes to an adjudicator, who is no reader of the study; what nobody decided stays open and enters no result.", panel.Version))
	n := map[string]map[caseState]int{}
	why := map[string]map[string]int{}
	for _, f := range list {
		for _, o := range b.outcomesOf(f) {
			if n[o.subject] == nil {
				n[o.subject], why[o.subject] = map[caseState]int{}, map[string]int{}
			}
			n[o.subject][o.state]++
			for _, r := range unique(o.reasons) {
				if o.state != agreedCase {
					why[o.subject][r]++
				}
			}
		}
	}
	t := &Table{Caption: "What became of the studies, by subject", Columns: []string{"Subject", "Agreed by the rule", "Adjudicated", "Open", "Why not agreed (studies)"}}
	for _, subject := range slices.Sorted(maps.Keys(n)) {
		row := []Cell{strong(subject)}
		for _, state := range []caseState{agreedCase, judgedCase, openCase} {
			num := count("consensus", subject, string(state), n[subject][state], "studies")
			row = append(row, value(b.add(num)))
		}
		var parts []string
		for _, r := range slices.Sorted(maps.Keys(why[subject])) {
			parts = append(parts, fmt.Sprintf("%s (%d)", r, why[subject][r]))
		}
		if len(parts) > 6 {
			parts = append(parts[:6], "…")
		}
		t.row(append(row, Cell{Words: or(strings.Join(parts, "; "), "–")})...)
	}
	s.table(t)
	b.adjudications(s)
	b.stapleTable(s, list)
	b.records(s, list)
	return nil
}

func unique(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

func (b *builder) adjudications(s *Section) {
	if len(b.in.Panel.Adjudications) == 0 {
		s.text("Nothing was adjudicated.")
		return
	}
	t := &Table{Caption: "Decisions of the adjudicators, each with its reason as written", Columns: []string{"Study", "Subject", "By", "Decided", "Decision", "Rationale"}}
	for _, a := range b.in.Panel.Adjudications {
		subject := a.Subject
		if a.Instance > 0 {
			subject += fmt.Sprintf(", instance %d", a.Instance)
		}
		day := "–"
		if !a.Decided.IsZero() {
			day = a.Decided.UTC().Format("2006-01-02")
		}
		t.words(a.Study, subject, a.Adjudicator, day, a.Decision, or(a.Rationale, "NONE WAS WRITTEN"))
	}
	s.table(t)
}

func (b *builder) stapleTable(s *Section, list []*studyFacts) {
	t := &Table{Caption: "STAPLE: the readers' estimated performance. An estimate from the readers alone, not a measurement against a truth; a volume off the majority's by more than a tenth goes to the adjudicator",
		Columns: []string{"Study", "Class", "Instance", "Reader", "p (sensitivity)", "q (specificity)", "Iterations", "Volume : majority"}}
	for _, f := range list {
		for _, r := range f.staple {
			t.words(r.study, r.class, fmt.Sprint(r.instance), r.reader, shown(r.sensitivity, 4), shown(r.specificity, 6), fmt.Sprint(r.iterations), shown(r.volumeRatio, 3))
		}
	}
	if len(t.Rows) > 0 {
		s.table(t)
	}
}

// maxListed is up to how many studies tables list every one.
const maxListed = 60

// records lists the digest of each study's result, so that anybody can repeat it.
func (b *builder) records(s *Section, list []*studyFacts) {
	all := ""
	t := &Table{Caption: "The record of each study's consensus: SHA-256 of its JSON, which names the reads by digest, the rule, and its version", Columns: []string{"Study", "Reads", "State", "SHA-256"}}
	for _, f := range list {
		state := agreedCase
		for _, o := range b.outcomesOf(f) {
			if o.state == openCase || o.state == judgedCase && state == agreedCase {
				state = o.state
			}
		}
		t.words(f.study.ID, fmt.Sprint(len(f.study.reads)), string(state), f.record.String())
		all += f.study.ID + " " + f.record.String() + "\n"
	}
	if len(list) <= maxListed {
		s.table(t)
		return
	}
	s.text(fmt.Sprintf("The %d records of the studies' consensus have together the SHA-256 %s (of lines of study, space, digest).", len(list), project.HashOf([]byte(all))))
}
