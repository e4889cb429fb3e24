package panel

import (
	"bytes"
	"math"
	"slices"

	"hotlight/project"
)

// Answer is one read's answer to one question. Empty of everything: none was given.
type Answer struct {
	Read   project.Hash
	Value  string   // of an enum
	Number *float64 // of a scale or number
	List   []string // of a multi
	Given  bool
}

// FormResult is the consensus on one question, or of one measurement.
type FormResult struct {
	Basis
	Decision
	Each map[string]Decision // of a multi: by value
}

// ResolveAnswers makes the consensus on one question of the study form. expected is how many readers there should have been.
func ResolveAnswers(definition project.Hash, q *project.Question, rule project.LabelRule, answers []Answer, expected int) (*FormResult, error) {
	answers = slices.Clone(answers)
	slices.SortFunc(answers, func(a, b Answer) int { return bytes.Compare(a.Read[:], b.Read[:]) })
	basis, err := newBasis(readsOf(answers), expected, definition, q.ID, rule)
	if err != nil {
		return nil, err
	}
	out := &FormResult{Basis: basis}
	var votes []Vote
	var numbers []float64
	var lists [][]string
	for _, a := range answers {
		votes = append(votes, Vote{Read: a.Read, Answer: a.Value, Given: a.Given})
		if a.Given && a.Number != nil {
			numbers = append(numbers, *a.Number)
		}
		if a.Given && q.Type == project.AnswerMulti {
			lists = append(lists, a.List)
		}
	}
	switch q.Type {
	case project.AnswerEnum:
		out.Decision = Label(rule, q, votes, expected)
	case project.AnswerScale, project.AnswerNumber:
		out.Decision = Scale(rule, numbers, expected)
	case project.AnswerMulti:
		out.multi(Labels(rule, q, lists, expected), len(lists), expected)
	default:
		return nil, project.Errorf(project.Invalid, "study_form.%s: free text has no consensus", q.ID)
	}
	if !q.Required && len(answers) > 0 && !slices.ContainsFunc(answers, func(a Answer) bool { return a.Given }) {
		// The readers agree: all were shown no such question, or left it open.
		out.Agreed, out.Decided, out.Reasons = true, false, []string{"nobody was asked, or answered"}
	}
	return out, nil
}

// multi is agreed when every value is.
func (r *FormResult) multi(each map[string]Decision, n, expected int) {
	r.Each = each
	r.Decision = Decision{Agreed: true, Decided: true, N: n, Missing: max(expected-n, 0), Spread: math.NaN()}
	for _, d := range each {
		r.Decided = r.Decided && d.Decided
		r.Agreed = r.Agreed && d.Agreed
	}
	if !r.Agreed {
		r.Reasons = []string{"the readers differ on a value"}
	}
}

// ResolveMeasurement makes the consensus on one measurement class, matched to one thing.
func ResolveMeasurement(definition project.Hash, class string, rule project.MeasureRule, answers []Answer, expected int) (*FormResult, error) {
	basis, err := newBasis(readsOf(answers), expected, definition, class, rule)
	if err != nil {
		return nil, err
	}
	var values []float64
	for _, a := range answers {
		if a.Given && a.Number != nil {
			values = append(values, *a.Number)
		}
	}
	return &FormResult{Basis: basis, Decision: Measure(rule, values, expected)}, nil
}

func readsOf(answers []Answer) []project.Hash {
	var out []project.Hash
	for _, a := range answers {
		out = append(out, a.Read)
	}
	return out
}
