package ht

// extended reads a row of quads as first and other do, but with the extensions of u (T.814 table 3): after both suffixes come four bits for each that is 28 or
// more. They count fours. above is the row of quads above, nil for the first.
func (r *quadReader) extended(row, above []uint32, vlc *[vlcRoom]byte, across int) {
	table := 0
	if above != nil {
		table = 1
	}
	for q := 0; q < across; q += 2 {
		w := at(vlc[:], r.pos)
		for n := q; n < q+2; n++ {
			row[n] = 0
			c := context(row, above, n)
			if n == across || c == 0 && !r.event() {
				continue
			}
			row[n] = uint32(codes[table][c|uint32(w)&127])
			w >>= row[n] & 7
			r.pos += uint(row[n] & 7)
		}
		mode := row[q]&8<<3 | row[q+1]&8<<4
		if above == nil && mode == 0xC0 && r.event() {
			mode = 0x100
		}
		u, n := excessPair(w, excesses[table][mode|uint32(w)&63])
		row[q] |= u[0] << 16
		row[q+1] |= u[1] << 16
		r.pos += n
	}
}

// context returns what precedes the code of quad q in the tables (T.814 equations 1 and 2).
func context(row, above []uint32, q int) (c uint32) {
	left := uint32(0)
	if q > 0 {
		left = row[q-1]
	}
	if above == nil {
		return left&0x10<<3 | left&0xE0<<2
	}
	if q > 0 {
		c = above[q-1] & 0x80
	}
	return c | left&0x40<<2 | left&0x80<<1 | above[q]&0xA0<<2 | above[q+1]&0x20<<4
}

// excessPair reads both u of a pair from w, of whose prefixes entry tells, and returns how many bits they have.
func excessPair(w uint64, entry uint16) (u [2]uint32, n uint) {
	e := uint32(entry)
	prefixes, both, first := e&7, e>>3&15, e>>7&7
	suffix := [2]uint32{uint32(w>>prefixes) & (1<<first - 1), uint32(w>>(prefixes+first)) & (1<<(both-first) - 1)}
	n = uint(prefixes + both)
	u = [2]uint32{e >> 10 & 7, e >> 13}
	for i := range u {
		if u[i] += suffix[i]; suffix[i] >= 28 {
			u[i] += uint32(w>>n) & 15 << 2
			n += 4
		}
	}
	return u, n
}
