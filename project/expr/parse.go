package expr

import "strconv"

// Parse reads an expression. Errors are Invalid, wrap a *SyntaxError and name the column. That the fields exist and that the types fit is
// Check's.
func Parse(source string) (*Node, error) {
	tokens, err := scan(source)
	if err != nil {
		return nil, err
	}
	p := &parser{source: source, tokens: tokens}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.unexpected(t, "and, or, or the end")
	}
	return n, nil
}

type parser struct {
	source string
	tokens []token
	next   int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != end {
		p.next++
	}
	return t
}

// accept takes the next token if it is this symbol or keyword.
func (p *parser) accept(kind tokenKind, lit string) (token, bool) {
	t := p.peek()
	if t.kind != kind || t.lit != lit {
		return t, false
	}
	return p.take(), true
}

func (p *parser) expect(kind tokenKind, lit string) error {
	if t, ok := p.accept(kind, lit); !ok {
		return p.unexpected(t, strconv.Quote(lit))
	}
	return nil
}

func (p *parser) unexpected(t token, wanted string) error {
	return fail(p.source, t.at, "found "+t.shown()+", wanted "+wanted)
}

func (p *parser) column(t token) int { return 1 + len([]rune(p.source[:t.at])) }

// enter counts a level of nesting; the caller leaves it again.
func (p *parser) enter(t token) error {
	if p.depth++; p.depth > MaxDepth {
		return fail(p.source, t.at, "nested more than "+strconv.Itoa(MaxDepth)+" deep")
	}
	return nil
}

func (p *parser) or() (*Node, error) { return p.chain("or", OpOr, p.and) }

func (p *parser) and() (*Node, error) { return p.chain("and", OpAnd, p.not) }

// chain reads operands that stand between the same keyword into one node, or the one operand itself.
func (p *parser) chain(word string, op Op, operand func() (*Node, error)) (*Node, error) {
	first, err := operand()
	if err != nil {
		return nil, err
	}
	out := &Node{Op: op, Kids: []*Node{first}}
	for {
		t, ok := p.accept(keyword, word)
		if !ok {
			break
		}
		kid, err := operand()
		if err != nil {
			return nil, err
		}
		if out.Column == 0 {
			out.Column = p.column(t)
		}
		out.Kids = append(out.Kids, kid)
	}
	if len(out.Kids) == 1 {
		return first, nil
	}
	return out, nil
}

func (p *parser) not() (*Node, error) {
	t, ok := p.accept(keyword, "not")
	if !ok {
		return p.comparison()
	}
	if err := p.enter(t); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	kid, err := p.not()
	if err != nil {
		return nil, err
	}
	return &Node{Op: OpNot, Column: p.column(t), Kids: []*Node{kid}}, nil
}

func (p *parser) comparison() (*Node, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	if t.kind == keyword && (t.lit == "in" || t.lit == "not") {
		return p.in(left)
	}
	if t.kind != symbol {
		return left, nil
	}
	switch op := Op(t.lit); op {
	case OpEqual, OpUnequal, OpLess, OpAtMost, OpMore, OpAtLeast:
		p.take()
		right, err := p.operand()
		if err != nil {
			return nil, err
		}
		return &Node{Op: op, Column: p.column(t), Kids: []*Node{left, right}}, nil
	}
	return left, nil
}

// in reads "in list" or "not in list" behind its left side.
func (p *parser) in(left *Node) (*Node, error) {
	negation, negated := p.accept(keyword, "not")
	t := p.peek()
	if err := p.expect(keyword, "in"); err != nil {
		return nil, err
	}
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	n := &Node{Op: OpIn, Column: p.column(t), Kids: []*Node{left, list}}
	if negated {
		n = &Node{Op: OpNot, Column: p.column(negation), Kids: []*Node{n}}
	}
	return n, nil
}

func (p *parser) list() (*Node, error) {
	n := &Node{Op: OpList, Column: p.column(p.peek())}
	if err := p.expect(symbol, "["); err != nil {
		return nil, err
	}
	for {
		t := p.take()
		if t.kind != number && t.kind != text {
			return nil, p.unexpected(t, "a number or a text")
		}
		if n.Kids = append(n.Kids, p.literal(t)); len(n.Kids) > MaxList {
			return nil, fail(p.source, t.at, "a list has at most "+strconv.Itoa(MaxList)+" entries")
		}
		if _, more := p.accept(symbol, ","); !more {
			return n, p.expect(symbol, "]")
		}
	}
}

func (p *parser) literal(t token) *Node {
	if t.kind == number {
		return &Node{Op: OpNumber, Column: p.column(t), Number: t.num}
	}
	return &Node{Op: OpText, Column: p.column(t), Text: t.lit}
}

func (p *parser) operand() (*Node, error) {
	t := p.take()
	switch {
	case t.kind == number || t.kind == text:
		return p.literal(t), nil
	case t.kind == name && p.peek().kind == symbol && p.peek().lit == "(":
		return p.call(t)
	case t.kind == name:
		return &Node{Op: OpField, Column: p.column(t), Text: t.lit}, nil
	case t.kind == symbol && t.lit == "(":
		if err := p.enter(t); err != nil {
			return nil, err
		}
		defer func() { p.depth-- }()
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		return n, p.expect(symbol, ")")
	}
	return nil, p.unexpected(t, "a field, a number, a text or (")
}

// call reads has(field) or contains(field, text); there are no others.
func (p *parser) call(t token) (*Node, error) {
	op := Op(t.lit)
	if op != OpHas && op != OpContains {
		return nil, fail(p.source, t.at, strconv.Quote(t.lit)+" is not known here; there are has(field) and contains(field, text)")
	}
	p.take()
	field := p.take()
	if field.kind != name {
		return nil, p.unexpected(field, "a field")
	}
	n := &Node{Op: op, Column: p.column(t), Text: field.lit}
	if op == OpContains {
		if err := p.expect(symbol, ","); err != nil {
			return nil, err
		}
		sought := p.take()
		if sought.kind != text {
			return nil, p.unexpected(sought, "a text")
		}
		n.Kids = []*Node{p.literal(sought)}
	}
	return n, p.expect(symbol, ")")
}
