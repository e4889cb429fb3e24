package jpeg

import (
	"fmt"
	"slices"

	"hotlight/project/dcm/internal/jpegstream"
)

// scan is one scan and how far it is decoded. All scans of a frame advance side by side, a row of MCUs at a time: so a few rows of blocks are held at once, never
// the picture, whether it comes in one scan or, as a progressive one does, in many.
type scan struct {
	components  []*component // within own
	own         [4]*component
	dc, ac      [4]*table
	first, last int  // coefficients first to last of each block
	high, low   uint // bits done before, and bits left out: successive approximation
	restart     int  // MCUs between restart markers, 0: none
	at          int  // where its coded data go on in the stream
	done        int  // MCUs decoded; blocks where there is one component
	bits        bitReader
	predictions [4]int32 // of first coefficients
	endRun      int32    // blocks that have nothing more in this scan
}

// maxScans bounds the memory of scans: each may have tables of its own. Encoders write about ten.
const maxScans = 512

// scan reads a scan header: T.81 B.2.3. Its coded data begin at d.At.
func (d *decoder) scan(b []byte) error {
	said, err := d.frame.ParseScan(b)
	if err != nil {
		return err
	}
	if len(d.scans) == maxScans {
		return fmt.Errorf("%w: more than %d scans", jpegstream.ErrUnsupported, maxScans)
	}
	s := d.newScan()
	s.first, s.last, s.high, s.low = int(said.First), int(said.Last), uint(said.Shift>>4), uint(said.Shift&15)
	if !d.frame.Progressive {
		s.first, s.last, s.high, s.low = 0, 63, 0, 0 // some writers put rubbish there
	}
	if err := s.check(said.Components); err != nil {
		return err
	}
	for n := range said.Components {
		if err := d.join(s, said.IDs[n], said.Tables[n]); err != nil {
			return err
		}
	}
	wide, high := d.extent(s)
	if d.visits += wide * high; d.visits > freeVisits+32*len(d.Src) {
		return fmt.Errorf("%w: more scans than %d bytes justify", jpegstream.ErrUnsupported, len(d.Src))
	}
	return nil
}

// newScan returns a scan at d.At whose buffer an earlier frame may have left.
func (d *decoder) newScan() *scan {
	if len(d.scans) < cap(d.scans) {
		d.scans = d.scans[:len(d.scans)+1]
	} else {
		d.scans = append(d.scans, scan{})
	}
	s := &d.scans[len(d.scans)-1]
	s.bits.Reset()
	*s = scan{at: d.At, restart: d.restart, bits: s.bits}
	return s
}

// check refuses what T.81 G.1.1.1 does not allow.
func (s *scan) check(components int) error {
	switch {
	case s.last > 63 || s.first > s.last || s.low > 13:
	case s.high > 0 && s.high != s.low+1:
	case s.first > 0 && components > 1:
	default:
		return nil
	}
	return fmt.Errorf("%w: a scan of coefficients %d to %d, bits %d to %d", jpegstream.ErrHeader, s.first, s.last, s.high, s.low)
}

// join adds the component called id to s, with the tables that are in force now: later ones of their numbers do not change a scan.
func (d *decoder) join(s *scan, id, tables byte) error {
	n := len(s.components)
	c, err := d.scanComponent(s, id)
	if err != nil {
		return err
	}
	for k := s.first; k <= s.last; k++ {
		c.lacks[k] = uint8(s.low) + 1
	}
	s.own[n] = c
	s.components = s.own[:n+1]
	dc, ac := d.tables[0][tables>>4&3], d.tables[1][tables&3]
	if s.first == 0 && s.high == 0 && dc == nil || s.last > 0 && ac == nil {
		return fmt.Errorf("%w: a Huffman table is missing", jpegstream.ErrHeader)
	}
	for _, t := range []*table{dc, ac} {
		if t != nil {
			t.used = true
		}
	}
	s.dc[n], s.ac[n] = dc, ac
	return nil
}

// scanComponent returns the component called id and gives it its quantization table, which a later one of that number does not change.
func (d *decoder) scanComponent(s *scan, id byte) (*component, error) {
	for n := range d.frame.Components {
		c := &d.frame.components[n]
		if c.id != id || d.decoded[n] && !d.frame.Progressive || slices.Contains(s.components, c) {
			continue
		}
		if !c.quantized {
			if !d.hasQuant[c.quant] {
				return nil, fmt.Errorf("%w: quantization table %d is missing", jpegstream.ErrHeader, c.quant)
			}
			c.table, c.quantized = d.quants[c.quant], true
		}
		if s.first == 0 && s.high == 0 {
			d.decoded[n] = true
		}
		return c, nil
	}
	return nil, jpegstream.UnknownComponent(id)
}

// extent returns how many MCUs a scan has in a row and how many rows; blocks where it has one component, and none of these beyond the picture (T.81 A.2.2).
func (d *decoder) extent(s *scan) (wide, high int) {
	if len(s.components) == 1 {
		return ceil(s.components[0].width, 8), ceil(s.components[0].height, 8)
	}
	return ceil(d.shape.Columns, 8*d.frame.hMax), ceil(d.shape.Rows, 8*d.frame.vMax)
}

// freeVisits bounds the time of a progressive frame: a scan may be a few bytes and go over the whole picture. This many blocks may be visited by the scans of any
// frame, and 32 more for each byte of it: ten scans, as IJG's scripts have, of an empty picture of 50 megapixels.
const freeVisits = 8 << 20

// advance decodes what s has of MCU row n of the frame.
func (d *decoder) advance(s *scan, n int) error {
	wide, high := d.extent(s)
	from, to := n, n+1
	if single := len(s.components) == 1; single {
		from, to = n*s.components[0].v, min((n+1)*s.components[0].v, high)
	}
	for y := from; y < to; y++ {
		if err := d.rowOf(s, y, wide); err != nil {
			if s.bits.Overrun() { // whatever else was wrong then came from that
				err = jpegstream.ErrEarlyEnd
			}
			return fmt.Errorf("block row %d of %d: %w", y, high, err)
		}
	}
	return nil
}

// rowOf decodes row y of the scan's MCUs or blocks.
func (d *decoder) rowOf(s *scan, y, wide int) error {
	for x := range wide {
		if s.done == 0 || s.restart > 0 && s.done%s.restart == 0 {
			if err := d.interval(s); err != nil {
				return err
			}
		}
		s.done++
		if err := d.mcu(s, x, y); err != nil {
			return err
		}
	}
	if s.bits.Overrun() {
		return jpegstream.ErrEarlyEnd
	}
	return nil
}

// interval takes the coded data of the restart interval that begins now.
func (d *decoder) interval(s *scan) (err error) {
	if s.done > 0 {
		if s.bits.Overrun() {
			return jpegstream.ErrEarlyEnd
		}
		if s.at, err = jpegstream.SkipRestart(d.Src, s.at, s.done/s.restart); err != nil {
			return err
		}
		s.predictions, s.endRun = [4]int32{}, 0
	}
	s.at += s.bits.Load(d.Src[s.at:])
	return nil
}

// mcu decodes the blocks of one MCU, or the one block of a scan of one component.
func (d *decoder) mcu(s *scan, x, y int) error {
	if len(s.components) == 1 {
		return d.block(s, 0, x, y)
	}
	for n, c := range s.components {
		for v := range c.v {
			for i := range c.h {
				if err := d.block(s, n, x*c.h+i, y*c.v+v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// block decodes block x, y of the scan's component n.
func (d *decoder) block(s *scan, n, x, y int) error {
	c := s.components[n]
	if d.frame.Progressive {
		return s.progressive(n, c.coefficientsOf(x, y))
	}
	more, err := s.bits.block(&d.work, &c.table, s.dc[n], s.ac[n], &s.predictions[n])
	if err != nil {
		clear(d.work[:])
		return err
	}
	plane := c.at(x, y)
	if !more {
		flat(d.work[0], plane, c.stride(), d.frame.Precision)
		return nil
	}
	transform(&d.work, plane, c.stride(), d.frame.Precision)
	clear(d.work[:])
	return nil
}
