package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hotlight/project"
)

// PairedProportions is the difference of two shares of the same cases: the sensitivities of two readers, say.
type PairedProportions struct {
	Result                                       // share of the first less that of the second; interval by Newcombe
	Both, OnlyFirst, OnlySecond, Neither int     // cases
	P                                    float64 // McNemar's exact test, two-sided
}

// CompareProportions compares which cases two readers (or programs) got right. first and second say so for the same cases in the same order.
//
// Sources: McNemar, Psychometrika 12 (1947) 153, with the exact binomial probability; the interval is method 10 of Newcombe, Statistics in Medicine 17
// (1998) 2635.
func CompareProportions(first, second []bool) (PairedProportions, error) {
	if len(first) != len(second) {
		return PairedProportions{}, project.Errorf(project.Invalid, "a paired test needs the same cases in both, not %d and %d", len(first), len(second))
	}
	out := PairedProportions{Result: undefined(TooFew, len(first), "difference of paired shares"), P: math.NaN()}
	for n, a := range first {
		switch b := second[n]; {
		case a && b:
			out.Both++
		case a:
			out.OnlyFirst++
		case b:
			out.OnlySecond++
		default:
			out.Neither++
		}
	}
	if len(first) == 0 {
		return out, nil
	}
	out.Result = good(float64(out.OnlyFirst-out.OnlySecond)/float64(len(first)), len(first), out.Method)
	out.Interval = out.newcombe()
	out.P = exactMcNemar(out.OnlyFirst, out.OnlySecond)
	return out, nil
}

// exactMcNemar is the probability, were the discordant cases tosses of a coin, of a split at least as uneven; 1 without any.
func exactMcNemar(b, c int) float64 {
	if b+c == 0 {
		return 1
	}
	return min(1, 2*distuv.Binomial{N: float64(b + c), P: 0.5}.CDF(float64(min(b, c))))
}

func (p *PairedProportions) newcombe() Interval {
	a, b, c, d := float64(p.Both), float64(p.OnlyFirst), float64(p.OnlySecond), float64(p.Neither)
	n := a + b + c + d
	p1, p2 := (a+b)/n, (a+c)/n
	l1, u1 := wilson(a+b, n)
	l2, u2 := wilson(a+c, n)
	phi := 0.0
	if product := (a + b) * (c + d) * (a + c) * (b + d); product > 0 {
		top := a*d - b*c
		if top > 0 {
			top = max(top-n/2, 0)
		}
		phi = top / math.Sqrt(product)
	}
	side := func(x, y float64) float64 { return math.Sqrt(max(x*x-2*phi*x*y+y*y, 0)) }
	return Interval{Low: max(-1, p.Value-side(p1-l1, u2-p2)), High: min(1, p.Value+side(u1-p1, p2-l2)), Level: level, Method: "Newcombe 1998, method 10"}
}
