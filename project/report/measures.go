package report

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/metrics"
)

// quantity is something that readers measured: one row a thing, one column a reader.
type quantity struct {
	section, subject, name, unit string
	rows                         metrics.Ratings
	owner                        []string
	mixed                        int // things that were measured in different units, left out
}

// measures is the section on numbers: measurements, numeric answers, and the volumes of what was drawn.
func (b *builder) measures(list []*studyFacts) error {
	s := b.section("measurements", "Agreement on measurements")
	any := false
	for _, q := range b.quantities(list) {
		if len(q.rows) == 0 {
			continue
		}
		any = true
		if err := b.quantity(s, q); err != nil {
			return err
		}
	}
	if !any {
		s.text("Nothing was measured.")
	}
	return nil
}

func (b *builder) quantities(list []*studyFacts) (out []quantity) {
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		if c.Is(project.KindMeasurement) {
			out = append(out, b.measurementsOf(c, list)...)
		}
	}
	for n := range b.in.Definition.StudyForm {
		q := &b.in.Definition.StudyForm[n]
		if levels, _ := levelsOf(q); levels == nil && (q.Type == project.AnswerNumber || q.Type == project.AnswerScale) {
			out = append(out, b.numbersOf(q))
		}
	}
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		if !c.Is(project.KindSegment) {
			continue
		}
		q := quantity{section: "measurements", subject: c.ID + ".volume", name: "Volume of " + c.Name, unit: "ml"}
		for _, f := range list {
			volumes, asked := f.volumes[c.ID]
			if !asked || len(volumes) == 0 {
				continue
			}
			q.add(f, func(reader string) float64 {
				if v, ok := volumes[reader]; ok {
					return v
				}
				return math.NaN()
			}, b.panel)
		}
		out = append(out, q)
	}
	return out
}

func (q *quantity) add(f *studyFacts, of func(reader string) float64, panel []Reader) {
	var row []float64
	for _, r := range panel {
		row = append(row, of(r.ID))
	}
	q.rows, q.owner = append(q.rows, row), append(q.owner, f.study.patient())
}

func (b *builder) measurementsOf(c *project.Class, list []*studyFacts) (out []quantity) {
	var names []string
	for _, f := range list {
		for _, m := range f.measured {
			if m.class == c.ID && !slices.Contains(names, m.name) {
				names = append(names, m.name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		q := quantity{section: "measurements", subject: c.ID, name: c.Name}
		if name != "" {
			q.subject, q.name = c.ID+"."+name, c.Name+", "+name
		}
		for _, f := range list {
			for _, m := range f.measured {
				if m.class != c.ID || m.name != name {
					continue
				}
				if len(m.units) > 1 || q.unit != "" && m.units[0] != q.unit {
					q.mixed++ // nothing is converted
					continue
				}
				q.unit = m.units[0]
				q.add(f, func(reader string) float64 {
					if v, ok := m.values[reader]; ok {
						return v
					}
					return math.NaN()
				}, b.panel)
			}
		}
		out = append(out, q)
	}
	return out
}

func (b *builder) numbersOf(question *project.Question) quantity {
	q := quantity{section: "measurements", subject: question.ID, name: titled(question), unit: question.Unit}
	for _, s := range b.studies {
		if !asked(question.Modalities, s.Modality) {
			continue
		}
		for _, part := range b.partsOf(s, question.ID) {
			id := question.ID
			if part != "" {
				id += "/" + part
			}
			q.add(&studyFacts{study: s}, func(reader string) float64 {
				if r := s.reads[reader]; r != nil {
					if a, ok := r.Answers[id]; ok {
						return a.Number
					}
				}
				return math.NaN()
			}, b.panel)
		}
	}
	return q
}

// quantity writes the intraclass correlation of all readers, and Bland and Altman's analysis of each pair.
func (b *builder) quantity(s *Section, q quantity) error {
	s.head(q.name)
	g := group(q.owner)
	icc := func(rows metrics.Ratings) (metrics.Result, error) {
		x, err := metrics.IntraclassCorrelation(rows)
		return x.Absolute, err
	}
	t := &Table{Caption: q.name + ": agreement with 95 % intervals", Columns: []string{"Readers", "n", "ICC(2,1)", "interval", "CCC (Lin)", "interval", "Bias" + unitOf(q), "interval", "Lower limit" + unitOf(q), "interval", "Upper limit" + unitOf(q), "interval"}, Wide: true}
	if len(b.panel) > 2 {
		all, err := b.resampledOf(q, g, q.rows, icc)
		if err != nil {
			return err
		}
		num := b.add(q.number("icc_2_1", allReaders, all, len(g.units), 3))
		t.row(append([]Cell{{Words: "all readers"}, units(num), value(num), interval(num)}, words("", "", "", "", "", "", "", "")...)...)
	}
	for _, p := range b.pairs() {
		if err := b.pairOf(s, t, q, g, p); err != nil {
			return err
		}
	}
	t.Note = "Bias and limits: first less second reader; limits of agreement: bias ± 1.96 SD. ICC(2,1): two-way random, absolute agreement, single reading. Negative estimates are kept."
	if g.clustered() {
		t.Note += " Patients have several things measured: intervals are percentile bootstraps of patients."
	}
	if q.mixed > 0 {
		t.Note += fmt.Sprintf(" %d things were left out: the readers measured in different units.", q.mixed)
	}
	s.Blocks = insertBefore(s.Blocks, Block{Table: t}, len(b.pairs()))
	return nil
}

// insertBefore puts the table before the last n figures.
func insertBefore(blocks []Block, block Block, n int) []Block {
	at := len(blocks)
	for n > 0 && at > 0 && blocks[at-1].Figure != nil {
		at, n = at-1, n-1
	}
	return slices.Insert(blocks, at, block)
}

func unitOf(q quantity) string {
	if q.unit == "" {
		return ""
	}
	return ", " + q.unit
}

func (q quantity) number(metric, comparison string, r metrics.Result, patients, digits int) Number {
	n := Number{Section: q.section, Subject: q.subject, Metric: metric, Comparison: comparison, Units: "things", Patients: patients, Digits: digits, Result: r}
	if metric == "bias" || metric == "lower_limit" || metric == "upper_limit" || metric == "difference_sd" {
		n.Unit = q.unit
	}
	return n
}

// resampledOf computes a statistic of rows; where patients have several, the interval is by drawing patients.
func (b *builder) resampledOf(q quantity, g clusters, rows metrics.Ratings, of func(metrics.Ratings) (metrics.Result, error)) (metrics.Result, error) {
	out, err := of(rows)
	if err != nil || !out.Defined() || !g.clustered() {
		if err == nil && out.Defined() && out.Interval.Method != "" && !(out.Interval.High-out.Interval.Low > 1e-9) {
			out.Interval = noInterval("none: the data show no variation")
		}
		return out, err
	}
	drawn := make(metrics.Ratings, 0, len(rows))
	out.Interval = g.resample(b.boot, func(units []int) float64 {
		drawn = drawn[:0]
		for _, u := range units {
			drawn = append(drawn, rows[u])
		}
		x, err := of(drawn)
		if err != nil || !x.Defined() {
			return math.NaN()
		}
		return x.Value
	})
	return out, nil
}

func (b *builder) pairOf(s *Section, t *Table, q quantity, g clusters, p [2]string) error {
	first := slices.IndexFunc(b.panel, func(r Reader) bool { return r.ID == p[0] })
	second := slices.IndexFunc(b.panel, func(r Reader) bool { return r.ID == p[1] })
	columns := func(rows metrics.Ratings) (x, y []float64) {
		for _, row := range rows {
			x, y = append(x, row[first]), append(y, row[second])
		}
		return x, y
	}
	two := func(pick func(x, y []float64) (metrics.Result, error)) func(metrics.Ratings) (metrics.Result, error) {
		return func(rows metrics.Ratings) (metrics.Result, error) { return pick(columns(rows)) }
	}
	altman := func(pick func(metrics.BlandAltman) metrics.Result) func(metrics.Ratings) (metrics.Result, error) {
		return two(func(x, y []float64) (metrics.Result, error) {
			a, err := metrics.CompareMethods(x, y, 1.96)
			return pick(a), err
		})
	}
	row := []Cell{{Words: p[0] + " and " + p[1]}, {}}
	for n, m := range []struct {
		id     string
		digits int
		of     func(metrics.Ratings) (metrics.Result, error)
	}{
		{"icc_2_1", 3, func(rows metrics.Ratings) (metrics.Result, error) {
			x, y := columns(rows)
			var both metrics.Ratings
			for n := range x {
				both = append(both, []float64{x[n], y[n]})
			}
			c, err := metrics.IntraclassCorrelation(both)
			return c.Absolute, err
		}},
		{"ccc", 3, two(func(x, y []float64) (metrics.Result, error) { c, err := metrics.LinCCC(x, y); return c.Result, err })},
		{"bias", 2, altman(func(a metrics.BlandAltman) metrics.Result { return a.Bias })},
		{"lower_limit", 2, altman(func(a metrics.BlandAltman) metrics.Result { return a.Lower })},
		{"upper_limit", 2, altman(func(a metrics.BlandAltman) metrics.Result { return a.Upper })},
	} {
		r, err := b.resampledOf(q, g, q.rows, m.of)
		if err != nil {
			return err
		}
		num := b.add(q.number(m.id, p[0]+":"+p[1], r, len(g.units), m.digits))
		if n == 2 {
			row[1] = units(num)
		}
		row = append(row, value(num), interval(num))
	}
	t.row(row...)
	slope, err := b.resampledOf(q, g, q.rows, altman(func(a metrics.BlandAltman) metrics.Result { return a.Slope }))
	if err != nil {
		return err
	}
	filed := b.add(q.number("slope", p[0]+":"+p[1], slope, len(g.units), 3))
	x, y := columns(q.rows)
	if a, err := metrics.CompareMethods(x, y, 1.96); err == nil && a.Bias.Defined() {
		figure := b.altmanPlot(q, p, x, y, a)
		figure.Caption += fmt.Sprintf(" Slope of the difference on the mean: %s (interval: %s).", filed.Text(), filed.Range())
		s.figure(figure)
	}
	return nil
}
