package jpeg2000

import "errors"

// Errors that callers may tell apart. The text of the error returned says more.
var (
	ErrHeader      = errors.New("jpeg 2000: the stream is wrong")
	ErrShape       = errors.New("jpeg 2000: the stream is not the picture that was announced")
	ErrUnsupported = errors.New("jpeg 2000: the stream uses what is not decoded here")
	ErrData        = errors.New("jpeg 2000: the coded data are damaged")
	ErrTruncated   = errors.New("jpeg 2000: the stream ends early")
	ErrStopped     = errors.New("jpeg 2000: the picture is not wanted any more")
	ErrLimit       = errors.New("jpeg 2000: the picture is larger than allowed")
)
