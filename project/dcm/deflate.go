package dcm

import (
	"compress/flate"
	"errors"
	"io"

	"hotlight/project"
)

const (
	// deflateStart is how much of a deflated data set is inflated before it is looked for a header; nearly every header is there.
	deflateStart = 64 << 10
	// deflateFree may be inflated of any file, and four times its size.
	deflateFree = 1 << 20
)

// inflate reads a deflated data set (PS3.5 A.5) into memory: piece by piece until its header is there, and then, when the header justifies it by the pixels
// it declares, to the end. A bomb gets no further than any file of its size may. A header alone needs no more than its own pieces.
func (s *scanner) inflate(f *File, off int64) error {
	in, err := s.inflater(off)
	if err != nil {
		return err
	}
	limit := 4*(s.src.size-off) + deflateFree
	for size := int64(deflateStart); ; size *= 4 {
		if err := in.upTo(min(size, limit)); err != nil {
			return err
		}
		end, pixels, found := declaredPixels(in.data)
		if in.whole || found && s.headerOnly {
			break
		}
		if !found && size < limit {
			continue
		}
		if limit += pixels; pixels > 0 {
			in.reserve(min(end, limit))
		}
		if err := in.upTo(limit); err != nil {
			return err
		}
		if !in.whole {
			return project.Errorf(project.Invalid, "the deflated data set holds more than its header declares; inflating stopped at %d bytes", len(in.data))
		}
		break
	}
	if in.broken {
		s.warn("cut", "the deflated data set breaks off after %d bytes", len(in.data))
	}
	packed := s.src.size - off
	s.src = newMemorySource(in.data)
	if s.partial = !in.whole; s.partial {
		s.src.most = Expansion(DeflatedLittleEndian) * packed
	}
	return s.top(f.Data, 0, coding{})
}

// declaredPixels looks for the pixels in the beginning of a data set: where they end and how many bytes the header justifies, which is 0 when the pixel
// element does not hold what rows, columns and frames need.
func declaredPixels(data []byte) (end, justified int64, found bool) {
	head := &scanner{src: newMemorySource(data), headerOnly: true, partial: true}
	f := &File{Data: &DataSet{}, Syntax: ExplicitLittleEndian}
	if err := head.top(f.Data, 0, coding{}); err != nil || !head.pixels.found {
		return 0, 0, false
	}
	f.src, f.pixels = head.src, head.pixels
	end = f.pixels.offset + f.pixels.declared
	p, err := f.declaredFormat()
	if err != nil {
		return end, 0, true
	}
	need := float64(p.Rows) * float64(p.Columns) * float64(p.Samples) * float64(p.Frames) * float64(p.BitsAllocated) / 8
	if need > float64(f.pixels.declared)+1 || f.pixels.declared > 1<<32 {
		return end, 0, true
	}
	return end, int64(need), true
}

// inflater holds what was inflated so far.
type inflater struct {
	r      io.Reader
	data   []byte
	whole  bool // there is no more
	broken bool // for it is damaged or cut
}

// inflater begins at off. Some writers put a zlib header first.
func (s *scanner) inflater(off int64) (*inflater, error) {
	var head [2]byte
	if s.src.size-off >= 2 {
		if err := s.src.readFull(head[:], off); err != nil {
			return nil, err
		}
		if head[0] == 0x78 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			s.warn("zlib", "the deflated data set has a zlib header")
			off += 2
		}
	}
	return &inflater{r: flate.NewReader(io.NewSectionReader(s.src.r, off, s.src.size-off))}, nil
}

// upTo inflates until there are limit bytes and it is known whether there are more.
func (in *inflater) upTo(limit int64) error {
	for !in.whole && int64(len(in.data)) <= limit {
		if len(in.data) == cap(in.data) {
			in.reserve(min(limit+1, int64(max(deflateStart, 2*len(in.data)))))
		}
		room := in.data[len(in.data):min(int64(cap(in.data)), limit+1)]
		n, err := io.ReadFull(in.r, room)
		in.data = in.data[:len(in.data)+n]
		switch {
		case err == nil:
		case len(in.data) == 0 && err != io.EOF:
			return project.Errorf(project.Invalid, "the deflated data set cannot be inflated: %w", deflateReason(err))
		default: // ReadFull hides whether the stream ended or was cut; its reader does not
			_, err = in.r.Read(make([]byte, 1))
			in.whole, in.broken = true, err != io.EOF
		}
	}
	return nil
}

// reserve makes room for size bytes and one more, which tells whether they were all.
func (in *inflater) reserve(size int64) {
	if int64(cap(in.data)) <= size {
		in.data = append(make([]byte, 0, size+1), in.data...)
	}
}

// deflateReason shortens the errors of package flate, which name offsets in streams.
func deflateReason(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return errors.New("it is damaged")
	}
	return withoutPath(err)
}
