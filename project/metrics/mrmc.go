package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hotlight/project"
)

// MRMC compares modalities (with and without the program, say) read by the same readers on the same cases.
//
// Obuchowski and Rockette's analysis of variance with Hillis' degrees of freedom. With jackknife covariances it gives Dorfman, Berbaum and
// Metz's test. Sources: Obuchowski and Rockette, Communications in Statistics B 24 (1995) 285; Hillis, Statistics in Medicine 26 (2007) 596 and
// 33 (2014) 330.
type MRMC struct {
	FOM                          [][]float64 // modality by reader
	Mean                         []Result    // of each modality; readers and cases random
	MSModality, MSReader, MSBoth float64     // mean squares of the modality by reader table
	Variance, Cov1, Cov2, Cov3   float64     // error variance; same reader, same modality, neither
	Random                       MRMCTest    // readers and cases are samples: the conclusion holds for others of both
	FixedReaders                 MRMCTest    // for these readers only
	FixedCases                   MRMCTest    // for these cases only

	figure string // what the mean is called
}

// MRMCTest is one test of equal modalities, with the difference of each pair of modalities.
type MRMCTest struct {
	F, DF1, DF2, P float64 // DF2 is +Inf where F is a scaled chi square
	Differences    []ModalityDifference
}

// ModalityDifference is First minus Second.
type ModalityDifference struct {
	First, Second int
	Result
}

// ErrorCovariance says how the errors' covariances are estimated.
type ErrorCovariance string

// The estimators.
const (
	JackknifeCovariance ErrorCovariance = "jackknife"
	DeLongCovariance    ErrorCovariance = "DeLong"
)

// CompareModalities analyses AUCs: data[i][j] are the scores of modality i by reader j, all of the same cases in the same order. At least two
// modalities, two readers and two cases of each class are needed: otherwise an Invalid error.
func CompareModalities(data [][]Scored, e ErrorCovariance) (*MRMC, error) {
	if err := checkDesign(data); err != nil {
		return nil, err
	}
	readers := len(data[0])
	out := &MRMC{FOM: make([][]float64, len(data)), figure: "mean AUC of the readers"}
	var all []placement
	for i, row := range data {
		for _, s := range row {
			p := placements(s)
			out.FOM[i] = append(out.FOM[i], p.auc)
			all = append(all, p)
		}
	}
	var cov func(a, b placement) float64
	switch e {
	case DeLongCovariance:
		cov = placement.covariance
	case JackknifeCovariance:
		cov = jackknife
	default:
		return nil, project.Errorf(project.Invalid, "unknown covariance estimator %q", string(e))
	}
	matrix := make([][]float64, len(all))
	for a := range all {
		matrix[a] = make([]float64, len(all))
		for b := range all {
			matrix[a][b] = cov(all[a], all[b])
		}
	}
	out.analyse(matrix, readers)
	return out, nil
}

func checkDesign(data [][]Scored) error {
	if len(data) < 2 || len(data[0]) < 2 {
		return project.Errorf(project.Invalid, "a comparison needs two modalities and two readers")
	}
	first := data[0][0]
	if len(first.Negative) < 2 || len(first.Positive) < 2 {
		return project.Errorf(project.Invalid, "a comparison needs two cases of each class")
	}
	for i, row := range data {
		if len(row) != len(data[0]) {
			return project.Errorf(project.Invalid, "modality %d has %d readers, the first one %d", i+1, len(row), len(data[0]))
		}
		for j, s := range row {
			if err := s.check(); err != nil {
				return err
			}
			if len(s.Negative) != len(first.Negative) || len(s.Positive) != len(first.Positive) {
				return project.Errorf(project.Invalid, "reader %d of modality %d has other cases than the first", j+1, i+1)
			}
		}
	}
	return nil
}

// jackknife is the covariance of two AUCs from leaving out one case at a time. Leaving out a case changes the AUC in closed form.
func jackknife(a, b placement) float64 {
	left := func(p placement) []float64 {
		var out []float64
		for _, group := range [][]float64{p.negative, p.positive} {
			m := float64(len(group))
			for _, v := range group {
				out = append(out, (p.auc*m-v)/(m-1))
			}
		}
		return out
	}
	return jackknifeCovariance(left(a), left(b))
}

// jackknifeCovariance is that of two figures from their values without each case.
func jackknifeCovariance(x, y []float64) float64 {
	n := float64(len(x))
	meanX, _ := meanSD(x)
	meanY, _ := meanSD(y)
	sum := 0.0
	for k := range x {
		sum += (x[k] - meanX) * (y[k] - meanY)
	}
	return sum * (n - 1) / n
}

// analyse fills in everything from the figures of merit and the covariances of their errors, modality-major.
func (m *MRMC) analyse(cov [][]float64, readers int) {
	i, r := float64(len(m.FOM)), float64(readers)
	modality, reader, grand := m.means(readers)
	for a, row := range m.FOM {
		m.MSModality += r * square(modality[a]-grand) / (i - 1)
		for b, v := range row {
			m.MSBoth += square(v-modality[a]-reader[b]+grand) / ((i - 1) * (r - 1))
		}
	}
	for _, v := range reader {
		m.MSReader += i * square(v-grand) / (r - 1)
	}
	cov2 := m.components(cov, readers)
	both := r * max(0, m.Cov2-m.Cov3)
	random := m.MSBoth + both
	m.Random = m.test(random, random*random/(m.MSBoth*m.MSBoth/((i-1)*(r-1))), modality, r, "readers and cases random")
	m.FixedReaders = m.test(m.Variance-m.Cov1+(r-1)*max(0, m.Cov2-m.Cov3), math.Inf(1), modality, r, "readers fixed, cases random")
	m.FixedCases = m.test(m.MSBoth, (i-1)*(r-1), modality, r, "readers random, cases fixed")
	for a, row := range m.FOM {
		_, sd := meanSD(row)
		spread := sd*sd + r*max(0, cov2[a])
		mean := good(modality[a], readers, m.figure)
		if sd > 0 {
			mean.Interval = around(modality[a], student975(spread*spread/(sd*sd*sd*sd/(r-1))), math.Sqrt(spread/r), "Obuchowski-Rockette-Hillis, t")
		}
		m.Mean = append(m.Mean, mean)
	}
}

func (m *MRMC) means(readers int) (modality, reader []float64, grand float64) {
	modality, reader = make([]float64, len(m.FOM)), make([]float64, readers)
	for a, row := range m.FOM {
		for b, v := range row {
			modality[a] += v / float64(readers)
			reader[b] += v / float64(len(m.FOM))
			grand += v / float64(readers*len(m.FOM))
		}
	}
	return modality, reader, grand
}

// components averages the covariances by what two figures share; cov2 is that of different readers within each modality.
func (m *MRMC) components(cov [][]float64, readers int) (cov2 []float64) {
	var n [4]float64
	into := [4]*float64{&m.Variance, &m.Cov1, &m.Cov2, &m.Cov3}
	cov2 = make([]float64, len(m.FOM))
	for a := range cov {
		for b := range cov {
			kind := 3
			sameModality, sameReader := a/readers == b/readers, a%readers == b%readers
			switch {
			case a == b:
				kind = 0
			case sameReader:
				kind = 1
			case sameModality:
				kind = 2
				cov2[a/readers] += cov[a][b] / float64(readers*(readers-1))
			}
			*into[kind] += cov[a][b]
			n[kind]++
		}
	}
	for k, sum := range into {
		*sum /= n[k]
	}
	return cov2
}

// test holds the modalities' mean square against its error.
func (m *MRMC) test(against, df float64, modality []float64, readers float64, name string) MRMCTest {
	t := MRMCTest{F: m.MSModality / against, DF1: float64(len(modality) - 1), DF2: df}
	quantile := normal975
	if math.IsInf(df, 1) {
		t.P = distuv.ChiSquared{K: t.DF1}.Survival(t.F * t.DF1)
	} else {
		t.P = distuv.F{D1: t.DF1, D2: df}.Survival(t.F)
		quantile = student975(df)
	}
	if !(against > 0) {
		t.F, t.P = math.NaN(), math.NaN()
	}
	for a := range modality {
		for b := a + 1; b < len(modality); b++ {
			d := ModalityDifference{a, b, good(modality[a]-modality[b], int(readers), "difference: "+m.figure+", "+name)}
			if against > 0 {
				d.Interval = around(d.Value, quantile, math.Sqrt(2*against/readers), "Obuchowski-Rockette-Hillis")
			}
			t.Differences = append(t.Differences, d)
		}
	}
	return t
}
