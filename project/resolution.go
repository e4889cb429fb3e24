package project

import "fmt"

// Resolution is the rule that decides disagreement. It is project data: package panel executes it, and the report prints it.
type Resolution struct {
	Default      DefaultRule            `json:"default,omitzero" yaml:"default,omitempty"`
	Classes      map[string]ClassRule   `json:"classes,omitempty" yaml:"classes,omitempty"`           // by Class.ID
	Forms        map[string]LabelRule   `json:"forms,omitempty" yaml:"forms,omitempty"`               // by Question.ID of the study form
	Measurements map[string]MeasureRule `json:"measurements,omitempty" yaml:"measurements,omitempty"` // by Class.ID
}

// DefaultRule holds where a question or class has no rule of its own.
type DefaultRule struct {
	Labels string `json:"labels,omitempty" yaml:"labels,omitempty"` // as LabelRule.Rule; empty: adjudicate_on_any_disagreement
	Tie    string `json:"tie,omitempty" yaml:"tie,omitempty"`       // adjudicate: the only one there is; a tie is never decided by itself
}

// The rules for labels.
const (
	RuleMajority  = "majority"                       // more than half of those who answered
	RuleUnanimous = "unanimous"                      // all who answered
	RuleAny       = "adjudicate_on_any_disagreement" // unanimous, and nobody missing
	RuleWorst     = "worst"                          // the highest on the scale
	RuleMedian    = "median"                         // the middle of the scale
	RuleTwoPlus   = "2+1"                            // two read, a third only if they disagree
)

// LabelRule resolves the answers to one question. Rule is one of the above or "k of n".
type LabelRule struct {
	Rule       string   `json:"rule" yaml:"rule"`
	NoMajority string   `json:"no_majority,omitempty" yaml:"no_majority,omitempty"` // adjudicate
	MaxSpread  *float64 `json:"max_spread,omitempty" yaml:"max_spread,omitempty"`   // steps of the scale (or units) between lowest and highest; more goes to adjudication
	MinReaders int      `json:"min_readers,omitempty" yaml:"min_readers,omitempty"` // fewer answers go to adjudication
}

// The ways to make one mask of several.
const (
	MaskUnion        = "union"
	MaskIntersection = "intersection"
	MaskMajority     = "majority" // more than half
	MaskSTAPLE       = "staple"   // expectation maximisation (Warfield 2004), by request only
	MaskSIMPLE       = "simple"   // selective, weighted vote (Langerak 2010)
	MaskShape        = "sba"      // shape-based averaging: mean of signed distances (Rohlfing and Maurer 2007)
)

// MaskMethods lists them.
var MaskMethods = []string{MaskUnion, MaskIntersection, MaskMajority, MaskSTAPLE, MaskSIMPLE, MaskShape}

// ClassRule resolves the masks or boxes of one class.
type ClassRule struct {
	Method       string        `json:"method,omitempty" yaml:"method,omitempty"` // short for Mask.Method
	Mask         *MaskRule     `json:"mask,omitempty" yaml:"mask,omitempty"`
	MinReaders   int           `json:"min_readers,omitempty" yaml:"min_readers,omitempty"`
	Tie          string        `json:"tie,omitempty" yaml:"tie,omitempty"`           // adjudicate
	Match        *MatchRule    `json:"match,omitempty" yaml:"match,omitempty"`       // nil: the class has one instance a study
	Presence     *PresenceRule `json:"presence,omitempty" yaml:"presence,omitempty"` // with Match: how many readers make an instance real
	Box          string        `json:"box,omitempty" yaml:"box,omitempty"`           // median_corners
	AdjudicateIf string        `json:"adjudicate_if,omitempty" yaml:"adjudicate_if,omitempty"`
	// Attributes resolves the class's own questions, by Question.ID, among those who marked the thing. A question without a rule is not resolved.
	Attributes map[string]LabelRule `json:"attributes,omitempty" yaml:"attributes,omitempty"`
}

// MaskRule is a method with its parameters.
type MaskRule struct {
	Method    string   `json:"method" yaml:"method"`
	Threshold *float64 `json:"threshold,omitempty" yaml:"threshold,omitempty"` // of staple: probability, default 0.5; of sba: millimetres, default 0
	MarginMM  *float64 `json:"margin_mm,omitempty" yaml:"margin_mm,omitempty"` // of staple: around the union's box, default 10
}

// MatchRule says which marks of two readers are the same thing.
type MatchRule struct {
	Criterion   string  `json:"criterion" yaml:"criterion"`                             // iou3d, iou2d, center_mm, center_in_box_or_iou
	Threshold   float64 `json:"threshold,omitempty" yaml:"threshold,omitempty"`         // of iou2d, iou3d: at least
	IoU         float64 `json:"iou,omitempty" yaml:"iou,omitempty"`                     // of center_in_box_or_iou: at least
	MaxCenterMM float64 `json:"max_center_mm,omitempty" yaml:"max_center_mm,omitempty"` // of center_mm and center_in_box_or_iou: at most
	Assignment  string  `json:"assignment,omitempty" yaml:"assignment,omitempty"`       // hungarian (also if empty)
}

// PresenceRule says how many readers must have marked a thing.
type PresenceRule struct {
	Rule       string `json:"rule" yaml:"rule"`                                 // "k of n"
	Singletons string `json:"singletons,omitempty" yaml:"singletons,omitempty"` // adjudicate (also if empty) or drop what too few marked
}

// MeasureRule resolves the values of one measurement.
type MeasureRule struct {
	Rule         string `json:"rule" yaml:"rule"` // median
	AdjudicateIf string `json:"adjudicate_if,omitempty" yaml:"adjudicate_if,omitempty"`
	MinReaders   int    `json:"min_readers,omitempty" yaml:"min_readers,omitempty"`
}

// The fields that the conditions of a class's and a measurement's adjudicate_if may name; all are numbers.
var (
	// Of a class: over all pairs of readers; volumes relative to the median; the consensus against the plain majority; how many took part.
	ClassGateFields = []string{"min_pair_dice", "mean_pair_dice", "min_pair_nsd", "mean_pair_nsd", "rel_volume_range", "majority_volume_ratio", "readers"}
	// Of a measurement: largest less smallest, as it is and relative to the median.
	MeasureGateFields = []string{"abs_range", "rel_range", "readers"}
)

// ParseVotes reads "k of n".
func ParseVotes(rule string) (k, n int, ok bool) {
	var rest string
	if c, _ := fmt.Sscanf(rule, "%d of %d%s", &k, &n, &rest); c != 2 || fmt.Sprintf("%d of %d", k, n) != rule {
		return 0, 0, false
	}
	return k, n, k >= 1 && k <= n && n <= 16
}

// MaskRule returns the rule for masks: what Mask says, or Method alone, or majority.
func (r ClassRule) MaskRule() MaskRule {
	switch {
	case r.Mask != nil:
		return *r.Mask
	case r.Method != "":
		return MaskRule{Method: r.Method}
	}
	return MaskRule{Method: MaskMajority}
}

// LabelRule returns the rule for a question of the study form: its own, the default, or that any disagreement goes to the adjudicator.
func (d *Definition) LabelRule(question string) LabelRule {
	if d.Resolution != nil {
		if r, ok := d.Resolution.Forms[question]; ok {
			return r
		}
		if d.Resolution.Default.Labels != "" {
			return LabelRule{Rule: d.Resolution.Default.Labels}
		}
	}
	return LabelRule{Rule: RuleAny}
}

// ClassRule returns the rule for a class: its own, or the zero rule, which is a majority of masks of one instance.
func (d *Definition) ClassRule(class string) ClassRule {
	if d.Resolution == nil {
		return ClassRule{}
	}
	return d.Resolution.Classes[class]
}

// MeasureRule returns the rule for a measurement: its own, or that any difference goes to the adjudicator.
func (d *Definition) MeasureRule(class string) MeasureRule {
	if d.Resolution != nil {
		if r, ok := d.Resolution.Measurements[class]; ok {
			return r
		}
	}
	return MeasureRule{Rule: RuleMedian, AdjudicateIf: "abs_range > 0"}
}
