package jpegstream

import (
	"errors"
	"fmt"
)

// Errors that callers may tell apart. The text of the error returned says more, and a codec puts its name before it.
var (
	ErrHeader      = errors.New("the stream is wrong")
	ErrShape       = errors.New("the stream is not the picture that was announced")
	ErrUnsupported = errors.New("the stream uses what is not decoded here")
	ErrData        = errors.New("the coded data are damaged")
)

// What can be wrong with any coded data; both are ErrData.
var (
	ErrEarlyEnd    = fmt.Errorf("%w: they end early", ErrData)
	ErrUnknownCode = fmt.Errorf("%w: a code is in no table", ErrData)
)

// Of puts the name of the codec before err; nil stays nil.
func Of(codec string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", codec, err)
}
