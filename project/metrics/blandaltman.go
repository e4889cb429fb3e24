package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"hotlight/project"
)

// BlandAltman describes the differences a - b of two methods or readers on the same things.
//
// Source: Bland and Altman, Lancet 327 (1986) 307.
type BlandAltman struct {
	Bias       Result // mean difference; t interval
	SD         float64
	Multiplier float64 // of the limits: 1.96, or the paper's 2
	Lower      Result  // limits of agreement: bias ± Multiplier * SD; interval with standard error sqrt(3/n) SD
	Upper      Result
	Slope      Result // of the difference on the mean of both: bias that grows with size
	Repeat     Result // coefficient of repeatability, 2 sqrt(mean d²), for two measurements by the same method
}

// CompareMethods drops pairs with a missing (NaN) value and counts them. Fewer than three pairs are too few. The multiplier is usually 1.96.
func CompareMethods(a, b []float64, multiplier float64) (BlandAltman, error) {
	x, y, missing, err := pairs(a, b)
	if err == nil && (!(multiplier > 0) || math.IsInf(multiplier, 1)) {
		err = project.Errorf(project.Invalid, "the limits' multiplier is a number above 0")
	}
	if err != nil {
		return BlandAltman{}, err
	}
	n := len(x)
	out := BlandAltman{Multiplier: multiplier, SD: math.NaN()}
	fields := []struct {
		into *Result
		name string
	}{{&out.Bias, "bias"}, {&out.Lower, "lower limit of agreement"}, {&out.Upper, "upper limit of agreement"},
		{&out.Slope, "slope of the difference on the mean"}, {&out.Repeat, "coefficient of repeatability"}}
	for _, f := range fields {
		*f.into = undefined(TooFew, n, f.name)
	}
	if n >= 3 {
		out.measure(x, y)
	}
	for _, f := range fields {
		f.into.Excluded = missing
	}
	return out, nil
}

func (o *BlandAltman) measure(x, y []float64) {
	n := float64(len(x))
	difference, mean := make([]float64, len(x)), make([]float64, len(x))
	squares := 0.0
	for i := range x {
		difference[i], mean[i] = x[i]-y[i], (x[i]+y[i])/2
		squares += difference[i] * difference[i]
	}
	bias, sd := meanSD(difference)
	t := student975(n - 1)
	o.SD = sd
	o.Bias = good(bias, len(x), "bias")
	o.Bias.Interval = around(bias, t, sd/math.Sqrt(n), "t")
	limit := func(v float64, name string) Result {
		r := good(v, len(x), name)
		r.Interval = around(v, t, math.Sqrt(3/n)*sd, "t, Bland-Altman 1986")
		return r
	}
	o.Lower = limit(bias-o.Multiplier*sd, "lower limit of agreement")
	o.Upper = limit(bias+o.Multiplier*sd, "upper limit of agreement")
	o.Repeat = good(2*math.Sqrt(squares/n), len(x), "coefficient of repeatability")
	o.Slope = slope(mean, difference)
}

// slope of y on x with a t interval; undefined where x does not vary.
func slope(x, y []float64) Result {
	name := "slope of the difference on the mean"
	if stat.Variance(x, nil) == 0 {
		return undefined(Undefined, len(x), name)
	}
	a, b := stat.LinearRegression(x, y, nil, false)
	residual, spread, mean := 0.0, 0.0, stat.Mean(x, nil)
	for i := range x {
		d := y[i] - a - b*x[i]
		residual += d * d
		spread += (x[i] - mean) * (x[i] - mean)
	}
	df := float64(len(x) - 2)
	out := good(b, len(x), name)
	out.Interval = around(b, student975(df), math.Sqrt(residual/df/spread), "t, least squares")
	return out
}

// pairs keeps the pairs with two values.
func pairs(a, b []float64) (x, y []float64, missing []Exclusion, err error) {
	if len(a) != len(b) {
		return nil, nil, nil, project.Errorf(project.Invalid, "the readers have %d and %d measurements", len(a), len(b))
	}
	for i := range a {
		if math.IsInf(a[i], 0) || math.IsInf(b[i], 0) {
			return nil, nil, nil, project.Errorf(project.Invalid, "measurement %d is infinite", i+1)
		}
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	if left := len(a) - len(x); left > 0 {
		missing = []Exclusion{{"measurement missing", left}}
	}
	return x, y, missing, nil
}

// Concordance is Lin's concordance correlation coefficient, with the plain correlation beside it.
type Concordance struct {
	Result
	Pearson Result
}

// LinCCC returns 2 s_xy / (s_x² + s_y² + (mean_x - mean_y)²), moments with n as in Lin's paper and epiR. The interval is Lin's, on Fisher's z scale.
//
// Sources: Lin, Biometrics 45 (1989) 255; correction 56 (2000) 324.
func LinCCC(a, b []float64) (Concordance, error) {
	x, y, missing, err := pairs(a, b)
	if err != nil {
		return Concordance{}, err
	}
	n := len(x)
	out := Concordance{undefined(TooFew, n, "Lin concordance correlation"), undefined(TooFew, n, "Pearson correlation")}
	if n >= 3 {
		out.measure(x, y)
	}
	out.Excluded, out.Pearson.Excluded = missing, missing
	return out, nil
}

func (c *Concordance) measure(x, y []float64) {
	n := float64(len(x))
	mx, sx := meanSD(x)
	my, sy := meanSD(y)
	part := (n - 1) / n
	sx, sy = sx*math.Sqrt(part), sy*math.Sqrt(part)
	sxy := stat.Covariance(x, y, nil) * part
	if sx == 0 && sy == 0 {
		c.Result, c.Pearson = undefined(SingleClass, len(x), c.Method), undefined(SingleClass, len(x), c.Pearson.Method)
		return
	}
	c.Result = ratio(2*sxy, sx*sx+sy*sy+(mx-my)*(mx-my), len(x), c.Method, SingleClass)
	c.Pearson = ratio(sxy, sx*sy, len(x), c.Pearson.Method, SingleClass)
	if !c.Defined() || !c.Pearson.Defined() || c.Value*c.Value >= 1 || c.Pearson.Value == 0 || n < 4 {
		return
	}
	p, r := c.Value, c.Pearson.Value
	u2 := (mx - my) * (mx - my) / (sx * sy)
	variance := ((1-r*r)*p*p*(1-p*p)/(r*r) + 2*p*p*p*(1-p)*u2/r - p*p*p*p*u2*u2/(2*r*r)) / (n - 2)
	if !(variance >= 0) {
		return
	}
	z, se := math.Atanh(p), math.Sqrt(variance)/(1-p*p)
	c.Interval = Interval{math.Tanh(z - normal975*se), math.Tanh(z + normal975*se), level, "Lin, Fisher z"}
}
