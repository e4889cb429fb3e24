package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ICC is the family of intraclass correlations of one table of ratings, with the mean squares they are made of. Estimates below zero are kept.
// Only the single-rating forms have intervals: programs disagree on those of the averaged forms.
//
// Sources: Shrout and Fleiss, Psychological Bulletin 86 (1979) 420; McGraw and Wong, Psychological Methods 1 (1996) 30.
type ICC struct {
	OneWay, Absolute, Consistency             Result // ICC(1,1), ICC(2,1), ICC(3,1)
	OneWayMean, AbsoluteMean, ConsistencyMean Result // ICC(1,k), ICC(2,k), ICC(3,k)
	MSBetween, MSWithin, MSReaders, MSError   float64
	F                                         float64 // MSBetween / MSError
}

// IntraclassCorrelation uses the units that every reader rated; the others are counted. Fewer than three such units or two readers are too few;
// ratings without any variation have no correlation.
func IntraclassCorrelation(r Ratings) (ICC, error) {
	if err := r.check(); err != nil {
		return ICC{}, err
	}
	var complete Ratings
	for _, row := range r {
		if len(present(row)) == len(row) {
			complete = append(complete, row)
		}
	}
	out := ICC{}
	n, k := len(complete), r.readers()
	if n < 3 || k < 2 {
		nan := math.NaN()
		out = ICC{MSBetween: nan, MSWithin: nan, MSReaders: nan, MSError: nan, F: nan}
		out.each(func(into *Result, method string) { *into = undefined(TooFew, n, method) })
	} else {
		out.squares(complete)
		out.estimate(float64(n), float64(k))
	}
	if left := len(r) - n; left > 0 {
		out.each(func(into *Result, _ string) { into.Excluded = []Exclusion{{"not rated by every reader", left}} })
	}
	return out, nil
}

func (c *ICC) each(do func(into *Result, method string)) {
	do(&c.OneWay, "ICC(1,1) one-way random")
	do(&c.Absolute, "ICC(2,1) two-way random, absolute agreement")
	do(&c.Consistency, "ICC(3,1) two-way mixed, consistency")
	do(&c.OneWayMean, "ICC(1,k) one-way random, mean of readers")
	do(&c.AbsoluteMean, "ICC(2,k) two-way random, absolute agreement, mean of readers")
	do(&c.ConsistencyMean, "ICC(3,k) two-way mixed, consistency, mean of readers")
}

// squares computes the mean squares of the two-way table.
func (c *ICC) squares(r Ratings) {
	n, k := float64(len(r)), float64(len(r[0]))
	grand, largest, readers := 0.0, 0.0, make([]float64, len(r[0]))
	for _, row := range r {
		for j, v := range row {
			largest += v * v
			grand += v / (n * k)
			readers[j] += v / n
		}
	}
	var between, within, columns float64
	for _, row := range r {
		mean := 0.0
		for _, v := range row {
			mean += v / k
		}
		between += k * (mean - grand) * (mean - grand)
		for _, v := range row {
			within += (v - mean) * (v - mean)
		}
	}
	for _, m := range readers {
		columns += n * (m - grand) * (m - grand)
	}
	for _, s := range []*float64{&between, &within, &columns} {
		if *s <= largest*1e-26 {
			*s = 0 // rounding of what does not vary, which would else be divided by its like
		}
	}
	c.MSBetween = between / (n - 1)
	c.MSWithin = within / (n * (k - 1))
	c.MSReaders = columns / (k - 1)
	rest := within - columns
	if rest <= within*1e-12 {
		rest = 0
	}
	c.MSError = rest / ((n - 1) * (k - 1))
	c.F = c.MSBetween / c.MSError
}

func (c *ICC) estimate(n, k float64) {
	b, w, j, e := c.MSBetween, c.MSWithin, c.MSReaders, c.MSError
	value := map[*Result][2]float64{
		&c.OneWay:          {b - w, b + (k-1)*w},
		&c.Absolute:        {b - e, b + (k-1)*e + k*(j-e)/n},
		&c.Consistency:     {b - e, b + (k-1)*e},
		&c.OneWayMean:      {b - w, b},
		&c.AbsoluteMean:    {b - e, b + (j-e)/n},
		&c.ConsistencyMean: {b - e, b},
	}
	c.each(func(into *Result, method string) {
		*into = ratio(value[into][0], value[into][1], int(n), method, SingleClass)
	})
	c.OneWay.Interval = fInterval(b/w, n-1, n*(k-1), k)
	c.Consistency.Interval = fInterval(c.F, n-1, (n-1)*(k-1), k)
	if c.Absolute.Defined() {
		c.Absolute.Interval = c.satterthwaite(n, k)
	}
}

// fInterval is the interval of a correlation that is a function of one F ratio.
func fInterval(f, df1, df2, k float64) Interval {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Interval{}
	}
	low, high := f/quantileF(df1, df2), f*quantileF(df2, df1)
	return Interval{Low: (low - 1) / (low + k - 1), High: (high - 1) / (high + k - 1), Level: level, Method: "F"}
}

// satterthwaite is the interval of ICC(2,1), with approximate degrees of freedom.
func (c *ICC) satterthwaite(n, k float64) Interval {
	r := c.Absolute.Value
	if r == 1 {
		return Interval{}
	}
	a, b := k*r/(n*(1-r)), 1+k*r*(n-1)/(n*(1-r))
	top := a*c.MSReaders + b*c.MSError
	v := top * top / (a*c.MSReaders*a*c.MSReaders/(k-1) + b*c.MSError*b*c.MSError/((n-1)*(k-1)))
	if !(v > 0) {
		return Interval{}
	}
	rest := k*c.MSReaders + (k*n-k-n)*c.MSError
	low, high := quantileF(n-1, v), quantileF(v, n-1)
	return Interval{
		Low:    n * (c.MSBetween - low*c.MSError) / (low*rest + n*c.MSBetween),
		High:   n * (high*c.MSBetween - c.MSError) / (rest + n*high*c.MSBetween),
		Level:  level,
		Method: "F, Satterthwaite degrees of freedom",
	}
}

func quantileF(df1, df2 float64) float64 { return distuv.F{D1: df1, D2: df2}.Quantile(0.975) }
