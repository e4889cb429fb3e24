package selftest

import (
	"encoding/json"
	"strings"
	"testing"
)

// No file makes the self-test panic. Grids are left out: a few bytes may rightly ask for a large one.
func FuzzVectors(f *testing.F) {
	for _, v := range Shipped() {
		b, err := json.Marshal(map[string]any{"schema": schema, "vectors": []map[string]any{
			{"id": v.ID, "metric": v.Metric, "input": v.Input, "params": v.Params, "expected": v.Expected, "tol": v.Tolerance}}})
		if err != nil {
			f.Fatal(err)
		}
		if !strings.Contains(string(b), "shape") && len(b) < 3000 {
			f.Add(string(b))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		vectors, err := Read(strings.NewReader(text))
		if err != nil || strings.Contains(text, "shape") {
			return
		}
		for _, v := range vectors {
			if o := repeat(v); o.Verdict == "" {
				t.Errorf("%s has no verdict", v.ID)
			}
		}
	})
}
