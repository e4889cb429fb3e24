package metrics

import (
	"math"
	"slices"
	"testing"
)

// Two empty masks are no study with a Dice of 0 or 1: they are counted apart.
func TestUndefinedStudiesDoNotEnterTheMean(t *testing.T) {
	studies := []Result{good(0.9, 1, "Dice"), undefined(BothEmpty, 1, "Dice"), good(0.5, 1, "Dice"), good(0.8, 1, "Dice"),
		{Value: math.Inf(1), Status: TestEmpty}}
	s, err := Summarise(studies, []int{1, 2, 1, 3, 3}, true, Bootstrap{Replicates: 200, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", s.Mean.Value, 2.2/3, 1e-12)
	near(t, "median", s.Median.Value, 0.8, 0)
	near(t, "lower quartile", s.Q25, 0.65, 1e-12)
	if s.Mean.N != 3 || !slices.Equal(s.Worst, []int{2, 3, 0}) {
		t.Errorf("%d studies, worst %v", s.Mean.N, s.Worst)
	}
	if !slices.Equal(s.Mean.Excluded, []Exclusion{{"both_empty", 1}, {"test_empty", 1}}) {
		t.Errorf("left out: %v", s.Mean.Excluded)
	}
	if i := s.Mean.Interval; !(i.Low >= 0.7-1e-12 && i.High <= 0.8+1e-12 && i.Low < i.High) { // patient 1 has 0.9 and 0.5, patient 3 has 0.8
		t.Errorf("the interval %v is not one of patients", i)
	}
	none, err := Summarise(studies[1:2], nil, true, Bootstrap{Replicates: 10})
	if err != nil || none.Mean.Status != TooFew || !math.IsNaN(none.SD) || none.Worst != nil {
		t.Errorf("nothing defined: %+v, %v", none, err)
	}
	if _, err := Summarise(studies, []int{1}, true, Bootstrap{}); err == nil {
		t.Error("patients are missing")
	}
}

// The numbers are those of the formula of irr's N.cohen.kappa, rounded up; the first plan is its help page's example.
func TestSampleSizeOfKappa(t *testing.T) {
	for _, c := range []struct {
		plan KappaPlan
		want int
	}{
		{KappaPlan{Rate1: 0.5, Rate2: 0.5, Expected: 0.7, Null: 0.85, Power: 0.8, Alpha: 0.05, TwoSided: false}, 96},
		{KappaPlan{Rate1: 0.3, Rate2: 0.4, Expected: 0.6, Null: 0.3, Power: 0.9, Alpha: 0.05, TwoSided: true}, 96},
		{KappaPlan{Rate1: 0.1, Rate2: 0.15, Expected: 0.7, Null: 0.4, Power: 0.8, Alpha: 0.05, TwoSided: false}, 108},
	} {
		if n, err := c.plan.SampleSize(); err != nil || n != c.want {
			t.Errorf("%+v: %d studies, want %d; %v", c.plan, n, c.want, err)
		}
	}
	for name, p := range map[string]KappaPlan{
		"equal kappas":      {Rate1: 0.5, Rate2: 0.5, Expected: 0.5, Null: 0.5, Alpha: 0.05, Power: 0.8},
		"impossible table":  {Rate1: 0.9, Rate2: 0.1, Expected: 0.9, Null: 0.5, Alpha: 0.05, Power: 0.8},
		"alpha of 1":        {Rate1: 0.5, Rate2: 0.5, Expected: 0.5, Null: 0.2, Alpha: 1, Power: 0.8},
		"everything called": {Rate1: 1, Rate2: 1, Expected: 0.5, Null: 0.2, Alpha: 0.05, Power: 0.8},
	} {
		if _, err := p.SampleSize(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
