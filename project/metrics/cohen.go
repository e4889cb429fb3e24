package metrics

import "math"

// Kappa is Cohen's kappa with what its tests need.
type Kappa struct {
	Result
	Observed, Expected float64 // weighted agreement, observed and by chance
	ASE                float64 // asymptotic standard error, for the interval
	ASE0               float64 // the same if there were no agreement but chance, for the test
	Z, P               float64 // Value/ASE0 and its two-sided p
}

// CohenKappa returns (po - pe)/(1 - pe) of two readers, weighted on the declared scale: the table has a row and a column for every level,
// used or not. When all chance agreement is certain (pe = 1: one level only) kappa is undefined, never 1.
//
// The interval is normal with the standard error of Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969) 323.
func CohenKappa(t Table, w Weighting) (Kappa, error) {
	method := w.name("Cohen kappa")
	total, err := t.check()
	if err != nil {
		return Kappa{}, err
	}
	weight, err := w.matrix(len(t))
	if err != nil {
		return Kappa{}, err
	}
	if total < 2 {
		return undefinedKappa(TooFew, total, method), nil
	}
	m := newMarginal(t, weight, float64(total))
	if 1-m.pe < 1e-15 {
		k := undefinedKappa(SingleClass, total, method)
		k.Observed, k.Expected = m.po, m.pe
		return k, nil
	}
	k := Kappa{Result: good((m.po-m.pe)/(1-m.pe), total, method), Observed: m.po, Expected: m.pe}
	k.ASE, k.ASE0 = m.errors()
	k.Z = k.Value / k.ASE0
	k.P = twoSided(k.Z)
	k.Interval = around(k.Value, normal975, k.ASE, "normal, Fleiss-Cohen-Everitt 1969")
	return k, nil
}

func undefinedKappa(why Status, n int, method string) Kappa {
	nan := math.NaN()
	return Kappa{Result: undefined(why, n, method), Observed: nan, Expected: nan, ASE: nan, ASE0: nan, Z: nan, P: nan}
}

// marginal is a table as shares, with the weighted means that kappa and its errors are made of.
type marginal struct {
	n          float64
	p, weight  [][]float64
	row, col   []float64 // marginal shares
	wRow, wCol []float64 // mean weight of a row level against the columns' shares, and of a column level against the rows'
	po, pe     float64
}

func newMarginal(t Table, weight [][]float64, n float64) *marginal {
	q := len(t)
	m := &marginal{n: n, weight: weight, p: make([][]float64, q), row: make([]float64, q), col: make([]float64, q), wRow: make([]float64, q), wCol: make([]float64, q)}
	for i := range t {
		m.p[i] = make([]float64, q)
		for j, count := range t[i] {
			p := float64(count) / n
			m.p[i][j] = p
			m.row[i] += p
			m.col[j] += p
			m.po += weight[i][j] * p
		}
	}
	for i := range t {
		for j := range t {
			m.wRow[i] += weight[i][j] * m.col[j]
			m.wCol[j] += weight[i][j] * m.row[i]
			m.pe += weight[i][j] * m.row[i] * m.col[j]
		}
	}
	return m
}

// errors returns the standard errors of kappa with and without agreement beyond chance.
func (m *marginal) errors() (ase, ase0 float64) {
	var with, without float64
	for i := range m.p {
		for j := range m.p {
			both := m.wRow[i] + m.wCol[j]
			a := m.weight[i][j]*(1-m.pe) - both*(1-m.po)
			b := m.weight[i][j] - both
			with += m.p[i][j] * a * a
			without += m.row[i] * m.col[j] * b * b
		}
	}
	c := m.po*m.pe - 2*m.pe + m.po
	ase = math.Sqrt(max(0, with-c*c)/m.n) / ((1 - m.pe) * (1 - m.pe))
	ase0 = math.Sqrt(max(0, without-m.pe*m.pe)/m.n) / (1 - m.pe)
	return ase, ase0
}
