package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hotlight/project"
)

// stratum is one value of one way to part the studies.
type stratum struct {
	by, value string
	holds     func(*study) bool
}

// allStrata lists the strata that the plan asks for; without a plan those in which the studies differ. Class and reader pair have tables of their own.
func (b *builder) allStrata() (out []stratum) {
	of := map[string]func(*study) string{"modality": func(s *study) string { return string(s.Modality) }, "batch": func(s *study) string { return s.Batch }, "site": func(s *study) string { return s.Site }}
	asked := []string{"modality", "batch", "site"}
	if p := b.in.Definition.Metrics; p != nil && len(p.Strata) > 0 {
		asked = p.Strata
	}
	for _, by := range asked {
		get := of[by]
		if get == nil {
			continue
		}
		var values []string
		for _, s := range b.studies {
			if v := get(s); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		slices.Sort(values)
		if len(values) < 2 {
			continue // all studies: the table above
		}
		for _, v := range values {
			word := v
			if word == "" {
				word = "not given"
			}
			out = append(out, stratum{by, word, func(s *study) bool { return get(s) == v }})
		}
	}
	return out
}

func (b *builder) strata(s *Section, c *project.Class, m metric, list []*studyFacts) {
	strata := b.allStrata()
	if len(strata) == 0 || len(b.pairs()) == 0 {
		return
	}
	var each []series
	for _, p := range b.pairs() {
		each = append(each, seriesOf(list, c.ID, m.id, p[0]+":"+p[1]))
	}
	all := meanOfPairs(each)
	t := &Table{Caption: fmt.Sprintf("%s: %s by stratum, all pairs of readers, medians over studies", c.Name, m.label), Columns: []string{"Stratum", "n", "Patients", "Median", "95 % interval"}}
	for _, st := range strata {
		n := b.maskNumber(c, m, allPairs)
		n.Stratum = st.by + "=" + st.value
		x := b.summarise(n, all.only(st.holds), true)
		name := st.by + " " + st.value
		if x.median.Patients < b.minCases {
			name += " *"
			t.Note = fmt.Sprintf("* fewer than %d patients: read the interval, not the number. Strata are described, not compared.", b.minCases)
		}
		t.row(Cell{Words: name}, units(x.median), Cell{Words: fmt.Sprint(x.median.Patients)}, value(x.median), interval(x.median))
	}
	s.table(t)
}

// drift compares each reader's earlier half of reads with the later one, by the time of signing.
func (b *builder) drift(s *Section, c *project.Class, m metric, list []*studyFacts) {
	t := &Table{Caption: fmt.Sprintf("%s: %s against %s in the earlier and the later half of each reader's first reads, by time of signing (medians)", c.Name, m.label, b.truthWords()),
		Columns: []string{"Reader", "Earlier", "95 % interval", "n", "Later", "95 % interval", "n"}}
	for _, w := range b.againstTruth() {
		reader, _, _ := strings.Cut(w.id, ":")
		all := seriesOf(list, c.ID, m.id, w.id)
		var times []time.Time
		for _, st := range all.studies {
			if r := st.reads[reader]; r != nil && !r.Signed.IsZero() {
				times = append(times, r.Signed)
			}
		}
		if reader == goldName || len(times) < 4 {
			continue
		}
		slices.SortFunc(times, time.Time.Compare)
		middle := times[len(times)/2]
		row := []Cell{strong(w.words)}
		for _, half := range []struct {
			name  string
			later bool
		}{{"time=earlier", false}, {"time=later", true}} {
			n := b.maskNumber(c, m, w.id)
			n.Stratum = half.name
			x := b.summarise(n, all.only(func(st *study) bool {
				r := st.reads[reader]
				return r != nil && !r.Signed.IsZero() && !r.Signed.Before(middle) == half.later
			}), true)
			row = append(row, value(x.median), interval(x.median), units(x.median))
		}
		t.row(row...)
	}
	if len(t.Rows) > 0 {
		s.table(t)
	}
}
