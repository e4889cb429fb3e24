package definition

import (
	"errors"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"hotlight/project"
)

// withLine puts the line of the field that err is about in front of its text. What names no field stays as it is.
func withLine(err error, file []byte) error {
	var field *project.FieldError
	if !errors.As(err, &field) {
		return err
	}
	tree, parseErr := parser.ParseBytes(file, 0)
	if parseErr != nil || len(tree.Docs) == 0 {
		return err
	}
	line := lineOf(tree.Docs[0].Body, field.Path)
	if line == 0 {
		return err
	}
	return &project.Error{Kind: project.KindOf(err), Text: "line " + strconv.Itoa(line) + ": " + err.Error(), Err: field}
}

// lineOf follows path as far as the file goes and returns the line of the last thing found, or 0. A step is a key of a mapping, or in a list the entry
// with that id, or where entries have none the number of the entry, from 1. A field that is missing is thus reported at the entry that lacks it.
func lineOf(at ast.Node, path string) int {
	line := 0
	for path != "" && at != nil {
		next, found, rest := step(at, path)
		if found == nil {
			break
		}
		line, at, path = found.GetToken().Position.Line, next, rest
	}
	return line
}

// step returns what the start of path leads to, the node that names it, and the rest of path. Ids of values may hold dots, so that the longest start
// that is there counts.
func step(at ast.Node, path string) (next, found ast.Node, rest string) {
	for stop := len(path); stop > 0; stop = strings.LastIndexByte(path[:stop], '.') {
		word := path[:stop]
		if next, found := child(at, word); found != nil {
			return next, found, strings.TrimPrefix(path[stop:], ".")
		}
	}
	return nil, nil, ""
}

func child(at ast.Node, word string) (next, found ast.Node) {
	switch n := at.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			if v.Key.String() == word {
				return v.Value, v.Key
			}
		}
	case *ast.MappingValueNode:
		if n.Key.String() == word {
			return n.Value, n.Key
		}
	case *ast.SequenceNode:
		for _, v := range n.Values {
			if _, id := child(v, "id"); id != nil && scalarOf(v, "id") == word {
				return v, id
			}
		}
		if at, err := strconv.Atoi(word); err == nil && at >= 1 && at <= len(n.Values) && !hasIDs(n) {
			return n.Values[at-1], n.Values[at-1]
		}
	}
	return nil, nil
}

// scalarOf returns the text of a mapping's scalar.
func scalarOf(at ast.Node, key string) string {
	value, found := child(at, key)
	if found == nil || value == nil {
		return ""
	}
	if s, ok := value.(*ast.StringNode); ok {
		return s.Value
	}
	return value.String()
}

func hasIDs(n *ast.SequenceNode) bool {
	for _, v := range n.Values {
		if _, id := child(v, "id"); id != nil {
			return true
		}
	}
	return false
}
