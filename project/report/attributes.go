package report

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
)

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
