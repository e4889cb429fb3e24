package project

import "fmt"

// FieldError is the cause of an error about one field of a definition. Path names it by the ids on the way, such as classes.mass.attributes.margin.values,
// so that whoever read the definition from a file can say in which line it stands.
type FieldError struct {
	Path string
	Text string
}

func (e *FieldError) Error() string { return e.Path + ": " + e.Text }

// Fieldf returns an error of kind k about the field at path.
func Fieldf(k Kind, path, format string, args ...any) error {
	e := &FieldError{Path: path, Text: fmt.Sprintf(format, args...)}
	return &Error{Kind: k, Text: e.Error(), Err: e}
}

// oneOf refuses a word that is not in the list. The empty word passes: the field is not given.
func oneOf(path, word string, allowed ...string) error {
	if word == "" {
		return nil
	}
	for _, a := range allowed {
		if word == a {
			return nil
		}
	}
	return Fieldf(Invalid, path, "%q is not known here; there are: %s", word, join(allowed))
}

func join(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += ", "
		}
		out += w
	}
	return out
}
