package dcm

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"

	"hotlight/project"
)

// deflateStart is how much of a deflated data set is inflated before its header says how much there should be.
const deflateStart = 1 << 20

// inflate reads a deflated data set (PS3.5 A.5): it is inflated into memory, first so far as any file of this size may go, and then, when the header
// found there justifies it by the pixels it declares, to the end. A bomb gets no further than the first step.
func (s *scanner) inflate(f *File, off int64) error {
	limit := 4*(s.src.size-off) + deflateStart
	data, whole, err := s.inflated(off, limit)
	if err != nil {
		return err
	}
	if !whole && !s.headerOnly {
		more, err := declaredSize(data)
		if err != nil {
			return err
		}
		if data, whole, err = s.inflated(off, limit+more); err != nil {
			return err
		}
		if !whole {
			return project.Errorf(project.Invalid, "the deflated data set holds more than its header declares; inflating stopped at %d bytes", len(data))
		}
	}
	s.src = newMemorySource(data)
	s.partial = !whole
	return s.top(f.Data, 0, coding{})
}

// declaredSize returns how many bytes the pixels declared by the beginning of a data set take.
func declaredSize(data []byte) (int64, error) {
	head := &scanner{src: newMemorySource(data), headerOnly: true, partial: true}
	f := &File{Data: &DataSet{}, Syntax: ExplicitLittleEndian}
	if err := head.top(f.Data, 0, coding{}); err != nil {
		return 0, err
	}
	f.src, f.pixels = head.src, head.pixels
	p, err := f.declaredFormat()
	if err != nil {
		return 0, err
	}
	need := float64(p.Rows) * float64(p.Columns) * float64(p.Samples) * float64(p.Frames) * float64(p.BitsAllocated) / 8
	if !head.pixels.found || need > float64(head.pixels.declared)+1 || head.pixels.declared > 1<<32 {
		return 0, project.Errorf(project.Invalid, "the deflated data set is larger than its header explains")
	}
	return int64(need), nil
}

// inflated returns at most limit bytes of the deflated data at off; whole is false when there is more. Some writers put a zlib header first.
func (s *scanner) inflated(off, limit int64) (data []byte, whole bool, err error) {
	var head [2]byte
	if s.src.size-off >= 2 {
		if err := s.src.readFull(head[:], off); err != nil {
			return nil, false, err
		}
		if head[0] == 0x78 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			s.warn("zlib", "the deflated data set has a zlib header")
			off += 2
		}
	}
	r := flate.NewReader(io.NewSectionReader(s.src.r, off, s.src.size-off))
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, limit+1))
	switch {
	case n > limit:
		return out.Bytes()[:limit], false, nil
	case err != nil && n == 0:
		return nil, false, project.Errorf(project.Invalid, "the deflated data set cannot be inflated: %w", deflateReason(err))
	case err != nil:
		s.warn("cut", "the deflated data set breaks off after %d bytes", n)
	}
	return out.Bytes(), true, nil
}

// deflateReason shortens the errors of package flate, which name offsets in streams.
func deflateReason(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return errors.New("it is damaged")
	}
	return withoutPath(err)
}
