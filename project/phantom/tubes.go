package phantom

import "math"

// segment is a round cone: a stretch of a vessel, a bronchus, a bowel loop.
type segment struct {
	a, b   vec
	ra, rb float64
	along  float64 // mm from the start of its path to a
}

// tubes is a set of segments with a grid that finds those near a point.
type tubes struct {
	segments []segment
	box      box
	reach    float64 // mm: distances up to this are exact, larger ones are given as reach
	cell     float64
	n        [3]int
	start    []int32 // of each cell's run in list
	list     []int32
}

// hit is the nearest segment of tubes.
type hit struct {
	d     float64 // distance from its surface
	seg   *segment
	along float64 // mm from the start of its path
	axis  vec     // the nearest point on its middle line
	r     float64 // its radius there
}

// node is a point of a path and the radius there.
type node struct{ x, y, z, r float64 }

func (n node) vec() vec { return vec{n.x, n.y, n.z} }

// path runs a smooth curve through the nodes in steps of about 4 mm.
func path(nodes ...node) []segment {
	var out []segment
	along := 0.0
	for n := range len(nodes) - 1 {
		before, a, b, after := nodes[max(n-1, 0)], nodes[n], nodes[n+1], nodes[min(n+2, len(nodes)-1)]
		length := b.vec().sub(a.vec()).len()
		count := int(math.Ceil(length / 4))
		last, lastR := a.vec(), a.r
		for c := range count {
			t := float64(c+1) / float64(count)
			next := catmullRom(before.vec(), a.vec(), b.vec(), after.vec(), t)
			r := a.r + (b.r-a.r)*t
			out = append(out, segment{last, next, lastR, r, along})
			along += next.sub(last).len()
			last, lastR = next, r
		}
	}
	return out
}

func catmullRom(p0, p1, p2, p3 vec, t float64) vec {
	m1, m2 := p2.sub(p0).mul(0.5), p3.sub(p1).mul(0.5)
	t2, t3 := t*t, t*t*t
	return p1.mul(2*t3 - 3*t2 + 1).add(m1.mul(t3 - 2*t2 + t)).add(p2.mul(3*t2 - 2*t3)).add(m2.mul(t3 - t2))
}

// newTubes indexes the segments of the given paths.
func newTubes(reach float64, paths ...[]segment) *tubes {
	t := &tubes{reach: reach, cell: 10}
	for _, p := range paths {
		t.segments = append(t.segments, p...)
	}
	for n, s := range t.segments {
		if b := s.box(reach); n == 0 {
			t.box = b
		} else {
			t.box = t.box.union(b)
		}
	}
	size := t.box.hi.sub(t.box.lo)
	t.n = [3]int{int(size.x/t.cell) + 1, int(size.y/t.cell) + 1, int(size.z/t.cell) + 1}
	t.fill()
	return t
}

func (s *segment) box(reach float64) box { return around(reach+max(s.ra, s.rb), s.a, s.b) }

// fill counts each cell's segments, then lists them.
func (t *tubes) fill() {
	t.start = make([]int32, t.n[0]*t.n[1]*t.n[2]+1)
	each := func(do func(cell int, seg int32)) {
		for n := range t.segments {
			s := &t.segments[n]
			b := s.box(t.reach)
			lo, hi := t.cellOf(b.lo), t.cellOf(b.hi)
			for k := lo[2]; k <= hi[2]; k++ {
				for j := lo[1]; j <= hi[1]; j++ {
					for i := lo[0]; i <= hi[0]; i++ {
						if t.touches(s, i, j, k) {
							do((k*t.n[1]+j)*t.n[0]+i, int32(n))
						}
					}
				}
			}
		}
	}
	each(func(cell int, _ int32) { t.start[cell+1]++ })
	for n := range len(t.start) - 1 {
		t.start[n+1] += t.start[n]
	}
	t.list = make([]int32, t.start[len(t.start)-1])
	next := append([]int32(nil), t.start...)
	each(func(cell int, seg int32) {
		t.list[next[cell]] = seg
		next[cell]++
	})
}

// touches reports whether some point of the cell can be within reach of s.
func (t *tubes) touches(s *segment, i, j, k int) bool {
	centre := t.box.lo.add(vec{float64(i) + 0.5, float64(j) + 0.5, float64(k) + 0.5}.mul(t.cell))
	return capsule(centre, s.a, s.b, s.ra, s.rb) <= t.reach+t.cell*0.8661+math.Abs(s.ra-s.rb)
}

func (t *tubes) cellOf(p vec) [3]int {
	q := p.sub(t.box.lo).mul(1 / t.cell)
	return [3]int{min(max(int(q.x), 0), t.n[0]-1), min(max(int(q.y), 0), t.n[1]-1), min(max(int(q.z), 0), t.n[2]-1)}
}

// near returns the segments that may be within reach of p.
func (t *tubes) near(p vec) []int32 {
	if !t.box.holds(p) {
		return nil
	}
	c := t.cellOf(p)
	n := (c[2]*t.n[1]+c[1])*t.n[0] + c[0]
	return t.list[t.start[n]:t.start[n+1]]
}

// dist returns the distance of p from the nearest surface, or reach if none is nearer.
func (t *tubes) dist(p vec) float64 {
	best := t.reach
	for _, n := range t.near(p) {
		s := &t.segments[n]
		best = min(best, capsule(p, s.a, s.b, s.ra, s.rb))
	}
	return best
}

// smooth is dist with the joints between segments rounded over k mm.
func (t *tubes) smooth(p vec, k float64) float64 {
	best := t.reach
	for _, n := range t.near(p) {
		s := &t.segments[n]
		best = smin(best, capsule(p, s.a, s.b, s.ra, s.rb), k)
	}
	return best
}

// hit returns the nearest segment; seg is nil where none is within reach.
func (t *tubes) hit(p vec) hit {
	best := hit{d: t.reach}
	for _, n := range t.near(p) {
		s := &t.segments[n]
		ab, ap := s.b.sub(s.a), p.sub(s.a)
		u := clamp(ap.dot(ab)/max(ab.dot(ab), 1e-12), 0, 1)
		axis := s.a.add(ab.mul(u))
		r := s.ra + (s.rb-s.ra)*u
		if d := p.sub(axis).len() - r; d < best.d {
			best = hit{d, s, s.along + u*ab.len(), axis, r}
		}
	}
	return best
}
