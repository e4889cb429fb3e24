package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestConfusionByHand(t *testing.T) {
	c := Confusion{TP: 8, FN: 2, FP: 5, TN: 15}
	for name, x := range map[string]struct {
		got  Result
		want float64
	}{
		"sensitivity": {c.Sensitivity(Wilson), 0.8}, "specificity": {c.Specificity(ClopperPearson), 0.75}, "PPV": {c.PPV(Wilson), 8.0 / 13},
		"NPV": {c.NPV(Wilson), 15.0 / 17}, "accuracy": {c.Accuracy(Wilson), 23.0 / 30}, "prevalence": {c.Prevalence(Wilson), 1.0 / 3},
		"F1": {c.F1(), 16.0 / 23}, "balanced accuracy": {c.BalancedAccuracy(), 0.775}, "Youden": {c.YoudenJ(), 0.55},
		"LR+": {c.LRPositive(), 3.2}, "LR-": {c.LRNegative(), 0.2 / 0.75}, "odds": {c.DiagnosticOddsRatio(), 12},
		"MCC": {c.MCC(), (8*15 - 5*2) / math.Sqrt(13*10*20*17)},
	} {
		near(t, name, x.got.Value, x.want, 1e-12)
		if x.got.Status != OK {
			t.Errorf("%s: %s", name, x.got.Status)
		}
	}
}

func TestWhatHasNoDenominatorIsUndefined(t *testing.T) {
	healthy, diseased := Confusion{TN: 9, FP: 1}, Confusion{TP: 9, FN: 1}
	for name, r := range map[string]Result{
		"sensitivity without disease": healthy.Sensitivity(Wilson), "balanced accuracy without disease": healthy.BalancedAccuracy(),
		"specificity without health": diseased.Specificity(ClopperPearson), "LR+ without health": diseased.LRPositive(),
		"PPV without a call": Confusion{TN: 5, FN: 2}.PPV(Wilson), "NPV without a call": Confusion{TP: 5, FP: 2}.NPV(Wilson),
		"odds without errors": Confusion{TP: 5, TN: 5}.DiagnosticOddsRatio(), "accuracy of nothing": Confusion{}.Accuracy(Wilson),
		"MCC of one class": healthy.MCC(), "F1 of true negatives": Confusion{TN: 4}.F1(), "LR+ without a false positive": Confusion{TP: 1, FN: 1, TN: 3}.LRPositive(),
	} {
		if r.Defined() || !math.IsNaN(r.Value) {
			t.Errorf("%s: %v, %s", name, r.Value, r.Status)
		}
	}
	if r := (Confusion{TP: 3}).Sensitivity(Wilson); r.Value != 1 || r.Interval.High != 1 || r.Interval.Low >= 1 {
		t.Errorf("sensitivity of three of three: %v", r)
	}
}

func scores(negative, positive []float64) Scored {
	return Scored{Negative: negative, Positive: positive}
}

func TestAUCByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		s    Scored
		want float64
	}{
		{"apart", scores([]float64{1, 2}, []float64{3, 4}), 1},
		{"the wrong way round", scores([]float64{3, 4}, []float64{1, 2}), 0},
		{"all tied", scores([]float64{1, 1, 1}, []float64{1, 1}), 0.5},
		{"a tie and a win", scores([]float64{1, 2}, []float64{2, 3}), 3.5 / 4},
		{"an unmarked case", scores([]float64{math.Inf(-1), 1}, []float64{math.Inf(-1), 2}), 2.5 / 4},
		{"no disease", scores([]float64{1, 2}, nil), nan},
	} {
		a, err := AUC(c.s, DeLong)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, a.Value, c.want, 1e-15)
		if (a.Status == SingleClass) != math.IsNaN(c.want) {
			t.Errorf("%s: %s", c.name, a.Status)
		}
		if a.Interval.Low < 0 || a.Interval.High > 1 {
			t.Errorf("%s: interval %v", c.name, a.Interval)
		}
	}
	if _, err := AUC(scores([]float64{nan}, []float64{1}), DeLong); err == nil {
		t.Error("a score that is not a number gives no error")
	}
}

// Only the order of the scores counts; turned round the AUC is one minus itself; the curve's area is the AUC.
func TestLawsOfAUC(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for range 40 {
		var s, monotone, turned Scored
		for range 5 + r.IntN(60) {
			v := float64(r.IntN(12))
			s.Negative, monotone.Negative, turned.Negative = append(s.Negative, v), append(monotone.Negative, math.Exp(v)), append(turned.Negative, -v)
		}
		for range 5 + r.IntN(40) {
			v := float64(2 + r.IntN(12))
			s.Positive, monotone.Positive, turned.Positive = append(s.Positive, v), append(monotone.Positive, math.Exp(v)), append(turned.Positive, -v)
		}
		a, _ := AUC(s, DeLong)
		m, _ := AUC(monotone, DeLong)
		o, _ := AUC(turned, DeLongLogit)
		near(t, "AUC of a monotone transform", m.Value, a.Value, 1e-15)
		near(t, "its variance", m.Variance, a.Variance, 1e-15)
		near(t, "AUC turned round", o.Value, 1-a.Value, 1e-12)
		points, err := ROC(s)
		if err != nil {
			t.Fatal(err)
		}
		area, _ := PartialAUC(points, 0, 1)
		near(t, "area under the curve", area.Value, a.Value, 1e-12)
		low, _ := PartialAUC(points, 0, 0.4)
		high, _ := PartialAUC(points, 0.4, 1)
		near(t, "sum of partial areas", low.Value+high.Value, a.Value, 1e-12)
		for _, p := range BestYouden(points) {
			sens, spec := p.Rates()
			for _, q := range points {
				if x, y := q.Rates(); x+y > sens+spec+1e-9 {
					t.Errorf("%v beats the best point", q)
				}
			}
		}
		same, err := CompareAUC(s, s)
		if err != nil || same.Value != 0 || !math.IsNaN(same.Z) {
			t.Errorf("a score differs from itself: %v, %v", same, err)
		}
	}
}

func TestOperatingPointsByHand(t *testing.T) {
	points, err := ROC(scores([]float64{1, 2, 2}, []float64{2, 4}))
	if err != nil {
		t.Fatal(err)
	}
	want := []OperatingPoint{{math.Inf(-1), Confusion{TP: 2, FP: 3}}, {1.5, Confusion{TP: 2, FP: 2, TN: 1}}, {3, Confusion{TP: 1, FN: 1, TN: 3}}, {math.Inf(1), Confusion{FN: 2, TN: 3}}}
	if len(points) != len(want) {
		t.Fatalf("%d points", len(points))
	}
	for n := range want {
		if points[n] != want[n] {
			t.Errorf("point %d is %v, want %v", n, points[n], want[n])
		}
	}
	if p, ok := AtSensitivity(points, 0.9); !ok || p != want[1] {
		t.Errorf("at sensitivity 0.9: %v", p)
	}
	if p, ok := AtSpecificity(points, 0.9); !ok || p != want[2] {
		t.Errorf("at specificity 0.9: %v", p)
	}
	if _, ok := AtSensitivity(points, 1.1); ok {
		t.Error("a sensitivity above 1")
	}
	if _, err := ROC(scores(nil, []float64{1})); err == nil {
		t.Error("a curve of one class")
	}
	if r, _ := PartialAUC(points, 0.9, 0.2); r.Defined() {
		t.Error("bounds the wrong way round")
	}
}

func TestBootstrapDrawsPatients(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	var s Scored
	for n := range 60 { // six diseased cases a patient, all of them above or all below the healthy ones
		s.Negative, s.Positive = append(s.Negative, 1+0.1*r.Float64()), append(s.Positive, float64(n/6%2*2)+0.1*r.Float64())
	}
	for n := range 120 {
		s.Patient = append(s.Patient, n%60/6)
	}
	clustered, err := BootstrapAUC(s, Bootstrap{Replicates: 500, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.Patient = nil
	alone, err := BootstrapAUC(s, Bootstrap{Replicates: 500, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if clustered.High-clustered.Low < 1.5*(alone.High-alone.Low) {
		t.Errorf("cases of one patient count as independent: %v is no wider than %v", clustered, alone)
	}
	a, _ := AUC(s, DeLong)
	if !(alone.Low < a.Value && a.Value < alone.High) {
		t.Errorf("the interval %v misses the AUC %v", alone, a.Value)
	}
	if none, err := BootstrapAUC(scores([]float64{1}, nil), Bootstrap{Replicates: 5}); err != nil || none != (Interval{}) {
		t.Errorf("an interval of one class: %v, %v", none, err)
	}
}

// A replicate's AUC from counts is the AUC of the drawn scores.
func TestResampledAUCIsTheAUC(t *testing.T) {
	s := scores([]float64{1, 2, 2, 3}, []float64{2, 3, 3, 5})
	r := newResample(s)
	for _, n := range []int{0, 0, 1, 3, 4, 5, 5, 7} {
		r.add(n)
	}
	near(t, "AUC", r.auc(), aucOf(t, []float64{1, 1, 2, 3}, []float64{2, 3, 3, 5}), 1e-15)
}
