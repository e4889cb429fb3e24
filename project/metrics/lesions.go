package metrics

import (
	"math"

	"hotlight/project"
)

// LesionCase is what one reader (or program) found in one study, against the reference: the scores of the lesions that were hit (the best mark's), those of marks that
// hit none, and how many lesions there are. Where marks have no scores, any equal numbers do.
type LesionCase struct {
	Patient              int // for the bootstrap
	Lesions              int
	Hits, FalsePositives []float64
}

// LesionFinding is how well lesions are found, over studies.
type LesionFinding struct {
	Sensitivity Result // lesions found of all
	Precision   Result // marks that hit of all
	F1          Result
	FPPerStudy  Result
	Studies     int
	Lesions     int
}

// FindLesions counts over studies. Intervals draw patients; without replicates the shares have Wilson's, which take the lesions of a patient for independent and
// say so. Without a lesion there is no sensitivity, without a mark no precision.
func FindLesions(cases []LesionCase, boot Bootstrap) (LesionFinding, error) {
	if err := checkLesions(cases); err != nil {
		return LesionFinding{}, err
	}
	all := make([]int, len(cases))
	for n := range all {
		all[n] = n
	}
	out := findLesions(cases, all)
	patients := make([]int, len(cases))
	for n, c := range cases {
		patients[n] = c.Patient
	}
	boot.Patient = patients
	for _, f := range []struct {
		into *Result
		of   func(LesionFinding) Result
	}{
		{&out.Sensitivity, func(l LesionFinding) Result { return l.Sensitivity }},
		{&out.Precision, func(l LesionFinding) Result { return l.Precision }},
		{&out.F1, func(l LesionFinding) Result { return l.F1 }},
		{&out.FPPerStudy, func(l LesionFinding) Result { return l.FPPerStudy }},
	} {
		if boot.Replicates < 1 || !f.into.Defined() {
			continue
		}
		var err error
		if f.into.Interval, err = boot.units(len(cases), func(pick []int) float64 { return f.of(findLesions(cases, pick)).Value }); err != nil {
			return LesionFinding{}, err
		}
	}
	return out, nil
}

func findLesions(cases []LesionCase, pick []int) LesionFinding {
	hits, wrong, lesions := 0, 0, 0
	for _, n := range pick {
		hits, wrong, lesions = hits+len(cases[n].Hits), wrong+len(cases[n].FalsePositives), lesions+cases[n].Lesions
	}
	share := func(x, n int, method string, why Status) Result {
		r := Proportion(x, n, Wilson)
		r.Method, r.Interval.Method = method, "Wilson, lesions independent"
		if n == 0 {
			r = undefined(why, 0, method)
		}
		return r
	}
	return LesionFinding{Studies: len(pick), Lesions: lesions,
		Sensitivity: share(hits, lesions, "lesion sensitivity", NoReference),
		Precision:   share(hits, hits+wrong, "lesion precision", TestEmpty),
		F1:          ratio(2*float64(hits), float64(hits+wrong+lesions), len(pick), "lesion F1", BothEmpty),
		FPPerStudy:  ratio(float64(wrong), float64(len(pick)), len(pick), "false positives a study", TooFew)}
}

func checkLesions(cases []LesionCase) error {
	for n, c := range cases {
		if c.Lesions < 0 || len(c.Hits) > c.Lesions {
			return project.Errorf(project.Invalid, "study %d: %d lesions found of %d", n+1, len(c.Hits), c.Lesions)
		}
		for _, list := range [][]float64{c.Hits, c.FalsePositives} {
			for _, v := range list {
				if math.IsNaN(v) {
					return project.Errorf(project.Invalid, "study %d: a score is not a number", n+1)
				}
			}
		}
	}
	return nil
}

// Pooled returns the studies as one, for FROC.
func Pooled(cases []LesionCase) Detections {
	all := make([]int, len(cases))
	for n := range all {
		all[n] = n
	}
	return pooled(cases, all)
}

func pooled(cases []LesionCase, pick []int) (d Detections) {
	for _, n := range pick {
		d.Hits, d.FalsePositives = append(d.Hits, cases[n].Hits...), append(d.FalsePositives, cases[n].FalsePositives...)
		d.Lesions += cases[n].Lesions
		d.Images++
	}
	return d
}

// FROCScoreOf is FROCScore over studies, with an interval by patient.
func FROCScoreOf(cases []LesionCase, rates []float64, boot Bootstrap) (Result, error) {
	if err := checkLesions(cases); err != nil {
		return Result{}, err
	}
	out, err := FROCScore(Pooled(cases), rates)
	if err != nil || !out.Defined() || boot.Replicates < 1 {
		return out, err
	}
	boot.Patient = make([]int, len(cases))
	for n, c := range cases {
		boot.Patient[n] = c.Patient
	}
	out.Interval, err = boot.units(len(cases), func(pick []int) float64 {
		r, err := FROCScore(pooled(cases, pick), rates)
		if err != nil {
			return math.NaN()
		}
		return r.Value
	})
	return out, err
}
