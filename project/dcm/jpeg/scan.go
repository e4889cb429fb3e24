package jpeg

import "fmt"

// scanHeader is the header of a scan: T.81 B.2.3.
type scanHeader struct {
	components []*component
	dc, ac     [4]*table
	first      int // coefficients first to last of each block
	last       int
	high, low  uint // bits done before, and bits left out: successive approximation
}

func (d *decoder) parseScan(b []byte) (h scanHeader, err error) {
	if d.frame.Components == 0 {
		return h, fmt.Errorf("%w: a scan stands before the frame header", ErrHeader)
	}
	if len(b) < 6 || b[0] < 1 || b[0] > 4 || len(b) != 4+2*int(b[0]) {
		return h, fmt.Errorf("%w: a scan header has %d bytes", ErrHeader, len(b))
	}
	count := int(b[0])
	tail := b[1+2*count:]
	h.first, h.last, h.high, h.low = int(tail[0]), int(tail[1]), uint(tail[2]>>4), uint(tail[2]&15)
	if !d.frame.Progressive {
		h.first, h.last, h.high, h.low = 0, 63, 0, 0 // some writers put rubbish there
	}
	if err := h.check(count); err != nil {
		return h, err
	}
	for n := range count {
		c, err := d.scanComponent(b[1+2*n], h)
		if err != nil {
			return h, err
		}
		dc, ac := b[2+2*n]>>4&3, b[2+2*n]&3
		h.components = append(h.components, c)
		h.dc[n], h.ac[n] = &d.tables[0][dc], &d.tables[1][ac]
		if h.first == 0 && h.high == 0 && h.dc[n].count == 0 || h.last > 0 && h.ac[n].count == 0 {
			return h, fmt.Errorf("%w: a Huffman table is missing", ErrHeader)
		}
	}
	return h, nil
}

// check applies the rules of T.81 G.1.1.1 for progressive scans, which sequential ones obey trivially.
func (h scanHeader) check(components int) error {
	switch {
	case h.last > 63 || h.first > h.last || h.low > 13:
	case h.high > 0 && h.high != h.low+1:
	case h.first > 0 && components > 1:
	default:
		return nil
	}
	return fmt.Errorf("%w: a scan of coefficients %d to %d, bits %d to %d", ErrHeader, h.first, h.last, h.high, h.low)
}

// scanComponent returns the component called id and gives it its quantization table, which a later one of that number does not change.
func (d *decoder) scanComponent(id byte, h scanHeader) (*component, error) {
	for n := range d.frame.Components {
		c := &d.frame.components[n]
		if c.id != id || d.decoded[n] && !d.frame.Progressive {
			continue
		}
		if d.inScan[n] {
			continue
		}
		d.inScan[n] = true
		if !c.quantized {
			if !d.hasQuant[c.quant] {
				return nil, fmt.Errorf("%w: quantization table %d is missing", ErrHeader, c.quant)
			}
			c.table, c.quantized = d.quants[c.quant], true
		}
		if h.first == 0 && h.high == 0 {
			d.decoded[n] = true
		}
		return c, nil
	}
	return nil, fmt.Errorf("%w: a scan names component %d, which the frame does not have or has had", ErrHeader, id)
}

// scan decodes one scan.
func (d *decoder) scan(body []byte) error {
	d.inScan = [4]bool{}
	h, err := d.parseScan(body)
	if err != nil {
		return err
	}
	wide, high := ceil(d.shape.Columns, 8*d.frame.hMax), ceil(d.shape.Rows, 8*d.frame.vMax)
	single := len(h.components) == 1
	if single { // T.81 A.2.2: block by block, and none beyond the picture
		wide, high = ceil(h.components[0].width, 8), ceil(h.components[0].height, 8)
	}
	if d.visits += wide * high; d.visits > freeVisits+32*len(d.src) {
		return fmt.Errorf("%w: more scans than %d bytes justify", ErrUnsupported, len(d.src))
	}
	d.dc, d.endRun = [4]int32{}, 0
	for mcu := range wide * high {
		if mcu == 0 || d.restart > 0 && mcu%d.restart == 0 {
			if err := d.interval(mcu); err != nil {
				return err
			}
		}
		if err := d.mcu(&h, mcu%wide, mcu/wide, single); err != nil {
			if d.bits.overrun() {
				err = fmt.Errorf("%w: they end early", ErrData)
			}
			return fmt.Errorf("block row %d of %d: %w", mcu/wide, high, err)
		}
		if d.bits.overrun() {
			return fmt.Errorf("block row %d of %d: %w: they end early", mcu/wide, high, ErrData)
		}
	}
	return nil
}

// freeVisits bounds the time of a progressive frame: a scan may be a few bytes and go over the whole picture. This many blocks may be visited by the scans of any
// frame, and 32 more for each byte of it: ten scans, as IJG's scripts have, of an empty picture of 50 megapixels.
const freeVisits = 8 << 20

// interval takes the coded data of the restart interval that begins with block or MCU n.
func (d *decoder) interval(n int) error {
	if n > 0 {
		want := byte(rst0 + (n/d.restart-1)%8)
		if d.at+1 >= len(d.src) || d.src[d.at+1] != want {
			return fmt.Errorf("%w: restart marker %02X is missing", ErrData, want)
		}
		d.at += 2
		d.dc, d.endRun = [4]int32{}, 0
	}
	d.at += d.bits.load(d.src[d.at:])
	for d.at+1 < len(d.src) && d.src[d.at+1] == 0xFF { // fill bytes before a marker
		d.at++
	}
	return nil
}

// mcu decodes the blocks of one MCU, or the one block of a scan of one component.
func (d *decoder) mcu(h *scanHeader, x, y int, single bool) error {
	if single {
		return d.block(h, 0, x, y)
	}
	for n, c := range h.components {
		for v := range c.v {
			for i := range c.h {
				if err := d.block(h, n, x*c.h+i, y*c.v+v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// block decodes block x, y of the scan's component n.
func (d *decoder) block(h *scanHeader, n, x, y int) error {
	c := h.components[n]
	if d.frame.Progressive {
		return d.progressive(h, n, (*[64]int16)(c.coefficients[64*(y*c.wide+x):]))
	}
	more, err := d.bits.block(&d.work, &c.table, h.dc[n], h.ac[n], &d.dc[n])
	if err != nil {
		clear(d.work[:])
		return err
	}
	plane := c.plane[8*y*c.stride()+8*x:]
	if !more {
		flat(d.work[0], plane, c.stride(), d.frame.Precision)
		return nil
	}
	transform(&d.work, plane, c.stride(), d.frame.Precision)
	clear(d.work[:])
	return nil
}
