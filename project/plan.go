package project

import (
	"math"
	"strconv"
)

// Plan is which numbers the report gives, fixed before anybody reads.
type Plan struct {
	Confidence        float64                  `json:"confidence,omitempty" yaml:"confidence,omitempty"` // of intervals: Confidence, or 0, which says the same
	Bootstrap         *Bootstrap               `json:"bootstrap,omitempty" yaml:"bootstrap,omitempty"`
	Strata            []string                 `json:"strata,omitempty" yaml:"strata,omitempty"`     // modality, class, batch, site, reader_pair
	Labels            map[string][]string      `json:"labels,omitempty" yaml:"labels,omitempty"`     // by Question.ID: names of metrics
	Segments          map[string]SegmentPlan   `json:"segments,omitempty" yaml:"segments,omitempty"` // by Class.ID
	Detection         map[string]DetectionPlan `json:"detection,omitempty" yaml:"detection,omitempty"`
	SurfaceDefinition string                   `json:"surface_definition,omitempty" yaml:"surface_definition,omitempty"` // surfel_area, voxel_face, voxel_full
	Gates             []Gate                   `json:"gates,omitempty" yaml:"gates,omitempty"`
	MinCases          int                      `json:"min_cases_for_ci,omitempty" yaml:"min_cases_for_ci,omitempty"` // below it the report judges nothing
}

// Confidence is the level of every interval.
const Confidence = 0.95

// Bootstrap says how intervals are drawn where there is no formula.
type Bootstrap struct {
	Replicates int    `json:"replicates" yaml:"replicates"`
	Unit       string `json:"unit" yaml:"unit"`     // patient
	Method     string `json:"method" yaml:"method"` // percentile
	Seed       uint64 `json:"seed" yaml:"seed"`
}

// SegmentPlan is the metrics of one class of masks.
type SegmentPlan struct {
	Primary     []string `json:"primary" yaml:"primary"`
	Secondary   []string `json:"secondary,omitempty" yaml:"secondary,omitempty"`
	ToleranceMM float64  `json:"nsd_tolerance_mm,omitempty" yaml:"nsd_tolerance_mm,omitempty"` // 0: the class's own
}

// DetectionPlan is the metrics of one class of marks.
type DetectionPlan struct {
	FROCRates []float64 `json:"froc_fp_rates,omitempty" yaml:"froc_fp_rates,omitempty"` // false marks a study, ascending
	JAFROC    bool      `json:"jafroc,omitempty" yaml:"jafroc,omitempty"`
}

// Gate is a number that a pilot or batch must reach.
type Gate struct {
	Metric string  `json:"metric" yaml:"metric"`
	Form   string  `json:"form,omitempty" yaml:"form,omitempty"`   // Question.ID
	Class  string  `json:"class,omitempty" yaml:"class,omitempty"` // Class.ID
	Stat   string  `json:"stat,omitempty" yaml:"stat,omitempty"`   // mean, median, p10; empty: the metric is one number
	Min    float64 `json:"min" yaml:"min"`
	Use    string  `json:"use" yaml:"use"` // ci_lower, estimate
}

func (d *Definition) checkPlan() error {
	p := d.Metrics
	if p == nil {
		return nil
	}
	if p.Confidence != 0 && p.Confidence != Confidence {
		return Fieldf(Unsupported, "metrics.confidence", "every interval of this program is one of %g", Confidence)
	}
	if b := p.Bootstrap; b != nil {
		if b.Replicates < 100 || b.Replicates > 1_000_000 || b.Unit != "patient" || b.Method != "percentile" {
			return Fieldf(Invalid, "metrics.bootstrap", "replicates are 100 to 1000000, the unit is patient, the method percentile")
		}
	}
	for _, s := range p.Strata {
		if err := oneOf("metrics.strata", s, "modality", "class", "batch", "site", "reader_pair"); err != nil {
			return err
		}
	}
	if err := oneOf("metrics.surface_definition", p.SurfaceDefinition, "surfel_area", "voxel_face", "voxel_full"); err != nil {
		return err
	}
	if err := d.checkPlanned(p); err != nil {
		return err
	}
	if p.MinCases < 0 {
		return Fieldf(Invalid, "metrics.min_cases_for_ci", "must be 0 or more")
	}
	for i := range p.Gates {
		if err := d.checkGate("metrics.gates."+strconv.Itoa(i+1), &p.Gates[i]); err != nil {
			return err
		}
	}
	return nil
}

// checkPlanned checks that what is measured exists.
func (d *Definition) checkPlanned(p *Plan) error {
	for _, id := range sortedKeys(p.Labels) {
		if _, ok := d.Question(id); !ok {
			return Fieldf(Invalid, "metrics.labels."+id, "the study form has no question %q", id)
		}
	}
	for _, id := range sortedKeys(p.Segments) {
		if c, ok := d.Class(id); !ok || !c.Is(KindSegment) {
			return Fieldf(Invalid, "metrics.segments."+id, "there is no segment %q among the classes", id)
		}
		if t := p.Segments[id].ToleranceMM; !(t >= 0) || math.IsInf(t, 0) {
			return Fieldf(Invalid, "metrics.segments."+id+".nsd_tolerance_mm", "must be millimetres, 0 or more")
		}
	}
	for _, id := range sortedKeys(p.Detection) {
		if c, ok := d.Class(id); !ok || !c.Is(KindDetection) {
			return Fieldf(Invalid, "metrics.detection."+id, "there is no detection %q among the classes", id)
		}
		last := 0.0
		for _, r := range p.Detection[id].FROCRates {
			if !(r > last) || math.IsInf(r, 0) {
				return Fieldf(Invalid, "metrics.detection."+id+".froc_fp_rates", "must ascend from above 0")
			}
			last = r
		}
	}
	return nil
}

func (d *Definition) checkGate(path string, g *Gate) error {
	if _, ok := d.Question(g.Form); g.Form != "" && !ok {
		return Fieldf(Invalid, path, "%s: the study form has no question %q", g.Metric, g.Form)
	}
	if _, ok := d.Class(g.Class); g.Class != "" && !ok {
		return Fieldf(Invalid, path, "%s: there is no class %q", g.Metric, g.Class)
	}
	switch {
	case !validID(g.Metric):
		return Fieldf(Invalid, path, "a gate names a metric, not %q", g.Metric)
	case (g.Form == "") == (g.Class == ""):
		return Fieldf(Invalid, path, "%s: a gate is for a form or a class", g.Metric)
	case g.Use != "ci_lower" && g.Use != "estimate":
		return Fieldf(Invalid, path, "%s: use is ci_lower or estimate", g.Metric)
	case math.IsNaN(g.Min) || math.IsInf(g.Min, 0):
		return Fieldf(Invalid, path, "%s: min is a number", g.Metric)
	}
	return oneOf(path, g.Stat, "mean", "median", "p10")
}
