package report

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/metrics"
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

// effort is the section on time and money.
func (b *builder) effort(list []*studyFacts) error {
	s := b.section("effort", "Time and cost")
	t := &Table{Caption: "Active time of first reads, by reader", Columns: []string{"Reader", "Reads timed", "Median, min", "95 % interval", "Quartiles, min", "Total, h", "Not timed"}}
	per := &Table{Caption: "Active time divided by what was read", Columns: []string{"Reader", "A study, min", "A slice, s", "A finding, min", "An organ, min", "Cost a study", "Cost of all"}}
	any := false
	for _, r := range b.panel {
		any = b.effortOf(r, t, per, list) || any
	}
	if !any {
		s.text("No read carries its time.")
		return nil
	}
	per.Note = "A finding: an instance of a class that may have several; an organ: a class of one instance that was drawn. What was not counted, or is zero, divides nothing. Studies whose number of slices is not given are left out of the time of a slice."
	if e := b.in.Panel.Effort; e == nil {
		per.Note += " No rates were given: there is no cost."
	}
	t.Note = "Interval: percentile bootstrap of patients."
	s.table(t)
	s.table(per)
	b.judgeTime(s)
	return nil
}

func (b *builder) effortOf(r Reader, t, per *Table, list []*studyFacts) bool {
	var x series
	var seconds, sliced, slices, findings, organs float64
	not := 0
	for _, f := range list {
		read := f.study.reads[r.ID]
		if read == nil {
			continue
		}
		if math.IsNaN(read.Seconds) {
			not++
			continue
		}
		x.add(f.study, metrics.Result{Value: read.Seconds / 60, Status: metrics.OK, N: 1})
		seconds += read.Seconds
		if f.study.Slices > 0 {
			sliced, slices = sliced+read.Seconds, slices+float64(f.study.Slices)
		}
		for class, counts := range f.counts {
			c, _ := b.in.Definition.Class(class)
			if c.Is(project.KindDetection) || severalOf(b.in.Definition, &c) {
				findings += float64(counts[r.ID])
			} else if counts[r.ID] > 0 {
				organs++
			}
		}
	}
	if len(x.results) == 0 {
		return false
	}
	sum := b.summarise(Number{Section: "effort", Metric: "minutes", Comparison: r.ID, Unit: "min", Digits: 1}, x, false)
	total := b.ratio("hours", r.ID, "h", seconds/3600, 1, 1, len(x.results), "studies")
	t.row(strong(r.ID), units(sum.median), value(sum.median), interval(sum.median), Cell{Words: sum.q25.Text() + " to " + sum.q75.Text()}, value(total), Cell{Words: fmt.Sprint(not)})
	row := []Cell{strong(r.ID), value(b.ratio("minutes_a_study", r.ID, "min", seconds/60, float64(len(x.results)), 1, len(x.results), "studies")),
		value(b.ratio("seconds_a_slice", r.ID, "s", sliced, slices, 2, int(slices), "slices")),
		value(b.ratio("minutes_a_finding", r.ID, "min", seconds/60, findings, 1, int(findings), "findings")),
		value(b.ratio("minutes_an_organ", r.ID, "min", seconds/60, organs, 1, int(organs), "organs"))}
	if e := b.in.Panel.Effort; e != nil {
		if rate, ok := e.Rates[project.Role(r.Role)]; ok {
			cost := seconds / 3600 * rate
			row = append(row, value(b.ratio("cost_a_study", r.ID, e.Currency, cost, float64(len(x.results)), 2, len(x.results), "studies")), value(b.ratio("cost", r.ID, e.Currency, cost, 1, 2, len(x.results), "studies")))
		}
	}
	for len(row) < len(per.Columns) {
		row = append(row, Cell{Words: "–"})
	}
	per.row(row...)
	return true
}

// ratio files num/den; nothing to divide by has no ratio.
func (b *builder) ratio(metric, reader, unit string, num, den float64, digits, n int, units string) *Number {
	r := metrics.Result{Value: math.NaN(), Status: metrics.Undefined, N: n, Method: "sum over sum"}
	if den > 0 {
		r.Value, r.Status = num/den, metrics.OK
	}
	return b.add(Number{Section: "effort", Metric: metric, Comparison: reader, Unit: unit, Units: units, Digits: digits, Result: r})
}

// judgeTime is the adjudicators' time.
func (b *builder) judgeTime(s *Section) {
	var who []string
	for _, a := range b.in.Panel.Adjudications {
		if !slices.Contains(who, a.Adjudicator) {
			who = append(who, a.Adjudicator)
		}
	}
	if len(who) == 0 {
		return
	}
	t := &Table{Caption: "Adjudicators", Columns: []string{"Adjudicator", "Decisions", "Total, min", "A decision, min", "Not timed"}}
	for _, id := range who {
		n, timed, sum := 0, 0, 0.0
		for _, a := range b.in.Panel.Adjudications {
			if a.Adjudicator == id {
				n++
				if a.Seconds > 0 {
					timed++
					sum += a.Seconds / 60
				}
			}
		}
		t.row(strong(id), Cell{Words: fmt.Sprint(n)}, value(b.ratio("decision_minutes", id, "min", sum, 1, 1, timed, "decisions")), value(b.ratio("minutes_a_decision", id, "min", sum, float64(timed), 1, timed, "decisions")), Cell{Words: fmt.Sprint(n - timed)})
	}
	s.table(t)
}
