package dcm

import (
	"fmt"
	"slices"

	"hotlight/project"
)

const (
	maxDepth    = 100 // items within items; real objects stay under 30
	maxWarnings = 20
	// freeNodes elements and items are allowed in any file, and one more for each nodeBytes of it: an element in memory is larger than one in the file.
	freeNodes = 1 << 20
	nodeBytes = 24
)

// scanner walks one file.
type scanner struct {
	src        *source
	headerOnly bool
	warnings   []project.Warning
	warned     map[string]bool
	nodes      int64 // elements, items and fragments so far
	guessing   int   // >0 while bytes are tried as a sequence: no warnings then
	partial    bool  // src is only the beginning of the data: its end is not the file's
	pixels     pixelElement
}

// warn notes a defect once a kind.
func (s *scanner) warn(kind, format string, args ...any) {
	if s.guessing > 0 || s.warned[kind] || len(s.warnings) >= maxWarnings {
		return
	}
	if s.warned == nil {
		s.warned = map[string]bool{}
	}
	s.warned[kind] = true
	s.warnings = append(s.warnings, project.Warning{Code: project.WarnRead, Text: fmt.Sprintf(format, args...)})
}

// node counts one more element or item.
func (s *scanner) node() error {
	if s.nodes++; s.nodes > freeNodes+s.src.size/nodeBytes {
		return project.Errorf(project.Invalid, "more than %d elements: too many for a file of this size", s.nodes-1)
	}
	return nil
}

// top reads the data set of the object from off to the end of the file. With headerOnly it stops at the pixels. What follows the pixels is read if it
// can be and dropped with a warning if not.
func (s *scanner) top(d *DataSet, off int64, enc coding) error {
	for off < s.src.size {
		h, err := s.header(off, s.src.size, enc)
		switch {
		case s.trailing(d, h, err, off):
			return s.finish(d)
		case err != nil:
			return err
		case h.tag.Group() == delimiterSet:
			s.warn("stray", "a delimiter stands outside any sequence")
			off = h.value
			continue
		}
		if isPixels(h.tag) && !s.pixels.found {
			if off, err = s.pixelElement(d, h, enc); err != nil {
				return err
			}
			if s.headerOnly {
				break
			}
			continue
		}
		next, err := s.element(d, h, s.src.size, enc, 0)
		if err != nil {
			if s.pixels.found {
				s.warn("trailing", "what follows the pixel data at offset %d cannot be read", off)
				return s.finish(d)
			}
			return err
		}
		off = next
	}
	return s.finish(d)
}

// trailing reports whether what stands at off is not an element any more but padding or garbage at the end of a complete object.
func (s *scanner) trailing(d *DataSet, h header, err error, off int64) bool {
	rest := s.src.size - off
	switch {
	case err != nil && s.pixels.found, err != nil && rest < 8 && len(d.elements) > 0:
	case err == nil && s.pixels.found && h.tag < PixelData:
	case err == nil && h.tag == 0 && h.length == 0 && len(d.elements) > 0:
	default:
		return false
	}
	s.warn("trailing", "%d bytes at the end of the file are not elements", rest)
	return true
}

// item reads one item from off. With closed it runs to its delimiter, else to end. It returns the offset after the item.
func (s *scanner) item(d *DataSet, off, end int64, enc coding, depth int, closed bool) (int64, error) {
	if depth > maxDepth {
		return 0, project.Errorf(project.Invalid, "offset %d: sequences are nested deeper than %d", off, maxDepth)
	}
	for off < end {
		h, err := s.header(off, end, enc)
		if err != nil {
			return 0, err
		}
		switch h.tag {
		case itemDelim:
			if closed {
				return h.value, s.finish(d)
			}
			s.warn("stray", "an item of known length has a delimiter")
			off = h.value
			continue
		case itemTag, sequenceEnd:
			if !closed {
				return 0, project.Errorf(project.Invalid, "offset %d: a delimiter stands within an item of known length", off)
			}
			s.warn("unclosed", "an item has no delimiter")
			return off, s.finish(d)
		}
		if off, err = s.element(d, h, end, enc, depth); err != nil {
			return 0, err
		}
	}
	if closed {
		if end == s.src.size {
			return 0, project.Errorf(project.Invalid, "offset %d: the file ends within an item", off)
		}
		s.warn("unclosed", "an item has no delimiter")
	}
	return off, s.finish(d)
}

// finish sorts the elements. Of two with one tag the first is kept, as DCMTK does.
func (s *scanner) finish(d *DataSet) error {
	sorted := true
	for n := 1; n < len(d.elements) && sorted; n++ {
		sorted = d.elements[n-1].tag < d.elements[n].tag
	}
	if sorted {
		return nil
	}
	slices.SortStableFunc(d.elements, func(a, b element) int { return int(int64(a.tag) - int64(b.tag)) })
	before := len(d.elements)
	d.elements = slices.CompactFunc(d.elements, func(a, b element) bool { return a.tag == b.tag })
	if len(d.elements) < before {
		s.warn("twice", "an element occurs twice; the first is used")
	} else {
		s.warn("order", "elements are out of order")
	}
	return nil
}
