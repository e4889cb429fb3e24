package panel

import (
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/expr"
)

// Measure takes the median of the readers' values of one thing. Values that are not finite are missing. Of an even number it is the mean of the two
// in the middle. n is how many readers there should have been.
func Measure(rule project.MeasureRule, values []float64, n int) Decision {
	d := Decision{Agreed: true, Spread: math.NaN()}
	var given []float64
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			given = append(given, v)
		}
	}
	d.N, d.Missing = len(given), max(n-len(given), 0)
	if !d.enough(project.LabelRule{MinReaders: rule.MinReaders}) {
		return d
	}
	slices.Sort(given)
	d.Decided = true
	d.Number = (given[(len(given)-1)/2] + given[len(given)/2]) / 2
	d.Spread = given[len(given)-1] - given[0]
	facts := map[string]float64{"abs_range": d.Spread, "readers": float64(d.N), "rel_range": math.NaN()}
	switch {
	case d.Number != 0:
		facts["rel_range"] = d.Spread / math.Abs(d.Number)
	case d.Spread == 0:
		facts["rel_range"] = 0
	}
	d.gate(rule.AdjudicateIf, facts)
	return d
}

// Scale applies rule to the answers of a scale or number question: median, worst (the highest), or any rule by votes on equal numbers.
func Scale(rule project.LabelRule, values []float64, n int) Decision {
	d := Measure(project.MeasureRule{Rule: project.RuleMedian, MinReaders: rule.MinReaders}, values, n)
	if !d.Decided {
		return d
	}
	if rule.Rule != project.RuleMedian {
		d.voteOnNumbers(rule, values, n)
	}
	if rule.MaxSpread != nil && d.Spread > *rule.MaxSpread {
		d.dispute("the answers are %g apart, more than %g", d.Spread, *rule.MaxSpread)
	}
	return d
}

// voteOnNumbers elects among the distinct numbers.
func (d *Decision) voteOnNumbers(rule project.LabelRule, values []float64, n int) {
	given := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	slices.Sort(given)
	if rule.Rule == project.RuleWorst {
		d.Number = given[len(given)-1]
		return
	}
	q := &project.Question{Type: project.AnswerEnum}
	numbers := map[string]float64{}
	var votes []Vote
	for _, v := range given {
		id := expr.Node{Op: expr.OpNumber, Number: v}
		if _, seen := numbers[id.String()]; !seen {
			q.Values = append(q.Values, project.Choice{ID: id.String()})
		}
		numbers[id.String()] = v
		votes = append(votes, Vote{Answer: id.String(), Given: true})
	}
	rule.MaxSpread = nil
	elected := Label(rule, q, votes, n)
	d.Agreed, d.Decided, d.Reasons, d.Number, d.Counts = elected.Agreed, elected.Decided, elected.Reasons, 0, elected.Counts
	if elected.Decided {
		d.Number = numbers[elected.Value]
	}
}

// gate applies a condition to the facts. True disputes; so does Unknown, since a number that a gate needs and that is not there must not pass it.
func (d *Decision) gate(condition string, facts map[string]float64) {
	if condition == "" {
		return
	}
	fields := map[string]expr.Field{}
	for name := range facts {
		fields[name] = expr.Field{Type: expr.Number}
	}
	tree, err := expr.Parse(condition)
	if err == nil {
		err = tree.Check(fields)
	}
	if err != nil {
		d.dispute("the gate cannot be read: %v", err)
		return
	}
	answer, missing, err := tree.Eval(func(name string) expr.Value { return expr.NumberOf(facts[name]) })
	switch {
	case err != nil:
		d.dispute("the gate cannot be read: %v", err)
	case answer == expr.True:
		d.dispute("adjudicate if %s", condition)
	case answer == expr.Unknown:
		d.dispute("adjudicate if %s: not known: %v", condition, missing)
	}
}
