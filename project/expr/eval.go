package expr

import (
	"math"
	"slices"

	"hotlight/project"
)

// Answer is the result of a condition.
type Answer uint8

// The answers. The zero value is the careful one.
const (
	Unknown Answer = iota // a value that decides is missing
	False
	True
)

func (a Answer) String() string { return [...]string{"unknown", "false", "true"}[a] }

// Value is what a field holds now. The zero value is none.
type Value struct {
	Type   Type // Number, Text or List; empty: there is no value
	Number float64
	Text   string
	List   []string
}

// NumberOf returns a number's value. What is not a number (NaN) is no value: every comparison with it would be false in silence.
func NumberOf(v float64) Value {
	if math.IsNaN(v) {
		return Value{}
	}
	return Value{Type: Number, Number: v}
}

// TextOf returns a text's value.
func TextOf(s string) Value { return Value{Type: Text, Text: s} }

// ListOf returns the value of several answers; none of them is a value too.
func ListOf(s ...string) Value { return Value{Type: List, List: s} }

// missing reports whether there is no value.
func (v Value) missing() bool { return v.Type == "" || v.Type == Number && math.IsNaN(v.Number) }

// Eval evaluates a checked expression. value returns what a field holds now; it is asked for no field that the expression does not name.
// missing are the fields that had no value where one was compared, each once, whether or not the answer depends on them.
// A value of another type than the expression compares it with is an Invalid error.
func (n *Node) Eval(value func(field string) Value) (answer Answer, missing []string, err error) {
	e := evaluation{value: value}
	answer = e.truth(n)
	return answer, e.missing, e.err
}

type evaluation struct {
	value   func(string) Value
	missing []string
	err     error
}

func (e *evaluation) truth(n *Node) Answer {
	switch n.Op {
	case OpNot:
		return not(e.truth(n.Kids[0]))
	case OpAnd, OpOr:
		return e.join(n)
	case OpHas:
		return of(!e.value(n.Text).missing())
	case OpContains:
		v := e.value(n.Text)
		if e.lacks(n, v) || !e.is(n, v, List) {
			return Unknown
		}
		return of(slices.Contains(v.List, n.Kids[0].Text))
	case OpIn, OpEqual, OpUnequal, OpLess, OpAtMost, OpMore, OpAtLeast:
		return e.compare(n)
	}
	e.fail(n, "this is no condition")
	return Unknown
}

func of(b bool) Answer {
	if b {
		return True
	}
	return False
}

// not turns True and False around; Unknown stays.
func not(a Answer) Answer {
	switch a {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

// join is Kleene's: one False makes an and False, one True makes an or True, else one Unknown makes it Unknown. All operands are evaluated, so that
// the missing fields do not depend on the order.
func (e *evaluation) join(n *Node) Answer {
	decides, otherwise := False, True
	if n.Op == OpOr {
		decides, otherwise = True, False
	}
	out := otherwise
	for _, kid := range n.Kids {
		switch a := e.truth(kid); {
		case a == decides:
			out = decides
		case a == Unknown && out != decides:
			out = Unknown
		}
	}
	return out
}

func (e *evaluation) compare(n *Node) Answer {
	left := e.operand(n.Kids[0])
	if n.Op == OpIn {
		if left.missing() {
			return Unknown
		}
		found := false
		for _, kid := range n.Kids[1].Kids {
			right := e.operand(kid)
			if !e.is(kid, right, left.Type) {
				return Unknown
			}
			found = found || same(left, right)
		}
		return of(found)
	}
	right := e.operand(n.Kids[1])
	if left.missing() || right.missing() || !e.is(n, right, left.Type) {
		return Unknown
	}
	switch n.Op {
	case OpEqual:
		return of(same(left, right))
	case OpUnequal:
		return of(!same(left, right))
	}
	if !e.is(n, left, Number) {
		return Unknown
	}
	switch a, b := left.Number, right.Number; n.Op {
	case OpLess:
		return of(a < b)
	case OpAtMost:
		return of(a <= b)
	case OpMore:
		return of(a > b)
	default:
		return of(a >= b)
	}
}

func same(a, b Value) bool {
	if a.Type == Number {
		return a.Number == b.Number
	}
	return a.Text == b.Text
}

// operand returns the value of a literal or a field.
func (e *evaluation) operand(n *Node) Value {
	switch n.Op {
	case OpNumber:
		return NumberOf(n.Number)
	case OpText:
		return TextOf(n.Text)
	case OpField:
		v := e.value(n.Text)
		if e.lacks(n, v) {
			return Value{}
		}
		if v.Type == List {
			e.fail(n, "several answers cannot be compared")
			return Value{}
		}
		return v
	}
	e.fail(n, "a condition cannot be compared")
	return Value{}
}

// lacks notes a missing field.
func (e *evaluation) lacks(n *Node, v Value) bool {
	if !v.missing() {
		return false
	}
	if !slices.Contains(e.missing, n.Text) {
		e.missing = append(e.missing, n.Text)
	}
	return true
}

func (e *evaluation) is(n *Node, v Value, want Type) bool {
	if v.Type != want {
		e.fail(n, "a "+string(want)+" was expected, there is a "+string(v.Type))
	}
	return v.Type == want
}

func (e *evaluation) fail(n *Node, text string) {
	if e.err == nil {
		s := &SyntaxError{Column: n.Column, Text: text}
		e.err = &project.Error{Kind: project.Invalid, Text: s.Error(), Err: s}
	}
}
