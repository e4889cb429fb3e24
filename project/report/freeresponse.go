package report

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hotlight/project"
	"hotlight/project/metrics"
)

// froc is the free-response part: curves and scores of readers who rated their marks.
func (b *builder) froc(s *Section, c *project.Class, list []*studyFacts) error {
	plan := project.DetectionPlan{}
	if p := b.in.Definition.Metrics; p != nil {
		plan = p.Detection[c.ID]
	}
	rates := plan.FROCRates
	if len(rates) == 0 {
		rates = metrics.FROCRates
	}
	t := &Table{Caption: fmt.Sprintf("%s: free response, against %s", c.Name, b.truthWords()), Columns: []string{"Reader", "FROC score", "95 % interval", "wAFROC", "95 % interval", "Lesions", "Studies"}}
	var curves []curve
	for _, w := range b.readersAgainstTruth() {
		h := holdsOf(list, c.ID, w.id)
		if !h.rated() {
			continue
		}
		g := group(h.owner)
		everyone := make([]int, len(h.owner))
		for n := range everyone {
			everyone[n] = n
		}
		score, err := metrics.FROCScore(h.detections(everyone), rates)
		if err != nil {
			return err
		}
		score.Definition = fmt.Sprintf("mean sensitivity at %v false marks a study", rates)
		score.Excluded = missing(h.missing)
		if score.Defined() {
			score.Interval = g.resample(b.boot, func(units []int) float64 {
				r, err := metrics.FROCScore(h.detections(units), rates)
				if err != nil {
					return math.NaN()
				}
				return r.Value
			})
		}
		first := b.add(Number{Section: "froc", Subject: c.ID, Metric: "froc_score", Comparison: w.id, Units: "lesions", Patients: len(g.units), Digits: 3, Result: score})
		weighted, err := h.jackknife(g)
		if err != nil {
			return err
		}
		second := b.add(Number{Section: "froc", Subject: c.ID, Metric: "wafroc", Comparison: w.id, Units: "studies", Patients: len(g.units), Digits: 3, Result: weighted})
		d := h.detections(everyone)
		t.row(strong(w.words), value(first), interval(first), value(second), interval(second), Cell{Words: fmt.Sprint(d.Lesions)}, Cell{Words: fmt.Sprint(d.Images)})
		if points, err := metrics.FROC(d); err == nil {
			k := curve{name: w.words}
			for _, p := range points {
				k.x, k.y = append(k.x, p.FalsePerImage), append(k.y, p.Sensitivity)
			}
			curves = append(curves, k)
		}
	}
	if len(t.Rows) == 0 {
		s.text("Marks carry no rating of confidence (or there is no reference): there is no FROC curve.")
		return nil
	}
	t.Note = "FROC score: percentile bootstrap of patients. wAFROC (lesions weighted equally within a study; needs studies without a lesion): jackknife of patients, t."
	s.table(t)
	s.figure(b.frocPlot(c, curves))
	return nil
}

// rated reports whether every mark has a rating and there is at least one.
func (h held) rated() bool {
	any := false
	for _, f := range h.founds {
		for _, l := range f.lesions {
			if l.found && math.IsNaN(l.rating) {
				return false
			}
			any = any || l.found
		}
		for _, r := range f.wrong {
			if math.IsNaN(r) {
				return false
			}
			any = true
		}
	}
	return any
}

// detections gathers the studies named, which may occur several times.
func (h held) detections(units []int) (d metrics.Detections) {
	d.Images = len(units)
	for _, u := range units {
		f := h.founds[u]
		d.Lesions += len(f.lesions)
		d.FalsePositives = append(d.FalsePositives, f.wrong...)
		for _, l := range f.lesions {
			if l.found {
				d.Hits = append(d.Hits, l.rating)
			}
		}
	}
	return d
}

// jackknife is the weighted AFROC figure of merit with the interval from leaving out one patient at a time.
func (h held) jackknife(g clusters) (metrics.Result, error) {
	fom := func(without int) (metrics.Result, error) {
		var cases []metrics.MarkedCase
		for k, units := range g.units {
			if k == without {
				continue
			}
			for _, u := range units {
				one := metrics.MarkedCase{NonLesions: h.founds[u].wrong}
				for _, l := range h.founds[u].lesions {
					one.Lesions = append(one.Lesions, l.rating)
				}
				cases = append(cases, one)
			}
		}
		f, err := metrics.FreeResponseFOM(cases)
		return f.WAFROC, err
	}
	out, err := fom(-1)
	out.Excluded = missing(h.missing)
	m := float64(len(g.units))
	if err != nil || !out.Defined() || m < 3 {
		return out, err
	}
	var pseudo []float64
	for k := range g.units {
		r, err := fom(k)
		if err != nil {
			return out, err
		}
		if !r.Defined() {
			out.Interval = noInterval("none: undefined without one of the patients")
			return out, nil
		}
		pseudo = append(pseudo, m*out.Value-(m-1)*r.Value)
	}
	_, sd := meanSD(pseudo)
	if sd == 0 {
		out.Interval = noInterval("none: the data show no variation")
		return out, nil
	}
	half := distuv.StudentsT{Sigma: 1, Nu: m - 1}.Quantile(0.975) * sd / math.Sqrt(m)
	out.Interval = metrics.Interval{Low: max(0, out.Value-half), High: min(1, out.Value+half), Level: level, Method: fmt.Sprintf("jackknife of %d patients, t with %d df, clipped to [0, 1]", len(g.units), len(g.units)-1)}
	return out, nil
}
