package jpeg2000

// rect covers x0 <= x < x1, y0 <= y < y1.
type rect struct{ x0, y0, x1, y1 int }

func (r rect) width() int  { return max(0, r.x1-r.x0) }
func (r rect) height() int { return max(0, r.y1-r.y0) }

// rows is height, but 0 where there are no columns.
func (r rect) rows() int {
	if r.empty() {
		return 0
	}
	return r.y1 - r.y0
}

func (r rect) empty() bool { return r.x0 >= r.x1 || r.y0 >= r.y1 }
func (r rect) area() int   { return r.width() * r.height() }

func (r rect) intersect(s rect) rect {
	return rect{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}

// grown returns r with so many more points on each side.
func (r rect) grown(n int) rect { return rect{r.x0 - n, r.y0 - n, r.x1 + n, r.y1 + n} }

func (r rect) overlaps(s rect) bool { return !r.intersect(s).empty() }

// divided returns the points of a grid of step dx, dy that lie in r.
func (r rect) divided(dx, dy uint8) rect {
	x, y := int(dx), int(dy)
	return rect{ceilDiv(r.x0, x), ceilDiv(r.y0, y), ceilDiv(r.x1, x), ceilDiv(r.y1, y)}
}

// halved returns r after n halvings.
func (r rect) halved(n int) rect {
	return rect{ceilShift(r.x0, n), ceilShift(r.y0, n), ceilShift(r.x1, n), ceilShift(r.y1, n)}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// ceilShift returns a / 2^n rounded up; a may be negative.
func ceilShift(a, n int) int { return -(-a >> n) }
