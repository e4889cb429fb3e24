package expr

import (
	"fmt"
	"slices"
	"strings"

	"hotlight/project"
)

// Type is what a field holds or a node gives.
type Type string

// The types.
const (
	Number Type = "number"
	Text   Type = "text"
	List   Type = "list"      // several texts: contains asks for one of them
	Truth  Type = "condition" // of comparisons and what joins them; no field has it
)

// Field is a field that an expression may name.
type Field struct {
	Type Type
	// Values are the texts that the field can have, or nil if it may have any. Comparing it with another is a typing mistake and an error.
	Values []string
}

// Check returns an Invalid error, wrapping a *SyntaxError, if the expression names a field that is not declared, compares what cannot be
// compared, or is no condition as a whole.
func (n *Node) Check(fields map[string]Field) error {
	t, err := n.check(fields)
	if err == nil && t != Truth {
		err = n.wrong("this is a %s, not a condition; compare it with something", t)
	}
	return err
}

func (n *Node) wrong(format string, args ...any) error {
	e := &SyntaxError{Column: n.Column, Text: fmt.Sprintf(format, args...)}
	return &project.Error{Kind: project.Invalid, Text: e.Error(), Err: e}
}

func (n *Node) check(fields map[string]Field) (Type, error) {
	switch n.Op {
	case OpNumber:
		return Number, nil
	case OpText:
		return Text, nil
	case OpField, OpHas, OpContains:
		return n.checkField(fields)
	case OpNot, OpAnd, OpOr:
		for _, kid := range n.Kids {
			t, err := kid.check(fields)
			if err != nil {
				return "", err
			}
			if t != Truth {
				return "", kid.wrong("%s joins conditions, this is a %s", n.Op, t)
			}
		}
		return Truth, nil
	}
	return Truth, n.checkComparison(fields)
}

func (n *Node) checkField(fields map[string]Field) (Type, error) {
	f, ok := fields[n.Text]
	switch {
	case !ok:
		return "", n.wrong("there is no field %q here; there are: %s", n.Text, names(fields))
	case n.Op == OpField:
		return f.Type, nil
	case n.Op == OpContains && f.Type != List:
		return "", n.wrong("contains asks a field with several answers, %q is a %s", n.Text, f.Type)
	case n.Op == OpContains:
		return Truth, n.Kids[0].among(n.Text, f)
	}
	return Truth, nil
}

// names lists the declared fields for an error, in a fixed order and not without end.
func names(fields map[string]Field) string {
	var all []string
	for name := range fields {
		all = append(all, name)
	}
	slices.Sort(all)
	if len(all) > 12 {
		all = append(all[:12], "...")
	}
	return strings.Join(all, ", ")
}

func (n *Node) checkComparison(fields map[string]Field) error {
	left, err := n.Kids[0].check(fields)
	if err != nil {
		return err
	}
	if left == List || left == Truth {
		return n.Kids[0].wrong("a %s cannot be compared", left)
	}
	others := n.Kids[1:]
	if n.Op == OpIn {
		others = n.Kids[1].Kids
	}
	for _, kid := range others {
		right, err := kid.check(fields)
		if err != nil {
			return err
		}
		if right != left {
			return kid.wrong("a %s is compared with a %s", left, right)
		}
		if err := n.checkValues(kid, fields); err != nil {
			return err
		}
	}
	if left != Number && n.Op != OpIn && n.Op != OpEqual && n.Op != OpUnequal {
		return n.wrong("%s compares numbers only", n.Op)
	}
	return nil
}

// checkValues catches a text that the field on the other side can never have.
func (n *Node) checkValues(kid *Node, fields map[string]Field) error {
	left := n.Kids[0]
	switch {
	case left.Op == OpField:
		return kid.among(left.Text, fields[left.Text])
	case kid.Op == OpField:
		return left.among(kid.Text, fields[kid.Text])
	}
	return nil
}

func (n *Node) among(field string, f Field) error {
	if n.Op == OpText && f.Values != nil && !slices.Contains(f.Values, n.Text) {
		return n.wrong("%q is not among the values of %s: %s", n.Text, field, strings.Join(f.Values, ", "))
	}
	return nil
}
