package ht

// stripes brings the significance of quads into stripes of four rows: an entry of sigma has four columns of four bits, the first column lowest, its
// first row lowest. Right of each stripe and below the last there are entries that stay zero.
func (d *Decoder) stripes(w, h int) {
	d.fours = (w+3)/4 + 2
	n := (h + 3) / 4
	if need := d.fours * (n + 1); need > len(d.sigma) {
		d.sigma = make([]uint16, max(need, mostStripes))
	}
	clear(d.sigma[:d.fours*(n+1)])
	for s := range n {
		out := d.sigma[s*d.fours:][:(w+3)/4]
		upper := d.quads[2*s*d.across:][:d.across]
		var none [516]uint32
		lower := none[:d.across]
		if 4*s+2 < h {
			lower = d.quads[(2*s+1)*d.across:][:d.across]
		}
		for i := range out {
			a, b, c, e := upper[2*i], upper[2*i+1], lower[2*i], lower[2*i+1]
			out[i] = uint16(a&0x30>>4 | a&0xC0>>2 | b&0x30<<4 | b&0xC0<<6 | c&0x30>>2 | c&0xC0 | e&0x30<<6 | e&0xC0<<8)
		}
	}
}

// inside returns the bits of an entry whose first sample is at (x, y) that belong to a block of w x h samples.
func inside(x, y, w, h int) uint32 {
	rows := uint32(0xF) >> max(0, 4-(h-y))
	return rows * 0x1111 & (0xFFFF >> (4 * max(0, 4-(w-x))))
}
