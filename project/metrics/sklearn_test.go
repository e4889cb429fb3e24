package metrics

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"
)

// Kappa with all weights, AUC, standardised partial AUC and MCC are scikit-learn's on 50 random studies.
func TestAgreementAndAUCAgreeWithScikitLearn(t *testing.T) {
	python := pythonWith(t, "sklearn.metrics")
	type study struct {
		A      []int     `json:"a"`
		B      []int     `json:"b"`
		Levels int       `json:"levels"`
		Y      []int     `json:"y"`
		Score  []float64 `json:"score"`
	}
	r := rand.New(rand.NewPCG(31, 1))
	studies := make([]study, 50)
	for n := range studies {
		s := &studies[n]
		s.Levels = 3 + r.IntN(4)
		for range 10 + r.IntN(60) {
			v := r.IntN(s.Levels - 1) // the highest level is never used by A
			s.A, s.B = append(s.A, v), append(s.B, min(s.Levels-1, v+r.IntN(2)))
		}
		for m := range 20 + r.IntN(80) {
			s.Y, s.Score = append(s.Y, m%3%2), append(s.Score, float64(m%3%2+r.IntN(6)))
		}
	}
	asked, err := json.Marshal(studies)
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(python, filepath.Join("testdata", "sklearn_opinion.py"))
	run.Stdin = bytes.NewReader(asked)
	answer, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var opinions []struct {
		Kappa             [3]float64
		AUC, Partial, MCC float64
	}
	if err := json.Unmarshal(answer, &opinions); err != nil {
		t.Fatal(err)
	}
	for n, o := range opinions {
		table := newTable(studies[n].Levels)
		for u, a := range studies[n].A {
			table[a][studies[n].B[u]]++
		}
		for w, weighting := range []Weighting{Unweighted, Linear, Quadratic} {
			k, err := CohenKappa(table, weighting)
			if err != nil {
				t.Fatal(err)
			}
			near(t, string(weighting)+" kappa", k.Value, o.Kappa[w], 1e-12)
		}
		positive := make([]bool, len(studies[n].Y))
		var c Confusion
		for m, y := range studies[n].Y {
			positive[m] = y == 1
			called := studies[n].Score[m] >= 3
			switch {
			case called && positive[m]:
				c.TP++
			case called:
				c.FP++
			case positive[m]:
				c.FN++
			default:
				c.TN++
			}
		}
		s, err := Split(positive, studies[n].Score)
		if err != nil {
			t.Fatal(err)
		}
		a, err := AUC(s, DeLong)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "AUC", a.Value, o.AUC, 1e-12)
		points, err := ROC(s)
		if err != nil {
			t.Fatal(err)
		}
		_, standard := PartialAUC(points, 0.7, 1)
		near(t, "partial AUC", standard.Value, o.Partial, 1e-12)
		near(t, "MCC", c.MCC().Value, o.MCC, 1e-12)
	}
	t.Logf("%d studies compared with scikit-learn", len(opinions))
}
