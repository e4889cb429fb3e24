package report

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"hotlight/project/metrics"
)

// Number is one figure of the report with everything that is needed to trace and to repeat it.
type Number struct {
	// ID says what it is, in one line: "segments/liver/dice/median/pairs", "segments/liver/dice/median/R1:R2/modality=CT". It is the same in HTML, CSV and JSON.
	ID         string
	Section    string // segments, lesions, form, measurements, roc, froc, repeats, effort, flow
	Subject    string // Class.ID or Question.ID; empty of the whole
	Metric     string // as gates name it: dice, weighted_kappa_quadratic ...
	Stat       string // mean, median, p10 ... of values by unit; empty where the metric is one number
	Comparison string // who with whom: "all pairs", "R1:R2", "R1:reference"
	Stratum    string // "modality=CT"; empty: all
	Unit       string // mm, ml, %, min; empty: a pure number
	Units      string // what N counts: studies, lesions, pairs of marks
	Patients   int    // how many patients these come from
	Digits     int    // places that tables show
	metrics.Result
}

// Text is the value as tables show it; the status where there is none.
func (n *Number) Text() string {
	if !n.Defined() || math.IsNaN(n.Value) {
		return strings.ReplaceAll(string(n.Status), "_", " ")
	}
	return shown(n.Value, n.Digits)
}

// Range is the interval as tables show it, or why there is none.
func (n *Number) Range() string {
	switch {
	case n.Interval.Level > 0 && finite(n.Interval.Low) && finite(n.Interval.High):
		return shown(n.Interval.Low, n.Digits) + " to " + shown(n.Interval.High, n.Digits)
	case n.Defined() && n.Interval.Method != "":
		return "none"
	}
	return "–"
}

// shown writes v with a true minus.
func shown(v float64, digits int) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-") // no minus zero
	}
	return strings.Replace(text, "-", "−", 1)
}

// exact is how CSV, JSON and the table of all numbers write a value: six significant digits, enough for everything that is measured here; empty for what is not a number.
func exact(v float64) string {
	if !finite(v) {
		return ""
	}
	text := strconv.FormatFloat(v, 'g', 6, 64)
	if text == "-0" {
		return "0"
	}
	if strings.Contains(text, "e") {
		text = strconv.FormatFloat(parsed(text), 'f', -1, 64)
	}
	return text
}

func parsed(text string) float64 {
	v, _ := strconv.ParseFloat(text, 64)
	return v
}

// Row is the number as the columns of numbers.csv.
func (n *Number) Row() []string {
	value := ""
	if n.Defined() {
		value = exact(n.Value)
	}
	low, high, level := "", "", ""
	if n.Interval.Level > 0 {
		low, high, level = exact(n.Interval.Low), exact(n.Interval.High), exact(n.Interval.Level)
	}
	return []string{n.ID, n.Section, n.Subject, n.Metric, n.Stat, n.Comparison, n.Stratum, value, n.Unit, string(n.Status), strconv.Itoa(n.N), n.Units, blankZero(n.Patients),
		excludedText(n.Excluded), low, high, level, n.Interval.Method, n.Method, n.Definition}
}

// blankZero: a count has no patients.
func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Columns are the heads of numbers.csv.
var Columns = []string{"id", "section", "subject", "metric", "stat", "comparison", "stratum", "value", "unit", "status", "n", "units", "patients",
	"excluded", "ci_low", "ci_high", "ci_level", "ci_method", "method", "definition"}

func excludedText(list []metrics.Exclusion) string {
	var out []string
	for _, e := range list {
		out = append(out, strconv.Itoa(e.N)+" "+strings.ReplaceAll(e.Reason, "_", " "))
	}
	return strings.Join(out, "; ")
}

// MarshalJSON writes the columns by name; numbers as numbers, what is not there as null.
func (n *Number) MarshalJSON() ([]byte, error) {
	row, out := n.Row(), map[string]any{}
	for c, name := range Columns {
		switch name {
		case "value", "ci_low", "ci_high", "ci_level", "n", "patients":
			if row[c] == "" {
				out[name] = nil
			} else {
				out[name] = json.Number(row[c])
			}
		default:
			out[name] = row[c]
		}
	}
	return json.Marshal(out)
}

// ledger is the numbers in the order in which they were made.
type ledger struct {
	list []*Number
	byID map[string]*Number
}

// add files a number under its id. Two numbers of one id are a bug.
func (l *ledger) add(n Number) *Number {
	parts := []string{n.Section}
	for _, p := range []string{n.Subject, n.Metric, n.Stat, strings.ReplaceAll(n.Comparison, " ", "_"), n.Stratum} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	n.ID = strings.Join(parts, "/")
	if l.byID[n.ID] != nil {
		panic("report: number twice: " + n.ID)
	}
	if l.byID == nil {
		l.byID = map[string]*Number{}
	}
	p := &n
	l.list, l.byID[n.ID] = append(l.list, p), p
	return p
}

// count is a plain number of things.
func count(section, subject, metric string, v int, units string) Number {
	return Number{Section: section, Subject: subject, Metric: metric, Units: units, Result: metrics.Result{Value: float64(v), Status: metrics.OK, N: v, Method: "count"}}
}
