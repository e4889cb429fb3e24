package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"hotlight/project"
	"hotlight/project/metrics"
)

// curve is a line through points, with a name.
type curve struct {
	name string
	x, y []float64
}

// hues are for up to six readers; a reader is told by line style and mark as well, never by colour alone.
var hues = []color.RGBA{{0x1F, 0x4E, 0x79, 255}, {0xB4, 0x5F, 0x06, 255}, {0x38, 0x76, 0x1D, 255}, {0x74, 0x1B, 0x47, 255}, {0x5B, 0x5B, 0x5B, 255}, {0x0B, 0x6E, 0x6E, 255}}

var dashes = [][]vg.Length{nil, {vg.Points(5), vg.Points(2)}, {vg.Points(1.5), vg.Points(2)}, {vg.Points(7), vg.Points(2), vg.Points(1.5), vg.Points(2)}, {vg.Points(3), vg.Points(3)}, {vg.Points(9), vg.Points(3)}}

var glyphs = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}}

var ink, pale = color.RGBA{0x22, 0x22, 0x22, 255}, color.RGBA{0xB8, 0xB8, 0xB8, 255}

// newPlot returns an empty plot in the report's type and ink.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font.Variant, a.Tick.Label.Font.Variant = "Sans", "Sans"
		a.Label.TextStyle.Font.Size, a.Tick.Label.Font.Size = vg.Points(9), vg.Points(8.5)
		a.Label.TextStyle.Color, a.Tick.Label.Color, a.Color, a.Tick.Color = ink, ink, ink, ink
		a.LineStyle.Width, a.Tick.LineStyle.Width = vg.Points(0.6), vg.Points(0.6)
	}
	p.Legend.TextStyle.Font.Variant, p.Legend.TextStyle.Font.Size, p.Legend.TextStyle.Color = "Sans", vg.Points(8.5), ink
	p.Legend.ThumbnailWidth = vg.Points(22)
	p.BackgroundColor = color.Transparent
	return p
}

// svg draws a plot. The text stays text, in families that every computer has; ids and clocks there are none, so equal plots are equal bytes.
func svg(p *plot.Plot, width, height float64, title string) string {
	c := vgsvg.New(vg.Points(width), vg.Points(height))
	p.Draw(draw.New(c))
	var out bytes.Buffer
	if _, err := c.WriteTo(&out); err != nil {
		panic("report: a buffer cannot be written: " + err.Error())
	}
	text := out.String()
	text = text[strings.Index(text, "<svg"):]
	head := strings.Index(text, ">")
	text = fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img"><title>%s</title>`, width, height, escaped(title)) + text[head+1:]
	text = fontFamily.ReplaceAllString(text, `font-family:"Liberation Sans",Arial,Helvetica,sans-serif`)
	text = strings.ReplaceAll(text, `font-family:"Liberation Sans",Arial,Helvetica,sans-serif`, `font-family:Liberation Sans,Arial,Helvetica,sans-serif`)
	return comments.ReplaceAllString(text, "")
}

var (
	fontFamily = regexp.MustCompile(`font-family:[^;"]*`)
	comments   = regexp.MustCompile(`(?s)<!--.*?-->\s*`)
)

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func xys(x, y []float64) (out plotter.XYs) {
	for n := range x {
		if finite(x[n]) && finite(y[n]) {
			out = append(out, plotter.XY{X: x[n], Y: y[n]})
		}
	}
	return out
}

// must is for plotters of data that were checked: they refuse only what is not a number.
func must[T any](v T, err error) T {
	if err != nil {
		panic("report: " + err.Error())
	}
	return v
}

func line(x, y []float64, n int) *plotter.Line {
	l := must(plotter.NewLine(xys(x, y)))
	l.Color, l.Width, l.Dashes = hues[n%len(hues)], vg.Points(1.3), dashes[n%len(dashes)]
	return l
}

func ruler(p *plot.Plot, x, y []float64, dash bool) {
	l := must(plotter.NewLine(xys(x, y)))
	l.Color, l.Width = pale, vg.Points(0.8)
	if dash {
		l.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
	}
	p.Add(l)
}

// rocPlot draws the curves of all readers.
func (b *builder) rocPlot(plan ROCPlan, curves []curve) *Figure {
	p := newPlot("1 − specificity", "Sensitivity")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	ruler(p, []float64{0, 1}, []float64{0, 1}, true)
	for n, c := range curves {
		l := line(c.x, c.y, n)
		p.Add(l)
		p.Legend.Add(c.name, l)
	}
	p.Legend.Left = false
	caption := fmt.Sprintf("ROC curves, %s by %s, all thresholds; grey: chance.", plan.Condition, plan.Question)
	return &Figure{Caption: caption, Alt: caption + " The areas stand in the table above.", SVG: svg(p, 300, 280, caption), Half: true}
}

// frocPlot draws sensitivity against false marks a study.
func (b *builder) frocPlot(c *project.Class, curves []curve) *Figure {
	p := newPlot("False marks a study", "Lesion sensitivity")
	p.Y.Min, p.Y.Max, p.X.Min, p.X.Max = 0, 1, 0, 0.5
	for n, k := range curves {
		l := line(k.x, k.y, n)
		pts := must(plotter.NewScatter(xys(k.x, k.y)))
		pts.GlyphStyle = draw.GlyphStyle{Color: hues[n%len(hues)], Radius: vg.Points(2), Shape: glyphs[n%len(glyphs)]}
		p.Add(l, pts)
		p.Legend.Add(k.name, l, pts)
		for _, x := range k.x {
			p.X.Max = max(p.X.Max, x*1.05)
		}
	}
	caption := c.Name + ": free-response curves (FROC), from the surest marks to all."
	return &Figure{Caption: caption, Alt: caption + " The scores stand in the table above.", SVG: svg(p, 300, 250, caption), Half: true}
}

// altmanPlot draws differences against means with bias and limits.
func (b *builder) altmanPlot(q quantity, pair [2]string, x, y []float64, a metrics.BlandAltman) *Figure {
	var mean, difference []float64
	lo, hi := math.Inf(1), math.Inf(-1)
	for n := range x {
		if finite(x[n]) && finite(y[n]) {
			m := (x[n] + y[n]) / 2
			mean, difference = append(mean, m), append(difference, x[n]-y[n])
			lo, hi = min(lo, m), max(hi, m)
		}
	}
	p := newPlot("Mean"+unitOf(q), pair[0]+" − "+pair[1]+unitOf(q))
	if hi == lo {
		lo, hi = lo-1, hi+1
	}
	ruler(p, []float64{lo, hi}, []float64{0, 0}, false)
	for n, v := range []float64{a.Bias.Value, a.Lower.Value, a.Upper.Value} {
		l := line([]float64{lo, hi}, []float64{v, v}, 0)
		if n > 0 {
			l.Dashes = dashes[1]
		}
		p.Add(l)
	}
	pts := must(plotter.NewScatter(xys(mean, difference)))
	pts.GlyphStyle = draw.GlyphStyle{Color: color.NRGBA{0x1F, 0x4E, 0x79, 0xA0}, Radius: vg.Points(2.2), Shape: draw.CircleGlyph{}}
	p.Add(pts)
	caption := fmt.Sprintf("%s, %s less %s: difference against mean of %d. Solid: bias; dashed: limits of agreement.", q.name, pair[0], pair[1], len(mean))
	return &Figure{Caption: caption, Alt: caption + " The numbers stand in the table above.", SVG: svg(p, 300, 210, caption), Half: true}
}

// stripPlot draws every study's value by comparison, with the median.
func (b *builder) stripPlot(c *project.Class, m metric, list []*studyFacts) *Figure {
	p := newPlot("", m.label)
	if m.unit == "" && m.higher {
		p.Y.Max = 1
	}
	var names []string
	total := 0
	add := func(who comparison) {
		x := seriesOf(list, c.ID, m.id, who.id)
		var xs, ys []float64
		for _, r := range x.results {
			if r.Defined() && finite(r.Value) {
				// Points of one value lie beside each other, in the order of the studies.
				xs, ys = append(xs, float64(len(names))+0.3*(math.Mod(float64(len(xs))*0.618034, 1)-0.5)), append(ys, r.Value)
			}
		}
		if len(ys) > 0 {
			pts := must(plotter.NewScatter(xys(xs, ys)))
			pts.GlyphStyle = draw.GlyphStyle{Color: color.NRGBA{0x1F, 0x4E, 0x79, 0x90}, Radius: vg.Points(1.8), Shape: draw.CircleGlyph{}}
			p.Add(pts)
			sp, _ := describe(x.results, x.owner, metrics.Bootstrap{})
			l := must(plotter.NewLine(plotter.XYs{{X: float64(len(names)) - 0.28, Y: sp.Median.Value}, {X: float64(len(names)) + 0.28, Y: sp.Median.Value}}))
			l.Color, l.Width = ink, vg.Points(1.4)
			p.Add(l)
			total += len(ys)
		}
		first, second, _ := strings.Cut(who.id, ":")
		names = append(names, b.name(first)+"\n"+b.name(second))
	}
	for _, pair := range b.pairs() {
		add(comparison{id: pair[0] + ":" + pair[1]})
	}
	for _, w := range b.againstTruth() {
		add(w)
	}
	if total == 0 {
		p.Y.Min, p.Y.Max = 0, 1
	}
	p.X.Min, p.X.Max = -0.5, float64(len(names))-0.5
	var ticks plot.ConstantTicks
	for n, name := range names {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: strings.ReplaceAll(name, "\n", " : ")})
	}
	p.X.Tick.Marker = ticks
	if len(names) > 4 {
		p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = 0.45, -1, -0.5
	}
	caption := fmt.Sprintf("%s: %s of every study, by comparison; bars: medians.", c.Name, m.label)
	return &Figure{Caption: caption, Alt: caption + " The medians stand in the tables above.", SVG: svg(p, 620, 230, caption)}
}

// sizePlot draws sensitivity by size with intervals.
func (b *builder) sizePlot(c *project.Class, list []*studyFacts, who []comparison) *Figure {
	p := newPlot("Size of the reference's lesion", "Sensitivity")
	p.Y.Min, p.Y.Max = 0, 1
	var ticks plot.ConstantTicks
	for z := range sizes {
		ticks = append(ticks, plot.Tick{Value: float64(z), Label: sizes[z].words})
	}
	p.X.Tick.Marker, p.X.Min, p.X.Max = ticks, -0.5, float64(len(sizes))-0.5
	for n, w := range who {
		var xs, ys []float64
		for z := range sizes {
			num := b.byID["lesions/"+c.ID+"/lesion_sensitivity/"+strings.ReplaceAll(w.id, " ", "_")+"/size="+sizes[z].id]
			if num == nil || !num.Defined() {
				continue
			}
			x := float64(z) + 0.14*(float64(n)-float64(len(who)-1)/2)
			xs, ys = append(xs, x), append(ys, num.Value)
			if num.Interval.Level > 0 {
				bar := must(plotter.NewLine(plotter.XYs{{X: x, Y: num.Interval.Low}, {X: x, Y: num.Interval.High}}))
				bar.Color, bar.Width = hues[n%len(hues)], vg.Points(0.9)
				p.Add(bar)
			}
		}
		pts := must(plotter.NewScatter(xys(xs, ys)))
		pts.GlyphStyle = draw.GlyphStyle{Color: hues[n%len(hues)], Radius: vg.Points(2.8), Shape: glyphs[n%len(glyphs)]}
		if len(xs) > 0 {
			p.Add(pts)
			p.Legend.Add(w.words, pts)
		}
	}
	p.Legend.Top, p.Legend.Left = false, false
	caption := c.Name + ": sensitivity by size of lesion, with 95 % intervals."
	return &Figure{Caption: caption, Alt: caption + " The numbers stand in the table above.", SVG: svg(p, 460, 230, caption)}
}
