package segmentation

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"
)

// sweep is the brush moved along one straight line, to be asked row by row.
type sweep struct {
	l       *lattice
	caps    capsule
	disc    bool
	normal  mgl64.Vec3 // of the disc, unit
	row     mgl64.Vec3 // from one row to the next, dropped onto the disc's plane
	marginJ float64    // rows that the brush reaches beyond the line's own
	sheet   *sheet     // of a disc on a regular grid
	line    mgl64.Vec3 // of the movement, not dropped onto the plane
	drift   float64    // layers that the sheet moves from the line's start to its end
}

// dropped returns v without its part along the unit vector n.
func dropped(v, n mgl64.Vec3) mgl64.Vec3 { return v.Sub(n.Mul(v.Dot(n))) }

// newBall returns the sweep of a sphere and the slices that it reaches.
func newBall(l *lattice, from, line mgl64.Vec3, radius float64) (s sweep, kLo, kHi int) {
	s = sweep{l: l, caps: newCapsule(from, line, l.step[0], radius), row: l.step[1], marginJ: radius * l.dual[1].Len(), line: line}
	a := from.Dot(l.normal)
	kLo, kHi = l.slices(a, a+line.Dot(l.normal), radius)
	return s, kLo, kHi
}

// newDisc returns the sweep of a disc on a regular grid and the slices that it reaches.
func newDisc(l *lattice, from, line, normal mgl64.Vec3, radius float64) (s sweep, kLo, kHi int) {
	plane := newSheet(l, from, normal)
	s = sweep{l: l, disc: true, normal: normal, sheet: &plane, line: line, row: dropped(l.step[1], normal)}
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
		l: l, disc: true, normal: n, row: dropped(l.step[1], n), line: line, marginJ: radius * l.dual[1].Len(),
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

// base returns the centre of voxel (0, 0, k), dropped onto the disc's plane.
func (s *sweep) base(k int) mgl64.Vec3 {
	o := s.l.origin(k)
	if s.disc {
		o = s.caps.start.Add(dropped(o.Sub(s.caps.start), s.normal))
	}
	return o
}

// rows returns the rows of slice k that the brush may reach.
func (s *sweep) rows(k int) (lo, hi int) {
	a := s.l.index(1, s.caps.start, k)
	b := s.l.index(1, s.caps.start.Add(s.line), k)
	return clampRange(min(a, b)-s.marginJ-1e-6, max(a, b)+s.marginJ+1e-6, s.l.size[1])
}

// span returns the columns of row (j, k) to paint, inclusive; lo > hi for none. base is that of slice k.
func (s *sweep) span(base mgl64.Vec3, j, k int) (lo, hi int) {
	t := float64(j)
	p := mgl64.Vec3{base[0] + t*s.row[0], base[1] + t*s.row[1], base[2] + t*s.row[2]}
	from, to := s.caps.span(p)
	lo, hi = columns(from, to, s.l.size[0])
	if s.sheet == nil || lo > hi {
		return lo, hi
	}
	if math.Abs(s.drift) > nudge {
		return s.drifting(p, lo, hi, j, k)
	}
	first, last := s.sheet.span(j, k)
	if !(first <= float64(hi)) || !(last >= float64(lo)) {
		return 0, -1
	}
	return max(lo, int(max(first, 0))), min(hi, int(min(last, float64(hi))))
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
