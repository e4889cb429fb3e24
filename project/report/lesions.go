package report

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/metrics"
)

// sizes are the classes of lesions by diameter, fixed here and not chosen from the data.
var sizes = []struct {
	id, words string
	lo, hi    float64 // mm, half-open
}{{"below_10mm", "below 10 mm", 0, 10}, {"10_to_20mm", "10 to below 20 mm", 10, 20}, {"from_20mm", "20 mm and more", 20, math.Inf(1)}}

// lesions is the section on things that are found or missed: classes with several instances, and detections.
func (b *builder) lesions(list []*studyFacts) error {
	s := b.section("lesions", "Lesions found and missed")
	any := false
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		if !c.Is(project.KindDetection) && !(c.Is(project.KindSegment) && severalOf(b.in.Definition, c)) {
			continue
		}
		any = true
		s.head(c.Name)
		rule := b.rule(c)
		s.text(fmt.Sprintf("Two marks are the same thing by the project's rule: %s. A lesion is matched once, by the Hungarian method; a further mark that meets the rule for a lesion already found is neither a hit nor a false mark and is counted apart. A mark of a lesion that fails the rule (displaced, say) counts twice: as a false mark, and its lesion as missed.", ruleWords(rule)))
		b.betweenReaders(s, c, list)
		b.againstLesions(s, c, list)
		if err := b.froc(s, c, list); err != nil {
			return err
		}
	}
	if !any {
		s.text("The definition has no class with several instances and no detection.")
	}
	return nil
}

func ruleWords(r project.MatchRule) string {
	switch r.Criterion {
	case "center_mm":
		return fmt.Sprintf("centres at most %g mm apart", r.MaxCenterMM)
	case "center_in_box_or_iou":
		text := fmt.Sprintf("the centre of one lies in the other, or overlap |A∩B|/|A∪B| of %g or more", r.IoU)
		if r.MaxCenterMM > 0 {
			text += fmt.Sprintf(" (centres at most %g mm apart)", r.MaxCenterMM)
		}
		return text
	}
	return fmt.Sprintf("overlap |A∩B|/|A∪B| (%s) of %g or more", r.Criterion, r.Threshold)
}

// betweenReaders says how often two readers marked the same.
func (b *builder) betweenReaders(s *Section, c *project.Class, list []*studyFacts) {
	if len(b.pairs()) == 0 {
		return
	}
	t := &Table{Caption: c.Name + ": marks that two readers have in common", Columns: []string{"Readers", "First marked", "Second marked", "Both", "Positive agreement", "95 % interval", "Dice of the matched", "95 % interval", "Studies"}}
	for _, p := range b.pairs() {
		comparison := p[0] + ":" + p[1]
		var first, second, both []int
		var owner []string
		var dice []metrics.Result
		var diceOwner []string
		missing := 0
		for _, f := range list {
			byPair, asked := f.matches[c.ID]
			if !asked {
				continue
			}
			m, ok := byPair[comparison]
			if !ok {
				missing++
				continue
			}
			first, second, both, owner = append(first, m.first), append(second, m.second), append(both, m.both), append(owner, f.study.patient())
			for _, d := range m.dice {
				dice, diceOwner = append(dice, metrics.Result{Value: d, Status: metrics.OK}), append(diceOwner, f.study.patient())
			}
		}
		g := group(owner)
		agreement := func(units []int) float64 {
			x, n := 0, 0
			for _, u := range units {
				x, n = x+2*both[u], n+first[u]+second[u]
			}
			return float64(x) / float64(n) // NaN without a mark
		}
		everyone := make([]int, len(owner))
		for n := range everyone {
			everyone[n] = n
		}
		r := metrics.Result{Value: agreement(everyone), Status: metrics.OK, N: total(first) + total(second), Method: "2 × both / (first + second), over all marks", Definition: "positive agreement; agreement on absence has no number"}
		if math.IsNaN(r.Value) {
			r.Status = metrics.BothEmpty
		} else {
			r.Interval = g.resample(b.boot, agreement)
		}
		if missing > 0 {
			r.Excluded = []metrics.Exclusion{{Reason: string(metrics.MissingReading), N: missing}}
		}
		agree := b.add(Number{Section: "lesions", Subject: c.ID, Metric: "lesion_agreement", Comparison: comparison, Units: "marks", Patients: len(g.units), Digits: 3, Result: r})
		sp, patients := describe(dice, diceOwner, b.boot)
		matched := b.add(Number{Section: "lesions", Subject: c.ID, Metric: "matched_dice", Stat: "median", Comparison: comparison, Units: "pairs of marks", Patients: patients, Digits: 3, Result: sp.Median})
		t.row(Cell{Words: p[0] + " and " + p[1]}, b.counted(c, "first_marks", comparison, total(first)), b.counted(c, "second_marks", comparison, total(second)),
			b.counted(c, "both_marks", comparison, total(both)), value(agree), interval(agree), value(matched), interval(matched), b.counted(c, "compared_studies", comparison, len(owner)))
	}
	t.Note = "Intervals: percentile bootstrap of patients. Dice of the matched says nothing of what only one marked."
	s.table(t)
}

func (b *builder) counted(c *project.Class, metric, comparison string, n int) Cell {
	num := count("lesions", c.ID, metric, n, "marks")
	num.Comparison = comparison
	return value(b.add(num))
}

func total(v []int) (sum int) {
	for _, x := range v {
		sum += x
	}
	return sum
}

// held is one reader against the lesions, by study.
type held struct {
	founds  []*found
	owner   []string
	missing int
}

func holdsOf(list []*studyFacts, class, comparison string) (h held) {
	for _, f := range list {
		byReader, asked := f.founds[class]
		if !asked {
			continue
		}
		if one := byReader[comparison]; one != nil {
			h.founds, h.owner = append(h.founds, one), append(h.owner, f.study.patient())
		} else {
			h.missing++
		}
	}
	return h
}

// hits counts lesions of a size and those found among them, by study.
func (h held) hits(lo, hi float64) (hits, trials []int) {
	for _, f := range h.founds {
		x, n := 0, 0
		for _, l := range f.lesions {
			if !(l.mm >= lo && l.mm < hi) && !(math.IsNaN(l.mm) && lo == 0 && math.IsInf(hi, 1)) {
				continue
			}
			n++
			if l.found {
				x++
			}
		}
		hits, trials = append(hits, x), append(trials, n)
	}
	return hits, trials
}

// againstLesions says what each reader found of the reference's lesions, and what else they marked.
func (b *builder) againstLesions(s *Section, c *project.Class, list []*studyFacts) {
	who := b.againstTruth()
	if !slices.ContainsFunc(who, func(w comparison) bool { return len(holdsOf(list, c.ID, w.id).founds) > 0 }) {
		s.text("There is no reference to hold the readers against: no external one, and the panel's rule gave no result.")
		return
	}
	t := &Table{Caption: fmt.Sprintf("%s: each reader against %s", c.Name, b.truthWords()), Columns: []string{"Reader", "Lesions", "Found", "Sensitivity", "95 % interval", "False marks", "a study", "95 % interval", "Extra marks", "Studies"}}
	bySize := &Table{Caption: c.Name + ": sensitivity by size of the reference's lesion (diameter of the ball of its volume; a box: its longest side)", Columns: []string{"Reader"}}
	for _, z := range sizes {
		bySize.Columns = append(bySize.Columns, z.words, "found of n", "95 % interval")
	}
	for _, w := range who {
		h := holdsOf(list, c.ID, w.id)
		g := group(h.owner)
		hits, trials := h.hits(0, math.Inf(1))
		sens := g.share(hits, trials, "lesions found / lesions of the reference")
		sens.Excluded = missing(h.missing)
		sensitivity := b.add(Number{Section: "lesions", Subject: c.ID, Metric: "lesion_sensitivity", Comparison: w.id, Units: "lesions", Patients: len(g.units), Digits: 3, Result: sens})
		var wrong, extra []int
		for _, f := range h.founds {
			wrong, extra = append(wrong, len(f.wrong)), append(extra, f.extra)
		}
		fp := g.rate(wrong, b.boot, "marks that hit no lesion / studies")
		fp.Excluded = missing(h.missing)
		rate := b.add(Number{Section: "lesions", Subject: c.ID, Metric: "fp_per_study", Comparison: w.id, Units: "studies", Patients: len(g.units), Digits: 2, Result: fp})
		t.row(strong(w.words), b.counted(c, "lesions", w.id, total(trials)), b.counted(c, "lesions_found", w.id, total(hits)), value(sensitivity), interval(sensitivity),
			b.counted(c, "false_marks", w.id, total(wrong)), value(rate), interval(rate), b.counted(c, "extra_marks", w.id, total(extra)), b.counted(c, "studies", w.id, len(h.owner)))
		row := []Cell{strong(w.words)}
		for _, z := range sizes {
			x, n := h.hits(z.lo, z.hi)
			part := g.share(x, n, "lesions found / lesions of the reference")
			num := b.add(Number{Section: "lesions", Subject: c.ID, Metric: "lesion_sensitivity", Comparison: w.id, Stratum: "size=" + z.id, Units: "lesions", Patients: patientsWith(g, n), Digits: 3, Result: part})
			row = append(row, value(num), Cell{Words: fmt.Sprintf("%d of %d", total(x), total(n))}, interval(num))
		}
		bySize.row(row...)
	}
	t.Note = "Sensitivity: Wilson's interval, its n reduced by the design effect where patients have several lesions. False marks: percentile bootstrap of patients."
	s.table(t)
	s.table(bySize)
	b.meanReader(c, list)
	if any := b.byID["lesions/"+c.ID+"/lesions/"+who[0].id]; any != nil && any.Value > 0 {
		s.figure(b.sizePlot(c, who))
	}
}

func missing(n int) []metrics.Exclusion {
	if n == 0 {
		return nil
	}
	return []metrics.Exclusion{{Reason: string(metrics.MissingReading), N: n}}
}

func patientsWith(g clusters, trials []int) (n int) {
	for _, units := range g.units {
		if slices.ContainsFunc(units, func(u int) bool { return trials[u] > 0 }) {
			n++
		}
	}
	return n
}

// readersAgainstTruth is againstTruth without the panel's result.
func (b *builder) readersAgainstTruth() []comparison {
	who := b.againstTruth()
	return who[:min(len(who), len(b.panel))]
}

// meanReader is what gates on sensitivity and false marks are judged by: the mean over the readers. Its interval draws patients and takes the readers as fixed.
func (b *builder) meanReader(c *project.Class, list []*studyFacts) {
	var owner []string
	var used []*studyFacts
	for _, f := range list {
		if len(f.founds[c.ID]) > 0 {
			used, owner = append(used, f), append(owner, f.study.patient())
		}
	}
	who := b.readersAgainstTruth()
	mean := func(per func(f *found) (x, n int)) func(units []int) float64 {
		return func(units []int) float64 {
			sum, readers := 0.0, 0
			for _, w := range who {
				x, n := 0, 0
				for _, u := range units {
					if f := used[u].founds[c.ID][w.id]; f != nil {
						dx, dn := per(f)
						x, n = x+dx, n+dn
					}
				}
				if n > 0 {
					sum, readers = sum+float64(x)/float64(n), readers+1
				}
			}
			return sum / float64(readers)
		}
	}
	everyone := make([]int, len(used))
	for n := range everyone {
		everyone[n] = n
	}
	g := group(owner)
	for _, m := range []struct {
		id  string
		per func(f *found) (x, n int)
	}{{"lesion_sensitivity", func(f *found) (x, n int) {
		for _, l := range f.lesions {
			if l.found {
				x++
			}
		}
		return x, len(f.lesions)
	}}, {"fp_per_study", func(f *found) (x, n int) { return len(f.wrong), 1 }}} {
		of := mean(m.per)
		r := metrics.Result{Value: of(everyone), Status: metrics.OK, N: len(used), Method: "mean over readers of each reader's own figure", Definition: "readers fixed, patients drawn"}
		if math.IsNaN(r.Value) {
			r.Status = metrics.NoReference
		} else {
			r.Interval = g.resample(b.boot, of)
		}
		b.add(Number{Section: "lesions", Subject: c.ID, Metric: m.id, Stat: "mean", Comparison: "all readers", Units: "studies", Patients: len(g.units), Digits: 3, Result: r})
	}
}
