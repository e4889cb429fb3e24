package report

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/metrics"
)

// rocs is the section on how well a question's scale tells a condition whose truth the panel file gives.
func (b *builder) rocs([]*studyFacts) error {
	s := b.section("roc", "Telling a condition (ROC)")
	if len(b.in.Panel.ROC) == 0 {
		s.text("The truth of no condition was given: there is no ROC analysis.")
		return nil
	}
	for _, plan := range b.in.Panel.ROC {
		if err := b.roc(s, plan); err != nil {
			return err
		}
	}
	return nil
}

// scored is one reader's answers to a ROC question, by study.
type scored struct {
	positive []bool
	score    []float64
	owner    []string
	excluded []metrics.Exclusion
}

func (b *builder) roc(s *Section, plan ROCPlan) error {
	q, _ := b.in.Definition.Question(plan.Question)
	levels, _ := levelsOf(&q)
	subject := plan.Condition + "." + plan.Question
	s.head(fmt.Sprintf("%s by %s", plan.Condition, titled(&q)))
	t := &Table{Caption: fmt.Sprintf("%s by %s: area under the ROC curve", plan.Condition, titled(&q)), Columns: []string{"Reader", "With", "Without", "AUC", "95 % interval"}}
	points := &Table{Caption: fmt.Sprintf("%s by %s: every threshold of the scale; none was chosen from the data", plan.Condition, titled(&q)),
		Columns: []string{"Reader", "Positive from", "Sensitivity", "95 % interval", "Specificity", "95 % interval"}}
	var curves []curve
	for _, who := range b.panel {
		sc := b.scored(who.ID, &q, levels, plan.Condition)
		split, err := metrics.Split(sc.positive, sc.score)
		if err != nil {
			return err
		}
		a, err := metrics.AUC(split, metrics.DeLong)
		if err != nil {
			return err
		}
		g := group(sc.owner)
		if g.clustered() && a.Defined() {
			split.Patient = patientNumbers(sc)
			if a.Interval, err = metrics.BootstrapAUC(split, b.boot); err != nil {
				return err
			}
		}
		if a.Defined() && !(a.Interval.Low < a.Interval.High) {
			a.Interval = noInterval("none: the variance is zero; the reader separates these cases completely, or not at all")
		}
		a.Excluded = sc.excluded
		a.Definition = "Mann-Whitney, ties half"
		num := b.add(Number{Section: "roc", Subject: subject, Metric: "auc", Comparison: who.ID, Units: "studies", Patients: len(g.units), Digits: 3, Result: a.Result})
		t.row(strong(who.ID), Cell{Words: fmt.Sprint(len(split.Positive))}, Cell{Words: fmt.Sprint(len(split.Negative))}, value(num), interval(num))
		b.thresholds(points, subject, who.ID, levels, sc, g)
		if roc, err := metrics.ROC(split); err == nil {
			k := curve{name: who.ID}
			for _, p := range roc {
				sens, spec := p.Rates()
				k.x, k.y = append(k.x, 1-spec), append(k.y, sens)
			}
			curves = append(curves, k)
		}
	}
	t.Note = "Interval: DeLong, clipped to [0, 1]; where patients have several studies, percentile bootstrap of patients. Curves of readers are described, not tested against each other."
	s.table(t)
	if len(points.Rows) > 0 {
		s.table(points)
	}
	if len(curves) > 0 {
		s.figure(b.rocPlot(plan, curves))
	}
	return nil
}

// scored gathers a reader's answers: of a question asked once a breast or lesion, the highest stands for the study. Answers off the scale are left out and counted.
func (b *builder) scored(reader string, q *project.Question, levels []string, condition string) (out scored) {
	left := map[metrics.Status]int{}
	for _, st := range b.studies {
		truth, known := st.Conditions[condition]
		read := st.reads[reader]
		switch {
		case !asked(q.Modalities, st.Modality):
			continue
		case !known:
			left["truth not given"]++
			continue
		case read == nil:
			left[metrics.MissingReading]++
			continue
		}
		best, off := math.Inf(-1), false
		for _, part := range b.partsOf(st, q.ID) {
			v := ratingOf(st, reader, q, levels, part)
			if levels == nil {
				a, given := read.Answers[q.ID]
				if v = math.NaN(); given {
					v = a.Number
				}
			} else if v >= offScale {
				v, off = math.NaN(), true
			}
			if !math.IsNaN(v) {
				best = max(best, v)
			}
		}
		switch {
		case math.IsInf(best, -1) && off:
			left["rating off the scale"]++
		case math.IsInf(best, -1):
			left["no answer"]++
		default:
			out.positive, out.score, out.owner = append(out.positive, truth), append(out.score, best), append(out.owner, st.patient())
		}
	}
	out.excluded = exclusions(left)
	return out
}

// patientNumbers numbers the patients, negatives first, as metrics.Scored wants them.
func patientNumbers(sc scored) (out []int) {
	at := map[string]int{}
	for _, p := range sc.owner {
		if _, ok := at[p]; !ok {
			at[p] = len(at)
		}
	}
	for _, positive := range []bool{false, true} {
		for n, p := range sc.owner {
			if sc.positive[n] == positive {
				out = append(out, at[p])
			}
		}
	}
	return out
}

// thresholds writes sensitivity and specificity at every level that could be a threshold.
func (b *builder) thresholds(t *Table, subject, reader string, levels []string, sc scored, g clusters) {
	for from := 1; from < len(levels); from++ {
		var tp, pos, tn, neg []int
		for n, v := range sc.score {
			hit := 0
			if (v >= float64(from)) == sc.positive[n] {
				hit = 1
			}
			if sc.positive[n] {
				tp, pos, tn, neg = append(tp, hit), append(pos, 1), append(tn, 0), append(neg, 0)
			} else {
				tp, pos, tn, neg = append(tp, 0), append(pos, 0), append(tn, hit), append(neg, 1)
			}
		}
		add := func(metric string, hits, trials []int) *Number {
			r := g.share(hits, trials, "share of studies")
			r.Excluded = slices.Clone(sc.excluded)
			return b.add(Number{Section: "roc", Subject: subject, Metric: metric, Comparison: reader, Stratum: "from=" + levels[from], Units: "studies", Patients: patientsWith(g, trials), Digits: 3, Result: r})
		}
		sens, spec := add("sensitivity", tp, pos), add("specificity", tn, neg)
		t.row(strong(reader), Cell{Words: levels[from]}, value(sens), interval(sens), value(spec), interval(spec))
	}
}
