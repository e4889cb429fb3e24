package report

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/metrics"
)

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
	t.Note = "Interval: percentile bootstrap of patients."
	per.Note = "A finding: an instance of a class that may have several; an organ: a class of one instance that was drawn. What was not counted, or is zero, divides nothing. Studies whose number of slices is not given are left out of the time of a slice."
	if b.rates() == nil {
		per.Note += " No rates were given: there is no cost."
	}
	if e := b.in.Definition.Effort; e != nil && e.IdleTimeoutS > 0 {
		t.Note += fmt.Sprintf(" By the definition a pause of more than %d s is not work.", e.IdleTimeoutS)
	}
	s.table(t)
	s.table(per)
	b.judgeTime(s)
	return nil
}

// rates are the panel file's, else the definition's; nil: none.
func (b *builder) rates() *Effort {
	if b.in.Panel.Effort != nil {
		return b.in.Panel.Effort
	}
	if e := b.in.Definition.Effort; e != nil && len(e.Rates) > 0 {
		return &Effort{Currency: e.Currency, Rates: e.Rates}
	}
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
	if e := b.rates(); e != nil {
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
