package expr

import (
	"strconv"
	"strings"
)

// Op says what a Node does.
type Op string

// The kinds of nodes.
const (
	OpField    Op = "field"
	OpNumber   Op = "number"
	OpText     Op = "text"
	OpList     Op = "list" // of literals; the right side of in
	OpHas      Op = "has"
	OpContains Op = "contains"
	OpNot      Op = "not"
	OpAnd      Op = "and" // of two operands or more
	OpOr       Op = "or"
	OpIn       Op = "in"
	OpEqual    Op = "=="
	OpUnequal  Op = "!="
	OpLess     Op = "<"
	OpAtMost   Op = "<="
	OpMore     Op = ">"
	OpAtLeast  Op = ">="
)

// Node is one place of the tree.
type Node struct {
	Op     Op
	Column int     // where it starts in the source, in characters from 1; of a comparison: its operator
	Text   string  // of OpText: the text; of OpField, OpHas and OpContains: the field
	Number float64 // of OpNumber
	Kids   []*Node // operands; of OpContains the text sought
}

// String writes the node so that Parse gives the same tree again. Not fully parenthesised: only where it must be.
func (n *Node) String() string {
	var b strings.Builder
	n.write(&b, 0)
	return b.String()
}

// binding is how tightly a node holds its operands together: an operand that holds less needs parentheses.
func (n *Node) binding() int {
	switch n.Op {
	case OpOr:
		return 1
	case OpAnd:
		return 2
	case OpNot:
		return 3
	case OpIn, OpEqual, OpUnequal, OpLess, OpAtMost, OpMore, OpAtLeast:
		return 4
	}
	return 5
}

func (n *Node) write(b *strings.Builder, around int) {
	if n.binding() < around {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.Op {
	case OpField:
		b.WriteString(n.Text)
	case OpNumber:
		b.WriteString(strconv.FormatFloat(n.Number, 'f', -1, 64))
	case OpText:
		b.WriteString(quote(n.Text))
	case OpHas:
		b.WriteString("has(" + n.Text + ")")
	case OpContains:
		b.WriteString("contains(" + n.Text + ", " + quote(n.Kids[0].Text) + ")")
	case OpList:
		b.WriteByte('[')
		n.join(b, ", ", 5)
		b.WriteByte(']')
	case OpNot:
		b.WriteString("not ")
		n.Kids[0].write(b, 3)
	default:
		n.join(b, " "+string(n.Op)+" ", n.binding()+1)
	}
}

func (n *Node) join(b *strings.Builder, between string, around int) {
	for i, kid := range n.Kids {
		if i > 0 {
			b.WriteString(between)
		}
		kid.write(b, around)
	}
}

// quote picks the quotes that the text does not contain: it came from a source that had one of the two.
func quote(s string) string {
	if strings.Contains(s, "'") {
		return `"` + s + `"`
	}
	return "'" + s + "'"
}

// Fields returns the fields that the expression names, each once, in the order of their first mention.
func (n *Node) Fields() []string {
	var out []string
	seen := map[string]bool{}
	n.walk(func(k *Node) {
		switch k.Op {
		case OpField, OpHas, OpContains:
			if !seen[k.Text] {
				seen[k.Text] = true
				out = append(out, k.Text)
			}
		}
	})
	return out
}

func (n *Node) walk(visit func(*Node)) {
	visit(n)
	for _, kid := range n.Kids {
		kid.walk(visit)
	}
}
