package report

import (
	"fmt"
	"math"
	"strings"

	"hotlight/project"
	"hotlight/project/metrics"
)

// curve is a line through points, with a name.
type curve struct {
	name string
	x, y []float64
}

// rocPlot draws the curves of all readers.
func (b *builder) rocPlot(plan ROCPlan, curves []curve) *Figure {
	c := newChart(320, 300, axis{lo: 0, hi: 1, label: "1 − specificity"}, axis{lo: 0, hi: 1, label: "Sensitivity"})
	c.drawCurves(curves)
	c.path([]float64{0, 1}, []float64{0, 1}, "#999999", "4 3", 0.8)
	caption := fmt.Sprintf("ROC curves, %s by %s, all thresholds; grey: chance.", plan.Condition, plan.Question)
	return &Figure{Caption: caption, Alt: caption + " The areas stand in the table above.", SVG: c.svg(caption), Half: true}
}

func (c *chart) drawCurves(curves []curve) {
	for n, k := range curves {
		c.name(k.name, n, true)
	}
	for n, k := range curves {
		c.path(k.x, k.y, hues[n%len(hues)], dashes[n%len(dashes)], 1.4)
		for i := range k.x {
			c.mark(k.x[i], k.y[i], n, 2.2)
		}
	}
}

// frocPlot draws sensitivity against false marks a study.
func (b *builder) frocPlot(class *project.Class, curves []curve) *Figure {
	most := 0.5
	for _, k := range curves {
		for _, x := range k.x {
			most = max(most, x*1.05)
		}
	}
	c := newChart(320, 260, axis{lo: 0, hi: most, label: "False marks a study"}, axis{lo: 0, hi: 1, label: "Lesion sensitivity"})
	c.drawCurves(curves)
	caption := class.Name + ": free-response curves (FROC), from the surest marks to all."
	return &Figure{Caption: caption, Alt: caption + " The scores stand in the table above.", SVG: c.svg(caption), Half: true}
}

// altmanPlot draws differences against means with bias and limits.
func (b *builder) altmanPlot(q quantity, pair [2]string, x, y []float64, a metrics.BlandAltman) *Figure {
	var mean, difference []float64
	lo, hi := math.Inf(1), math.Inf(-1)
	low, high := min(0, a.Lower.Value), max(0, a.Upper.Value)
	for n := range x {
		if finite(x[n]) && finite(y[n]) {
			m, d := (x[n]+y[n])/2, x[n]-y[n]
			mean, difference = append(mean, m), append(difference, d)
			lo, hi, low, high = min(lo, m), max(hi, m), min(low, d), max(high, d)
		}
	}
	if hi == lo {
		lo, hi = lo-1, hi+1
	}
	lo, hi = padded(lo, hi, 0.04)
	low, high = padded(low, high, 0.08)
	c := newChart(320, 220, axis{lo: lo, hi: hi, label: "Mean of the two" + unitOf(q)}, axis{lo: low, hi: high, label: pair[0] + " − " + pair[1] + unitOf(q)})
	c.path([]float64{lo, hi}, []float64{0, 0}, "#777777", "", 0.7)
	c.path([]float64{lo, hi}, []float64{a.Bias.Value, a.Bias.Value}, hues[0], "", 1.4)
	for _, v := range []float64{a.Lower.Value, a.Upper.Value} {
		c.path([]float64{lo, hi}, []float64{v, v}, hues[0], "5 3", 1)
	}
	for n := range mean {
		c.mark(mean[n], difference[n], 0, 2.2)
	}
	caption := fmt.Sprintf("%s, %s less %s: difference against mean of %d. Blue: bias; dashed: limits of agreement; grey: zero.", q.name, pair[0], pair[1], len(mean))
	return &Figure{Caption: caption, Alt: caption + " The numbers stand in the table above.", SVG: c.svg(caption), Half: true}
}

// stripPlot draws every study's value by comparison, with the median.
func (b *builder) stripPlot(class *project.Class, m metric, list []*studyFacts) *Figure {
	who := append(pairComparisons(b.pairs()), b.againstTruth()...)
	values := make([][]float64, len(who))
	low, high := math.Inf(1), math.Inf(-1)
	for n, w := range who {
		for _, r := range seriesOf(list, class.ID, m.id, w.id).results {
			if r.Defined() && finite(r.Value) {
				values[n] = append(values[n], r.Value)
				low, high = min(low, r.Value), max(high, r.Value)
			}
		}
	}
	if !(high > low) {
		low, high = 0, 1
	}
	low, high = padded(low, high, 0.06)
	if m.unit == "" && m.higher {
		low, high = max(0, low), 1
	}
	x := axis{lo: -0.5, hi: float64(len(who)) - 0.5}
	for n, w := range who {
		first, second, _ := strings.Cut(w.id, ":")
		x.ticks = append(x.ticks, tick{float64(n), b.name(first) + "\n" + b.name(second)})
	}
	c := newChart(640, 230, x, axis{lo: low, hi: high, label: labelled(m)})
	for n, list := range values {
		for k, v := range list {
			// Points lie beside each other in the order of the studies, so that equal values are seen.
			c.mark(float64(n)+0.44*(math.Mod(float64(k)*0.618034, 1)-0.5), v, 0, 2)
		}
		if len(list) > 0 {
			middle := medianOf(list)
			c.path([]float64{float64(n) - 0.3, float64(n) + 0.3}, []float64{middle, middle}, chartInk, "", 1.6)
		}
	}
	caption := fmt.Sprintf("%s: %s of every study, by comparison; bars: medians.", class.Name, m.label)
	if low > 0 {
		caption += " The axis does not begin at 0."
	}
	return &Figure{Caption: caption, Alt: caption + " The medians stand in the tables above.", SVG: c.svg(caption)}
}

func pairComparisons(pairs [][2]string) (out []comparison) {
	for _, p := range pairs {
		out = append(out, comparison{p[0] + ":" + p[1], p[0] + " and " + p[1]})
	}
	return out
}

// sizePlot draws sensitivity by size with intervals.
func (b *builder) sizePlot(class *project.Class, who []comparison) *Figure {
	x := axis{lo: -0.5, hi: float64(len(sizes)) - 0.5, label: "Size of the reference's lesion"}
	for z := range sizes {
		x.ticks = append(x.ticks, tick{float64(z), sizes[z].words})
	}
	c := newChart(480, 240, x, axis{lo: 0, hi: 1, label: "Sensitivity"})
	for n, w := range who {
		c.name(w.words, n, false)
	}
	for n, w := range who {
		for z := range sizes {
			num := b.byID["lesions/"+class.ID+"/lesion_sensitivity/"+strings.ReplaceAll(w.id, " ", "_")+"/size="+sizes[z].id]
			if num == nil || !num.Defined() {
				continue
			}
			at := float64(z) + 0.14*(float64(n)-float64(len(who)-1)/2)
			if num.Interval.Level > 0 {
				c.path([]float64{at, at}, []float64{num.Interval.Low, num.Interval.High}, hues[n%len(hues)], "", 1)
			}
			c.mark(at, num.Value, n, 3)
		}
	}
	caption := class.Name + ": sensitivity by size of lesion, with 95 % intervals. A size without a lesion has no mark."
	return &Figure{Caption: caption, Alt: caption + " The numbers stand in the table above.", SVG: c.svg(caption)}
}
