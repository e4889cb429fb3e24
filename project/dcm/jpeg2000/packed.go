package jpeg2000

import "fmt"

// Packet headers may be packed into marker segments: PPM in the main header, for all tile parts, or PPT in those of a tile (T.800 A.7.4, A.7.5). Each segment
// starts with its number, and their bodies are one after the other in the order of the numbers.

// checkPacked checks the body of PPM or PPT.
func checkPacked(body []byte) error {
	if len(body) < 1 {
		return fmt.Errorf("%w: PPM or PPT is empty", ErrHeader)
	}
	return nil
}

// joined returns what the segments of one kind, PPM or PPT, in headers that were read before hold. A single one is not copied; what a copy takes is taken from
// the stream's room.
func (s *stream) joined(kind int, headers []part) ([]byte, error) {
	var all []byte
	var at [256]int // first the bytes of each number, then where the next segment of it goes
	count, total := 0, 0
	for _, h := range headers {
		s.each(kind, int(h.start), func(body []byte) {
			all = body[1:]
			at[body[0]] += len(all)
			total += len(all)
			count++
		})
	}
	if count < 2 {
		return all, nil
	}
	if !s.room.take(total) {
		return nil, errWork
	}
	all = make([]byte, total)
	for n := 255; n >= 0; n-- {
		total -= at[n]
		at[n] = total
	}
	for _, h := range headers {
		s.each(kind, int(h.start), func(body []byte) { at[body[0]] += copy(all[at[body[0]]:], body[1:]) })
	}
	return all, nil
}

// joinPPM joins PPM and checks that it consists of pieces, one for each tile part. A piece and even its length may go on in the next segment.
func (s *stream) joinPPM() (err error) {
	if !s.isPPM {
		return nil
	}
	if s.ppm, err = s.joined(ppm, []part{{start: 2}}); err != nil {
		return err
	}
	for f := (fields{b: s.ppm}); len(f.b) > 0; {
		n := f.uint32()
		if f.short || n > len(f.b) {
			return fmt.Errorf("%w: PPM declares %d bytes, %d are there", ErrHeader, n, len(f.b))
		}
		f.b = f.b[n:]
	}
	return nil
}

// piece returns the piece of PPM that lies at at and where the next one does. When all are used up, the others are empty.
func (s *stream) piece(at int) (headers []byte, next int) {
	if at >= len(s.ppm) {
		return nil, at
	}
	f := fields{b: s.ppm[at:]}
	n := f.uint32()
	return f.b[:n], at + 4 + n
}
