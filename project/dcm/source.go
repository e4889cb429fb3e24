package dcm

import (
	"io"

	"hotlight/project"
)

const (
	firstWindow = 16 << 10 // holds the header of nearly every single-frame image
	nextWindow  = 64 << 10
	// keepLimit is the largest value kept in memory; larger ones stay in the file until asked for.
	keepLimit = 64 << 10
)

// source is a file seen through a window that moves forward. Windows are never overwritten, so values may alias them; together they are at
// most about as large as the file.
type source struct {
	r      io.ReaderAt
	size   int64
	win    []byte
	base   int64 // where win starts in the file
	reads  int   // windows read
	memory bool  // win is all of it
	most   int64 // how large it can be where win is only its beginning, inflated for the header alone
}

func newSource(r io.ReaderAt, size int64) *source { return &source{r: r, size: size} }

// newMemorySource has the whole file as its window.
func newMemorySource(b []byte) *source { return &source{size: int64(len(b)), win: b, memory: true} }

// span returns the n bytes at offset, which stay valid. The caller has checked that they lie in the file.
func (s *source) span(offset, n int64) ([]byte, error) {
	if at := offset - s.base; at >= 0 && at+n <= int64(len(s.win)) {
		return s.win[at : at+n : at+n], nil
	}
	return s.move(offset, n)
}

func (s *source) move(offset, n int64) ([]byte, error) {
	if offset < 0 || n < 0 || n > s.size-offset || s.memory {
		return nil, project.Errorf(project.Invalid, "offset %d: the file ends within %d bytes", offset, n)
	}
	size := int64(nextWindow)
	if s.reads == 0 {
		size = firstWindow
	}
	size = min(max(size, n), s.size-offset)
	win := make([]byte, size)
	if err := s.readFull(win, offset); err != nil {
		return nil, err
	}
	s.win, s.base = win, offset
	s.reads++
	return win[:n:n], nil
}

// readFull fills b from offset on. Unlike span it may be called by several goroutines.
func (s *source) readFull(b []byte, offset int64) error {
	if s.memory {
		if offset < 0 || offset > s.size || int64(copy(b, s.win[offset:])) < int64(len(b)) {
			return project.Errorf(project.Invalid, "offset %d: the file ends within %d bytes", offset, len(b))
		}
		return nil
	}
	n, err := s.r.ReadAt(b, offset)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		return project.Errorf(project.Invalid, "offset %d: the file ends %d bytes early; it may have been cut while it was read", offset, len(b)-n)
	}
	return project.Errorf(project.Other, "offset %d: read: %w", offset, withoutPath(err))
}
