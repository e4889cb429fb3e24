package jpegls

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"hotlight/project/dcm/internal/jpegstream"
)

// preset holds the parameters that a stream may set (T.87 C.2.4.1); 0 means the default.
type preset struct {
	maximum, t1, t2, t3, reset int
}

// parseLSE reads a preset segment. Mapping tables are skipped: a scan that uses one is refused.
func parseLSE(b []byte, p *preset) error {
	if len(b) == 0 {
		return fmt.Errorf("%w: an LSE segment is empty", jpegstream.ErrHeader)
	}
	switch b[0] {
	case 1:
		if len(b) != 11 {
			return fmt.Errorf("%w: an LSE segment has %d bytes", jpegstream.ErrHeader, len(b))
		}
		at := func(n int) int { return int(binary.BigEndian.Uint16(b[n:])) }
		*p = preset{at(1), at(3), at(5), at(7), at(9)}
	case 2, 3:
	default:
		return fmt.Errorf("%w: an LSE segment of type %d", jpegstream.ErrUnsupported, b[0])
	}
	return nil
}

// parameters are what a scan is coded with: T.87 C.2.4.1.1 and A.2.1.
type parameters struct {
	maximum, near int
	t1, t2, t3    int
	reset         int
	span          int  // RANGE: how many values a prediction error has
	bits          uint // qbpp: bits of one
	limit         uint // LIMIT: the longest code
}

// settle fills in the defaults and checks.
func (p preset) settle(precision, near int) (parameters, error) {
	q := parameters{maximum: p.maximum, near: near, t1: p.t1, t2: p.t2, t3: p.t3, reset: p.reset}
	if q.maximum == 0 {
		q.maximum = 1<<precision - 1
	}
	if q.maximum > 1<<precision-1 || near > min(255, q.maximum/2) {
		return q, fmt.Errorf("%w: samples up to %d, wrong by up to %d, in %d bits", jpegstream.ErrHeader, q.maximum, near, precision)
	}
	q.thresholds()
	if q.reset == 0 {
		q.reset = 64
	}
	if q.t1 <= near || q.t2 < q.t1 || q.t3 < q.t2 || q.t3 > q.maximum || q.reset < 3 {
		return q, fmt.Errorf("%w: thresholds %d, %d, %d, %d", jpegstream.ErrHeader, q.t1, q.t2, q.t3, q.reset)
	}
	q.span = (q.maximum+2*near)/(2*near+1) + 1
	q.bits = uint(bits.Len(uint(q.span - 1)))
	sample := max(2, bits.Len(uint(q.maximum)))
	q.limit = uint(2 * (sample + max(8, sample)))
	return q, nil
}

// thresholds sets those that the stream left to the default.
func (q *parameters) thresholds() {
	clamp := func(v, low int) int {
		if v > q.maximum || v < low {
			return low
		}
		return v
	}
	d1, d2, d3 := 0, 0, 0
	if q.maximum >= 128 {
		f := (min(q.maximum, 4095) + 128) / 256
		d1, d2, d3 = f+2+3*q.near, f*4+3+5*q.near, f*17+4+7*q.near
	} else {
		f := 256 / (q.maximum + 1)
		d1, d2, d3 = max(2, 3/f+3*q.near), max(3, 7/f+5*q.near), max(4, 21/f+7*q.near)
	}
	if q.t1 == 0 {
		q.t1 = clamp(d1, q.near+1)
	}
	if q.t2 == 0 {
		q.t2 = clamp(d2, q.t1)
	}
	if q.t3 == 0 {
		q.t3 = clamp(d3, q.t2)
	}
}

// quantize returns the region of a gradient, -4 to 4: T.87 A.3.3.
func (q *parameters) quantize(d int) int8 {
	size, sign := d, int8(1)
	if d < 0 {
		size, sign = -d, -1
	}
	switch {
	case size <= q.near:
		return 0
	case size < q.t1:
		return sign
	case size < q.t2:
		return 2 * sign
	case size < q.t3:
		return 3 * sign
	}
	return 4 * sign
}
