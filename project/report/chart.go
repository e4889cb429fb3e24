package report

import (
	"fmt"
	"math"
	"strings"
)

// chart is a plot in the making, written as SVG by hand. gonum/plot was considered: whatever uses it links a module under a licence that this program cannot
// ship with (svgo, CC BY), and four more for formats that are not needed here. Text stays text, in families that every computer has; the same chart is the same bytes.
type chart struct {
	width, height  float64
	x, y           axis
	body           strings.Builder
	legend         []legendEntry
	marginL, below float64
}

// axis is what a side of a chart spans.
type axis struct {
	lo, hi float64
	label  string
	ticks  []tick // nil: chosen
}

type tick struct {
	at   float64
	text string
}

type legendEntry struct {
	name string
	n    int
	line bool
}

// hues, dashes and glyphs are of readers: told by line and mark as well, never by colour alone.
var (
	hues   = []string{"#1F4E79", "#B45F06", "#38761D", "#741B47", "#0B6E6E", "#5B5B5B"}
	dashes = []string{"", "6 2.5", "1.6 2", "8 2 1.6 2", "3.5 3", "11 3"}
)

const (
	chartInk  = "#222222"
	chartPale = "#D4D4D4"
	chartType = "Liberation Sans,Arial,Helvetica,sans-serif"
)

func newChart(width, height float64, x, y axis) *chart {
	c := &chart{width: width, height: height, x: x, y: y, marginL: 46, below: 34}
	for _, a := range []*axis{&c.x, &c.y} {
		if !(a.hi > a.lo) {
			a.lo, a.hi = a.lo-1, a.lo+1
		}
		if a.ticks == nil {
			a.ticks = niceTicks(a.lo, a.hi)
		}
	}
	return c
}

// niceTicks are multiples of 1, 2 or 5 times a power of ten, three to seven of them.
func niceTicks(lo, hi float64) (out []tick) {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/3)))
	for _, m := range []float64{5, 2} {
		if (hi-lo)/(step*m) >= 3 {
			step *= m
			break
		}
	}
	digits := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	for n := math.Ceil(lo/step - 1e-9); n*step <= hi+1e-9*step; n++ {
		out = append(out, tick{n * step, shown(n*step, digits)})
	}
	return out
}

// padded widens a range by a share on both sides.
func padded(lo, hi, share float64) (float64, float64) {
	d := (hi - lo) * share
	return lo - d, hi + d
}

func (c *chart) px(x float64) float64 {
	return c.marginL + (x-c.x.lo)/(c.x.hi-c.x.lo)*(c.width-c.marginL-10)
}

func (c *chart) py(y float64) float64 {
	return c.height - c.below - (y-c.y.lo)/(c.y.hi-c.y.lo)*(c.height-c.below-c.top())
}

// top leaves room for the legend.
func (c *chart) top() float64 {
	return 10 + 14*math.Ceil(float64(len(c.legend))/3)
}

func (c *chart) path(x, y []float64, colour, dash string, width float64) {
	var d strings.Builder
	for n := range x {
		op := "L"
		if n == 0 {
			op = "M"
		}
		fmt.Fprintf(&d, "%s%s %s", op, px(c.px(x[n])), px(c.py(y[n])))
	}
	if dash != "" {
		dash = fmt.Sprintf(` stroke-dasharray="%s"`, dash)
	}
	fmt.Fprintf(&c.body, `<path d="%s" fill="none" stroke="%s" stroke-width="%g"%s/>`, d.String(), colour, width, dash)
}

// px writes a coordinate with two places: finer is not seen, and equal on every machine.
func px(v float64) string {
	text := fmt.Sprintf("%.2f", v)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// mark draws reader n's glyph.
func (c *chart) mark(x, y float64, n int, size float64) { glyph(&c.body, c.px(x), c.py(y), n, size) }

func glyph(out *strings.Builder, x, y float64, n int, r float64) {
	colour := hues[n%len(hues)]
	switch n % 6 {
	case 0:
		fmt.Fprintf(out, `<circle cx="%s" cy="%s" r="%g" fill="%s" fill-opacity="0.75"/>`, px(x), px(y), r, colour)
	case 1:
		fmt.Fprintf(out, `<rect x="%s" y="%s" width="%g" height="%g" fill="%s" fill-opacity="0.75"/>`, px(x-r), px(y-r), 2*r, 2*r, colour)
	case 2:
		fmt.Fprintf(out, `<path d="M%s %sL%s %sH%sZ" fill="%s" fill-opacity="0.75"/>`, px(x), px(y-1.2*r), px(x+1.1*r), px(y+r), px(x-1.1*r), colour)
	case 3:
		fmt.Fprintf(out, `<circle cx="%s" cy="%s" r="%g" fill="none" stroke="%s" stroke-width="1.2"/>`, px(x), px(y), r, colour)
	case 4:
		fmt.Fprintf(out, `<path d="M%s %sL%s %sL%s %sL%s %sZ" fill="%s" fill-opacity="0.75"/>`, px(x), px(y-1.3*r), px(x+1.3*r), px(y), px(x), px(y+1.3*r), px(x-1.3*r), px(y), colour)
	default:
		fmt.Fprintf(out, `<path d="M%s %sL%s %sM%s %sL%s %s" stroke="%s" stroke-width="1.4"/>`, px(x-r), px(y-r), px(x+r), px(y+r), px(x-r), px(y+r), px(x+r), px(y-r), colour)
	}
}

func text(out *strings.Builder, x, y float64, anchor, s string) {
	fmt.Fprintf(out, `<text x="%s" y="%s" text-anchor="%s">%s</text>`, px(x), px(y), anchor, escaped(s))
}

// name adds reader n to the legend; before anything is drawn, since the legend takes room.
func (c *chart) name(name string, n int, line bool) {
	c.legend = append(c.legend, legendEntry{name, n, line})
}

// svg writes the chart.
func (c *chart) svg(title string) string {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img"><title>%s</title><g font-family="%s" font-size="9.5" fill="%s">`, c.width, c.height, escaped(title), chartType, chartInk)
	left, right, bottom, top := c.marginL, c.width-10, c.height-c.below, c.top()
	for _, t := range c.y.ticks {
		fmt.Fprintf(&out, `<path d="M%s %sH%s" stroke="%s" stroke-width="0.5"/>`, px(left), px(c.py(t.at)), px(right), chartPale)
		text(&out, left-5, c.py(t.at)+3.2, "end", t.text)
	}
	for _, t := range c.x.ticks {
		fmt.Fprintf(&out, `<path d="M%s %sv3" stroke="%s" stroke-width="0.7"/>`, px(c.px(t.at)), px(bottom), chartInk)
		for n, line := range strings.Split(t.text, "\n") {
			text(&out, c.px(t.at), bottom+12.5+10.5*float64(n), "middle", line)
		}
	}
	fmt.Fprintf(&out, `<path d="M%s %sV%sH%s" fill="none" stroke="%s" stroke-width="0.7"/>`, px(left), px(top), px(bottom), px(right), chartInk)
	if c.x.label != "" {
		text(&out, (left+right)/2, c.height-5, "middle", c.x.label)
	}
	fmt.Fprintf(&out, `<text transform="translate(10 %s) rotate(-90)" text-anchor="middle">%s</text>`, px((top+bottom)/2), escaped(c.y.label))
	for n, l := range c.legend {
		x, y := left+4+float64(n%3)*(right-left)/3, 8+14*float64(n/3)
		if l.line {
			dash := ""
			if d := dashes[l.n%len(dashes)]; d != "" {
				dash = fmt.Sprintf(` stroke-dasharray="%s"`, d)
			}
			fmt.Fprintf(&out, `<path d="M%s %sh22" stroke="%s" stroke-width="1.5"%s/>`, px(x), px(y), hues[l.n%len(hues)], dash)
		}
		glyph(&out, x+11, y, l.n, 2.6)
		text(&out, x+27, y+3.2, "start", l.name)
	}
	out.WriteString(c.body.String())
	out.WriteString(`</g></svg>`)
	return out.String()
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
