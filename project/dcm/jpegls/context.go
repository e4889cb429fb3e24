package jpegls

import "math/bits"

// context is the statistics of one neighbourhood: T.87 A.2.1.
type context struct {
	a, b, c, n int // sum of sizes of errors, bias, correction, count
}

// golomb returns the parameter k of the code: the smallest with n<<k >= a.
func (c *context) golomb() uint {
	k := max(0, bits.Len(uint(c.a))-bits.Len(uint(c.n)))
	return uint(k - (c.n<<(uint(k)&63)-c.a)>>63)
}

// update takes note of an error: T.87 A.6. scaled is the error times 2 NEAR + 1.
func (c *context) update(e, scaled, reset int) {
	size := (e ^ e>>63) - e>>63
	a, b, n := c.a+size, c.b+scaled, c.n
	if n == reset {
		a, b, n = a>>1, b>>1, n>>1
	}
	n++
	switch {
	case b <= -n:
		b = max(b+n, 1-n)
		c.c = max(c.c-1, -128)
	case b > 0:
		b = min(b-n, 0)
		c.c = min(c.c+1, 127)
	}
	c.a, c.b, c.n = a, b, n
}

// runContext is the statistics of samples that end a run: T.87 A.7.2.
type runContext struct {
	a, n, negative int
}

// error turns the number that was read into an error and takes note of it. kind is RItype.
func (c *runContext) error(coded int, k uint, kind, reset int) int {
	v := coded + kind
	e := (v + 1) >> 1
	if (v&1 == 1) == (k != 0 || 2*c.negative >= c.n) {
		e = -e
	}
	if e < 0 {
		c.negative++
	}
	c.a += (coded + 1 - kind) >> 1
	if c.n == reset {
		c.a, c.n, c.negative = c.a>>1, c.n>>1, c.negative>>1
	}
	c.n++
	return e
}

// golomb returns the parameter k of the code.
func (c *runContext) golomb(kind int) uint {
	a := c.a
	if kind == 1 {
		a += c.n >> 1
	}
	return (&context{a: a, n: c.n}).golomb()
}

// runOrder is J: the logarithm of the run that one bit stands for.
var runOrder = [32]uint8{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15}
