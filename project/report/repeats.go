package report

import (
	"fmt"
	"math"

	"hotlight/project"
)

// repeats is the section on the same reader's second reads.
func (b *builder) repeats(list []*studyFacts) error {
	s := b.section("repeats", "The same reader twice")
	n := 0
	for _, st := range b.studies {
		for _, again := range st.repeats {
			n += len(again)
		}
	}
	if n == 0 {
		s.text("No study was read twice by the same reader: agreement of readers with themselves is not known.")
		return nil
	}
	b.washout(s)
	for k := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[k]
		if c.Is(project.KindSegment) {
			b.repeatMasks(s, c, list)
		}
	}
	for k := range b.in.Definition.StudyForm {
		q := &b.in.Definition.StudyForm[k]
		if levels, order := levelsOf(q); levels != nil {
			if err := b.repeatAnswers(s, q, levels, order); err != nil {
				return err
			}
		}
	}
	return nil
}

// washout lists how long each reader waited.
func (b *builder) washout(s *Section) {
	t := &Table{Caption: "Repeated reads", Columns: []string{"Reader", "Repeats", "Least wait, days", "Time not known"}}
	for _, r := range b.panel {
		n, unknown, least := 0, 0, math.Inf(1)
		for _, st := range b.studies {
			last := st.reads[r.ID]
			for _, again := range st.repeats[r.ID] {
				n++
				if last == nil || last.Signed.IsZero() || again.Signed.IsZero() {
					unknown++
				} else {
					least = min(least, again.Signed.Sub(last.Signed).Hours()/24)
				}
				last = again
			}
		}
		wait := "–"
		if finite(least) {
			wait = shown(least, 1)
		}
		t.words(r.ID, fmt.Sprint(n), wait, fmt.Sprint(unknown))
		if need := b.washoutDays(); finite(least) && least < float64(need) {
			b.deviations = append(b.deviations, Deviation{Reader: r.ID, Found: byReport, Text: fmt.Sprintf("A repeated read came after %s days; the protocol asks for %d.", shown(least, 1), need)})
		}
	}
	s.table(t)
}

func (b *builder) washoutDays() int {
	if b.in.Definition.Reading != nil {
		for _, st := range b.in.Definition.Reading.Stages {
			if st.ID == b.in.stage() && st.Repeat != nil {
				return st.Repeat.WashoutDays
			}
		}
	}
	return 0
}

func (b *builder) repeatMasks(s *Section, c *project.Class, list []*studyFacts) {
	t := &Table{Caption: c.Name + ": each reader's first and second masks, medians over studies", Columns: []string{"Reader", "n", "Dice", "95 % interval", "NSD", "95 % interval"}}
	known := b.maskMetrics(c)
	for _, r := range b.panel {
		row := []Cell{strong(r.ID), {}}
		for _, id := range []string{"dice", "nsd"} {
			var x series
			for _, f := range list {
				for _, again := range f.study.repeats[r.ID] {
					if o, ok := f.overlaps[c.ID][r.ID+":"+repeatName(again)]; ok {
						x.add(f.study, o.values[id])
					}
				}
			}
			if len(x.results) == 0 {
				break
			}
			num := b.maskNumber(c, known[id], r.ID+":itself")
			num.Section = "repeats"
			m := b.summarise(num, x, true).median
			row[1] = units(m)
			row = append(row, value(m), interval(m))
		}
		if len(row) > 2 {
			t.row(row...)
		}
	}
	if len(t.Rows) > 0 {
		s.table(t)
	}
}

func (b *builder) repeatAnswers(s *Section, q *project.Question, levels []string, order bool) error {
	coefficients := b.coefficientsOf(q.ID, order)
	t := &Table{Caption: titled(q) + ": each reader's first and second answers", Columns: []string{"Reader", "Units"}, Wide: true}
	for _, c := range coefficients {
		t.Columns = append(t.Columns, c.label, "interval")
	}
	for _, who := range b.panel {
		r := ratings{levels: levels, order: order, raters: []string{"first", "second"}}
		for _, st := range b.studies {
			first := st.reads[who.ID]
			if first == nil {
				continue
			}
			for _, again := range st.repeats[who.ID] {
				for id, a := range first.Answers {
					if name, _ := partOf(id); name != q.ID {
						continue
					}
					c, given := again.Answers[id]
					r.rows = append(r.rows, []float64{place(q, levels, a, true), place(q, levels, c, given)})
					r.owner, r.study = append(r.owner, st.patient()), append(r.study, st)
				}
			}
		}
		if len(r.rows) == 0 {
			continue
		}
		row, err := b.coefficientRow("repeats", q.ID, comparison{who.ID + ":itself", who.ID}, "", r, coefficients)
		if err != nil {
			return err
		}
		t.row(row...)
	}
	if len(t.Rows) > 0 {
		s.table(t)
	}
	return nil
}
