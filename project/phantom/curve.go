package phantom

import "math"

const (
	curveLow  = -320 // mm: where the tables of curve start
	curveSize = 641  // one entry a millimetre
)

// curve is a smooth function of z, tabulated. Beyond its first and last key it stays constant.
type curve [curveSize]float64

// key is a value at a height z in millimetres.
type key struct{ z, value float64 }

// newCurve runs a Catmull-Rom spline through the keys, which ascend in z.
func newCurve(keys ...key) *curve {
	c := &curve{}
	for n := range c {
		c[n] = splineAt(keys, float64(n+curveLow))
	}
	return c
}

func splineAt(keys []key, z float64) float64 {
	last := len(keys) - 1
	if z <= keys[0].z {
		return keys[0].value
	}
	for n := range last {
		a, b := keys[n], keys[n+1]
		if z > b.z {
			continue
		}
		before, after := keys[max(n-1, 0)], keys[min(n+2, last)]
		h := b.z - a.z
		ma := (b.value - before.value) / (b.z - before.z) * h
		mb := (after.value - a.value) / (after.z - a.z) * h
		t := (z - a.z) / h
		t2, t3 := t*t, t*t*t
		return (2*t3-3*t2+1)*a.value + (t3-2*t2+t)*ma + (3*t2-2*t3)*b.value + (t3-t2)*mb
	}
	return keys[last].value
}

func (c *curve) at(z float64) float64 {
	t := clamp(z-curveLow, 0, curveSize-1.001)
	n := int(t)
	return c[n] + (c[n+1]-c[n])*(t-float64(n))
}

// outline is a closed surface around the trunk: at each height a rounded shape, flatter behind than in front.
type outline struct{ halfWidth, front, back *curve }

// outlineKey is a row of an outline's table, all in mm: y is negative in front.
type outlineKey struct{ z, halfWidth, front, back float64 }

func newOutline(rows ...outlineKey) *outline {
	var w, f, b []key
	for _, r := range rows {
		w = append(w, key{r.z, r.halfWidth})
		f = append(f, key{r.z, r.front})
		b = append(b, key{r.z, r.back})
	}
	return &outline{newCurve(w...), newCurve(f...), newCurve(b...)}
}

// frame returns the half axes and the middle of the outline at height z.
func (o *outline) frame(z float64) (halfWidth, halfDepth, middle float64) {
	front, back := o.front.at(z), o.back.at(z)
	return max(o.halfWidth.at(z), 1), max((back-front)/2, 1), (back + front) / 2
}

// dist returns the distance from the outline at p's height, to first order, negative inside. The shape is |u|^2.5 + |v|^n = 1 with n = 2.5 in front
// and 3 behind, whose powers need square roots only.
func (o *outline) dist(p vec) float64 {
	a, b, yc := o.frame(p.z)
	u, v := math.Abs(p.x)/a, (p.y-yc)/b
	u15 := u * math.Sqrt(u)
	gu := 2.5 * u15 / a
	var sv, gv float64
	if v < 0 {
		v = -v
		v15 := v * math.Sqrt(v)
		sv, gv = v15*v, 2.5*v15/b
	} else {
		sv, gv = v*v*v, 3*v*v/b
	}
	s := u15*u + sv
	g := math.Sqrt(gu*gu + gv*gv)
	if s < 1e-6 || g < 1e-9 {
		return -min(a, b)
	}
	// s grows as about the 2.7th power of the radius; its 3/8th power is nearly linear, so that one Newton step reaches far.
	q := math.Sqrt(math.Sqrt(s))
	k := q * math.Sqrt(q)
	return (k - 1) * s / (0.375 * k * g)
}
