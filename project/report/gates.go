package report

import (
	"fmt"
	"strings"

	"hotlight/project"
)

// Judged is a gate of the definition with what was found.
type Judged struct {
	Gate    project.Gate `json:"gate"`
	Number  string       `json:"number"` // id; empty: none was computed
	Verdict string       `json:"verdict"`
	Why     string       `json:"why,omitempty"`
}

// The verdicts.
const (
	Met       = "met"
	NotMet    = "not met"
	NotShown  = "not shown" // the value passes, the lower end of its interval does not
	NotJudged = "not judged"
)

// gates is the section on what was to be reached.
func (b *builder) gates([]*studyFacts) error {
	s := b.section("gates", "Gates set before reading")
	b.out.Verdicts = len(b.studies) >= b.minCases && len(b.patients()) >= b.minCases
	if !b.out.Verdicts {
		s.plate(b.tooFew())
	}
	p := b.in.Definition.Metrics
	if p == nil || len(p.Gates) == 0 {
		s.text("The definition sets no gate: nothing is judged.")
		return nil
	}
	t := &Table{Caption: "Gates, each judged by itself", Columns: []string{"Subject", "Metric", "At least", "Judged by", "n", "Patients", "Value", "95 % interval", "Result"}}
	for _, g := range p.Gates {
		j := b.judge(g)
		b.out.Gates = append(b.out.Gates, j)
		n := b.byID[j.Number]
		by := "estimate"
		if g.Use == "ci_lower" {
			by = "lower end of the interval"
		}
		row := []Cell{strong(g.Class + g.Form), {Words: strings.TrimSpace(g.Stat + " " + strings.ReplaceAll(g.Metric, "_", " "))}, {Words: fmt.Sprintf("%g", g.Min)}, {Words: by}, units(n)}
		patients := "–"
		if n != nil {
			patients = fmt.Sprint(n.Patients)
		}
		result := j.Verdict
		if j.Why != "" {
			result += ": " + j.Why
		}
		t.row(append(row, Cell{Words: patients}, value(n), interval(n), Cell{Words: result, Strong: j.Verdict == NotMet})...)
	}
	t.Note = fmt.Sprintf("%d gates are judged one by one, without adjustment for their number: with more gates one is missed or met by chance more often. Gates on a class are judged by agreement between readers (all pairs); lesion sensitivity and false marks by the mean of the readers against %s.", len(p.Gates), b.truthWords())
	s.table(t)
	return nil
}

func (b *builder) tooFew() string {
	return fmt.Sprintf("Pilot: %s of %s are too few for inference (at least %d of each are asked for). Intervals are given, and no verdict.", plural(len(b.studies), "study"), plural(len(b.patients()), "patient"), b.minCases)
}

// gateNumber finds the figure that a gate means.
func (b *builder) gateNumber(g project.Gate) *Number {
	if g.Form != "" {
		return b.byID["form/"+g.Form+"/"+g.Metric+"/all_readers"]
	}
	stat := or(g.Stat, "median")
	for _, id := range []string{"masks/" + g.Class + "/" + g.Metric + "/" + stat + "/all_pairs", "lesions/" + g.Class + "/" + g.Metric + "/mean/all_readers"} {
		if n := b.byID[id]; n != nil {
			return n
		}
	}
	return nil
}

func (b *builder) judge(g project.Gate) Judged {
	n := b.gateNumber(g)
	out := Judged{Gate: g, Verdict: NotJudged}
	switch p := b.in.Definition.Metrics; {
	case n == nil:
		out.Why = "this number is not computed"
		return out
	case !n.Defined():
		out.Number, out.Why = n.ID, strings.ReplaceAll(string(n.Status), "_", " ")
		return out
	case lowerIsBetter(g.Metric):
		out.Number, out.Why = n.ID, "less is better, and a gate is a minimum"
		return out
	case !b.out.Verdicts:
		out.Number, out.Why = n.ID, "pilot, n too small for inference"
		return out
	case n.Patients < b.minCases:
		out.Number, out.Why = n.ID, fmt.Sprintf("fewer than %d patients", b.minCases)
		return out
	case g.Use == "ci_lower" && p.Confidence != 0 && p.Confidence != level:
		out.Number, out.Why = n.ID, "the definition asks for another level than 95 %"
		return out
	case g.Use == "ci_lower" && !(n.Interval.Level > 0):
		out.Number, out.Why = n.ID, "there is no interval"
		return out
	}
	out.Number = n.ID
	switch {
	case !(n.Value >= g.Min):
		out.Verdict = NotMet
	case g.Use == "ci_lower" && !(n.Interval.Low >= g.Min):
		out.Verdict = NotShown
		out.Why = "the value passes, the lower end of the interval does not"
	default:
		out.Verdict = Met
		if g.Use == "estimate" && n.Interval.Level > 0 && n.Interval.Low < g.Min {
			out.Why = "by the estimate; the interval reaches below the gate"
		}
	}
	return out
}

func lowerIsBetter(metric string) bool {
	switch metric {
	case "hd95", "hausdorff", "assd", "fp_per_study", "volume_diff", "volume_diff_ml":
		return true
	}
	return false
}
