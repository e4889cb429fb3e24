package ht

import "fmt"

// significance decodes the MEL and VLC streams, which are tail (Scup bytes), into quads: which samples are significant and the excess u of their
// exponents (T.814 7.3.3 to 7.3.6). Quads are decoded in pairs, since the two u of a pair share code words. Only wide blocks have extensions of u.
func (d *Decoder) significance(tail []byte, w, h int, wide bool) error {
	p := packer{out: d.vlc[:]}
	if half := tail[len(tail)-2] >> 4; half&7 == 7 { // the byte before it counts as FF
		p.bits(uint64(half&7), 3)
	} else {
		p.bits(uint64(half), 4)
	}
	most := backward(&p, tail[:len(tail)-2], tail[len(tail)-2]|15 > 0x8F)
	r := quadReader{mel: mel{src: tail[:len(tail)-1]}}
	r.run = r.mel.next()
	across := (w + 1) / 2
	for y := range (h + 1) / 2 {
		row := d.quads[y*d.across:][:d.across]
		clear(row[across:])
		switch {
		case wide && y == 0:
			r.extended(row, nil, &d.vlc, across)
		case wide:
			r.extended(row, d.quads[(y-1)*d.across:][:d.across], &d.vlc, across)
		case y == 0:
			r.first(row, &d.vlc, across)
		default:
			r.other(row, d.quads[(y-1)*d.across:][:d.across], &d.vlc, across)
		}
		if r.pos > most {
			return fmt.Errorf("%w: it ends within its VLC code", ErrData)
		}
	}
	return nil
}

// quadReader reads the significance of quads.
type quadReader struct {
	mel mel
	run int  // as mel.next returned it, less what was used
	pos uint // bits taken of the VLC stream
}

// event takes an event of the MEL code.
func (r *quadReader) event() bool {
	r.run -= 2
	if r.run >= 0 {
		return false
	}
	one := r.run == -1
	r.run = r.mel.next()
	return one
}

// first reads the first row of quads. A quad's context is of the quad to its left (T.814 equation 1).
func (r *quadReader) first(row []uint32, vlc *[vlcRoom]byte, across int) {
	codes, excesses := &codes[0], &excesses[0]
	pos, c := r.pos, uint32(0)
	for q := 0; q < across; q += 2 {
		w := at(vlc[:], pos)
		t0 := uint32(codes[(c|uint32(w)&127)&1023])
		if c == 0 && !r.event() {
			t0 = 0
		}
		w >>= t0 & 7
		c = t0&0x10<<3 | t0&0xE0<<2
		t1 := uint32(0)
		if q+1 < across {
			t1 = uint32(codes[(c|uint32(w)&127)&1023])
			if c == 0 && !r.event() {
				t1 = 0
			}
		}
		w >>= t1 & 7
		c = t1&0x10<<3 | t1&0xE0<<2
		mode := t0&8<<3 | t1&8<<4
		if mode == 0xC0 && r.event() {
			mode = 0x100
		}
		e := uint32(excesses[(mode|uint32(w)&63)&511])
		w >>= e & 7
		both, one := e>>3&15, e>>7&7
		suffix := uint32(w) & (1<<both - 1)
		row[q] = t0 | (e>>10&7+suffix&(1<<one-1))<<16
		row[q+1] = t1 | (e>>13+suffix>>one)<<16
		pos += uint(t0&7 + t1&7 + e&7 + both)
	}
	r.pos = pos
}

// other reads another row of quads. A quad's context is of the quad to its left and of the row above (T.814 equation 2).
func (r *quadReader) other(row, above []uint32, vlc *[vlcRoom]byte, across int) {
	codes, excesses := &codes[1], &excesses[1]
	pos, left := r.pos, uint32(0) // left is the part of the context that lies to the left
	above = above[:len(row)]
	for q := 0; q+2 < len(row) && q < across; q += 2 {
		w := at(vlc[:], pos)
		a0, a1, a2 := above[q], above[q+1], above[q+2]
		c := left | a0&0xA0<<2 | a1&0x20<<4
		t0 := uint32(codes[(c|uint32(w)&127)&1023])
		if c == 0 && !r.event() {
			t0 = 0
		}
		w >>= t0 & 7
		t1 := uint32(0)
		if q+1 < across {
			c = t0&0x40<<2 | t0&0x80<<1 | a0&0x80 | a1&0xA0<<2 | a2&0x20<<4
			t1 = uint32(codes[(c|uint32(w)&127)&1023])
			if c == 0 && !r.event() {
				t1 = 0
			}
		}
		w >>= t1 & 7
		left = t1&0x40<<2 | t1&0x80<<1 | a1&0x80
		mode := t0&8<<3 | t1&8<<4
		e := uint32(excesses[(mode|uint32(w)&63)&511])
		w >>= e & 7
		both, one := e>>3&15, e>>7&7
		suffix := uint32(w) & (1<<both - 1)
		row[q] = t0 | (e>>10&7+suffix&(1<<one-1))<<16
		row[q+1] = t1 | (e>>13+suffix>>one)<<16
		pos += uint(t0&7 + t1&7 + e&7 + both)
	}
	r.pos = pos
}
