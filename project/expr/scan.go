package expr

import (
	"strconv"
	"strings"

	"hotlight/project"
)

// The limits of an expression.
const (
	MaxLength = 1000 // bytes
	MaxDepth  = 32   // nested parentheses and nots
	MaxList   = 100  // literals in one list
)

// SyntaxError is the cause of every Invalid error of Parse and Check.
type SyntaxError struct {
	Column int // of the character, from 1
	Text   string
}

func (e *SyntaxError) Error() string { return "column " + strconv.Itoa(e.Column) + ": " + e.Text }

// fail returns an Invalid error at the byte offset at.
func fail(source string, at int, text string) error {
	e := &SyntaxError{Column: 1 + len([]rune(source[:min(at, len(source))])), Text: text}
	return &project.Error{Kind: project.Invalid, Text: e.Error(), Err: e}
}

type tokenKind uint8

const (
	end tokenKind = iota
	number
	text
	name    // a field, or has, contains
	keyword // and, or, not, in
	symbol  // == != < <= > >= ( ) [ ] ,
)

// token is a word of the source. lit is the symbol, the keyword, the name, the text without its quotes or the number as written.
type token struct {
	kind tokenKind
	at   int // byte offset
	lit  string
	num  float64
}

// shown is how an error names the token.
func (t token) shown() string {
	switch t.kind {
	case end:
		return "the end"
	case text:
		return "the text " + strconv.Quote(t.lit)
	}
	return strconv.Quote(t.lit)
}

// scan cuts the source into tokens; the last one is of kind end.
func scan(source string) ([]token, error) {
	if len(source) > MaxLength {
		return nil, fail(source, MaxLength, "an expression has at most "+strconv.Itoa(MaxLength)+" bytes")
	}
	var out []token
	for at := 0; at < len(source); {
		c := source[at]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			at++
			continue
		}
		t, err := scanOne(source, at)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		at = t.at + length(t)
	}
	return append(out, token{kind: end, at: len(source)}), nil
}

// length is how many bytes of the source a token took.
func length(t token) int {
	if t.kind == text {
		return len(t.lit) + 2
	}
	return len(t.lit)
}

func scanOne(source string, at int) (token, error) {
	c := source[at]
	switch {
	case c == '\'' || c == '"':
		n := strings.IndexByte(source[at+1:], c)
		if n < 0 {
			return token{}, fail(source, at, "the text that starts here does not end")
		}
		return token{kind: text, at: at, lit: source[at+1 : at+1+n]}, nil
	case isDigit(c) || c == '-' && at+1 < len(source) && isDigit(source[at+1]):
		return scanNumber(source, at)
	case isLetter(c):
		return scanName(source, at), nil
	}
	for _, s := range [...]string{"==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ","} {
		if strings.HasPrefix(source[at:], s) {
			return token{kind: symbol, at: at, lit: s}, nil
		}
	}
	return token{}, fail(source, at, "a character that expressions do not have")
}

func scanNumber(source string, at int) (token, error) {
	stop := at + 1
	for stop < len(source) && (isDigit(source[stop]) || source[stop] == '.' || isLetter(source[stop])) {
		stop++
	}
	lit := source[at:stop]
	if strings.Trim(lit, "-0123456789.") != "" || strings.Count(lit, ".") > 1 || strings.HasSuffix(lit, ".") {
		return token{}, fail(source, at, strconv.Quote(lit)+" is not a decimal number")
	}
	v, err := strconv.ParseFloat(lit, 64)
	if err != nil {
		return token{}, fail(source, at, strconv.Quote(lit)+" is too large a number")
	}
	return token{kind: number, at: at, lit: lit, num: v}, nil
}

func scanName(source string, at int) token {
	stop := at + 1
	for stop < len(source) && (isLetter(source[stop]) || isDigit(source[stop]) || source[stop] == '.' && stop+1 < len(source) && isLetter(source[stop+1])) {
		stop++
	}
	t := token{kind: name, at: at, lit: source[at:stop]}
	switch t.lit {
	case "and", "or", "not", "in":
		t.kind = keyword
	}
	return t
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
