package cli

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// sentence is what a failure says to people.
func sentence(err error) string {
	text := pathFree(err)
	// project.Full alone may be another limit, which its text names.
	if errors.Is(err, syscall.ENOSPC) && !strings.Contains(text, "disk is full") {
		return "the disk is full: " + text
	}
	return text
}

// pathFree is an error's text in one line and without the paths of operating system's errors: file names often hold patients' names.
func pathFree(err error) string {
	text := err.Error()
	for _, e := range tree(err, nil) {
		switch e := e.(type) {
		case *os.PathError:
			text = strings.ReplaceAll(text, e.Error(), e.Op+": "+e.Err.Error())
		case *os.LinkError:
			text = strings.ReplaceAll(text, e.Error(), e.Op+": "+e.Err.Error())
		}
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

// tree lists err and everything that it wraps, outermost first.
func tree(err error, out []error) []error {
	if err == nil {
		return out
	}
	out = append(out, err)
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return tree(e.Unwrap(), out)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			out = tree(inner, out)
		}
	}
	return out
}
