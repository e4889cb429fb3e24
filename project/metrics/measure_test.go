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
