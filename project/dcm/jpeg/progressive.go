package jpeg

// progressive decodes what one scan says of a block: T.81 G.1.2, G.2.
func (d *decoder) progressive(h *scanHeader, n int, block *[64]int16) error {
	b := &d.bits
	if h.first == 0 {
		if h.high > 0 {
			block[0] |= int16(b.take(1) << h.low)
		} else {
			diff, err := b.first(h.dc[n])
			if err != nil {
				return err
			}
			d.dc[n] += diff
			block[0] = int16(d.dc[n] << h.low)
		}
		if h.last == 0 {
			return nil
		}
		// The standard has the first coefficient in scans of its own; a scan with more is read as IJG's library would write it.
	}
	if h.high > 0 {
		return d.refine(h, n, block)
	}
	return d.spectrum(h, n, block)
}

// spectrum decodes the first bits of coefficients: T.81 G.1.2.2.
func (d *decoder) spectrum(h *scanHeader, n int, block *[64]int16) error {
	if d.endRun > 0 {
		d.endRun--
		return nil
	}
	for k := max(1, h.first); k <= h.last; k++ {
		symbol, err := d.bits.symbol(h.ac[n])
		if err != nil {
			return err
		}
		run, size := int(symbol>>4), uint(symbol&15)
		if size == 0 {
			if run < 15 {
				d.endRun = 1<<run - 1 + d.bits.take(uint(run))
				return nil
			}
			k += 15
			continue
		}
		if k += run; k > h.last {
			return damaged()
		}
		block[zigzag[k]] = int16(extend(uint32(d.bits.take(size)), int(size)) << h.low)
	}
	return nil
}

// symbol decodes one code.
func (b *bitReader) symbol(t *table) (byte, error) {
	b.acc, b.n, b.pos = refill(b.buf, b.acc, b.n, b.pos)
	e := t.look[b.acc>>(64-lookBits)]
	if e>>8&15 != 0 { // a coefficient that is whole is taken apart again
		e = 0
		for n := uint(1); n <= lookBits; n++ {
			if bits := uint32(b.acc >> 48); bits < t.limit[n] {
				e = uint32(t.values[t.base[n]+int32(bits>>(16-n))])<<16 | uint32(n)
				break
			}
		}
	}
	symbol, n := t.symbol(uint32(b.acc>>48), e)
	if n == 0 {
		return 0, damaged()
	}
	b.acc <<= n
	b.n -= n
	return symbol, nil
}

// refine decodes one more bit of coefficients, and new ones of one bit: T.81 G.1.2.3.
func (d *decoder) refine(h *scanHeader, n int, block *[64]int16) error {
	bit := int16(1) << h.low
	k := max(1, h.first)
	if d.endRun == 0 {
		for ; k <= h.last; k++ {
			symbol, err := d.bits.symbol(h.ac[n])
			if err != nil {
				return err
			}
			run, size := int(symbol>>4), symbol&15
			var fresh int16
			switch {
			case size > 1:
				return damaged()
			case size == 1:
				if fresh = -bit; d.bits.take(1) == 1 {
					fresh = bit
				}
			case run < 15:
				d.endRun = 1<<run + d.bits.take(uint(run))
			}
			if d.endRun > 0 {
				break
			}
			if k = d.correct(block, k, h.last, run, bit); fresh != 0 {
				if k > h.last {
					return damaged()
				}
				block[zigzag[k]] = fresh
			}
		}
	}
	if d.endRun > 0 {
		if *(*[63]int16)(block[1:]) != [63]int16{} {
			d.correct(block, k, h.last, -1, bit)
		}
		d.endRun--
	}
	return nil
}

// correct reads the next bit of every coefficient that is known from k on, until it has passed run others and met one more; it returns where. A negative run
// means all up to last.
func (d *decoder) correct(block *[64]int16, k, last, run int, bit int16) int {
	for ; k <= last; k++ {
		v := &block[zigzag[k]]
		if *v == 0 {
			if run == 0 {
				break
			}
			run--
			continue
		}
		if d.bits.take(1) == 0 || *v&bit != 0 {
			continue
		}
		if *v > 0 {
			*v += bit
		} else {
			*v -= bit
		}
	}
	return k
}

// finishProgressive turns the coefficients of all blocks into samples.
func (d *decoder) finishProgressive() {
	for n := range d.frame.Components {
		c := &d.frame.components[n]
		for i := range c.wide * c.high {
			coefficients, more := (*[64]int16)(c.coefficients[64*i:]), int16(0)
			for k, v := range coefficients {
				d.work[k] = int32(v) * c.table[k]
				if k > 0 {
					more |= v
				}
			}
			plane := c.plane[8*(i/c.wide)*c.stride()+8*(i%c.wide):]
			if more == 0 {
				flat(d.work[0], plane, c.stride(), d.frame.Precision)
			} else {
				transform(&d.work, plane, c.stride(), d.frame.Precision)
			}
		}
	}
	clear(d.work[:])
}
