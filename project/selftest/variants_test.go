package selftest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// one reads a single vector.
func one(t *testing.T, text string) Vector {
	t.Helper()
	v, err := Read(strings.NewReader(`{"schema":"hotlight.metric-vectors/1","vectors":[` + text + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return v[0]
}

// What is not understood is never passed over: it might change the number that is meant.
func TestUnknownInputsAndParametersAreUnsupported(t *testing.T) {
	for _, v := range Shipped() {
		if strings.HasPrefix(v.Metric, "surface_metrics_voxel") {
			continue // slow; the check comes before the metric
		}
		odd := v
		odd.Params = maps.Clone(v.Params)
		if odd.Params == nil {
			odd.Params = map[string]json.RawMessage{}
		}
		odd.Params["twist"] = json.RawMessage(`1`)
		if o := repeat(odd); o.Verdict != Unsupported || !strings.Contains(o.Reason, "twist") {
			t.Errorf("%s with an unknown parameter: %s %s", v.ID, o.Verdict, o.Reason)
		}
		odd = v
		odd.Input = maps.Clone(v.Input)
		odd.Input["sample_weight"] = json.RawMessage(`[1]`)
		if o := repeat(odd); o.Verdict != Unsupported || !strings.Contains(o.Reason, "sample_weight") {
			t.Errorf("%s with an unknown input: %s %s", v.ID, o.Verdict, o.Reason)
		}
		for name := range v.Params {
			odd = v
			odd.Params = maps.Clone(v.Params)
			odd.Params[name] = json.RawMessage(`"something else"`)
			if o := repeat(odd); o.Verdict != Unsupported {
				t.Errorf("%s with another %s: %s %s", v.ID, name, o.Verdict, o.Reason)
			}
			odd.Params[name] = json.RawMessage(`{}`)
			if o := repeat(odd); o.Verdict != Unsupported {
				t.Errorf("%s with a senseless %s: %s %s", v.ID, name, o.Verdict, o.Reason)
			}
		}
	}
}

// Other values of the parameters, by hand or by the definition.
func TestVariants(t *testing.T) {
	for name, c := range map[string]struct {
		vector string
		want   Verdict
	}{
		"ratings in words":                   {`{"id":"a","metric":"cohen_kappa","input":{"rater1":["yes","yes","no","no"],"rater2":["yes","no","no","no"]},"expected":{"kappa":0.5},"tol":1e-12}`, Pass},
		"words on a declared scale":          {`{"id":"a","metric":"weighted_kappa","input":{"rater1":["low","mid","high","low"],"rater2":["low","mid","mid","low"]},"params":{"weights":"linear","categories":["low","mid","high"]},"expected":{"kappa":0.6666666666666666},"tol":1e-12}`, Pass},
		"the scale turned round is the same": {`{"id":"a","metric":"weighted_kappa","input":{"rater1":["low","mid","high","low"],"rater2":["low","mid","mid","low"]},"params":{"weights":"linear","categories":["high","mid","low"]},"expected":{"kappa":0.6666666666666666},"tol":1e-12}`, Pass},
		"the scale in another order is not":  {`{"id":"a","metric":"weighted_kappa","input":{"rater1":["low","mid","high","low"],"rater2":["low","mid","mid","low"]},"params":{"weights":"linear","categories":["low","high","mid"]},"expected":{"kappa":0.6666666666666666},"tol":1e-6}`, Fail},
		"a word that is not declared":        {`{"id":"a","metric":"cohen_kappa","input":{"rater1":["a","b","x"],"rater2":["a","b","a"]},"params":{"categories":["a","b"]},"expected":{"kappa":1},"tol":1e-12}`, Pass},
		"words and numbers":                  {`{"id":"a","metric":"cohen_kappa","input":{"rater1":["a",1],"rater2":["a","b"]},"expected":{"kappa":1}}`, Unsupported},
		"words for several readers":          {`{"id":"a","metric":"fleiss_kappa","input":{"ratings":[["a","a"],["b","b"],["a",null]]},"expected":{"kappa":1},"tol":1e-12}`, Pass},
		"weights nobody knows":               {`{"id":"a","metric":"weighted_kappa","input":{"table":[[1,0],[0,1]]},"params":{"weights":"cubic"},"expected":{"kappa":1}}`, Unsupported},
		"weights as a matrix":                {`{"id":"a","metric":"weighted_kappa","input":{"table":[[1,0],[0,1]]},"params":{"weights":[[1,0],[0,1]]},"expected":{"kappa":1}}`, Unsupported},
		"a scale by name":                    {`{"id":"a","metric":"cohen_kappa","input":{"rater1":[1,2],"rater2":[1,2]},"params":{"categories":"declared"},"expected":{"kappa":1}}`, Unsupported},
		"a level nobody knows":               {`{"id":"a","metric":"krippendorff_alpha","input":{"ratings":[[1,1],[2,2]]},"params":{"level":"polar"},"expected":{"alpha":1}}`, Unsupported},
		"a form without an interval":         {`{"id":"a","metric":"icc","input":{"ratings":[[1,2],[2,3],[4,4]]},"expected":{"icc2k_ci95":[0,1]}}`, Unsupported},
		"an interval of another method":      {`{"id":"a","metric":"proportion_ci95","input":{"x":1,"n":9},"expected":{"jeffreys":[0,1]}}`, Unsupported},
		"another tolerance of agreement":     {`{"id":"a","metric":"percent_agreement","input":{"ratings":[[1,3],[1,4],[2,2]]},"expected":{"all_raters_tol2":0.6666666666666666,"pairwise_exact":0.3333333333333333},"tol":1e-12}`, Pass},
		"labels that are not two":            {`{"id":"a","metric":"auc","input":{"y":[0,1,2],"score":[1,2,3]},"expected":{"auc":1}}`, Unsupported},
		"a score that grows with health":     {`{"id":"a","metric":"operating_points","input":{"y":[0,1],"score":[1,2]},"params":{"positive_if":"score<=threshold"},"expected":{"sens":1}}`, Unsupported},
		"two best thresholds":                {`{"id":"a","metric":"operating_points","input":{"y":[1,0,1,0],"score":[4,3,2,1]},"expected":{"youden_threshold":3.5}}`, Unsupported},
		"two best thresholds, as a list":     {`{"id":"a","metric":"operating_points","input":{"y":[1,0,1,0],"score":[4,3,2,1]},"expected":{"youden_threshold":[1.5,3.5],"youden_J":0.5},"tol":1e-12}`, Pass},
		"another part of the curve":          {`{"id":"a","metric":"operating_points","input":{"y":[0,1],"score":[1,2]},"expected":{"pauc_spec_1_0.8":0.2},"tol":1e-12}`, Pass},
		"a threshold of matching":            {`{"id":"a","metric":"box_iou_matrix","input":{"ref":[[0,0,2,2]],"pred":[[0,0,2,1]]},"expected":{"matches_thresh_0.5":[[0,0]],"fp":0},"tol":0}`, Pass},
		"a threshold above it":               {`{"id":"a","metric":"box_iou_matrix","input":{"ref":[[0,0,2,2]],"pred":[[0,0,2,1]]},"expected":{"matches_thresh_0.6":[],"fp":1,"fn":1},"tol":0}`, Pass},
		"boxes with both ends":               {`{"id":"a","metric":"box_iou","input":{"a":[0,0,1,1],"b":[0,0,1,0]},"params":{"box_convention":"inclusive integer pixel corners (x0,y0,x1,y1), width = x1-x0+1"},"expected":{"iou":0.5},"tol":1e-12}`, Pass},
		"boxes of another kind":              {`{"id":"a","metric":"box_iou","input":{"a":[0,0,1,1],"b":[0,0,1,0]},"params":{"box_convention":"centre and size"},"expected":{"iou":0.5}}`, Unsupported},
		"weights of lesions":                 {`{"id":"a","metric":"jafroc","input":{"normals":[[1]],"abnormals":[{"nl":[],"lesions":[2,0.5],"weights":[0.75,0.25]}]},"params":{"lesion_weights":"as given"},"expected":{"wAFROC":0.75},"tol":1e-12}`, Pass},
		"weights that are not to count":      {`{"id":"a","metric":"jafroc","input":{"normals":[[1]],"abnormals":[{"nl":[],"lesions":[2,0.5],"weights":[0.75,0.25]}]},"params":{"lesion_weights":"equal within case"},"expected":{"wAFROC":0.75}}`, Unsupported},
		"another tolerance of surfaces":      {`{"id":"a","metric":"surface_metrics_sd","input":{"shape":[9,9],"spacing_mm":[1,1],"ref_ops":[{"box":[[2,3],[2,3]]}],"test_ops":[{"box":[[2,3],[4,5]]}]},"expected":{"nsd_1.5mm":0.5,"nsd_2mm":1,"hd50":1},"tol":1e-12}`, Pass},
		"a part that is not":                 {`{"id":"a","metric":"surface_metrics_voxel_border","input":{"shape":[9,9],"spacing_mm":[1,1],"ref_ops":[{"box":[[2,3],[2,3]]}],"test_ops":[{"box":[[2,3],[4,5]]}]},"expected":{"conn_face":{"hd":2,"hd98_weighted":2}}}`, Unsupported},
		"a neighbourhood that is not":        {`{"id":"a","metric":"surface_metrics_voxel_border","input":{"shape":[9,9],"spacing_mm":[1,1],"ref_ops":[{"box":[[2,3],[2,3]]}],"test_ops":[{"box":[[2,3],[4,5]]}]},"expected":{"conn_edge":{"hd":2}}}`, Unsupported},
		"votes without a label for ties":     {`{"id":"a","metric":"label_voting","input":{"raters":[[0,1,3],[0,2,3]]},"expected":{"consensus":[0,4,3]},"tol":0}`, Pass},
		"STAPLE of a volume":                 {`{"id":"a","metric":"staple","input":{"masks":[[[[1,1],[0,0]],[[0,0],[0,0]]],[[[1,1],[0,0]],[[0,0],[0,0]]]]},"expected":{"sensitivity":[1,1],"specificity":[1,1],"consensus_0.9":[[[1,1],[0,0]],[[0,0],[0,0]]],"probability":[[[1,1],[0,0]],[[0,0],[0,0]]]},"tol":1e-6}`, Pass},
		"STAPLE with another prior":          {`{"id":"a","metric":"staple","input":{"masks":[[[1,0]],[[1,0]]]},"params":{"confidence_weight":0.5},"expected":{"sensitivity":[1,1]}}`, Unsupported},
		"a mask of threes":                   {`{"id":"a","metric":"staple","input":{"masks":[[[3,0]],[[1,0]]]},"expected":{"sensitivity":[1,1]}}`, Unsupported},
		"rates of false positives":           {`{"id":"a","metric":"froc_score","input":{"fp_probs":[0.5],"tp_probs":[0.9],"num_targets":1,"num_images":1},"params":{"fps_per_image":"usual"},"expected":{"score":1}}`, Unsupported},
		"counts below nothing":               {`{"id":"a","metric":"diagnostic_2x2","input":{"tp":-1,"fp":1,"fn":1,"tn":1},"expected":{"sens":0}}`, Fail},
		"corrected to the injection":         {`{"id":"a","metric":"suv_bw","input":{"stored":1000,"slope":2,"intercept":0,"weight_kg":70,"dose_bq":140000000,"half_life_s":6586.2,"injection":"10:00:00","scan":"11:00:00","units":"BQML","decay":"ADMIN"},"expected":{"suv":1},"tol":1e-12}`, Pass},
	} {
		if o := repeat(one(t, c.vector)); o.Verdict != c.want {
			t.Errorf("%s: %s (%s, got %v), want %s", name, o.Verdict, o.Reason, o.Got, c.want)
		}
	}
}
