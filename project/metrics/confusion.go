package metrics

import "math"

// Confusion counts a two-class decision against the reference. Methods return shares with Wilson's interval unless a method asks for Clopper and
// Pearson's; a share of nothing is undefined: without a diseased case there is no sensitivity.
type Confusion struct {
	TP, FP, FN, TN int
}

func (c Confusion) total() int { return c.TP + c.FP + c.FN + c.TN }

func (c Confusion) proportion(x, n int, m ProportionMethod, name string, why Status) Result {
	r := Proportion(x, n, m)
	r.Method = name
	if n == 0 {
		r.Status = why
	}
	return r
}

// Sensitivity is TP / (TP+FN).
func (c Confusion) Sensitivity(m ProportionMethod) Result {
	return c.proportion(c.TP, c.TP+c.FN, m, "sensitivity", NoReference)
}

// Specificity is TN / (TN+FP).
func (c Confusion) Specificity(m ProportionMethod) Result {
	return c.proportion(c.TN, c.TN+c.FP, m, "specificity", NoReference)
}

// PPV is TP / (TP+FP), at the prevalence of these cases.
func (c Confusion) PPV(m ProportionMethod) Result {
	return c.proportion(c.TP, c.TP+c.FP, m, "positive predictive value", Undefined)
}

// NPV is TN / (TN+FN), at the prevalence of these cases.
func (c Confusion) NPV(m ProportionMethod) Result {
	return c.proportion(c.TN, c.TN+c.FN, m, "negative predictive value", Undefined)
}

// Accuracy is the share of right decisions.
func (c Confusion) Accuracy(m ProportionMethod) Result {
	return c.proportion(c.TP+c.TN, c.total(), m, "accuracy", TooFew)
}

// Prevalence is the share of diseased cases.
func (c Confusion) Prevalence(m ProportionMethod) Result {
	return c.proportion(c.TP+c.FN, c.total(), m, "prevalence", TooFew)
}

// F1 is 2TP / (2TP+FP+FN): Dice on cases.
func (c Confusion) F1() Result {
	return ratio(float64(2*c.TP), float64(2*c.TP+c.FP+c.FN), c.total(), "F1", Undefined)
}

// BalancedAccuracy is the mean of sensitivity and specificity.
func (c Confusion) BalancedAccuracy() Result {
	return c.rates("balanced accuracy", func(sens, spec float64) (float64, float64) { return sens + spec, 2 })
}

// YoudenJ is sensitivity + specificity - 1.
func (c Confusion) YoudenJ() Result {
	return c.rates("Youden J", func(sens, spec float64) (float64, float64) { return sens + spec - 1, 1 })
}

// LRPositive is sensitivity / (1 - specificity), undefined without a false positive.
func (c Confusion) LRPositive() Result {
	return c.rates("positive likelihood ratio", func(sens, spec float64) (float64, float64) { return sens, float64(c.FP) / float64(c.FP+c.TN) })
}

// LRNegative is (1 - sensitivity) / specificity, undefined without a true negative.
func (c Confusion) LRNegative() Result {
	return c.rates("negative likelihood ratio", func(sens, spec float64) (float64, float64) { return float64(c.FN) / float64(c.TP+c.FN), spec })
}

func (c Confusion) rates(name string, f func(sens, spec float64) (num, den float64)) Result {
	if c.TP+c.FN == 0 || c.TN+c.FP == 0 {
		return undefined(NoReference, c.total(), name)
	}
	num, den := f(float64(c.TP)/float64(c.TP+c.FN), float64(c.TN)/float64(c.TN+c.FP))
	return ratio(num, den, c.total(), name, Undefined)
}

// DiagnosticOddsRatio is TP*TN / (FP*FN), undefined without an error of each kind.
func (c Confusion) DiagnosticOddsRatio() Result {
	return ratio(float64(c.TP)*float64(c.TN), float64(c.FP)*float64(c.FN), c.total(), "diagnostic odds ratio", Undefined)
}

// MCC is Matthews' correlation coefficient, undefined where a row or a column of the table is empty.
func (c Confusion) MCC() Result {
	den := math.Sqrt(float64(c.TP+c.FP)) * math.Sqrt(float64(c.TP+c.FN)) * math.Sqrt(float64(c.TN+c.FP)) * math.Sqrt(float64(c.TN+c.FN))
	return ratio(float64(c.TP)*float64(c.TN)-float64(c.FP)*float64(c.FN), den, c.total(), "Matthews correlation", SingleClass)
}

// Kappa is Cohen's kappa of the decision and the reference.
func (c Confusion) Kappa() Kappa {
	k, err := CohenKappa(Table{{c.TP, c.FN}, {c.FP, c.TN}}, Unweighted)
	if err != nil { // a negative count
		return undefinedKappa(Undefined, c.total(), "Cohen kappa")
	}
	return k
}
