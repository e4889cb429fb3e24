package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"
)

//go:embed report.tmpl
var pageText string

//go:embed report.css
var style string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"add":  func(a, b int) int { return a + b },
	"cell": func(c Cell) template.HTML { return c.html() },
	"svg":  func(s string) template.HTML { return template.HTML(s) }, // ours alone: made in plot.go, picture.go and flowchart.go, every text in it escaped
}).Parse(pageText))

// document is what the template sees.
type document struct {
	*Report
	Style     template.CSS
	Single    *pivot // the studies' own values; nil where there are too many to read
	Paper     string
	ValueFile string
	Rows      [][]string
	Legend    []code
}

// code stands for a text that many numbers share.
type code struct{ Code, Text string }

// coder gives texts short names.
type coder struct {
	letter string
	at     map[string]string
	list   *[]code
}

func (c *coder) of(text string) string {
	if text == "" {
		return ""
	}
	if c.at == nil {
		c.at = map[string]string{}
	}
	if c.at[text] == "" {
		c.at[text] = fmt.Sprintf("%s%d", c.letter, len(c.at)+1)
		*c.list = append(*c.list, code{c.at[text], text})
	}
	return c.at[text]
}

// numberRows are the rows of appendix A: the columns of numbers.csv without those that the id says, with codes for the three long texts.
func (d *document) numberRows() {
	var intervals, methods, definitions []code
	i, m, f := coder{letter: "I", list: &intervals}, coder{letter: "M", list: &methods}, coder{letter: "D", list: &definitions}
	for _, n := range d.Numbers {
		r := n.Row()
		d.Rows = append(d.Rows, []string{r[0], r[7], r[8], strings.ReplaceAll(r[9], "_", " "), r[10], r[11], r[12], r[13], r[14], r[15], i.of(r[17]), m.of(r[18]), f.of(r[19])})
	}
	d.Legend = append(append(intervals, methods...), definitions...)
}

// WriteHTML writes the report as one file that needs no script and no network, and prints on A4 and on Letter.
func (r *Report) WriteHTML(w io.Writer) error {
	d := document{Report: r, Style: template.CSS(style), ValueFile: ValuesName}
	if n := len(r.Values); n > 0 && n <= maxValues {
		d.Single = pivotOf(r.Values)
	}
	d.numberRows()
	return page.Execute(w, &d)
}

// pivot is the values of single studies: a row for each study, subject and comparison, a column for each metric.
type pivot struct {
	Columns []string
	Rows    [][]string
}

func pivotOf(values []Value) *pivot {
	var out pivot
	var metrics []string
	for _, v := range values {
		name := v.Metric
		if v.Unit != "" {
			name += ", " + v.Unit
		}
		if !slices.Contains(metrics, v.Metric) {
			metrics, out.Columns = append(metrics, v.Metric), append(out.Columns, name)
		}
	}
	at := map[[3]string]int{}
	for _, v := range values {
		key := [3]string{v.Study, v.Subject, v.Comparison}
		row, ok := at[key]
		if !ok {
			row = len(out.Rows)
			at[key] = row
			out.Rows = append(out.Rows, append(key[:], make([]string, len(metrics))...))
		}
		text := strings.ReplaceAll(string(v.Status), "_", " ")
		if v.Defined() {
			text = exact(v.Value)
		}
		out.Rows[row][3+slices.Index(metrics, v.Metric)] = text
	}
	return &out
}

// maxValues is up to how many figures of single studies stand in the HTML; all of them are in the CSV.
const maxValues = 1500

// html is the inside of a table cell, with the number's id.
func (c Cell) html() template.HTML {
	text := template.HTMLEscapeString(c.Text())
	if c.Number != nil {
		switch c.Part {
		case barPart:
			return c.bar()
		default:
			text = fmt.Sprintf(`<span data-n="%s" data-part="%s">%s</span>`, template.HTMLEscapeString(c.Number.ID), c.Part, text)
		}
		if c.Part == valuePart && !c.Number.Defined() {
			text = `<i>` + text + `</i>`
		}
	}
	if c.Strong {
		text = "<b>" + text + "</b>"
	}
	return template.HTML(text)
}

// bar draws a value between 0 and 1 with its interval and its gate.
func (c Cell) bar() template.HTML {
	n := c.Number
	if !n.Defined() || n.Unit != "" || n.Value < 0 || n.Value > 1 {
		return ""
	}
	const width, height = 120.0, 14.0
	x := func(v float64) float64 { return 4 + (width-8)*math.Min(1, math.Max(0, v)) }
	var out strings.Builder
	fmt.Fprintf(&out, `<svg class="bar" viewBox="0 0 %g %g" aria-hidden="true"><path d="M4 7H116" stroke="#D0D0D0"/>`, width, height)
	if c.Gate != nil {
		fmt.Fprintf(&out, `<path d="M%.4g 1V13" stroke="#555" stroke-dasharray="2 1.6"/>`, x(*c.Gate))
	}
	if n.Interval.Level > 0 && finite(n.Interval.Low) {
		fmt.Fprintf(&out, `<path d="M%.4g 7H%.4gM%.4g 4V10M%.4g 4V10" stroke="#1F4E79" stroke-width="1.4"/>`, x(n.Interval.Low), x(n.Interval.High), x(n.Interval.Low), x(n.Interval.High))
	}
	fmt.Fprintf(&out, `<rect x="%.4g" y="4" width="6" height="6" fill="#1F4E79"/></svg>`, x(n.Value)-3)
	return template.HTML(out.String())
}

// Class is a matrix cell's look.
func (c Cell) Class() string {
	var out []string
	if c.Frame {
		out = append(out, "frame")
	}
	if c.Count > 0 {
		out = append(out, fmt.Sprintf("s%d", 1+int(math.Min(3, 4*c.Shade))))
	}
	if c.Number != nil && c.Part != barPart || c.Number == nil && len(c.Words) <= 13 {
		out = append(out, "num")
	}
	for _, word := range strings.Fields(c.Words) {
		if len(word) > 34 {
			return strings.Join(append(out, "break"), " ")
		}
	}
	return strings.Join(out, " ")
}
