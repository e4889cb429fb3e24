package metrics

import (
	"math"

	"hotlight/project"
)

// MarkedCase is one case of a free-response study by one reader: ratings of the marks that hit no lesion, and one rating a lesion, NaN or -Inf
// where it was not marked. A case without lesions is normal. Weights are the lesions' importance and sum to 1; nil is equal.
type MarkedCase struct {
	NonLesions []float64
	Lesions    []float64
	Weights    []float64
}

// FreeResponse is the family of figures of merit of one reader in one modality.
//
// Source: Chakraborty, Observer Performance Methods for Diagnostic Imaging, 2017; the numbers are those of his RJafroc.
type FreeResponse struct {
	WAFROC, WAFROC1        Result // lesions weighted within the case; false positives of normal cases, of all cases (1)
	AFROC, AFROC1          Result // every lesion alike
	HrAUC, HrSe, HrSp      Result // the highest rating of a case stands for it
	MaxLLF                 Result // lesions marked at all
	MaxNLF, MaxNLFAllCases Result // non-lesion marks a normal case, a case
}

// FreeResponseFOM compares ratings as RJafroc does: unmarked is -Inf, and of two equal ratings, two unmarked ones too, each wins half.
// Figures that need normal cases are undefined without them, all are without a lesion.
func FreeResponseFOM(cases []MarkedCase) (FreeResponse, error) {
	m, err := gather(cases)
	if err != nil {
		return FreeResponse{}, err
	}
	n := len(cases)
	equal := make([]float64, len(m.lesions))
	for k := range equal {
		equal[k] = 1
	}
	all := append(append([]float64(nil), m.normal...), m.abnormal...)
	out := FreeResponse{
		WAFROC:  wilcoxon(m.normal, m.lesions, m.weights, n, "wAFROC"),
		WAFROC1: wilcoxon(all, m.lesions, m.weights, n, "wAFROC1"),
		AFROC:   wilcoxon(m.normal, m.lesions, equal, n, "AFROC"),
		AFROC1:  wilcoxon(all, m.lesions, equal, n, "AFROC1"),
		HrAUC:   wilcoxon(m.normal, m.highest, equal[:len(m.highest)], n, "highest-rating AUC"),
		HrSe:    share(m.highest, true, "highest-rating sensitivity"),
		HrSp:    share(m.normal, false, "highest-rating specificity"),
		MaxLLF:  share(m.lesions, true, "lesions marked"),
		MaxNLF:  ratio(float64(m.normalMarks), float64(len(m.normal)), n, "non-lesion marks a normal case", NoReference),

		MaxNLFAllCases: ratio(float64(m.marks), float64(n), n, "non-lesion marks a case", TooFew),
	}
	return out, nil
}

// gathered is a study's ratings by role.
type gathered struct {
	normal, abnormal   []float64 // highest non-lesion rating of each normal and abnormal case
	highest            []float64 // highest rating of each abnormal case
	lesions, weights   []float64
	normalMarks, marks int
}

func gather(cases []MarkedCase) (m gathered, err error) {
	for n, c := range cases {
		if c.Weights != nil && len(c.Weights) != len(c.Lesions) {
			return m, project.Errorf(project.Invalid, "case %d has %d weights for %d lesions", n+1, len(c.Weights), len(c.Lesions))
		}
		if !sumsToOne(c.Weights) {
			return m, project.Errorf(project.Invalid, "case %d: the lesions' weights are 0 or more and sum to 1", n+1)
		}
		m.marks += len(c.NonLesions)
		wrong := highest(c.NonLesions)
		if len(c.Lesions) == 0 {
			m.normal = append(m.normal, wrong)
			m.normalMarks += len(c.NonLesions)
			continue
		}
		m.abnormal = append(m.abnormal, wrong)
		m.highest = append(m.highest, max(wrong, highest(c.Lesions)))
		for l, v := range c.Lesions {
			w := 1 / float64(len(c.Lesions))
			if c.Weights != nil {
				w = c.Weights[l]
			}
			m.lesions, m.weights = append(m.lesions, unmarked(v)), append(m.weights, w)
		}
	}
	return m, nil
}

func sumsToOne(weights []float64) bool {
	total := 0.0
	for _, w := range weights {
		if !(w >= 0) {
			return false
		}
		total += w
	}
	return len(weights) == 0 || math.Abs(total-1) <= 1e-6
}

func unmarked(v float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(-1)
	}
	return v
}

func highest(ratings []float64) float64 {
	top := math.Inf(-1)
	for _, v := range ratings {
		top = max(top, unmarked(v))
	}
	return top
}

// wilcoxon is the weighted mean, over signals, of the share of noise below each, ties half.
func wilcoxon(noise, signal, weight []float64, n int, name string) Result {
	if len(signal) == 0 || len(noise) == 0 {
		return undefined(NoReference, n, name)
	}
	sum, total := 0.0, 0.0
	for k, v := range ranked(signal, noise) {
		sum += v * weight[k]
		total += weight[k]
	}
	return ratio(sum, total, n, name, Undefined)
}

// share of the ratings that exist, or that do not.
func share(ratings []float64, exist bool, name string) Result {
	n := 0
	for _, v := range ratings {
		if math.IsInf(v, -1) != exist {
			n++
		}
	}
	r := Proportion(n, len(ratings), Wilson)
	r.Method = name
	if len(ratings) == 0 {
		r.Status = NoReference
	}
	return r
}
