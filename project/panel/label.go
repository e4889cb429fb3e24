package panel

import (
	"fmt"
	"math"
	"slices"

	"hotlight/project"
)

// Version names the rules as this package executes them. It stands in every result; a change that could change a result changes it.
const Version = "panel/2"

// Vote is one reader's answer to one question.
type Vote struct {
	Read   project.Hash // digest of the signed read that holds it
	Answer string       // Choice.ID; empty: no answer (hidden, or not asked)
	Number float64      // in place of Answer, of a scale or number; see Numeric
	Given  bool         // false: this reader gave no answer
}

// Decision is what a rule makes of several readings of one thing.
type Decision struct {
	Agreed  bool     // false: it goes to the adjudicator
	Decided bool     // there is a value; a disputed decision may have one, as a draft for the adjudicator. Undecided is never a value
	Value   string   // of labels
	Number  float64  // of scales, numbers and measurements
	Reasons []string // why it is disputed, or what must be known of an agreed one
	N       int      // how many answered
	Missing int      // how many did not
	// Spread is the distance between the lowest and the highest answer: steps of the scale, or units. NaN where there is none.
	Spread float64
	Counts map[string]int // of labels: votes for each value
}

func (d *Decision) dispute(format string, args ...any) {
	d.Agreed = false
	d.Reasons = append(d.Reasons, fmt.Sprintf(format, args...))
}

// Label applies rule to the votes on question q, which is an enum. The rule "2+1" wants two votes, or three where the first two differ.
// n is how many readers there should have been; votes of the missing are left out or not Given.
func Label(rule project.LabelRule, q *project.Question, votes []Vote, n int) Decision {
	d := Decision{Agreed: true, Counts: map[string]int{}, Spread: math.NaN()}
	var given []string
	for _, v := range votes {
		if !v.Given || v.Answer == "" {
			continue
		}
		if !slices.Contains(q.IDs(), v.Answer) {
			d.dispute("an answer is not among the values")
			continue
		}
		given = append(given, v.Answer)
		d.Counts[v.Answer]++
	}
	d.N, d.Missing = len(given), max(n-len(given), 0)
	if !d.enough(rule) {
		return d
	}
	scale := q.Scale()
	if !q.Ordinal && rule.Rule != project.RuleWorst {
		scale = nil
	}
	d.place(scale, given)
	d.elect(rule, scale, given, n)
	if rule.MaxSpread != nil && d.Spread > *rule.MaxSpread {
		d.dispute("the answers are %g steps apart, more than %g", d.Spread, *rule.MaxSpread)
	}
	return d
}

// enough notes who is missing and says whether there is anything to decide.
func (d *Decision) enough(rule project.LabelRule) bool {
	if d.N == 0 {
		d.dispute("nobody answered")
		return false
	}
	if d.Missing > 0 {
		d.Reasons = append(d.Reasons, fmt.Sprintf("%d of %d readers gave no answer", d.Missing, d.N+d.Missing))
	}
	if d.N < rule.MinReaders {
		d.dispute("the rule wants %d readers, %d answered", rule.MinReaders, d.N)
		return false
	}
	return true
}

// place finds the spread of the answers on the scale; an answer off the scale leaves it unknown, and a rule that needs it disputed.
func (d *Decision) place(scale, given []string) {
	low, high := math.MaxInt, -1
	for _, v := range given {
		at := slices.Index(scale, v)
		if at < 0 {
			return
		}
		low, high = min(low, at), max(high, at)
	}
	d.Spread = float64(high - low)
}

func (d *Decision) elect(rule project.LabelRule, scale, given []string, n int) {
	top, votes, tie := leader(d.Counts)
	all := votes == d.N
	switch rule.Rule {
	case project.RuleUnanimous, project.RuleAny:
		d.settle(top, all)
		if !all {
			d.dispute("the readers differ")
		}
		if rule.Rule == project.RuleAny && d.Missing > 0 {
			d.dispute("the rule wants every reader's answer")
		}
	case project.RuleTwoPlus:
		d.twoPlusOne(top, votes, all)
	case project.RuleMajority:
		d.settle(top, 2*votes > d.N)
		if !d.Decided {
			d.dispute("no value has more than half of the votes")
		}
	case project.RuleWorst, project.RuleMedian:
		d.byScale(rule.Rule, scale, given)
	default:
		k, of, ok := project.ParseVotes(rule.Rule)
		if !ok {
			d.dispute("the rule %q is not known", rule.Rule)
			return
		}
		need := scaled(k, of, d.N, n)
		d.settle(top, votes >= need && !tie)
		if !d.Decided {
			d.dispute("no single value has %d votes", need)
		}
	}
	if rule.MaxSpread != nil && math.IsNaN(d.Spread) {
		d.dispute("an answer is off the scale, so that the spread is not known")
	}
}

func (d *Decision) settle(value string, decided bool) {
	if decided {
		d.Decided, d.Value = true, value
	}
}

func (d *Decision) twoPlusOne(top string, votes int, all bool) {
	switch {
	case d.N < 2:
		d.dispute("the rule wants two readers, one answered")
	case d.N == 2 && !all:
		d.dispute("the two readers differ: a third is wanted")
	case d.N <= 3:
		d.settle(top, 2*votes > d.N)
		if !d.Decided {
			d.dispute("all three readers differ")
		}
	default:
		d.dispute("the rule wants two or three readers, %d answered", d.N)
	}
}

func (d *Decision) byScale(rule string, scale, given []string) {
	if math.IsNaN(d.Spread) {
		d.dispute("an answer is off the scale")
		return
	}
	var at []int
	for _, v := range given {
		at = append(at, slices.Index(scale, v))
	}
	slices.Sort(at)
	low, high := (len(at)-1)/2, len(at)/2
	if rule == project.RuleWorst {
		low, high = len(at)-1, len(at)-1
	}
	d.settle(scale[at[low]], at[low] == at[high])
	if !d.Decided {
		d.dispute("the middle lies between %s and %s", scale[at[low]], scale[at[high]])
	}
}

// leader returns the value with the most votes, and whether another has as many. Which of those is returned then means nothing.
func leader(counts map[string]int) (top string, votes int, tie bool) {
	for value, n := range counts {
		switch {
		case n > votes:
			top, votes, tie = value, n, false
		case n == votes:
			tie = true
		}
	}
	return top, votes, tie
}

// scaled returns k of n votes for the readers who are there: the same share, rounded up, at least 1.
func scaled(k, n, present, expected int) int {
	if present >= expected || present >= n {
		return k
	}
	return max(1, (k*present+n-1)/n)
}

// Labels applies rule to each value of a multi question on its own, as present or absent. answers holds one list a reader who answered.
// It returns a Decision by value, whose Value is "yes" or "no".
func Labels(rule project.LabelRule, q *project.Question, answers [][]string, n int) map[string]Decision {
	yesNo := &project.Question{ID: q.ID, Type: project.AnswerEnum, Values: []project.Choice{{ID: "no"}, {ID: "yes"}}}
	rule.MaxSpread = nil
	out := map[string]Decision{}
	for _, value := range q.IDs() {
		var votes []Vote
		for _, list := range answers {
			v := Vote{Answer: "no", Given: true}
			if slices.Contains(list, value) {
				v.Answer = "yes"
			}
			votes = append(votes, v)
		}
		out[value] = Label(rule, yesNo, votes, n)
	}
	return out
}
