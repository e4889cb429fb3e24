package report

import (
	"fmt"

	"hotlight/project"
)

// metric is how a metric of masks is named, shown and defined.
type metric struct {
	id, label, unit string
	digits          int
	higher          bool // more is better
	definition      string
}

// signed reports whether the metric changes its sign with the order of the two.
func (m metric) signed() bool { return m.id == "volume_diff" || m.id == "volume_diff_ml" }

// maskMetrics are those of the union of all that two sources drew of a class.
func (b *builder) maskMetrics(c *project.Class) map[string]metric {
	surface := string(b.surface)
	list := []metric{
		{"dice", "Dice", "", 3, true, "2|A∩B|/(|A|+|B|), all instances of the study together; both empty: undefined; one empty: 0"},
		{"jaccard", "Jaccard", "", 3, true, "|A∩B|/|A∪B|, edge cases as Dice"},
		{"nsd", "NSD", "", 3, true, fmt.Sprintf("share of both surfaces within %g mm of the other, inclusive; surfaces: %s; one empty: 0", b.tolerance(c), surface)},
		{"hd95", "HD95", "mm", 2, false, "greater of the two directed 95th percentiles; surfaces: " + surface + "; one empty: undefined, counted"},
		{"hausdorff", "Hausdorff", "mm", 2, false, "greatest distance; surfaces: " + surface + "; one empty: undefined, counted"},
		{"assd", "ASSD", "mm", 2, false, "mean distance over both surfaces pooled; surfaces: " + surface + "; one empty: undefined, counted"},
		{"volume_diff_ml", "Volume difference", "ml", 2, false, "volume of the first less that of the second; both empty: undefined"},
		{"volume_diff", "Relative volume difference", "", 3, false, "(first − second)/second; second empty: undefined"},
	}
	out := map[string]metric{}
	for _, m := range list {
		out[m.id] = m
	}
	return out
}

// lesionMetrics are planned like those of masks and computed mark by mark.
var lesionMetrics = []string{"lesion_sensitivity", "fp_per_study", "matched_dice", "lesion_agreement"}

// planned returns the primary and secondary metrics of a class of masks.
func (b *builder) planned(c *project.Class) (primary, secondary []string) {
	if p := b.in.Definition.Metrics; p != nil {
		if plan, ok := p.Segments[c.ID]; ok {
			return plan.Primary, plan.Secondary
		}
	}
	return []string{"dice", "nsd"}, []string{"hd95", "assd", "volume_diff_ml"}
}
