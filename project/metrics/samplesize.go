package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hotlight/project"
)

// KappaPlan is what a pilot study wants to show of two readers and a finding that is there or not.
type KappaPlan struct {
	Rate1, Rate2 float64 // share of studies that each reader calls positive
	Expected     float64 // kappa that is expected
	Null         float64 // kappa to be excluded
	Alpha, Power float64 // 0.05 and 0.8 are usual
	TwoSided     bool
}

// SampleSize returns how many studies two readers must both read. Source: Cantor, Psychological Methods 1 (1996) 150; its Q is n times the variance
// of Fleiss, Cohen and Everitt for the table that the rates and the kappa fix.
func (p KappaPlan) SampleSize() (int, error) {
	if !(p.Alpha > 0 && p.Alpha < 1 && p.Power > 0 && p.Power < 1) || p.Expected == p.Null {
		return 0, project.Errorf(project.Invalid, "a plan needs alpha and power between 0 and 1, and two different kappas")
	}
	q0, ok0 := p.spread(p.Null)
	q1, ok1 := p.spread(p.Expected)
	if !ok0 || !ok1 {
		return 0, project.Errorf(project.Invalid, "no table of two readers has these rates and this kappa")
	}
	tail := 1 - p.Alpha
	if p.TwoSided {
		tail = 1 - p.Alpha/2
	}
	need := (distuv.UnitNormal.Quantile(tail)*q0 + distuv.UnitNormal.Quantile(p.Power)*q1) / (p.Expected - p.Null)
	return int(math.Ceil(need * need)), nil
}

// spread is the square root of Q at one kappa; ok is false if a cell of the table would be negative.
func (p KappaPlan) spread(kappa float64) (root float64, ok bool) {
	chance := p.Rate1*p.Rate2 + (1-p.Rate1)*(1-p.Rate2)
	agree := kappa*(1-chance) + chance
	neither := (agree - p.Rate1 + (1 - p.Rate2)) / 2
	both := agree - neither
	m := &marginal{n: 1, weight: [][]float64{{1, 0}, {0, 1}}, p: [][]float64{{both, p.Rate1 - both}, {p.Rate2 - both, neither}},
		row: []float64{p.Rate1, 1 - p.Rate1}, col: []float64{p.Rate2, 1 - p.Rate2}, po: agree, pe: chance}
	for _, row := range m.p {
		for _, v := range row {
			if !(v >= -1e-12) {
				return 0, false
			}
		}
	}
	m.wRow, m.wCol = m.col, m.row
	root, _ = m.errors()
	return root, chance < 1
}
