package selftest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every published number that ships with the program comes out again.
func TestShippedVectorsPass(t *testing.T) {
	outcomes, err := Run(context.Background(), Shipped(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Verdict != Pass {
			t.Errorf("%s: %s: %s", o.ID, o.Verdict, o.Reason)
		}
	}
	verdicts, values := Count(outcomes)
	if verdicts[Pass] != 99 {
		t.Errorf("%d of 99 vectors pass", verdicts[Pass])
	}
	t.Logf("%d vectors, %d values", len(outcomes), values)
}

// shared returns the vectors beside the repository, or skips the test.
func shared(t *testing.T) []Vector {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		f, err := os.Open(filepath.Join(dir, "shared", "metrics", "vectors.json"))
		if err != nil {
			continue
		}
		defer f.Close()
		v, err := Read(f)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	t.Skip("the vectors (shared/metrics) are not beside the repository here")
	return nil
}

func TestVectorsBesideTheRepositoryPass(t *testing.T) {
	outcomes, err := Run(context.Background(), shared(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Verdict != Pass {
			t.Errorf("%s: %s: %s", o.ID, o.Verdict, o.Reason)
		}
	}
}

// A wrong number must fail: every expected number of every vector is moved by more than its tolerance, one vector at a time.
func TestAWrongNumberFails(t *testing.T) {
	for _, v := range Shipped() {
		if v.Metric == "surface_metrics_voxel_border" {
			continue // slow, and compared by the same code
		}
		for key, raw := range v.Expected {
			var want float64
			if json.Unmarshal(raw, &want) != nil {
				continue
			}
			wrong := v
			wrong.Expected = map[string]json.RawMessage{key: json.RawMessage(strconv.FormatFloat(want+2*v.Tolerance+1e-6, 'g', -1, 64))}
			if v.Tolerance == 0 {
				wrong.Expected[key] = json.RawMessage(strconv.FormatFloat(want+1e-6, 'g', -1, 64))
			}
			if o := repeat(wrong); o.Verdict != Fail {
				t.Errorf("%s: %s off by more than its tolerance: %s", v.ID, key, o.Verdict)
			}
		}
	}
}

// Inputs that make no sense fail or are unsupported; they never pass and never panic.
func TestVectorsThatMakeNoSense(t *testing.T) {
	for _, c := range []struct {
		name, vector string
		want         Verdict
	}{
		{"unknown metric", `{"id":"a","metric":"brilliance","input":{},"expected":{"x":1}}`, Unsupported},
		{"unknown key", `{"id":"a","metric":"proportion_ci95","input":{"x":1,"n":2},"expected":{"beauty":1}}`, Unsupported},
		{"input missing", `{"id":"a","metric":"auc","input":{},"expected":{"auc":1}}`, Unsupported},
		{"input of another type", `{"id":"a","metric":"icc","input":{"ratings":"many"},"expected":{"icc21":1}}`, Fail},
		{"ragged ratings", `{"id":"a","metric":"icc","input":{"ratings":[[1,2],[1]]},"expected":{"icc21":1}}`, Fail},
		{"a grid beyond memory", `{"id":"a","metric":"surface_metrics_sd","input":{"shape":[100000,100000,100000],"spacing_mm":[1,1,1],"ref_ops":[],"test_ops":[]},"expected":{"hd":1}}`, Fail},
		{"a grid of no size", `{"id":"a","metric":"surface_metrics_sd","input":{"shape":[0,5],"spacing_mm":[1,1],"ref_ops":[],"test_ops":[]},"expected":{"hd":1}}`, Fail},
		{"a spacing of zero", `{"id":"a","metric":"surface_metrics_sd","input":{"shape":[5,5],"spacing_mm":[0,1],"ref_ops":[{"box":[[1,2],[1,2]]}],"test_ops":[]},"expected":{"hd":1}}`, Fail},
		{"an unknown shape", `{"id":"a","metric":"surface_metrics_sd","input":{"shape":[5,5],"spacing_mm":[1,1],"ref_ops":[{"cone":1}],"test_ops":[]},"expected":{"hd":1}}`, Unsupported},
		{"a point outside", `{"id":"a","metric":"lesion_hits_points","input":{"prob":[1],"points_yx":[[9,9]],"label_mask":[[1]]},"expected":{"num_targets":1}}`, Fail},
		{"masks of different size", `{"id":"a","metric":"staple","input":{"masks":[[[1]],[[1,0]]]},"expected":{"iterations":1}}`, Fail},
		{"no raters", `{"id":"a","metric":"label_voting","input":{"raters":[]},"expected":{"consensus":[]}}`, Fail},
		{"no units", `{"id":"a","metric":"fleiss_kappa","input":{"counts":[]},"expected":{"kappa":1}}`, Fail},
		{"an empty table", `{"id":"a","metric":"gwet_ac","input":{"table":[]},"expected":{"ac1":1}}`, Fail},
		{"a time that is none", `{"id":"a","metric":"suv_bw","input":{"stored":1,"slope":1,"intercept":0,"weight_kg":70,"dose_bq":1,"half_life_s":1,"injection":"noon","scan":"11:00:00","units":"BQML","decay":"START"},"expected":{"suv":1}}`, Fail},
		{"units without an SUV", `{"id":"a","metric":"suv_bw","input":{"stored":1,"slope":1,"intercept":0,"weight_kg":70,"dose_bq":1,"half_life_s":1,"injection":"10:00:00","scan":"11:00:00","units":"CNTS","decay":"START"},"expected":{"suv":1}}`, Unsupported},
		{"not a number as a pass", `{"id":"a","metric":"auc","input":{"y":[0],"score":[1]},"expected":{"auc":0.5},"tol":1}`, Fail},
	} {
		vectors, err := Read(strings.NewReader(`{"schema":"hotlight.metric-vectors/1","vectors":[` + c.vector + `]}`))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if o := repeat(vectors[0]); o.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, o.Verdict, o.Reason, c.want)
		}
	}
}

func TestFilesThatAreNoVectors(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":          "{",
		"another schema":    `{"schema":"x/1","vectors":[{}]}`,
		"nothing in it":     `{"schema":"hotlight.metric-vectors/1","vectors":[]}`,
		"without an id":     `{"schema":"hotlight.metric-vectors/1","vectors":[{"metric":"auc","expected":{"auc":1}}]}`,
		"nothing expected":  `{"schema":"hotlight.metric-vectors/1","vectors":[{"id":"a","metric":"auc"}]}`,
		"tolerance below 0": `{"schema":"hotlight.metric-vectors/1","vectors":[{"id":"a","metric":"auc","expected":{"auc":1},"tol":-1}]}`,
	} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
