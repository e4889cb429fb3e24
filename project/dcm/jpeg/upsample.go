package jpeg

import "encoding/binary"

// output interleaves the planes into the frame up to row end, with as many samples of each component as there are pixels.
func (d *decoder) output(end int) {
	f := &d.frame
	var lines [4][]uint16
	for n, c := range f.components[:f.Components] {
		d.rows[n] = room(d.rows[n], c.stride()*f.hMax/c.h)
	}
	for y := d.written; y < end; y++ {
		for n := range f.Components {
			c := &f.components[n]
			lines[n] = c.full(d.rows[n], y, f.hMax/c.h, f.vMax/c.v)[:d.shape.Columns]
		}
		if d.shape.Components == 3 && d.shape.Bytes == 1 {
			d.writeColour(y, lines[0], lines[1], lines[2])
			continue
		}
		for n := range f.Components {
			d.write(y, n, lines[n])
		}
	}
	d.written = end
}

// writeColour is write for the three components of most colour pictures at once.
func (d *decoder) writeColour(y int, a, b, c []uint16) {
	out := d.dst[3*y*len(a) : 3*(y+1)*len(a)]
	b, c = b[:len(a)], c[:len(a)]
	for x, v := range a {
		p := (*[3]byte)(out[3*x:])
		p[0], p[1], p[2] = byte(v), byte(b[x]), byte(c[x])
	}
}

// full returns row y of the component at the picture's resolution, which is across and down times its own. row is memory to use.
//
// Half the resolution across, or both ways, is made smooth; other fractions are repeated. Source: IJG's jdsample.c.
func (c *component) full(row []uint16, y, across, down int) []uint16 {
	line := func(y int) []uint16 { return c.line(max(0, min(y, c.height-1))) }
	switch {
	case across == 1 && down == 1:
		return line(y)
	case across == 2 && down == 1 && c.width > 2:
		smooth(row, line(y))
	case across == 2 && down == 2 && c.width > 2:
		smoothBoth(row, line(y/2), line(y/2-1+y%2*2))
	default:
		for x, v := range line(y / down) {
			for i := range across {
				row[x*across+i] = v
			}
		}
	}
	return row
}

// smooth doubles a line: each new sample is three quarters of the nearer and a quarter of the farther. Halves go up and down in turn.
func smooth(out, in []uint16) {
	last := len(in) - 1
	out = out[:2*len(in)]
	out[0], out[1] = in[0], uint16((uint32(in[0])*3+uint32(in[1])+2)>>2)
	for x := 1; x < last; x++ {
		v := uint32(in[x]) * 3
		out[2*x], out[2*x+1] = uint16((v+uint32(in[x-1])+1)>>2), uint16((v+uint32(in[x+1])+2)>>2)
	}
	out[2*last], out[2*last+1] = uint16((uint32(in[last])*3+uint32(in[last-1])+1)>>2), in[last]
}

// smoothBoth is smooth for the line between near and far, a quarter of the way from near.
func smoothBoth(out, near, far []uint16) {
	at := func(x int) uint32 { return uint32(near[x])*3 + uint32(far[x]) }
	last := len(near) - 1
	out = out[:2*len(near)]
	before, v, next := uint32(0), at(0), at(1)
	out[0], out[1] = uint16((v*4+8)>>4), uint16((v*3+next+7)>>4)
	for x := 1; x < last; x++ {
		before, v, next = v, next, at(x+1)
		out[2*x], out[2*x+1] = uint16((v*3+before+8)>>4), uint16((v*3+next+7)>>4)
	}
	before, v = v, next
	out[2*last], out[2*last+1] = uint16((v*3+before+8)>>4), uint16((v*4+7)>>4)
}

// write puts one line of component c into the frame.
func (d *decoder) write(y, c int, line []uint16) {
	pixel := d.shape.Components * d.shape.Bytes
	out := d.dst[y*d.shape.Columns*pixel : (y+1)*d.shape.Columns*pixel]
	switch {
	case d.shape.Bytes == 2:
		for i, v := range line {
			binary.LittleEndian.PutUint16(out[i*pixel+2*c:], v)
		}
	case d.shape.Components == 1:
		for i, v := range line {
			out[i] = byte(v)
		}
	default:
		for i, v := range line {
			out[i*pixel+c] = byte(v)
		}
	}
}
