package selftest

import (
	"encoding/json"
	"slices"
	"strings"

	"hotlight/project"
	stat "hotlight/project/metrics"
)

// accepted is what a metric's adapter understands. Anything else in a vector may change the number that is meant, and so makes it unsupported.
type accepted struct {
	inputs []string
	params map[string]func(raw json.RawMessage) bool // whether the value is understood; null always is
}

// params of the metrics. Some name the one convention that is computed, and any other is unsupported.
var (
	weights = map[string]func(json.RawMessage) bool{"weights": isWeighting, "categories": isScale}
	staples = map[string]func(json.RawMessage) bool{"init": isText("W=mean of raters"), "prior": isText("mean(W) over the whole image x confidence_weight 1"),
		"tol": isText("squared change of every p,q <=1e-14"), "confidence_weight": isNumber(1)}
	boxes = map[string]func(json.RawMessage) bool{"box_convention": isBoxConvention}
)

var accepts = map[string]accepted{
	"cohen_kappa":        {[]string{"table", "rater1", "rater2", "categories"}, weights},
	"weighted_kappa":     {[]string{"table", "rater1", "rater2", "categories"}, weights},
	"fleiss_kappa":       {[]string{"table", "counts", "ratings", "categories"}, weights},
	"krippendorff_alpha": {[]string{"ratings"}, map[string]func(json.RawMessage) bool{"level": isText("nominal", "ordinal", "interval", "ratio")}},
	"gwet_ac":            {[]string{"table", "counts", "ratings", "categories"}, weights},
	"icc":                {[]string{"ratings"}, nil},
	"percent_agreement":  {[]string{"ratings"}, nil},
	"diagnostic_2x2":     {[]string{"tp", "fp", "fn", "tn"}, nil},
	"proportion_ci95":    {[]string{"x", "n"}, nil},
	"auc":                {[]string{"y", "score", "neg", "pos"}, nil},
	"auc_delong":         {[]string{"y", "score", "neg", "pos"}, nil},
	"auc_delong_paired":  {[]string{"y", "score1", "score2"}, nil},
	"operating_points": {[]string{"y", "score", "neg", "pos"}, map[string]func(json.RawMessage) bool{"positive_if": isText("score>=threshold", "score>threshold"),
		"threshold_convention": isText("midpoint between adjacent distinct scores")}}, // between scores, both ways to ask are one
	"lesion_hits_points":           {[]string{"prob", "points_yx", "label_mask"}, nil},
	"froc_score":                   {[]string{"fp_probs", "tp_probs", "num_targets", "num_images"}, map[string]func(json.RawMessage) bool{"fps_per_image": isNumbers}},
	"jafroc":                       {[]string{"normals", "abnormals"}, map[string]func(json.RawMessage) bool{"lesion_weights": isText("equal within case", "as given")}},
	"box_iou":                      {[]string{"a", "b"}, boxes},
	"box_iou_matrix":               {[]string{"ref", "pred"}, boxes},
	"surface_metrics_sd":           {[]string{"shape", "spacing_mm", "ref_ops", "test_ops"}, nil},
	"surface_metrics_voxel_border": {[]string{"shape", "spacing_mm", "ref_ops", "test_ops"}, nil},
	"overlap":                      {[]string{"ref_voxels", "test_voxels", "intersection"}, nil},
	"overlap_multilabel":           {[]string{"per_label"}, nil},
	"relative_volume_difference":   {[]string{"ref_voxels", "test_voxels"}, nil},
	"bland_altman":                 {[]string{"a", "b"}, nil},
	"staple":                       {[]string{"masks"}, staples},
	"label_voting":                 {[]string{"raters"}, map[string]func(json.RawMessage) bool{"undecided": isWhole}},
	"suv_bw":                       {[]string{"stored", "slope", "intercept", "weight_kg", "dose_bq", "half_life_s", "injection", "scan", "units", "decay"}, nil},
	"length_mm":                    {[]string{"p0_px", "p1_px", "pixel_spacing_row_col"}, nil},
	"dicom_seg_bitpack":            {[]string{"frames"}, nil},
}

// check says what in a vector is not understood.
func (a accepted) check(v Vector) error {
	for _, key := range sortedKeys(v.Input) {
		if !slices.Contains(a.inputs, key) {
			return project.Errorf(project.Unsupported, "unknown input %q", key)
		}
	}
	for _, key := range sortedKeys(v.Params) {
		understood, known := a.params[key]
		if !known {
			return project.Errorf(project.Unsupported, "unknown parameter %q", key)
		}
		if raw := v.Params[key]; string(raw) != "null" && !understood(raw) {
			return project.Errorf(project.Unsupported, "parameter %q has a value that is not known here", key)
		}
	}
	return nil
}

func isText(known ...string) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool {
		var s string
		return json.Unmarshal(raw, &s) == nil && slices.Contains(known, s)
	}
}

func isNumber(known float64) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool {
		var v float64
		return json.Unmarshal(raw, &v) == nil && v == known
	}
}

func isWhole(raw json.RawMessage) bool {
	var v int
	return json.Unmarshal(raw, &v) == nil
}

func isNumbers(raw json.RawMessage) bool {
	var v []float64
	return json.Unmarshal(raw, &v) == nil && len(v) > 0
}

// isWeighting accepts one weighting, or a list of those that keys name by suffix.
func isWeighting(raw json.RawMessage) bool {
	known := []string{string(stat.Unweighted), string(stat.Linear), string(stat.Quadratic)}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return !slices.ContainsFunc(list, func(w string) bool { return !slices.Contains(known, w) })
	}
	return isText(append(known, string(stat.Radical), string(stat.Ordinal))...)(raw)
}

func isScale(raw json.RawMessage) bool {
	var list []any
	return json.Unmarshal(raw, &list) == nil && len(list) > 0 || isText("observed")(raw)
}

func isBoxConvention(raw json.RawMessage) bool {
	var s string
	return json.Unmarshal(raw, &s) == nil && (strings.HasPrefix(s, "inclusive integer pixel corners") || s == "continuous half-open")
}
