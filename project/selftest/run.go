package selftest

import (
	"context"
	"encoding/json"
	"fmt"

	"hotlight/project"
)

// Verdict on one vector.
type Verdict string

// The verdicts.
const (
	Pass        Verdict = "pass"
	Fail        Verdict = "fail"
	Unsupported Verdict = "unsupported" // the metric, or one of the expected keys, is not known here
)

// Outcome is one vector repeated. Got has the keys of Expected, as far as they are known; in it numbers that JSON does not have are "nan", "inf", "-inf".
type Outcome struct {
	ID       string                     `json:"id"`
	Metric   string                     `json:"metric"`
	Expected map[string]json.RawMessage `json:"expected"`
	Got      map[string]any             `json:"got"`
	Verdict  Verdict                    `json:"verdict"`
	Reason   string                     `json:"reason,omitempty"` // why it did not pass
}

// outputs are a metric's numbers by their names in vectors files.
type outputs map[string]any

// metrics are the metrics of the schema. expected tells an adapter which parametrised keys (nsd_1mm) are wanted.
var metrics = map[string]func(in input) (outputs, error){
	"cohen_kappa":                  kappa,
	"weighted_kappa":               kappa,
	"fleiss_kappa":                 fleiss,
	"krippendorff_alpha":           krippendorff,
	"gwet_ac":                      gwet,
	"icc":                          icc,
	"percent_agreement":            percent,
	"diagnostic_2x2":               diagnostic,
	"proportion_ci95":              proportion,
	"auc":                          auc,
	"auc_delong":                   auc,
	"auc_delong_paired":            aucPaired,
	"operating_points":             operatingPoints,
	"lesion_hits_points":           lesionHits,
	"froc_score":                   frocScore,
	"jafroc":                       jafroc,
	"box_iou":                      boxIoU,
	"box_iou_matrix":               boxIoUMatrix,
	"surface_metrics_sd":           surfaceArea,
	"surface_metrics_voxel_border": surfaceVoxels,
	"overlap":                      overlap,
	"overlap_multilabel":           overlapLabels,
	"relative_volume_difference":   volumeDifference,
	"bland_altman":                 blandAltman,
	"staple":                       staple,
	"label_voting":                 labelVoting,
	"suv_bw":                       suvBodyWeight,
	"length_mm":                    lengthMM,
	"dicom_seg_bitpack":            bitPack,
}

// Run repeats the vectors, in order. Only ctx ends it early.
func Run(ctx context.Context, vectors []Vector, progress func(done, total int)) ([]Outcome, error) {
	out := make([]Outcome, 0, len(vectors))
	for n, v := range vectors {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, repeat(v))
		if progress != nil {
			progress(n+1, len(vectors))
		}
	}
	return out, nil
}

func repeat(v Vector) Outcome {
	o := Outcome{ID: v.ID, Metric: v.Metric, Expected: v.Expected, Got: map[string]any{}, Verdict: Pass}
	compute, known := metrics[v.Metric]
	if !known {
		return o.failed(Unsupported, fmt.Sprintf("unknown metric %q", v.Metric))
	}
	if err := accepts[v.Metric].check(v); err != nil {
		return o.failed(Unsupported, err.Error())
	}
	in, err := numbered(input{v})
	var got outputs
	if err == nil {
		got, err = compute(in)
	}
	if project.KindOf(err) == project.Unsupported {
		return o.failed(Unsupported, err.Error())
	}
	if err != nil {
		return o.failed(Fail, err.Error())
	}
	for _, key := range sortedKeys(v.Expected) {
		value, known := got[key]
		if !known {
			o = o.failed(Unsupported, fmt.Sprintf("unknown key %q", key))
			continue
		}
		o.Got[key] = printable(value)
		var want any
		if err := json.Unmarshal(v.Expected[key], &want); err != nil {
			return o.failed(Fail, err.Error())
		}
		if part := lacks(o.Got[key], want); part != "" {
			o = o.failed(Unsupported, fmt.Sprintf("unknown key %q", key+"."+part))
			continue
		}
		if why := differs(o.Got[key], want, v.Tolerance); why != "" {
			o = o.failed(Fail, key+": "+why)
		}
	}
	return o
}

// failed notes why. A wrong number outweighs an unknown key, and the first reason stays.
func (o Outcome) failed(v Verdict, why string) Outcome {
	if o.Verdict == Pass || o.Verdict == Unsupported && v == Fail {
		o.Verdict, o.Reason = v, why
	}
	return o
}

// Count returns how many outcomes have each verdict, and how many expected numbers there were in all.
func Count(outcomes []Outcome) (verdicts map[Verdict]int, values int) {
	verdicts = map[Verdict]int{}
	for _, o := range outcomes {
		verdicts[o.Verdict]++
		for _, raw := range o.Expected {
			var v any
			if json.Unmarshal(raw, &v) == nil {
				values += leaves(v)
			}
		}
	}
	return verdicts, values
}
