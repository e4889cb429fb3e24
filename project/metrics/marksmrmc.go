package metrics

import (
	"hotlight/project"
)

// Figure picks one figure of merit of the free-response family.
type Figure func(FreeResponse) Result

// BootstrapFigure returns the percentile interval of a free-response figure of merit. patient[n] is that of case n; nil makes each case its own. Draws in which the
// figure is undefined count as lost.
func BootstrapFigure(cases []MarkedCase, f Figure, patient []int, boot Bootstrap) (Interval, error) {
	if _, err := FreeResponseFOM(cases); err != nil {
		return Interval{}, err
	}
	boot.Patient = patient
	drawn := make([]MarkedCase, 0, len(cases))
	return boot.units(len(cases), func(pick []int) float64 {
		drawn = drawn[:0]
		for _, n := range pick {
			drawn = append(drawn, cases[n])
		}
		out, _ := FreeResponseFOM(drawn) // checked above, case by case
		return f(out).Value
	})
}

// CompareMarks analyses a free-response figure of merit (JAFROC): data[i][j] are the cases of modality i by reader j, the same cases in the same order. The covariances of the
// errors are by the jackknife over the cases that the figure rests on: lesions found rest on diseased cases alone. At least two modalities, two readers and three cases are needed, and a figure that is defined without any one of
// the cases: otherwise an Invalid error.
func CompareMarks(data [][][]MarkedCase, f Figure) (*MRMC, error) {
	if len(data) < 2 || len(data[0]) < 2 {
		return nil, project.Errorf(project.Invalid, "a comparison needs two modalities and two readers")
	}
	cases := len(data[0][0])
	if cases < 3 {
		return nil, project.Errorf(project.Invalid, "a comparison needs three cases")
	}
	for i, row := range data {
		if len(row) != len(data[0]) {
			return nil, project.Errorf(project.Invalid, "modality %d has %d readers, the first one %d", i+1, len(row), len(data[0]))
		}
		for j, read := range row {
			if err := sameLesions(read, data[0][0]); err != nil {
				return nil, project.Errorf(project.Invalid, "reader %d of modality %d: %w", j+1, i+1, err)
			}
		}
	}
	kinds, err := restsOn(data, f)
	if err != nil {
		return nil, err
	}
	out := &MRMC{FOM: make([][]float64, len(data)), figure: "mean figure of merit of the readers"}
	var left [][]float64
	for i, row := range data {
		for _, read := range row {
			figure, without, err := leaveOut(read, f, kinds)
			if err != nil {
				return nil, err
			}
			out.FOM[i], left = append(out.FOM[i], figure), append(left, without)
		}
	}
	matrix := make([][]float64, len(left))
	for a := range left {
		matrix[a] = make([]float64, len(left))
		for b := range left {
			matrix[a][b] = jackknifeCovariance(left[a], left[b])
		}
	}
	out.analyse(matrix, len(data[0]))
	return out, nil
}

// kindsOfCases says of which kinds of cases a figure is made.
type kindsOfCases struct{ healthy, diseased bool }

// restsOn finds out: a figure that no read changes by leaving out all cases of a kind is not made of them.
func restsOn(data [][][]MarkedCase, f Figure) (kinds kindsOfCases, err error) {
	for _, row := range data {
		for _, read := range row {
			var healthy, diseased []MarkedCase
			for _, c := range read {
				if len(c.Lesions) == 0 {
					healthy = append(healthy, c)
				} else {
					diseased = append(diseased, c)
				}
			}
			all, errA := FreeResponseFOM(read)
			onlyHealthy, errH := FreeResponseFOM(healthy)
			onlyDiseased, errD := FreeResponseFOM(diseased)
			if err := errorOf(errA, errH, errD); err != nil {
				return kinds, err
			}
			kinds.diseased = kinds.diseased || !sameFigure(f(all), f(onlyHealthy))
			kinds.healthy = kinds.healthy || !sameFigure(f(all), f(onlyDiseased))
		}
	}
	return kinds, nil
}

func sameFigure(a, b Result) bool { return a.Defined() && b.Defined() && a.Value == b.Value }

func sameLesions(a, b []MarkedCase) error {
	if len(a) != len(b) {
		return project.Errorf(project.Invalid, "%d cases, the first one has %d", len(a), len(b))
	}
	for n := range a {
		if len(a[n].Lesions) != len(b[n].Lesions) {
			return project.Errorf(project.Invalid, "case %d has other lesions", n+1)
		}
	}
	return nil
}

// leaveOut returns the figure of all cases, and of all but one for each that it is made of.
func leaveOut(cases []MarkedCase, f Figure, kinds kindsOfCases) (all float64, without []float64, err error) {
	whole, err := FreeResponseFOM(cases)
	if err != nil {
		return 0, nil, err
	}
	figure := f(whole)
	ok := figure.Defined()
	rest := make([]MarkedCase, len(cases)-1)
	for n := range cases {
		if diseased := len(cases[n].Lesions) > 0; diseased && !kinds.diseased || !diseased && !kinds.healthy {
			continue
		}
		copy(rest, cases[:n])
		copy(rest[n:], cases[n+1:])
		part, err := FreeResponseFOM(rest)
		if err != nil {
			return 0, nil, err
		}
		r := f(part)
		ok = ok && r.Defined()
		without = append(without, r.Value)
	}
	if !ok || len(without) < 2 {
		return 0, nil, project.Errorf(project.Invalid, "the figure of merit is not defined without each of the cases: there are too few of a kind")
	}
	return figure.Value, without, nil
}
