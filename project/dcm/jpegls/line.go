package jpegls

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"hotlight/project/dcm/internal/jpegstream"
)

// A line is held with one sample more on each side: line[0] is left of the first, line[len-1] right of the last (T.87 A.2.2).

// line decodes one line of one component. index is RUNindex.
func (c *coder) line(line, above []uint16, index *int) error {
	line[0], above[len(above)-1] = above[1], above[len(above)-2]
	if c.near == 0 && c.maximum&(c.maximum+1) == 0 {
		return c.exactLine(line, above, index)
	}
	for x := 1; x < len(line)-1; {
		a, b, d, q := int(line[x-1]), int(above[x]), int(above[x-1]), 0
		if q = c.region(int(above[x+1])-b, b-d, d-a); q == 0 {
			n, err := c.runOf(line, above, x, index)
			if err != nil {
				return err
			}
			x += n
			continue
		}
		v, err := c.regular(q, predict(a, b, d))
		if err != nil {
			return err
		}
		line[x] = uint16(v)
		x++
	}
	return nil
}

// runOf decodes a run that begins at x, with the sample that ends it, and returns how many samples that was.
func (c *coder) runOf(line, above []uint16, x int, index *int) (int, error) {
	a := line[x-1]
	n, broken := c.runLength(len(line)-1-x, index)
	for i := range n {
		line[x+i] = a
	}
	if !broken {
		return n, nil
	}
	v, err := c.endRun(int(a), int(above[x+n]), *index)
	line[x+n] = uint16(v)
	*index = max(0, *index-1)
	return n + 1, err
}

// exactLine is line without loss and with the whole range of the bits: the common case. The reader's state is held here while samples are regular.
func (c *coder) exactLine(line, above []uint16, index *int) error {
	mask, reset, most := c.maximum, c.parameters.reset, c.limit-c.bits-1
	tooLarge := 2 * c.span
	regions := c.regions
	src, pos, ff, acc, n := c.src, c.pos, c.ff, c.acc, c.n
	a, b, d := int(line[0]), int(above[1]), int(above[0])
	above = above[:len(line)]
	for x := 1; x < len(line)-1; {
		next := int(above[x+1])
		q := (int(regions[next-b+mask])*9+int(regions[b-d+mask]))*9 + int(regions[d-a+mask])
		if q == 0 {
			c.pos, c.ff, c.acc, c.n = pos, ff, acc, n
			length, err := c.runOf(line, above, x, index)
			if err != nil {
				return err
			}
			pos, ff, acc, n = c.pos, c.ff, c.acc, c.n
			if x += length; x < len(line)-1 {
				a, b, d = int(line[x-1]), int(above[x]), int(above[x-1])
			}
			continue
		}
		sign := q >> 63
		ctx := &c.contexts[(q^sign)-sign]
		p := predict(a, b, d) + (ctx.c ^ sign) - sign
		p = max(0, min(mask, p))
		k := ctx.golomb()
		if pos+8 <= ff {
			acc |= binary.BigEndian.Uint64(src[pos:]) >> (n & 63)
			pos += int((63 - n) >> 3)
			n |= 56
		} else {
			c.pos, c.ff, c.acc, c.n = pos, ff, acc, n
			c.refillSlowly()
			pos, ff, acc, n = c.pos, c.ff, c.acc, c.n
		}
		z := uint(bits.LeadingZeros64(acc))
		var coded int
		if size := z + 1 + k; z < most && size <= n {
			coded = int(uint64(z)<<(k&63) | acc<<((z+1)&63)>>1>>((63-k)&63))
			acc <<= size & 63
			n -= size
		} else {
			var err error
			c.pos, c.ff, c.acc, c.n = pos, ff, acc, n
			if coded, err = c.longGolomb(k, c.limit, c.bits); err != nil {
				return err
			}
			pos, ff, acc, n = c.pos, c.ff, c.acc, c.n
		}
		if coded > tooLarge {
			return fmt.Errorf("%w: an error is too large", jpegstream.ErrData)
		}
		e := coded>>1 ^ -(coded & 1)
		if k == 0 && 2*ctx.b <= -ctx.n {
			e = ^e
		}
		ctx.update(e, e, reset)
		v := (p + (e ^ sign) - sign) & mask
		line[x] = uint16(v)
		a, d, b = v, b, next
		x++
	}
	c.pos, c.ff, c.acc, c.n = pos, ff, acc, n
	return nil
}

// pixels decodes one line of all components of a scan, pixel by pixel: T.87 B.4. A run is one of all components together.
func (c *coder) pixels(lines, above [][]uint16, index *int) error {
	for n, line := range lines {
		line[0], above[n][len(line)-1] = above[n][1], above[n][len(line)-2]
	}
	for x := 1; x < len(lines[0])-1; {
		var q [4]int
		running := true
		for n, line := range lines {
			up := above[n]
			b, d := int(up[x]), int(up[x-1])
			q[n] = c.region(int(up[x+1])-b, b-d, d-int(line[x-1]))
			running = running && q[n] == 0
		}
		if running {
			n, err := c.runOfPixels(lines, above, x, index)
			if err != nil {
				return err
			}
			x += n
			continue
		}
		for n, line := range lines {
			v, err := c.regular(q[n], predict(int(line[x-1]), int(above[n][x]), int(above[n][x-1])))
			if err != nil {
				return err
			}
			line[x] = uint16(v)
		}
		x++
	}
	return nil
}

func (c *coder) runOfPixels(lines, above [][]uint16, x int, index *int) (int, error) {
	n, broken := c.runLength(len(lines[0])-1-x, index)
	for _, line := range lines {
		for i := range n {
			line[x+i] = line[x-1]
		}
	}
	if !broken {
		return n, nil
	}
	for i, line := range lines {
		v, err := c.endRunAgainst(int(line[x-1]), int(above[i][x+n]), *index)
		if err != nil {
			return 0, err
		}
		line[x+n] = uint16(v)
	}
	*index = max(0, *index-1)
	return n + 1, nil
}
