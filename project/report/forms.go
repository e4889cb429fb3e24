package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hotlight/project"
)

// forms is the section on labels: questions of the study form, and those about single marks.
func (b *builder) forms(list []*studyFacts) error {
	s := b.section("form", "Agreement on labels")
	any := false
	for n := range b.in.Definition.StudyForm {
		q := &b.in.Definition.StudyForm[n]
		levels, order := levelsOf(q)
		switch {
		case levels != nil:
			r := b.answersOf(q, levels, order)
			if !answered(r) {
				b.note("Nobody answered the question %s.", titled(q))
				continue
			}
			any = true
			if err := b.question(s, "form", q.ID, titled(q), q, r); err != nil {
				return err
			}
		case q.Type == project.AnswerMulti:
			any = true
			if err := b.multi(s, q); err != nil {
				return err
			}
		}
	}
	found, err := b.attributes(s, list)
	if err != nil {
		return err
	}
	if !any && !found {
		s.text("There is no label on which readers could agree.")
	}
	return nil
}

func titled(q *project.Question) string {
	if q.Label != "" {
		return q.Label
	}
	return q.ID
}

func answered(r ratings) bool {
	return slices.ContainsFunc(r.rows, func(row []float64) bool {
		return slices.ContainsFunc(row, func(v float64) bool { return !math.IsNaN(v) })
	})
}

// answersOf gathers a question's answers: a unit is a study, or a breast or lesion of it; raters are the panel and, where it answered, the reference.
func (b *builder) answersOf(q *project.Question, levels []string, order bool) ratings {
	out := ratings{levels: levels, order: order}
	for _, r := range b.panel {
		out.raters = append(out.raters, r.ID)
	}
	if b.reference != "" && slices.ContainsFunc(b.studies, func(s *study) bool { return s.truth != nil && hasAnswer(s.truth, q.ID) }) {
		out.raters = append(out.raters, b.reference)
	}
	for _, s := range b.studies {
		if !asked(q.Modalities, s.Modality) {
			continue
		}
		for _, part := range b.partsOf(s, q.ID) {
			var row []float64
			for _, who := range out.raters {
				row = append(row, ratingOf(s, who, q, levels, part))
			}
			out.rows, out.owner, out.study = append(out.rows, row), append(out.owner, s.patient()), append(out.study, s)
		}
	}
	return out
}

func hasAnswer(r *Read, question string) bool {
	for id := range r.Answers {
		if name, _ := partOf(id); name == question {
			return true
		}
	}
	return false
}

// partsOf lists for what a question was answered in a study; the study itself where nobody named a part.
func (b *builder) partsOf(s *study, question string) []string {
	seen := map[string]bool{}
	for _, r := range s.reads {
		for id := range r.Answers {
			if name, part := partOf(id); name == question {
				seen[part] = true
			}
		}
	}
	if len(seen) == 0 {
		return []string{""}
	}
	return slices.Sorted(maps.Keys(seen))
}

func ratingOf(s *study, who string, q *project.Question, levels []string, part string) float64 {
	r := s.reads[who]
	if r == nil && s.truth != nil && s.truth.Reader == who {
		r = s.truth
	}
	if r == nil {
		return math.NaN()
	}
	id := q.ID
	if part != "" {
		id += "/" + part
	}
	a, given := r.Answers[id]
	return place(q, levels, a, given)
}

// question writes the agreement on one question: all readers, each pair, strata, shares of the levels, and a matrix for each pair.
func (b *builder) question(s *Section, section, subject, title string, q *project.Question, r ratings) error {
	s.head(title)
	kind := "nominal"
	if r.order {
		kind = "ordinal: " + strings.Join(r.levels, " < ")
	}
	s.text(fmt.Sprintf("%s; %d declared levels. Weighted coefficients use the declared scale, whether or not a level was used.", kind, len(r.levels)))
	readers := r.raters
	if n := slices.Index(readers, b.reference); n >= 0 && b.reference != "" {
		readers = readers[:n]
	}
	coefficients := b.coefficientsOf(q.ID, r.order)
	b.prevalence(s, section, subject, title, q, r)
	who := []comparison{}
	if len(readers) > 1 {
		who = append(who, comparison{allReaders, "all readers"})
	}
	if len(readers) > 2 {
		for _, p := range b.pairs() {
			who = append(who, comparison{p[0] + ":" + p[1], p[0] + " and " + p[1]})
		}
	}
	if len(readers) < len(r.raters) {
		for _, name := range readers {
			who = append(who, comparison{name + ":" + b.reference, name + " and reference"})
		}
	}
	t := &Table{Caption: title + ": agreement with 95 % intervals", Columns: []string{"Who", "Units"}}
	for _, c := range coefficients {
		t.Columns = append(t.Columns, c.label, "interval")
	}
	t.Wide = true
	for _, w := range who {
		part := r.columns(readers...)
		if w.id != allReaders {
			first, second, _ := strings.Cut(w.id, ":")
			part = r.columns(first, second)
		}
		row, err := b.coefficientRow(section, subject, w, "", part, coefficients)
		if err != nil {
			return err
		}
		t.row(row...)
	}
	if len(readers) > 1 {
		for _, st := range b.allStrata() {
			row, err := b.coefficientRow(section, subject, comparison{allReaders, st.by + " " + st.value}, st.by+"="+st.value, r.columns(readers...).only(st.holds), coefficients)
			if err != nil {
				return err
			}
			t.row(row...)
		}
	}
	t.Note = "Kappa is printed with percent agreement and Gwet's coefficient beside it: it falls where one level is rare, however well readers agree (see the shares of the levels). No verbal grades are given."
	if group(r.owner).clustered() {
		t.Note += " Patients have several units: intervals of shares are Wilson's with the design effect of patients, those of coefficients percentile bootstraps of patients."
	}
	s.table(t)
	for _, w := range who {
		if w.id == allReaders && len(readers) != 2 {
			continue
		}
		first, second, pair := strings.Cut(w.id, ":")
		if !pair {
			first, second = readers[0], readers[1]
		}
		b.matrix(s, section, subject, title, first, second, r.columns(first, second))
	}
	return nil
}

const allReaders = "all readers"

func (b *builder) coefficientRow(section, subject string, w comparison, stratum string, r ratings, coefficients []coefficient) ([]Cell, error) {
	row := []Cell{{Words: w.words}, {}}
	for n, c := range coefficients {
		x, patients, err := b.agreement(c, r)
		if err != nil {
			return nil, err
		}
		num := b.add(Number{Section: section, Subject: subject, Metric: c.id, Comparison: w.id, Stratum: stratum, Units: "units", Patients: patients, Digits: 3, Result: x})
		if n == 0 {
			row[1] = units(num)
		}
		row = append(row, value(num), interval(num))
	}
	return row, nil
}

// prevalence prints how often each rater used each level, off the scale and missing.
func (b *builder) prevalence(s *Section, section, subject, title string, q *project.Question, r ratings) {
	t := &Table{Caption: title + ": how often each level was used", Columns: append(append([]string{"Reader"}, r.levels...), "off the scale", "no answer")}
	for k, who := range r.raters {
		counts := make([]int, len(r.levels)+2)
		for _, row := range r.rows {
			switch v := row[k]; {
			case math.IsNaN(v):
				counts[len(r.levels)+1]++
			case v >= float64(len(r.levels)):
				counts[len(r.levels)]++
			default:
				counts[int(v)]++
			}
		}
		cells := []Cell{strong(b.name(who))}
		for n, v := range counts {
			level := append(slices.Clone(r.levels), "off_scale", "no_answer")[n]
			num := count(section, subject, "used", v, "units")
			num.Comparison, num.Stratum = who, "level="+level
			cells = append(cells, value(b.add(num)))
		}
		t.row(cells...)
	}
	s.table(t)
}

// matrix is the cross table of two raters.
func (b *builder) matrix(s *Section, section, subject, title, first, second string, r ratings) {
	q := len(r.levels)
	counts, most, equal, all, off, none := make([][]int, q), 0, 0, 0, 0, 0
	for n := range counts {
		counts[n] = make([]int, q)
	}
	for _, row := range r.rows {
		x, y := row[0], row[1]
		switch {
		case math.IsNaN(x) || math.IsNaN(y):
			none++
		case x >= float64(q) || y >= float64(q):
			off++
		default:
			counts[int(x)][int(y)]++
			most = max(most, counts[int(x)][int(y)])
			all++
			if x == y {
				equal++
			}
		}
	}
	t := &Table{Matrix: true, Caption: fmt.Sprintf("%s: %s (rows) by %s (columns)", title, b.name(first), b.name(second)), Columns: append(append([]string{""}, r.levels...), "total")}
	columns := make([]int, q)
	for n, row := range counts {
		cells, sum := []Cell{strong(r.levels[n])}, 0
		for k, v := range row {
			cells = append(cells, Cell{Words: counted(v), Count: v, Shade: float64(v) / float64(max(1, most)), Frame: n == k})
			sum += v
			columns[k] += v
		}
		t.row(append(cells, Cell{Words: fmt.Sprint(sum)})...)
	}
	last := []Cell{{Words: "total"}}
	for _, v := range columns {
		last = append(last, Cell{Words: fmt.Sprint(v)})
	}
	t.row(append(last, Cell{Words: fmt.Sprint(all)})...)
	t.Note = fmt.Sprintf("%d of %d equal.", equal, all)
	if off > 0 {
		t.Note += fmt.Sprintf(" %d left out: an answer off the scale.", off)
	}
	if none > 0 {
		t.Note += fmt.Sprintf(" %d left out: an answer missing.", none)
	}
	s.table(t)
	num := count(section, subject, "equal_answers", equal, "units")
	num.Comparison = first + ":" + second
	num.N = all
	b.add(num)
}

func counted(n int) string {
	if n == 0 {
		return "·"
	}
	return fmt.Sprint(n)
}

// multi writes a question with several answers value by value: each is named or not.
func (b *builder) multi(s *Section, q *project.Question) error {
	s.head(titled(q))
	t := &Table{Caption: titled(q) + ": each value as named or not, all readers, with 95 % intervals", Columns: []string{"Value", "Units", "Named by", "Agreement", "interval", "Kappa", "interval", "AC1", "interval"}}
	for _, v := range q.Values {
		r := ratings{levels: []string{"not named", "named"}}
		for _, p := range b.panel {
			r.raters = append(r.raters, p.ID)
		}
		named, given := 0, 0
		for _, st := range b.studies {
			if !asked(q.Modalities, st.Modality) {
				continue
			}
			row := make([]float64, len(b.panel))
			for k, p := range b.panel {
				row[k] = math.NaN()
				if read := st.reads[p.ID]; read != nil {
					if a, ok := read.Answers[q.ID]; ok {
						row[k] = 0
						given++
						if slices.Contains(a.List, v.ID) {
							row[k] = 1
							named++
						}
					}
				}
			}
			r.rows, r.owner, r.study = append(r.rows, row), append(r.owner, st.patient()), append(r.study, st)
		}
		var list []coefficient
		for _, id := range []string{"percent_agreement", "cohen_kappa", "gwet_ac1"} {
			c, _ := coefficientOf(id)
			list = append(list, c)
		}
		row, err := b.coefficientRow("form", q.ID, comparison{allReaders, v.ID}, "value="+v.ID, r, list)
		if err != nil {
			return err
		}
		t.row(append(row[:2:2], append([]Cell{{Words: fmt.Sprintf("%d of %d answers", named, given)}}, row[2:]...)...)...)
	}
	s.table(t)
	return nil
}

// attributes writes the questions about single marks, for marks that two readers have in common.
func (b *builder) attributes(s *Section, list []*studyFacts) (found bool, err error) {
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		for k := range c.Attributes {
			q := &c.Attributes[k]
			levels, order := levelsOf(q)
			if levels == nil {
				continue
			}
			t := &Table{Caption: fmt.Sprintf("%s, %s: agreement on marks that both readers made", c.Name, titled(q)), Columns: []string{"Readers", "Marks"}, Wide: true}
			coefficients := b.coefficientsOf(c.ID+"."+q.ID, order)
			for _, co := range coefficients {
				t.Columns = append(t.Columns, co.label, "interval")
			}
			any := false
			for _, p := range b.pairs() {
				r := ratings{levels: levels, order: order, raters: p[:]}
				for _, f := range list {
					m, ok := f.matches[c.ID][p[0]+":"+p[1]]
					if !ok {
						continue
					}
					for _, a := range m.attributes {
						x, hasX := a[0][q.ID]
						y, hasY := a[1][q.ID]
						r.rows = append(r.rows, []float64{place(q, levels, x, hasX), place(q, levels, y, hasY)})
						r.owner, r.study = append(r.owner, f.study.patient()), append(r.study, f.study)
					}
				}
				any = any || answered(r)
				row, err := b.coefficientRow("attributes", c.ID+"."+q.ID, comparison{p[0] + ":" + p[1], p[0] + " and " + p[1]}, "", r, coefficients)
				if err != nil {
					return found, err
				}
				t.row(row...)
			}
			if any {
				found = true
				s.table(t)
			}
		}
	}
	return found, nil
}
