package panel

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"hotlight/project"
)

func f64(v float64) *float64 { return &v }

// lungrads is ordinal with 0 off its scale.
var lungrads = &project.Question{ID: "lungrads", Type: project.AnswerEnum, Ordinal: true, Values: []project.Choice{{ID: "0"}, {ID: "1"}, {ID: "2"}, {ID: "3"}, {ID: "4A"}}, Order: []string{"1", "2", "3", "4A"}}

// votes makes one vote a word; "-" gave no answer.
func votes(words string) []Vote {
	var out []Vote
	for n, w := range strings.Fields(words) {
		out = append(out, Vote{Read: project.Hash{byte(n + 1)}, Answer: w, Given: w != "-"})
	}
	return out
}

func TestLabels(t *testing.T) {
	for name, c := range map[string]struct {
		rule    project.LabelRule
		votes   string
		want    string // "?" undecided
		agreed  bool
		missing int
	}{
		"more than half":                      {project.LabelRule{Rule: "majority"}, "2 2 3", "2", true, 0},
		"all alike":                           {project.LabelRule{Rule: "majority"}, "2 2 2", "2", true, 0},
		"three ways is no majority":           {project.LabelRule{Rule: "majority"}, "1 2 3", "?", false, 0},
		"half is no majority":                 {project.LabelRule{Rule: "majority"}, "1 1 2 2", "?", false, 0},
		"a missing reader: of those present":  {project.LabelRule{Rule: "majority"}, "2 2 -", "2", true, 1},
		"a missing reader, and a tie":         {project.LabelRule{Rule: "majority"}, "2 3 -", "?", false, 1},
		"too few readers":                     {project.LabelRule{Rule: "majority", MinReaders: 3}, "2 2 -", "?", false, 1},
		"nobody answered":                     {project.LabelRule{Rule: "majority"}, "- - -", "?", false, 3},
		"a majority too far apart":            {project.LabelRule{Rule: "majority", MaxSpread: f64(1)}, "1 1 3", "1", false, 0},
		"a majority a step apart":             {project.LabelRule{Rule: "majority", MaxSpread: f64(1)}, "1 1 2", "1", true, 0},
		"off the scale the spread is unknown": {project.LabelRule{Rule: "majority", MaxSpread: f64(1)}, "1 1 0", "1", false, 0},
		"unanimous":                           {project.LabelRule{Rule: "unanimous"}, "2 2 2", "2", true, 0},
		"one differs":                         {project.LabelRule{Rule: "unanimous"}, "2 2 3", "?", false, 0},
		"unanimous without one":               {project.LabelRule{Rule: "unanimous"}, "2 2 -", "2", true, 1},
		"any disagreement":                    {project.LabelRule{Rule: project.RuleAny}, "2 2 3", "?", false, 0},
		"any disagreement, one missing":       {project.LabelRule{Rule: project.RuleAny}, "2 2 -", "2", false, 1},
		"2 of 3":                              {project.LabelRule{Rule: "2 of 3"}, "2 3 2", "2", true, 0},
		"2 of 3 with none":                    {project.LabelRule{Rule: "2 of 3"}, "2 3 1", "?", false, 0},
		"2 of 3 with two there: both":         {project.LabelRule{Rule: "2 of 3"}, "2 3 -", "?", false, 1},
		"2 of 4 that two values have":         {project.LabelRule{Rule: "2 of 4"}, "2 2 3 3", "?", false, 0},
		"3 of 5 with four there: three":       {project.LabelRule{Rule: "3 of 5"}, "2 2 2 3 -", "2", true, 1},
		"the worst":                           {project.LabelRule{Rule: "worst"}, "1 4A 2", "4A", true, 0},
		"the worst with one off the scale":    {project.LabelRule{Rule: "worst"}, "1 0 2", "?", false, 0},
		"the middle":                          {project.LabelRule{Rule: "median"}, "1 3 2", "2", true, 0},
		"the middle of four, alike":           {project.LabelRule{Rule: "median"}, "1 2 2 4A", "2", true, 0},
		"the middle of four, not alike":       {project.LabelRule{Rule: "median"}, "1 2 3 4A", "?", false, 0},
		"the middle, too far apart":           {project.LabelRule{Rule: "median", MaxSpread: f64(2)}, "1 3 4A", "3", false, 0},
		"2+1: the two agree":                  {project.LabelRule{Rule: "2+1"}, "2 2", "2", true, 0},
		"2+1: the two differ":                 {project.LabelRule{Rule: "2+1"}, "2 3", "?", false, 0},
		"2+1: the third decides":              {project.LabelRule{Rule: "2+1"}, "2 3 3", "3", true, 0},
		"2+1: all differ":                     {project.LabelRule{Rule: "2+1"}, "2 3 1", "?", false, 0},
		"2+1: one alone":                      {project.LabelRule{Rule: "2+1"}, "2", "?", false, 0},
		"an answer that is no value":          {project.LabelRule{Rule: "majority"}, "2 2 9", "2", false, 1},
		"a rule that is not known":            {project.LabelRule{Rule: "best"}, "2 2 2", "?", false, 0},
	} {
		list := votes(c.votes)
		d := Label(c.rule, lungrads, list, len(list))
		got := "?"
		if d.Decided {
			got = d.Value
		}
		if got != c.want || d.Agreed != c.agreed || d.Missing != c.missing || !d.Agreed && len(d.Reasons) == 0 || !d.Decided && d.Value != "" {
			t.Errorf("%s: got %s, agreed %v, missing %d %q; want %s, %v, %d", name, got, d.Agreed, d.Missing, d.Reasons, c.want, c.agreed, c.missing)
		}
	}
}

func TestWorstWithoutAnOrderIsTheLastListed(t *testing.T) {
	q := &project.Question{Type: project.AnswerEnum, Values: []project.Choice{{ID: "good"}, {ID: "limited"}, {ID: "bad"}}}
	if d := Label(project.LabelRule{Rule: "worst"}, q, votes("limited good good"), 3); d.Value != "limited" || !d.Agreed {
		t.Errorf("%+v", d)
	}
}

func TestAMultiIsDecidedValueByValue(t *testing.T) {
	q := &project.Question{Type: project.AnswerMulti, Values: []project.Choice{{ID: "x"}, {ID: "y"}, {ID: "z"}}}
	got := Labels(project.LabelRule{Rule: "majority"}, q, [][]string{{"x"}, {"x", "y"}, {}, {"y", "x"}}, 4)
	if got["x"].Value != "yes" || got["y"].Decided || got["z"].Value != "no" {
		t.Errorf("%+v", got)
	}
}

func TestMeasurements(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		values []float64
		gate   string
		want   float64 // NaN: undecided
		agreed bool
	}{
		"the middle of three":             {[]float64{10, 14, 11}, "rel_range > 0.50", 11, true},
		"the mean of the middle two":      {[]float64{10, 12}, "", 11, true},
		"too far apart":                   {[]float64{10, 14, 11}, "rel_range > 0.20", 11, false}, // 4/11
		"just not too far":                {[]float64{10, 12, 11}, "abs_range > 2", 11, true},
		"one is not a number":             {[]float64{10, nan, 12}, "", 11, true},
		"none":                            {[]float64{nan}, "", nan, false},
		"relative to nothing":             {[]float64{-1, 0, 1}, "rel_range > 0.2", 0, false}, // not known, so not passed
		"all zero":                        {[]float64{0, 0, 0}, "rel_range > 0.2", 0, true},
		"a gate on a number that is not":  {[]float64{1, 1}, "spread > 1", 1, false},
		"a gate on how many":              {[]float64{1, 1}, "readers < 3", 1, false},
		"negative values are no problem":  {[]float64{-10, -11, -12}, "rel_range > 0.2", -11, true}, // 2/11
		"infinite values are not counted": {[]float64{math.Inf(1), 5, 5}, "", 5, true},
	} {
		d := Measure(project.MeasureRule{Rule: "median", AdjudicateIf: c.gate}, c.values, len(c.values))
		got := nan
		if d.Decided {
			got = d.Number
		}
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) || d.Agreed != c.agreed {
			t.Errorf("%s: got %g, agreed %v %q, want %g, %v", name, got, d.Agreed, d.Reasons, c.want, c.agreed)
		}
	}
}

func TestScales(t *testing.T) {
	for name, c := range map[string]struct {
		rule   project.LabelRule
		values []float64
		want   float64
		agreed bool
	}{
		"median":          {project.LabelRule{Rule: "median"}, []float64{1, 5, 2}, 2, true},
		"too far apart":   {project.LabelRule{Rule: "median", MaxSpread: f64(3)}, []float64{1, 5, 2}, 2, false},
		"worst":           {project.LabelRule{Rule: "worst"}, []float64{1, 5, 2}, 5, true},
		"majority":        {project.LabelRule{Rule: "majority"}, []float64{1, 2, 2}, 2, true},
		"no majority":     {project.LabelRule{Rule: "majority"}, []float64{1, 2, 3}, 0, false},
		"2 of 3, decimal": {project.LabelRule{Rule: "2 of 3"}, []float64{0.5, 0.5, 3}, 0.5, true},
	} {
		if d := Scale(c.rule, c.values, len(c.values)); d.Number != c.want || d.Agreed != c.agreed {
			t.Errorf("%s: got %g, %v %q", name, d.Number, d.Agreed, d.Reasons)
		}
	}
}

// Whoever stands first in the list must not matter.
func TestTheOrderOfReadersChangesNoLabel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rules := []string{"majority", "unanimous", project.RuleAny, "worst", "median", "2+1", "2 of 3", "2 of 4", "3 of 5"}
	values := []string{"0", "1", "2", "3", "4A", "-"}
	for range 2000 {
		rule := project.LabelRule{Rule: rules[rng.IntN(len(rules))], MaxSpread: []*float64{nil, f64(1)}[rng.IntN(2)]}
		var list []Vote
		for range 1 + rng.IntN(5) {
			v := values[rng.IntN(len(values))]
			list = append(list, Vote{Answer: v, Given: v != "-"})
		}
		want := Label(rule, lungrads, list, len(list))
		want.Spread = 0 // NaN equals nothing
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		got := Label(rule, lungrads, list, len(list))
		got.Spread = 0
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v of %v: got %+v, want %+v", rule, list, got, want)
		}
	}
}
