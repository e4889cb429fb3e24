package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/metrics"
)

// allPairs is the comparison of every reader with every other.
const allPairs = "all pairs"

// series is one result a study, with the patients.
type series struct {
	results []metrics.Result
	owner   []string
	studies []*study
}

func (s *series) add(st *study, r metrics.Result) {
	s.results, s.owner, s.studies = append(s.results, r), append(s.owner, st.patient()), append(s.studies, st)
}

// only keeps the studies that a stratum holds.
func (s series) only(keep func(*study) bool) (out series) {
	for n, st := range s.studies {
		if keep(st) {
			out.add(st, s.results[n])
		}
	}
	return out
}

// of returns a metric of a comparison in every study where the class is asked for. A study where one of the two has no read is missing data.
func seriesOf(list []*studyFacts, class, metric, pair string) (out series) {
	for _, f := range list {
		byPair, asked := f.overlaps[class]
		if !asked {
			continue
		}
		r := none(metrics.MissingReading)
		if first, second, _ := strings.Cut(pair, ":"); second == goldName && f.study.reads[first] != nil {
			r = none(metrics.NoReference) // the panel came to no result
		}
		if o, ok := byPair[pair]; ok {
			r = o.values[metric]
		}
		out.add(f.study, r)
	}
	return out
}

// meanOfPairs gives each study one value, the mean over its pairs of readers: pairs of one study are not independent.
func meanOfPairs(list []series) (out series) {
	if len(list) == 0 {
		return out
	}
	for n, st := range list[0].studies {
		sum, defined, why := 0.0, 0, metrics.MissingReading
		for _, s := range list {
			r := s.results[n]
			if r.Defined() && finite(r.Value) {
				sum, defined = sum+r.Value, defined+1
			} else if why == metrics.MissingReading {
				why = r.Status
			}
		}
		r := none(why)
		if defined > 0 {
			r = metrics.Result{Value: sum / float64(defined), Status: metrics.OK, N: 1}
		}
		out.add(st, r)
	}
	return out
}

// summary is the figures that are made of a series.
type summary struct {
	median, mean, p10, q25, q75, least, most *Number
}

// summarise files the figures of a series. few: the median alone, for strata.
func (b *builder) summarise(base Number, s series, few bool) summary {
	sp, patients := describe(s.results, s.owner, b.boot)
	base.Patients, base.Units = patients, "studies"
	file := func(stat string, r metrics.Result) *Number {
		n := base
		n.Stat, n.Result = stat, r
		n.Result.Definition = base.Definition
		if base.Comparison == allPairs {
			n.Result.Method += "; each study's mean over pairs of readers"
		}
		return b.add(n)
	}
	out := summary{median: file("median", sp.Median)}
	if few {
		return out
	}
	out.mean, out.p10 = file("mean", sp.Mean), file("p10", sp.P10)
	out.q25, out.q75, out.least, out.most = file("q25", sp.Q25), file("q75", sp.Q75), file("least", sp.Least), file("greatest", sp.Most)
	return out
}

// classes is the section on masks.
func (b *builder) classes(list []*studyFacts) error {
	s := b.section("masks", "Agreement on masks")
	any := false
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		if c.Is(project.KindSegment) && slices.ContainsFunc(list, func(f *studyFacts) bool { return len(f.overlaps[c.ID]) > 0 }) {
			any = true
			b.class(s, c, list)
		}
	}
	if !any {
		s.text("No masks were drawn.")
	}
	return nil
}

func (b *builder) class(s *Section, c *project.Class, list []*studyFacts) {
	s.head(c.Name)
	known := b.maskMetrics(c)
	primary, secondary := b.planned(c)
	var planned []metric
	for _, id := range append(slices.Clone(primary), secondary...) {
		m, ok := known[id]
		switch {
		case ok:
			planned = append(planned, m)
		case !slices.Contains(lesionMetrics, id):
			b.deviations = append(b.deviations, Deviation{Found: byReport, Text: fmt.Sprintf("The plan asks for %s of %s, which this program does not compute.", id, c.ID)})
		}
	}
	if len(planned) == 0 {
		planned = []metric{known["dice"], known["nsd"]}
	}
	if b.tolerance(c) == 0 {
		b.note("No tolerance is fixed for the surfaces of %s: its NSD is undefined.", c.Name)
	}
	b.empties(s, c, list)
	b.overall(s, c, planned, list)
	shown := planned[:min(len(planned), 6)]
	b.byComparison(s, c, shown, list, pairComparisons(b.pairs()), fmt.Sprintf("%s by pair of readers: medians over studies with 95 %% intervals", c.Name))
	b.byComparison(s, c, shown, list, b.againstTruth(), fmt.Sprintf("%s, each reader against %s: medians over studies with 95 %% intervals", c.Name, b.truthWords()))
	if len(b.panel) > 2 {
		var others []comparison
		for _, r := range b.panel {
			others = append(others, comparison{r.ID + ":" + othersName, r.ID})
		}
		b.byComparison(s, c, shown[:min(len(shown), 2)], list, others, fmt.Sprintf("%s, each reader against the majority of the other readers (of two others, what both drew), which the reader's own vote does not flatter: medians over studies", c.Name))
	}
	b.strata(s, c, planned[0], list)
	b.drift(s, c, planned[0], list)
	b.valuesOf(c, planned, list)
	s.figure(b.stripPlot(c, planned[0], list))
}

// comparison is who is compared, as ids and as words.
type comparison struct{ id, words string }

// againstTruth lists each reader, and the panel where the truth is another's.
func (b *builder) againstTruth() (out []comparison) {
	truth := goldName
	if b.reference != "" {
		truth = b.reference
	} else if len(b.panel) < 2 {
		return nil // a single reader would be held against their own marks
	}
	for _, r := range b.panel {
		out = append(out, comparison{r.ID + ":" + truth, r.ID})
	}
	if b.reference != "" {
		out = append(out, comparison{goldName + ":" + truth, "panel's result"})
	}
	return out
}

func (b *builder) truthWords() string {
	if b.reference != "" {
		return "the external reference"
	}
	return "the panel's own result (to which the reader contributed: these figures flatter)"
}

// empties counts the studies in which nothing was drawn, apart from every mean.
func (b *builder) empties(s *Section, c *project.Class, list []*studyFacts) {
	t := &Table{Caption: c.Name + ": pairs of masks by what was drawn (counts of studies; both empty is agreement on absence and enters no mean)",
		Columns: []string{"Readers", "Both drew", "Only first drew", "Only second drew", "Both empty", "A read is missing"}}
	for _, p := range append(b.pairs(), b.truthPairs()...) {
		n := map[metrics.Status]int{}
		for _, f := range list {
			if byPair, asked := f.overlaps[c.ID]; asked {
				if o, ok := byPair[p[0]+":"+p[1]]; ok {
					n[o.status]++
				} else {
					n[metrics.MissingReading]++
				}
			}
		}
		row := []Cell{{Words: b.name(p[0]) + " and " + b.name(p[1])}}
		for _, k := range []struct {
			metric string
			status metrics.Status
		}{{"both_drawn", metrics.OK}, {"first_only", metrics.RefEmpty}, {"second_only", metrics.TestEmpty}, {"both_empty", metrics.BothEmpty}, {"missing", metrics.MissingReading}} {
			num := count("masks", c.ID, k.metric, n[k.status], "studies")
			num.Comparison = p[0] + ":" + p[1]
			row = append(row, value(b.add(num)))
		}
		t.row(row...)
	}
	s.table(t)
}

// truthPairs are the comparisons with the reference as pairs.
func (b *builder) truthPairs() (out [][2]string) {
	for _, c := range b.againstTruth() {
		first, second, _ := strings.Cut(c.id, ":")
		out = append(out, [2]string{first, second})
	}
	return out
}

// name is what a source is called in tables.
func (b *builder) name(source string) string {
	switch source {
	case goldName:
		return "panel's result"
	case othersName:
		return "the others"
	case b.reference:
		return "reference"
	}
	return source
}

func (b *builder) overall(s *Section, c *project.Class, planned []metric, list []*studyFacts) {
	t := &Table{Caption: fmt.Sprintf("%s: agreement of all pairs of readers. One value a study, the mean over its pairs", c.Name),
		Columns: []string{"Metric", "n", "Median", "95 % interval", "Mean", "95 % interval", "p10", "Quartiles", "Range"}}
	for _, m := range planned {
		if len(b.pairs()) == 0 {
			break
		}
		if m.signed() {
			t.Note += m.label + " has a sign that hangs on who comes first: it stands by pair and against the reference only. "
			continue
		}
		var each []series
		for _, p := range b.pairs() {
			each = append(each, seriesOf(list, c.ID, m.id, p[0]+":"+p[1]))
		}
		all := meanOfPairs(each)
		x := b.summarise(b.maskNumber(c, m, allPairs), all, false)
		t.row(Cell{Words: labelled(m)}, units(x.median), Cell{Number: x.median, Part: valuePart, Strong: true}, interval(x.median), value(x.mean), interval(x.mean), value(x.p10),
			Cell{Words: x.q25.Text() + " to " + x.q75.Text()}, Cell{Words: x.least.Text() + " to " + x.most.Text()})
		if left := excludedText(x.median.Excluded); left != "" {
			t.Note += m.label + ": left out " + left + ". "
		}
	}
	t.Note += "Intervals: percentile bootstrap of patients."
	s.table(t)
}

func labelled(m metric) string {
	if m.unit != "" {
		return m.label + ", " + m.unit
	}
	return m.label
}

func (b *builder) maskNumber(c *project.Class, m metric, comparison string) Number {
	return Number{Section: "masks", Subject: c.ID, Metric: m.id, Comparison: comparison, Unit: m.unit, Digits: m.digits, Result: metrics.Result{Definition: m.definition}}
}

func (b *builder) byComparison(s *Section, c *project.Class, planned []metric, list []*studyFacts, who []comparison, caption string) {
	if len(who) == 0 {
		return
	}
	t := &Table{Caption: caption, Columns: []string{"Who"}, Wide: len(planned) > 3}
	for _, m := range planned {
		t.Columns = append(t.Columns, labelled(m), "interval")
	}
	t.Columns = append(t.Columns, "n")
	for _, w := range who {
		row, first := []Cell{{Words: w.words}}, (*Number)(nil)
		for _, m := range planned {
			x := b.summarise(b.maskNumber(c, m, w.id), seriesOf(list, c.ID, m.id, w.id), true)
			row = append(row, value(x.median), interval(x.median))
			if m == planned[0] {
				first = x.median
			}
		}
		t.row(append(row, units(first))...)
	}
	t.Note = "n: studies with a value of the first metric. Those left out of any, and why, stand in appendix A."
	s.table(t)
}

// valuesOf files every study's own figures.
func (b *builder) valuesOf(c *project.Class, planned []metric, list []*studyFacts) {
	for _, f := range list {
		byPair, asked := f.overlaps[c.ID]
		if !asked {
			continue
		}
		for _, p := range append(b.pairs(), b.truthPairs()...) {
			for _, m := range planned {
				r := none(metrics.MissingReading)
				if o, ok := byPair[p[0]+":"+p[1]]; ok {
					r = o.values[m.id]
				}
				if math.IsInf(r.Value, 0) {
					r.Value = math.NaN()
				}
				b.out.Values = append(b.out.Values, Value{f.study.ID, c.ID, m.id, p[0] + ":" + p[1], m.unit, r})
			}
		}
	}
}
