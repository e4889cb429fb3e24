package segmentation

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"
)

// capsule is all points within a radius of the straight line from one point to another, to be asked row by row. A disc's is asked within its
// plane: then all vectors that go in are dropped onto the plane first.
type capsule struct {
	start, line  mgl64.Vec3 // the line runs from start to start+line
	row          mgl64.Vec3 // from one column to the next
	r2           float64    // radius squared, with slack
	ll, rr, rl   float64    // line.line, row.row, row.line
	a            float64    // of the cylinder's quadratic in the column
	invA, invR   float64
	along, click bool // the row runs along the line; the line is a point
}

// slack makes a voxel at exactly the radius lie inside, whatever the last digits of the arithmetic say.
const slack = 1e-9

func newCapsule(start, line, row mgl64.Vec3, radius float64) capsule {
	c := capsule{start: start, line: line, row: row, r2: radius * radius * (1 + slack)}
	c.ll, c.rr, c.rl = line.Dot(line), row.Dot(row), row.Dot(line)
	c.click = c.ll < 1e-18
	c.invR = 1 / c.rr // infinite when rows have no extent within a disc's plane; span asks first
	if !c.click {
		c.a = c.rr - c.rl*c.rl/c.ll
		c.along = c.a <= 1e-12*c.rr
		c.invA = 1 / c.a
	}
	return c
}

// span returns the columns, as real numbers lo to hi, at which the row whose column 0 is at p lies inside. lo > hi if it does not.
//
// The capsule is convex, so the row's part in it is one piece: from the first to the last of what it shares with the two balls at the ends and the
// cylinder between them.
func (c *capsule) span(p mgl64.Vec3) (lo, hi float64) {
	x, y, z := p[0]-c.start[0], p[1]-c.start[1], p[2]-c.start[2]
	pp := x*x + y*y + z*z
	pr := x*c.row[0] + y*c.row[1] + z*c.row[2]
	if c.rr < 1e-18 {
		return c.point(x, y, z, pp)
	}
	lo, hi = quadratic(c.invR, pr, pp-c.r2, c.rr)
	if c.click {
		return lo, hi
	}
	pl := x*c.line[0] + y*c.line[1] + z*c.line[2]
	lo2, hi2 := quadratic(c.invR, pr-c.rl, pp-2*pl+c.ll-c.r2, c.rr)
	lo, hi = hull(lo, hi, lo2, hi2)
	lo2, hi2 = c.cylinder(pp, pr, pl)
	return hull(lo, hi, lo2, hi2)
}

// point answers for a row whose columns are all at one place in the plane.
func (c *capsule) point(x, y, z, pp float64) (lo, hi float64) {
	if !c.click {
		pl := x*c.line[0] + y*c.line[1] + z*c.line[2]
		t := min(max(pl/c.ll, 0), 1)
		pp += t * (t*c.ll - 2*pl)
	}
	if pp <= c.r2 {
		return math.Inf(-1), math.Inf(1)
	}
	return 1, -1
}

// cylinder returns the columns within the radius of the line's inside, between the planes through its ends.
func (c *capsule) cylinder(pp, pr, pl float64) (lo, hi float64) {
	rest := pp - pl*pl/c.ll - c.r2
	if c.along {
		lo, hi = math.Inf(-1), math.Inf(1)
		if rest > 0 {
			return 1, -1
		}
	} else {
		lo, hi = quadratic(c.invA, pr-pl*c.rl/c.ll, rest, c.a)
	}
	if c.rl == 0 {
		if pl < 0 || pl > c.ll {
			return 1, -1
		}
		return lo, hi
	}
	from, to := -pl/c.rl, (c.ll-pl)/c.rl
	if from > to {
		from, to = to, from
	}
	return max(lo, from), min(hi, to)
}

// quadratic returns where a*x*x + 2*b*x + c <= 0, given 1/a as well.
func quadratic(invA, b, c, a float64) (lo, hi float64) {
	d := b*b - a*c
	if d < 0 {
		return 1, -1
	}
	d = math.Sqrt(d)
	return (-b - d) * invA, (-b + d) * invA
}

// hull returns the smallest range that holds both, either of which may be empty.
func hull(lo, hi, lo2, hi2 float64) (float64, float64) {
	switch {
	case lo2 > hi2:
		return lo, hi
	case lo > hi:
		return lo2, hi2
	}
	return min(lo, lo2), max(hi, hi2)
}

// columns returns the whole columns of 0 to n-1 in the real range lo to hi.
func columns(lo, hi float64, n int) (int, int) {
	if !(lo <= hi) || lo > float64(n) || hi < 0 {
		return 0, -1
	}
	first, last := 0, n-1
	if lo > 0 {
		first = int(math.Ceil(lo - slack))
	}
	if hi < float64(last) {
		last = int(math.Floor(hi + slack))
	}
	return first, last
}
