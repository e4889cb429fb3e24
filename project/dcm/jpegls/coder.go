package jpegls

import (
	"fmt"

	"hotlight/project/dcm/internal/jpegstream"
)

// coder decodes the lines of one scan.
type coder struct {
	parameters
	reader
	step     int // 2 NEAR + 1
	contexts [365]context
	run      [2]runContext
	// regions has quantize for every gradient, from -maximum to maximum; madeFor says for which parameters.
	regions []int8
	madeFor parameters
}

// prepare makes ready for a scan with parameters p.
func (c *coder) prepare(p parameters) {
	c.parameters, c.step = p, 2*p.near+1
	if c.madeFor == p {
		return
	}
	if n := 2*p.maximum + 1; cap(c.regions) < n {
		c.regions = make([]int8, n)
	}
	c.regions = c.regions[:2*p.maximum+1]
	for n := range c.regions {
		c.regions[n] = p.quantize(n - p.maximum)
	}
	c.madeFor = p
}

// reset begins a restart interval that lies at the start of src.
func (c *coder) reset(src []byte) {
	a := max(2, (c.span+32)/64)
	for n := range c.contexts {
		c.contexts[n] = context{a: a, n: 1}
	}
	c.run = [2]runContext{{a: a, n: 1}, {a: a, n: 1}}
	c.reader = newReader(src)
}

// region returns the context of three gradients, negative where the signs are turned: T.87 A.3.4.
func (c *coder) region(d1, d2, d3 int) int {
	r, m := c.regions, c.maximum
	return (int(r[d1+m])*9+int(r[d2+m]))*9 + int(r[d3+m])
}

// predict returns the median of a, b and a+b-c: T.87 A.4.1.
func predict(a, b, c int) int {
	low, high := min(a, b), max(a, b)
	return max(low, min(high, a+b-c))
}

// regular decodes one sample of region q: T.87 A.4 to A.6.
func (c *coder) regular(q, prediction int) (int, error) {
	sign := q >> 63
	x := &c.contexts[(q^sign)-sign]
	p := max(0, min(c.maximum, prediction+(x.c^sign)-sign))
	k := x.golomb()
	coded, err := c.golomb(k, c.limit, c.bits)
	if err != nil {
		return 0, err
	}
	if coded > 2*c.span {
		return 0, fmt.Errorf("%w: an error is too large", jpegstream.ErrData)
	}
	e := coded>>1 ^ -(coded & 1)
	if k == 0 && c.near == 0 && 2*x.b <= -x.n {
		e = ^e
	}
	x.update(e, e*c.step, c.parameters.reset)
	return c.rebuild(p, (e^sign)-sign), nil
}

// rebuild adds an error to a prediction modulo the range.
func (c *coder) rebuild(prediction, e int) int {
	v := prediction + e*c.step
	switch {
	case v < -c.near:
		v += c.span * c.step
	case v > c.maximum+c.near:
		v -= c.span * c.step
	}
	return max(0, min(c.maximum, v))
}

// runLength reads how many samples of the room left in a line are like the one before; broken says that another one follows. T.87 A.7.1.2.
func (c *coder) runLength(room int, index *int) (length int, broken bool) {
	for length < room {
		if c.take(1) == 0 {
			length += c.take(uint(runOrder[*index]))
			return min(length, room), length < room
		}
		length += 1 << runOrder[*index]
		if length <= room {
			*index = min(*index+1, 31)
		}
	}
	return room, false
}

// interruption reads the error of a sample that ends a run.
func (c *coder) interruption(kind, index int) (int, error) {
	x := &c.run[kind]
	k := x.golomb(kind)
	coded, err := c.golomb(k, c.limit-uint(runOrder[index])-1, c.bits)
	if err != nil {
		return 0, err
	}
	if coded > 2*c.span {
		return 0, fmt.Errorf("%w: an error is too large", jpegstream.ErrData)
	}
	return x.error(coded, k, kind, c.parameters.reset), nil
}

// endRun returns the sample that ends a run: a is to its left, b above it.
func (c *coder) endRun(a, b, index int) (int, error) {
	if d := a - b; d <= c.near && -d <= c.near {
		e, err := c.interruption(1, index)
		return c.rebuild(a, e), err
	}
	return c.endRunAgainst(a, b, index)
}

// endRunAgainst is endRun where a and b differ, or count as if they did.
func (c *coder) endRunAgainst(a, b, index int) (int, error) {
	e, err := c.interruption(0, index)
	if a > b {
		e = -e
	}
	return c.rebuild(b, e), err
}
