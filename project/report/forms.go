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
	b.prevalence(s, section, subject, title, q, r)
	who := b.ratersCompared(readers, len(readers) < len(r.raters))
	t, err := b.agreementTable(section, subject, title, q, r, readers, who)
	if err != nil {
		return err
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

// ratersCompared lists all readers together, each pair where there are more than two, and each with the reference where that answered.
func (b *builder) ratersCompared(readers []string, referenced bool) (who []comparison) {
	if len(readers) > 1 {
		who = append(who, comparison{allReaders, "all readers"})
	}
	if len(readers) > 2 {
		who = append(who, pairComparisons(b.pairs())...)
	}
	if referenced {
		for _, name := range readers {
			who = append(who, comparison{name + ":" + b.reference, name + " and reference"})
		}
	}
	return who
}

// agreementTable has a row for each comparison, and for all readers one for each stratum.
func (b *builder) agreementTable(section, subject, title string, q *project.Question, r ratings, readers []string, who []comparison) (*Table, error) {
	coefficients := b.coefficientsOf(q.ID, r.order)
	t := &Table{Caption: title + ": agreement with 95 % intervals", Columns: []string{"Who", "Units"}, Wide: true}
	for _, c := range coefficients {
		t.Columns = append(t.Columns, c.label, "interval")
	}
	add := func(w comparison, stratum string, part ratings) error {
		row, err := b.coefficientRow(section, subject, w, stratum, part, coefficients)
		t.row(row...)
		return err
	}
	for _, w := range who {
		part := r.columns(readers...)
		if first, second, pair := strings.Cut(w.id, ":"); pair {
			part = r.columns(first, second)
		}
		if err := add(w, "", part); err != nil {
			return nil, err
		}
	}
	if len(readers) > 1 {
		for _, st := range b.allStrata() {
			part := r.columns(readers...).only(st.holds)
			if len(part.rows) == 0 {
				continue // not asked there
			}
			if err := add(comparison{allReaders, st.by + " " + st.value}, st.by+"="+st.value, part); err != nil {
				return nil, err
			}
		}
	}
	t.Note = "Kappa is printed with percent agreement and Gwet's coefficient beside it: it falls where one level is rare, however well readers agree (see the shares of the levels). No verbal grades are given."
	if group(r.owner).clustered() {
		t.Note += " Patients have several units: intervals of shares are Wilson's with the design effect of patients, those of coefficients percentile bootstraps of patients."
	}
	return t, nil
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
