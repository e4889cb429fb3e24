package report

import (
	"fmt"
	"slices"
	"strings"

	"hotlight/project"
)

// Summary is the first page.
type Summary struct {
	Facts   [][2]string
	InShort string
	Table   *Table
}

// summary writes the first page from what the sections found.
func (b *builder) summary() {
	roles := map[Role]int{}
	for _, r := range b.panel {
		roles[r.Role]++
	}
	var people []string
	for _, role := range []Role{Role(project.Radiologist), Role(project.Annotator)} {
		if n := roles[role]; n > 0 {
			people = append(people, plural(n, string(role)))
		}
	}
	adjudicators := 0
	for _, r := range b.in.Panel.Readers {
		if r.Role == Role(project.Adjudicator) {
			adjudicators++
		}
	}
	if adjudicators > 0 {
		people = append(people, plural(adjudicators, "adjudicator"))
	}
	truth := "none: the panel's own result"
	switch {
	case b.reference != "":
		truth = "external truth (" + b.reference + ")"
	case len(b.panel) < 2:
		truth = "none"
	}
	modalities := map[string]bool{}
	var list []string
	for _, st := range b.studies {
		if m := string(st.Modality); !modalities[m] {
			modalities[m], list = true, append(list, m)
		}
	}
	slices.Sort(list)
	b.out.Summary.Facts = [][2]string{
		{"Studies", fmt.Sprintf("%d, of %s; %s", len(b.studies), plural(len(b.patients()), "patient"), strings.Join(list, ", "))},
		{"Definition", fmt.Sprintf("version %d, SHA-256 %s", b.in.Definition.Project.Version, ends(b.in.Hash))},
		{"Readers", strings.Join(people, ", ")},
		{"Reference", truth},
		{"Left out", plural(len(b.in.Panel.Excluded), "study") + " excluded; " + plural(b.absent(), "missing read")},
		{"Intervals", fmt.Sprintf("95 %%; bootstrap of patients, %d times, seed %d", b.boot.Replicates, b.boot.Seed)},
	}
	b.out.Summary.InShort = b.inShort()
	b.out.Summary.Table = b.front()
}

func plural(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "study":
		return fmt.Sprintf("%d studies", n)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// ends is a digest's beginning and end; the whole stands in section 1.
func ends(h project.Hash) string {
	s := h.String()
	return s[:8] + "…" + s[len(s)-8:]
}

// absent counts reads that should be there and are not.
func (b *builder) absent() (n int) {
	for _, st := range b.studies {
		n += max(0, b.expected-len(st.reads))
	}
	return n
}

func (b *builder) inShort() string {
	var out []string
	if !b.out.Verdicts {
		out = append(out, b.tooFew())
	}
	n := map[string][]string{}
	for _, g := range b.out.Gates {
		n[g.Verdict] = append(n[g.Verdict], g.Gate.Class+g.Gate.Form+" "+strings.ReplaceAll(g.Gate.Metric, "_", " "))
	}
	if len(b.out.Gates) > 0 && b.out.Verdicts {
		text := fmt.Sprintf("Of %s set before reading, %d met", plural(len(b.out.Gates), "gate"), len(n[Met]))
		for _, v := range []string{NotMet, NotShown, NotJudged} {
			if len(n[v]) > 0 {
				text += fmt.Sprintf(", %d %s (%s)", len(n[v]), v, strings.Join(n[v], "; "))
			}
		}
		out = append(out, text+".")
	}
	judged, open := map[string]bool{}, 0
	for _, a := range b.in.Panel.Adjudications {
		judged[a.Study] = true
	}
	for _, x := range b.list {
		if x.Section == "consensus" && x.Metric == string(openCase) {
			open += int(x.Value)
		}
	}
	out = append(out, fmt.Sprintf("%s went to the adjudicator; %s left open.", plural(len(judged), "study"), plural(open, "disagreement")))
	if !b.out.SelfTestHeld() {
		out = append(out, "THE SELF-TEST DID NOT HOLD.")
	}
	return strings.Join(out, " ")
}

// frontTable gathers the first page's rows: a number once, with its gate if it has one.
type frontTable struct {
	*Table
	done map[string]bool
}

func (t *frontTable) add(subject, measure string, n *Number, also string, gate *Judged) {
	if n == nil || t.done[n.ID] {
		return
	}
	t.done[n.ID] = true
	bar := Cell{Number: n, Part: barPart}
	at, result := "–", "–"
	if gate != nil {
		bar.Gate, at, result = &gate.Gate.Min, fmt.Sprintf("%g", gate.Gate.Min), gate.Verdict
	}
	t.row(strong(subject), Cell{Words: fmt.Sprintf("%d %s", n.N, n.Units)}, Cell{Words: measure}, Cell{Number: n, Part: valuePart, Strong: true}, interval(n), bar, Cell{Words: also}, Cell{Words: at}, Cell{Words: result, Strong: result == NotMet})
}

// front is the table of the first page: a row for each class and question, and for each gate.
func (b *builder) front() *Table {
	t := &frontTable{done: map[string]bool{}, Table: &Table{Caption: "Agreement by class and question", Columns: []string{"Subject", "n", "Measure", "Value", "95 % interval", "0 to 1", "Also", "Gate", "Result"}}}
	for n := range b.in.Definition.Classes {
		b.frontClass(t, &b.in.Definition.Classes[n])
	}
	for n := range b.in.Definition.StudyForm {
		b.frontQuestion(t, &b.in.Definition.StudyForm[n])
	}
	if len(b.panel) < 2 {
		t.Note = "One reader: there is no agreement between readers to report. "
	}
	t.Note += "Agreement is between readers (one value a study, the mean over pairs), sensitivity against the reference. Dashed: gate. Undefined values have a status, never 0 or 1."
	if slices.ContainsFunc(b.out.Gates, func(g Judged) bool { return g.Verdict == NotShown }) {
		t.Note += " Not shown: the value passes, the lower end of the interval does not."
	}
	return t.Table
}

func (b *builder) frontClass(t *frontTable, c *project.Class) {
	for k := range b.out.Gates {
		if g := &b.out.Gates[k]; g.Gate.Class == c.ID {
			also := b.beside(c)
			if slices.Contains(lesionMetrics, g.Gate.Metric) {
				also = b.falseMarks(c)
			}
			t.add(c.Name, gateWords(g.Gate), b.byID[g.Number], also, g)
		}
	}
	if c.Is(project.KindSegment) {
		t.add(c.Name, "Dice, median, all pairs", b.byID["masks/"+c.ID+"/dice/median/all_pairs"], b.beside(c), nil)
	}
	if x := b.byID["lesions/"+c.ID+"/lesion_sensitivity/mean/all_readers"]; x != nil && x.Defined() {
		measure := "Sensitivity, mean of readers"
		if b.reference == "" {
			measure += ", against the panel's own result"
		}
		t.add(c.Name+", found", measure, x, b.falseMarks(c), nil)
	}
	if !c.Is(project.KindMeasurement) {
		return
	}
	for _, x := range b.list {
		if x.Section == "measurements" && strings.HasPrefix(x.Subject+".", c.ID+".") && x.Metric == "icc_2_1" && (x.Comparison == allReaders || len(b.panel) == 2) {
			t.add(c.Name, "ICC(2,1)", x, "", nil)
		}
	}
}

func (b *builder) frontQuestion(t *frontTable, q *project.Question) {
	agreement := ""
	if x := b.byID["form/"+q.ID+"/percent_agreement/all_readers"]; x != nil && x.Defined() {
		agreement = "agreement " + shown(100*x.Value, 0) + " %"
	}
	for k := range b.out.Gates {
		if g := &b.out.Gates[k]; g.Gate.Form == q.ID {
			t.add(titled(q), gateWords(g.Gate), b.byID[g.Number], agreement+b.besideKappa(q.ID, g.Gate.Metric), g)
		}
	}
	for _, metric := range []string{"weighted_kappa_quadratic", "weighted_kappa_linear", "cohen_kappa"} {
		if x := b.byID["form/"+q.ID+"/"+metric+"/all_readers"]; x != nil {
			t.add(titled(q), coefficientWords(metric), x, agreement+b.besideKappa(q.ID, metric), nil)
			return
		}
	}
}

func gateWords(g project.Gate) string {
	name := map[string]string{"dice": "Dice", "nsd": "NSD", "jaccard": "Jaccard", "lesion_sensitivity": "Sensitivity, mean of readers"}[g.Metric]
	if name == "" {
		name = coefficientWords(g.Metric)
	}
	if g.Stat != "" {
		name += ", " + g.Stat
	}
	if g.Use == "ci_lower" {
		name += ", by the lower end"
	}
	return name
}

// coefficientWords are a metric's id as words.
func coefficientWords(id string) string {
	name := strings.NewReplacer("cohen_kappa", "Cohen's kappa", "weighted_kappa_quadratic", "Weighted kappa, quadratic", "weighted_kappa_linear", "Weighted kappa, linear",
		"gwet_ac1", "Gwet's AC1", "fleiss_kappa", "Fleiss' kappa", "percent_agreement", "Agreement of pairs").Replace(id)
	return strings.ReplaceAll(name, "_", " ")
}

func (b *builder) falseMarks(c *project.Class) string {
	if fp := b.byID["lesions/"+c.ID+"/fp_per_study/mean/all_readers"]; fp != nil && fp.Defined() {
		return shown(fp.Value, 2) + " false marks a study"
	}
	return ""
}

// beside is the boundary metric that stands beside the overlap.
func (b *builder) beside(c *project.Class) string {
	if x := b.byID["masks/"+c.ID+"/nsd/median/all_pairs"]; x != nil && x.Defined() {
		return fmt.Sprintf("NSD %g mm %s", b.tolerance(c), x.Text())
	}
	if x := b.byID["masks/"+c.ID+"/hd95/median/all_pairs"]; x != nil && x.Defined() {
		return "HD95 " + x.Text() + " mm"
	}
	return ""
}

// besideKappa is Gwet's coefficient, which stands beside every kappa.
func (b *builder) besideKappa(q, metric string) string {
	if !strings.Contains(metric, "kappa") {
		return ""
	}
	id := "gwet_ac1"
	if w, ok := strings.CutPrefix(metric, "weighted_kappa_"); ok {
		id = "gwet_ac2_" + w
	}
	if x := b.byID["form/"+q+"/"+id+"/all_readers"]; x != nil && x.Defined() {
		return ", AC " + x.Text()
	}
	return ""
}
