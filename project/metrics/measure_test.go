package metrics

import (
	"math"
	"testing"
)

// pefr are the peak flow readings of Bland and Altman 1986, table 1 (large and mini meter).
var pefr = [2][]float64{
	{494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427},
	{512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451},
}

// The interval is epiR's (epi.ccc, z transform): 0.9427, 0.8505 to 0.9787.
func TestLinConcordanceOfPeakFlows(t *testing.T) {
	c, err := LinCCC(pefr[0], pefr[1])
	if err != nil {
		t.Fatal(err)
	}
	near(t, "CCC", c.Value, 0.9427, 5e-5)
	near(t, "low", c.Interval.Low, 0.8505, 5e-5)
	near(t, "high", c.Interval.High, 0.9787, 5e-5)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// Differences 1, 2, 3: mean 2, standard deviation 1.
func TestBlandAltmanByHand(t *testing.T) {
	m, err := CompareMethods([]float64{11, 22, 33, math.NaN()}, []float64{10, 20, 30, 1}, 1.96)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "bias", m.Bias.Value, 2, 1e-12)
	near(t, "SD", m.SD, 1, 1e-12)
	near(t, "upper limit", m.Upper.Value, 3.96, 1e-12)
	near(t, "repeatability", m.Repeat.Value, 2*math.Sqrt(14.0/3), 1e-12)
	near(t, "slope", m.Slope.Value, 2.0/21, 1e-12) // means 10.5, 21, 31.5
	if m.Bias.N != 3 || m.Bias.Excluded[0].N != 1 {
		t.Errorf("%d pairs, left out %v", m.Bias.N, m.Bias.Excluded)
	}
	// The limits of the paper.
	p, err := CompareMethods(pefr[0], pefr[1], 2)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "lower limit of the paper", p.Lower.Value, -79.7, 0.1)
}

func TestMeasurementsThatSayNothing(t *testing.T) {
	m, err := CompareMethods([]float64{1, 2}, []float64{1, 2}, 1.96)
	if err != nil || m.Bias.Status != TooFew {
		t.Errorf("two pairs: %v, %v", m.Bias, err)
	}
	same := []float64{4, 4, 4, 4}
	c, err := LinCCC(same, same)
	if err != nil || c.Status != SingleClass || c.Pearson.Status != SingleClass {
		t.Errorf("no variation: %v, %v", c.Result, err)
	}
	if _, err := LinCCC([]float64{1}, []float64{1, 2}); err == nil {
		t.Error("lists of different length")
	}
	if _, err := CompareMethods([]float64{math.Inf(1)}, []float64{1}, 2); err == nil {
		t.Error("an infinite measurement")
	}
}
