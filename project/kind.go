package project

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure an error is. It crosses machines as its text form and picks the sentence that is shown.
// The list is append-only.
type Kind uint8

// The kinds. Other is the zero value: an error that nobody decides on.
const (
	Other        Kind = iota
	Invalid           // the input breaks a rule of its format
	NotPermitted      // this person or device may not do this
	Conflict          // it was right once, but something else came first
	Corrupt           // bytes do not match their digest, seal or signature
	Unsupported       // well-formed, but of a version or form this program does not know
	Busy              // somebody else holds it; trying later may work
	NotFound          // there is nothing by that name
	Offline           // the other side cannot be reached
	Full              // no space left, or a limit is reached
	Locked            // the vault or the read is locked
)

var kindNames = [...]string{"other", "invalid", "not_permitted", "conflict", "corrupt", "unsupported", "busy", "not_found", "offline", "full", "locked"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "other"
}

// ParseKind reads the text form; an unknown text is Other, since a newer program may know more.
func ParseKind(s string) Kind {
	for i, n := range kindNames {
		if n == s {
			return Kind(i)
		}
	}
	return Other
}

// Error is an error with a Kind. Its text holds no patient data and no file names.
type Error struct {
	Kind Kind
	Text string
	Err  error // the cause, may be nil
}

func (e *Error) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an *Error of kind k. A %w in format becomes the cause.
func Errorf(k Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: k, Text: err.Error(), Err: errors.Unwrap(err)}
}

// KindOf returns the kind of the first *Error in err's chain, or Other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Other
}
