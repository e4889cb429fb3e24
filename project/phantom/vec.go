package phantom

import "math"

// vec is a point or a vector in patient millimetres. It is a struct, not volume.Point, because the compiler keeps structs in registers and
// arrays in memory: the painting loop is four times as fast for it.
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec             { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec             { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(f float64) vec         { return vec{a.x * f, a.y * f, a.z * f} }
func (a vec) dot(b vec) float64         { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) len() float64              { return math.Sqrt(a.dot(a)) }
func (a vec) unit() vec                 { return a.mul(1 / max(a.len(), 1e-12)) }
func (a vec) cross(b vec) vec           { return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x} }
func (a vec) lerp(b vec, t float64) vec { return a.add(b.sub(a).mul(t)) }

// box is a region of the patient with sides along the axes.
type box struct{ lo, hi vec }

// around is the smallest box of the points, widened by margin on every side.
func around(margin float64, points ...vec) box {
	b := box{points[0], points[0]}
	for _, p := range points[1:] {
		b.lo = vec{min(b.lo.x, p.x), min(b.lo.y, p.y), min(b.lo.z, p.z)}
		b.hi = vec{max(b.hi.x, p.x), max(b.hi.y, p.y), max(b.hi.z, p.z)}
	}
	return b.grown(margin)
}

func (b box) grown(margin float64) box {
	m := vec{margin, margin, margin}
	return box{b.lo.sub(m), b.hi.add(m)}
}

func (b box) union(c box) box { return around(0, b.lo, b.hi, c.lo, c.hi) }

func (b box) meets(c box) bool {
	return b.lo.x <= c.hi.x && c.lo.x <= b.hi.x && b.lo.y <= c.hi.y && c.lo.y <= b.hi.y && b.lo.z <= c.hi.z && c.lo.z <= b.hi.z
}

func (b box) holds(p vec) bool {
	return p.x >= b.lo.x && p.x <= b.hi.x && p.y >= b.lo.y && p.y <= b.hi.y && p.z >= b.lo.z && p.z <= b.hi.z
}

// smin is the smaller of two distances with the edge between them rounded over k millimetres (k > 0): the union of two shapes.
//
// Source: I. Quilez, "Smooth minimum", the quadratic polynomial form.
func smin(a, b, k float64) float64 {
	if b < a {
		a, b = b, a
	}
	h := k - (b - a)
	if h <= 0 {
		return a
	}
	return a - h*h*0.25/k
}

// smax rounds the edge of an intersection.
func smax(a, b, k float64) float64 { return -smin(-a, -b, k) }

// clamp does not use min and max, which take care of NaN and cost twice as much.
func clamp(x, lo, hi float64) float64 {
	if x < lo {
		return lo
	}
	if x > hi {
		return hi
	}
	return x
}

// step goes smoothly from 0 at lo to 1 at hi.
func step(lo, hi, x float64) float64 {
	t := clamp((x-lo)/(hi-lo), 0, 1)
	return t * t * (3 - 2*t)
}

// ellipsoid returns the distance of p from the ellipsoid with the given radii about the origin, exact to first order at the surface.
func ellipsoid(p, r vec) float64 {
	u := vec{p.x / r.x, p.y / r.y, p.z / r.z}
	g := vec{u.x / r.x, u.y / r.y, u.z / r.z}.len()
	if g < 1e-9 {
		return -min(r.x, r.y, r.z)
	}
	k := u.len()
	return k * (k - 1) / g
}

// triangle returns the distance of p from the flat triangle a, b, c.
func triangle(p, a, b, c vec) float64 {
	n := b.sub(a).cross(c.sub(a)).unit()
	inside := func(u, v vec) bool { return v.sub(u).cross(p.sub(u)).dot(n) >= 0 }
	if inside(a, b) && inside(b, c) && inside(c, a) {
		return math.Abs(p.sub(a).dot(n))
	}
	return min(capsule(p, a, b, 0, 0), capsule(p, b, c, 0, 0), capsule(p, c, a, 0, 0))
}

// capsule returns the distance of p from the round cone between a and b with radii ra and rb.
func capsule(p, a, b vec, ra, rb float64) float64 {
	ab, ap := b.sub(a), p.sub(a)
	t := clamp(ap.dot(ab)/max(ab.dot(ab), 1e-12), 0, 1)
	return ap.sub(ab.mul(t)).len() - (ra + (rb-ra)*t)
}
