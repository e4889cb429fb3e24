package segmentation

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"
)

// sweep is the brush moved along one straight line, to be asked row by row.
type sweep struct {
	l        *lattice
	caps     capsule
	disc     bool
	normal   mgl64.Vec3 // of the disc, unit
	row      mgl64.Vec3 // from one row to the next, dropped onto the disc's plane
	marginJ  float64    // rows that the brush reaches beyond the line's own; of a sphere, for each mm of its radius
	skew     float64    // of a sphere: rows more, where slices are not stacked along their normal
	from, to float64    // of a sphere: the depths of the line's ends, along the slices' normal, in ascending order
	sheet    *sheet     // of a disc on a regular grid
	rise     float64    // rows that the line, not dropped onto the plane, goes up
	drift    float64    // layers that the sheet moves from the line's start to its end
}

// dropped returns v without its part along the unit vector n.
func dropped(v, n mgl64.Vec3) mgl64.Vec3 { return v.Sub(n.Mul(v.Dot(n))) }

// newBall returns the sweep of a sphere and the slices that it reaches.
func newBall(l *lattice, from, line mgl64.Vec3, radius float64) (s sweep, kLo, kHi int) {
	s = sweep{l: l, caps: newCapsule(from, line, l.step[0], radius), row: l.step[1], marginJ: l.dual[1].Len(), rise: l.dual[1].Dot(line)}
	a := from.Dot(l.normal)
	b := a + line.Dot(l.normal)
	s.from, s.to = min(a, b), max(a, b)
	s.skew = radius * math.Abs(l.dual[1].Dot(l.normal))
	kLo, kHi = l.slices(a, b, radius)
	return s, kLo, kHi
}

// newDisc returns the sweep of a disc on a regular grid and the slices that it reaches.
func newDisc(l *lattice, from, line, normal mgl64.Vec3, radius float64) (s sweep, kLo, kHi int) {
	plane := newSheet(l, from, normal)
	s = sweep{l: l, disc: true, normal: normal, sheet: &plane, rise: l.dual[1].Dot(line), row: dropped(l.step[1], normal)}
	s.caps = newCapsule(from, dropped(line, normal), dropped(l.step[0], normal), radius)
	if off := normal.Dot(line); off != 0 {
		s.drift = off / normal.Dot(l.step[plane.axis])
	}
	// A voxel of the sheet lies up to half a layer off the plane.
	reach := func(v mgl64.Vec3) float64 {
		return radius*dropped(v, normal).Len() + plane.thick/2*math.Abs(v.Dot(normal))*(1+1e-6)
	}
	s.marginJ = reach(l.dual[1])
	a := from.Dot(l.normal)
	kLo, kHi = l.slices(a, a+line.Dot(l.normal), reach(l.normal)+nudge*plane.thick)
	return s, kLo, kHi
}

// newPatch returns the sweep of a disc in one plane of a stack, for the part of the line from t0 to t1 in which that plane is the nearest.
func newPatch(l *lattice, from, line mgl64.Vec3, t0, t1, radius float64) sweep {
	n := l.normal
	return sweep{
		l: l, disc: true, normal: n, row: dropped(l.step[1], n), rise: l.dual[1].Dot(line), marginJ: radius * l.dual[1].Len(),
		caps: newCapsule(from.Add(line.Mul(t0)), dropped(line.Mul(t1-t0), n), dropped(l.step[0], n), radius),
	}
}

// patches calls f for each plane of a stack that is the nearest during a part of the line.
func patches(l *lattice, from, line mgl64.Vec3, f func(k int, t0, t1 float64)) {
	a, off := from.Dot(l.normal), line.Dot(l.normal)
	kLo, kHi := l.slices(a, a+off, l.reach+nudge)
	for k := kLo; k <= kHi; k++ {
		lo, hi := l.cell(k)
		if math.Abs(off) < 1e-9 {
			if at := a + nudge; at >= lo && at < hi {
				f(k, 0, 1)
			}
			continue
		}
		t0, t1 := (lo-a)/off, (hi-a)/off
		if t0 > t1 {
			t0, t1 = t1, t0
		}
		if t0, t1 = max(t0, 0), min(t1, 1); t0 <= t1 {
			f(k, t0, t1)
		}
	}
}

// sliceRows is what the brush may reach in one slice: rows lo to hi, inclusive. base is the centre of voxel (0, 0, k), dropped onto a disc's plane.
type sliceRows struct {
	k, lo, hi int
	base      mgl64.Vec3
}

// rowSpan is the part of one row to paint: word is the row's place in its brick, lo to hi the columns of the grid, inclusive.
type rowSpan struct {
	word   int
	lo, hi int
}

func (s *sweep) rows(k int) sliceRows {
	r := sliceRows{k: k, base: s.l.origin(k)}
	a := s.l.dual[1].Dot(s.caps.start.Sub(r.base))
	b := a + s.rise
	margin := s.marginJ
	if s.disc {
		r.base = s.caps.start.Add(dropped(r.base.Sub(s.caps.start), s.normal))
	} else {
		// Of a sphere, a slice off the line has a smaller circle.
		depth := r.base.Dot(s.l.normal)
		off := max(s.from-depth, depth-s.to, 0)
		margin = margin*math.Sqrt(max(s.caps.r2-off*off, 0)) + s.skew
	}
	r.lo, r.hi = clampRange(min(a, b)-margin-1e-6, max(a, b)+margin+1e-6, s.l.size[1])
	return r
}

// spans appends the spans of rows jLo to jHi of a slice.
func (s *sweep) spans(out []rowSpan, r *sliceRows, jLo, jHi int) []rowSpan {
	if s.caps.click && !s.disc {
		return s.clickSpans(out, r, jLo, jHi)
	}
	for j := jLo; j <= jHi; j++ {
		if lo, hi := s.span(r, j); lo <= hi {
			out = append(out, rowSpan{r.k%BrickSlices*BrickRows + j%BrickRows, lo, hi})
		}
	}
	return out
}

// span returns the columns of row j to paint, inclusive; lo > hi for none.
func (s *sweep) span(r *sliceRows, j int) (lo, hi int) {
	t := float64(j)
	p := mgl64.Vec3{r.base[0] + t*s.row[0], r.base[1] + t*s.row[1], r.base[2] + t*s.row[2]}
	from, to := s.caps.span(p)
	lo, hi = columns(from, to, s.l.size[0])
	if s.sheet == nil || lo > hi {
		return lo, hi
	}
	if math.Abs(s.drift) > nudge {
		return s.drifting(p, lo, hi, j, r.k)
	}
	first, last := s.sheet.span(j, r.k)
	if !(first <= float64(hi)) || !(last >= float64(lo)) {
		return 0, -1
	}
	return max(lo, int(max(first, 0))), min(hi, int(min(last, float64(hi))))
}

// clickSpans is spans for a sphere that stands still: the same arithmetic without its cases.
func (s *sweep) clickSpans(out []rowSpan, r *sliceRows, jLo, jHi int) []rowSpan {
	c := &s.caps
	x0, y0, z0 := r.base[0]-c.start[0], r.base[1]-c.start[1], r.base[2]-c.start[2]
	end := float64(s.l.size[0] - 1)
	word := r.k % BrickSlices * BrickRows
	for j := jLo; j <= jHi; j++ {
		t := float64(j)
		x, y, z := x0+t*s.row[0], y0+t*s.row[1], z0+t*s.row[2]
		b := x*c.row[0] + y*c.row[1] + z*c.row[2]
		d := b*b - c.rr*(x*x+y*y+z*z-c.r2)
		if d < 0 {
			continue
		}
		d = math.Sqrt(d)
		lo, hi := (-b-d)*c.invR-slack, (d-b)*c.invR+slack
		if hi < 0 || lo > end {
			continue
		}
		first, last := 0, int(end)
		if lo > 0 {
			if first = int(lo); float64(first) < lo {
				first++
			}
		}
		if hi < end {
			last = int(hi)
		}
		if first <= last {
			out = append(out, rowSpan{word + j%BrickRows, first, last})
		}
	}
	return out
}

// drifting narrows a row's span for a disc that is moved out of its plane: a voxel is painted if the disc meets it while the sheet runs through it.
// What is left is one piece again, since the disc and the movement are convex.
func (s *sweep) drifting(p mgl64.Vec3, lo, hi, j, k int) (int, int) {
	for lo <= hi && !s.met(p, lo, j, k) {
		lo++
	}
	for hi >= lo && !s.met(p, hi, j, k) {
		hi--
	}
	return lo, hi
}

func (s *sweep) met(p mgl64.Vec3, i, j, k int) bool {
	w := s.sheet.coordinate(float64(i), float64(j), float64(k))
	row := float64([3]int{i, j, k}[s.sheet.axis])
	t0, t1 := (row-0.5-nudge-w)/s.drift, (row+0.5-nudge-w)/s.drift
	if t0 > t1 {
		t0, t1 = t1, t0
	}
	if t0, t1 = max(t0, 0), min(t1, 1); t0 > t1 {
		return false
	}
	v := p.Add(s.caps.row.Mul(float64(i))).Sub(s.caps.start)
	t := t0
	if s.caps.ll > 0 {
		t = min(max(v.Dot(s.caps.line)/s.caps.ll, t0), t1)
	}
	d := v.Sub(s.caps.line.Mul(t))
	return d.Dot(d) <= s.caps.r2
}
