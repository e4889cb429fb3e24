package encode

// packet is a packet's two parts.
type packet struct{ header, body []byte }

// write makes the packet of a layer and marks what is in it as written (B.10).
func (p *precinct) write(layer int) packet {
	w := bitWriter{free: 8}
	var body []byte
	any := false
	for _, b := range p.bands {
		for _, q := range b.blocks {
			any = any || q.layers[layer] > q.written
		}
	}
	if !any {
		return packet{header: []byte{0}}
	}
	w.bit(1)
	for i := range p.bands {
		b := &p.bands[i]
		for j := range b.blocks {
			body = append(body, b.write(&w, j, layer)...)
		}
	}
	return packet{w.finish(), body}
}

// write writes block i into the header and returns its bytes.
func (b *bandBlocks) write(w *bitWriter, i, layer int) []byte {
	q := &b.blocks[i]
	n := q.layers[layer] - q.written
	if q.included {
		w.bit(min(n, 1))
	} else {
		b.first.write(w, i, layer+1)
	}
	if n == 0 {
		return nil
	}
	if !q.included {
		q.included = true
		for limit := 1; limit <= q.missing+1; limit++ {
			b.zeros.write(w, i, limit)
		}
	}
	passCount(w, n)
	segments := q.segments(n)
	need := q.told(segments[0])
	for _, s := range segments {
		need = max(need, lengthBits(s.bytes, s.passes))
	}
	for ; q.lengths < need; q.lengths++ {
		w.bit(1)
	}
	w.bit(0)
	for _, s := range segments {
		w.bits(s.bytes, int(q.lengths)+log2(s.passes))
	}
	from := q.position()
	q.written += n
	return q.data[from:q.position()]
}

// position returns how many bytes have been written.
func (q *block) position() int {
	if q.written == 0 {
		return 0
	}
	return q.passes[q.written-1].end
}

// segment is the part of a codeword segment in a packet.
type segment struct{ passes, bytes int }

// segments divides the next n passes by the codeword segments they belong to (B.10.7).
func (q *block) segments(n int) (out []segment) {
	from, s := q.position(), segment{}
	for i := q.written; i < q.written+n; i++ {
		s.passes++
		if q.passes[i].last || i == q.written+n-1 {
			s.bytes = q.passes[i].end - from
			from = q.passes[i].end
			out = append(out, s)
			s = segment{}
		}
	}
	return out
}

// lengthBits returns the least Lblock with which a length can be written.
func lengthBits(bytes, passes int) uint {
	n := uint(0)
	if bytes > 0 {
		n = uint(log2(bytes)) + 1
	}
	return max(n, uint(log2(passes))) - uint(log2(passes))
}

// told returns the Lblock that tells whether a mixed block is of 15444-15 or of Part 1, if s is its first segment with bytes (15444-15 B.3): more than 3
// and so much that the length begins with a zero. Where Lblock is no more than lengths need, that is never so. One byte is none of
// 15444-15 whatever Lblock is.
func (q *block) told(s segment) uint {
	switch {
	case q.style&Mixed == 0 || q.position() > 0 || s.bytes == 0:
		return 0
	case q.sets > 0:
		return max(4, lengthBits(2*s.bytes, s.passes))
	case s.bytes == 1:
		return 4
	}
	return 0
}

// passCount writes a number of passes (table B.4).
func passCount(w *bitWriter, n int) {
	switch {
	case n == 1:
		w.bit(0)
	case n == 2:
		w.bits(2, 2)
	case n <= 5:
		w.bits(3<<2|(n-3), 4)
	case n <= 36:
		w.bits(15<<5|(n-6), 9)
	default:
		w.bits(511<<7|(n-37), 16)
	}
}
