package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// flow is the section on which studies are in the numbers, and which are not and why.
func (b *builder) flow([]*studyFacts) error {
	s := b.section("flow", "Case flow and data")
	before, after := map[string]int{}, map[string]int{}
	for _, e := range b.in.Panel.Excluded {
		if e.Stage == "before_reading" {
			before[e.Reason]++
		} else {
			after[e.Reason]++
		}
	}
	whole, short, gone := 0, 0, 0
	for _, st := range b.studies {
		switch n := len(st.reads); {
		case n >= b.expected:
			whole++
		case n == 0:
			gone++
		default:
			short++
		}
	}
	nBefore, nAfter := sumOf(before), sumOf(after)
	listed := len(b.in.Panel.Studies) + nBefore
	figures := []struct {
		id, words string
		n         int
	}{{"listed", "Studies listed", listed}, {"excluded_before", "Excluded before reading", nBefore}, {"to_read", "Given to readers", listed - nBefore}, {"excluded_after", "Excluded after reading", nAfter},
		{"analysed", "Analysed", len(b.studies)}, {"with_all_reads", fmt.Sprintf("with all %d reads", b.expected), whole}, {"with_some_reads", "with fewer reads", short}, {"without_reads", "with no read", gone}, {"patients", "Patients among the analysed", len(b.patients())}}
	t := &Table{Caption: "Studies from the list to the numbers", Columns: []string{"Step", "Studies"}}
	for _, f := range figures {
		t.row(Cell{Words: f.words}, value(b.add(count("flow", "", f.id, f.n, "studies"))))
	}
	s.figure(&Figure{Caption: "Case flow.", Alt: fmt.Sprintf("%d studies listed, %d excluded before reading, %d after; %d analysed.", listed, nBefore, nAfter, len(b.studies)),
		SVG: flowSVG(listed, before, listed-nBefore, after, len(b.studies), fmt.Sprintf("%d with all %d reads, %d with fewer, %d with none", whole, b.expected, short, gone))})
	s.table(t)
	if len(b.in.Panel.Excluded) > 0 {
		x := &Table{Caption: "Excluded studies", Columns: []string{"Study", "When", "Reason"}}
		for _, e := range b.in.Panel.Excluded {
			x.words(e.Study, strings.ReplaceAll(e.Stage, "_", " "), e.Reason)
		}
		s.table(x)
	} else {
		s.text("No study was excluded, as far as the panel file says.")
	}
	b.inclusion(s)
	b.distribution(s)
	if clustered := len(b.studies) - len(b.patients()); clustered > 0 {
		s.text(fmt.Sprintf("%s more than one study. Every interval draws or weighs whole patients; the number of studies is not the number of independent observations.", patientsHave(b.severalStudies())))
	}
	return nil
}

// inclusion prints what a series had to be to enter the project.
func (b *builder) inclusion(s *Section) {
	in := b.in.Definition.Inclusion
	if in == nil {
		s.text("The definition has no rules of inclusion for series.")
		return
	}
	t := &Table{Caption: "Rules of inclusion, verbatim from the definition", Columns: []string{"If", "Required"}}
	var modalities []string
	for _, m := range in.Modalities {
		modalities = append(modalities, string(m))
	}
	t.words("always", "modality "+or(strings.Join(modalities, ", "), "any"))
	for _, r := range in.Rules {
		t.words(or(r.If, "always"), strings.Join(r.Require, "; "))
	}
	s.table(t)
}

func sumOf(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// patients lists the patients of the analysed studies.
func (b *builder) patients() map[string]int {
	out := map[string]int{}
	for _, st := range b.studies {
		out[st.patient()]++
	}
	return out
}

func (b *builder) severalStudies() (n int) {
	for _, studies := range b.patients() {
		if studies > 1 {
			n++
		}
	}
	return n
}

func patientsHave(n int) string {
	if n == 1 {
		return "1 patient has"
	}
	return fmt.Sprintf("%d patients have", n)
}

// distribution describes the analysed studies.
func (b *builder) distribution(s *Section) {
	t := &Table{Caption: "The analysed studies", Columns: []string{"By", "Value", "Studies", "Patients"}}
	for _, by := range []struct {
		name string
		of   func(*study) string
	}{{"modality", func(s *study) string { return string(s.Modality) }}, {"batch", func(s *study) string { return s.Batch }}, {"site", func(s *study) string { return s.Site }},
		{"vendor", func(s *study) string { return s.Vendor }}, {"sex", func(s *study) string { return s.Sex }}, {"age", func(s *study) string { return s.AgeBand }}, {"split", func(s *study) string { return s.Split }}} {
		studies, patients := map[string]int{}, map[string]map[string]bool{}
		for _, st := range b.studies {
			v := or(by.of(st), notGiven)
			studies[v]++
			if patients[v] == nil {
				patients[v] = map[string]bool{}
			}
			patients[v][st.patient()] = true
		}
		for _, v := range slices.Sorted(maps.Keys(studies)) {
			t.words(by.name, v, fmt.Sprint(studies[v]), fmt.Sprint(len(patients[v])))
		}
	}
	var thick []float64
	for _, st := range b.studies {
		if st.SliceMM > 0 {
			thick = append(thick, st.SliceMM)
		}
	}
	if len(thick) > 0 {
		slices.Sort(thick)
		t.words("slice spacing", fmt.Sprintf("%g to %g mm, median %g", thick[0], thick[len(thick)-1], thick[len(thick)/2]), fmt.Sprint(len(thick)), "–")
	}
	s.table(t)
}

// flowSVG draws the boxes.
func flowSVG(listed int, before map[string]int, given int, after map[string]int, analysed int, reads string) string {
	var out strings.Builder
	height := 196
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 %d" role="img"><title>Case flow</title><g font-family="Liberation Sans,Arial,Helvetica,sans-serif" font-size="11" fill="#222222">`, height)
	box := func(x, y, w, h int, lines ...string) {
		fmt.Fprintf(&out, `<rect x="%d" y="%d" width="%d" height="%d" fill="#FFFFFF" stroke="#222222" stroke-width="0.8"/>`, x, y, w, h)
		for n, l := range lines {
			weight := ""
			if n == 0 {
				weight = ` font-weight="bold"`
			}
			fmt.Fprintf(&out, `<text x="%d" y="%d"%s>%s</text>`, x+8, y+16+14*n, weight, escaped(l))
		}
	}
	arrow := func(x1, y1, x2, y2 int) {
		fmt.Fprintf(&out, `<path d="M%d %dL%d %d" stroke="#222222" stroke-width="0.8"/>`, x1, y1, x2, y2)
	}
	box(10, 6, 230, 26, fmt.Sprintf("%d studies listed", listed))
	arrow(125, 32, 125, 76)
	arrow(125, 54, 280, 54)
	box(280, 32, 330, 44, reasons("excluded before reading", before)...)
	box(10, 76, 230, 26, fmt.Sprintf("%d given to readers", given))
	arrow(125, 102, 125, 146)
	arrow(125, 124, 280, 124)
	box(280, 102, 330, 44, reasons("excluded after reading", after)...)
	box(10, 146, 600, 44, fmt.Sprintf("%d analysed", analysed), reads)
	out.WriteString(`</g></svg>`)
	return out.String()
}

// reasons are the two lines of a box: how many, and why, shortened (the table has all).
func reasons(what string, list map[string]int) []string {
	var parts []string
	for _, r := range slices.Sorted(maps.Keys(list)) {
		parts = append(parts, fmt.Sprintf("%d %s", list[r], r))
	}
	text := strings.Join(parts, "; ")
	if runes := []rune(text); len(runes) > 58 {
		text = string(runes[:57]) + "…"
	}
	return []string{fmt.Sprintf("%d %s", sumOf(list), what), text}
}
