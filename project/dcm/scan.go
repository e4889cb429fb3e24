package dcm

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"hotlight/project"
)

const (
	maxDepth    = 100 // items within items; real objects stay under 30
	maxWarnings = 20
	maxElements = 1 << 16 // in one data set; the standard has some 5,000
	// freeNodes elements, items and fragments are allowed in any file, and one more for each nodeBytes of it: in memory one is about 55 bytes. The densest
	// real files, reports and segmentations, have one for 17 bytes.
	freeNodes = 1 << 17
	nodeBytes = 16
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
	bigPixels  bool // they are big endian whatever the data set is
	// stack holds the elements of the data sets being read, those of an item above those around it, until finish takes them off.
	stack []element
}

// stacks lets scanners of many files share their stacks.
var stacks = sync.Pool{New: func() any { return new(make([]element, 0, 256)) }}

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

// room reports whether the data set whose elements start at mark may have another one.
func (s *scanner) room(mark int) error {
	if len(s.stack)-mark > maxElements {
		return project.Errorf(project.Invalid, "a data set has more than %d elements", maxElements)
	}
	return s.node()
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
	mark := len(s.stack)
	for off < s.src.size {
		h, err := s.header(off, s.src.size, enc)
		switch {
		case s.trailing(len(s.stack) > mark, h, err, off):
			s.finish(d, mark)
			return nil
		case err != nil:
			return err
		case h.tag.Group() == delimiterSet:
			off = s.stray(h)
			continue
		}
		if isPixels(h.tag) && !s.pixels.found {
			if off, err = s.pixelElement(h, enc); err != nil {
				return err
			}
			if s.headerOnly {
				break
			}
			continue
		}
		if err := s.room(mark); err != nil {
			return err
		}
		next, err := s.element(d, h, s.src.size, enc, 0)
		if err != nil {
			if s.pixels.found {
				s.warn("trailing", "what follows the pixel data at offset %d cannot be read", off)
				s.finish(d, mark)
				return nil
			}
			return err
		}
		off = next
	}
	s.finish(d, mark)
	return nil
}

// stray steps over a delimiter, or a whole item, that stands outside any sequence.
func (s *scanner) stray(h header) int64 {
	s.warn("stray", "%v stands outside any sequence", h.tag)
	if h.tag == itemTag && int64(h.length) <= s.src.size-h.value {
		return h.value + int64(h.length)
	}
	return h.value
}

// trailing reports whether what stands at off is not an element any more but padding or garbage at the end of a complete object.
func (s *scanner) trailing(some bool, h header, err error, off int64) bool {
	rest := s.src.size - off
	switch {
	case err != nil && s.pixels.found, err != nil && rest < 8 && some:
	case err == nil && s.pixels.found && h.tag < PixelData:
	case err == nil && h.tag == 0 && h.length == 0 && some:
	default:
		return false
	}
	s.warn("trailing", "%d bytes at the end of the file are not elements", rest)
	return true
}

// finish takes the elements above mark off the stack and gives them to d, sorted. Of two with one tag the first is kept, as DCMTK does.
func (s *scanner) finish(d *DataSet, mark int) {
	list := s.stack[mark:]
	sorted := true
	for n := 1; n < len(list) && sorted; n++ {
		sorted = list[n-1].tag < list[n].tag
	}
	if !sorted {
		slices.SortStableFunc(list, func(a, b element) int { return cmp.Compare(a.tag, b.tag) })
		unique := slices.CompactFunc(list, func(a, b element) bool { return a.tag == b.tag })
		if len(unique) < len(list) {
			s.warn("twice", "an element occurs twice; the first is used")
		} else {
			s.warn("order", "elements are out of order")
		}
		list = unique
	}
	if len(list) > 0 {
		d.elements = append(make([]element, 0, len(list)), list...)
	}
	clear(s.stack[mark:])
	s.stack = s.stack[:mark]
}
