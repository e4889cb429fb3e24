package jpeg

import "hotlight/project/dcm/internal/jpegstream"

// progressive decodes what one scan says of a block: T.81 G.1.2, G.2.
func (s *scan) progressive(n int, block *[64]int16) error {
	b := &s.bits
	if s.first == 0 {
		if s.high > 0 {
			block[0] |= int16(b.Take(1) << s.low)
		} else {
			diff, err := b.first(s.dc[n])
			if err != nil {
				return err
			}
			s.predictions[n] += diff
			block[0] = int16(s.predictions[n] << s.low)
		}
		if s.last == 0 {
			return nil
		}
		// The standard has the first coefficient in scans of its own; a scan with more is read as IJG's library would write it.
	}
	if s.high > 0 {
		return s.refine(n, block)
	}
	return s.spectrum(n, block)
}

// spectrum decodes the first bits of coefficients: T.81 G.1.2.2.
func (s *scan) spectrum(n int, block *[64]int16) error {
	if s.endRun > 0 {
		s.endRun--
		return nil
	}
	for k := max(1, s.first); k <= s.last; k++ {
		symbol, err := s.bits.symbol(s.ac[n])
		if err != nil {
			return err
		}
		run, size := int(symbol>>4), uint(symbol&15)
		if size == 0 {
			if run < 15 {
				s.endRun = 1<<run - 1 + s.bits.Take(uint(run))
				return nil
			}
			k += 15
			continue
		}
		if k += run; k > s.last {
			return jpegstream.ErrUnknownCode
		}
		block[zigzag[k]] = int16(jpegstream.Extend(uint32(s.bits.Take(size)), size) << s.low)
	}
	return nil
}

// symbol decodes one code.
func (b *bitReader) symbol(t *table) (byte, error) {
	if b.N < 32 {
		b.Acc, b.N, b.Pos = jpegstream.Refill(b.Buf, b.Acc, b.N, b.Pos)
	}
	if e := t.short[b.Acc>>56]; e != 0 {
		b.Acc <<= e & 15
		b.N -= uint(e & 15)
		return byte(e >> 8), nil
	}
	symbol, n := t.codes.Longer(uint32(b.Acc>>48), 8)
	if n == 0 {
		return 0, jpegstream.ErrUnknownCode
	}
	b.Acc <<= n
	b.N -= n
	return symbol, nil
}

// refine decodes one more bit of coefficients, and new ones of one bit: T.81 G.1.2.3.
func (s *scan) refine(n int, block *[64]int16) error {
	bit := int16(1) << s.low
	k := max(1, s.first)
	if s.endRun == 0 {
		for ; k <= s.last; k++ {
			symbol, err := s.bits.symbol(s.ac[n])
			if err != nil {
				return err
			}
			run, size := int(symbol>>4), symbol&15
			var fresh int16
			switch {
			case size > 1:
				return jpegstream.ErrUnknownCode
			case size == 1:
				if fresh = -bit; s.bits.One() == 1 {
					fresh = bit
				}
			case run < 15:
				s.endRun = 1<<run + s.bits.Take(uint(run))
			}
			if s.endRun > 0 {
				break
			}
			if k = s.correct(block, k, s.last, run, bit); fresh != 0 {
				if k > s.last {
					return jpegstream.ErrUnknownCode
				}
				block[zigzag[k]] = fresh
			}
		}
	}
	if s.endRun > 0 {
		if *(*[63]int16)(block[1:]) != [63]int16{} {
			s.correct(block, k, s.last, -1, bit)
		}
		s.endRun--
	}
	return nil
}

// correct reads the next bit of every coefficient that is known from k on, until it has passed run others and met one more; it returns where. A negative run
// means all up to last.
func (s *scan) correct(block *[64]int16, k, last, run int, bit int16) int {
	for ; k <= last; k++ {
		v := &block[zigzag[k]]
		if *v == 0 {
			if run == 0 {
				break
			}
			run--
			continue
		}
		if s.bits.One() == 0 || *v&bit != 0 {
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

// transformAll turns the coefficients of MCU row n into samples, and clears them.
func (d *decoder) transformAll(n int) {
	for i := range d.frame.Components {
		c := &d.frame.components[i]
		for y := n * c.v; y < (n+1)*c.v; y++ {
			for x := range c.wide {
				coefficients, more := c.coefficientsOf(x, y), int16(0)
				for k, v := range coefficients {
					d.work[k] = int32(v) * c.table[k]
					if k > 0 {
						more |= v
					}
				}
				if more == 0 {
					flat(d.work[0], c.at(x, y), c.stride(), d.frame.Precision)
				} else {
					transform(&d.work, c.at(x, y), c.stride(), d.frame.Precision)
				}
			}
		}
		clear(c.coefficients)
	}
	clear(d.work[:])
}
