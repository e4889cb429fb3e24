package phantom

import (
	"math"
	"math/rand/v2"
)

// grower makes a branching tree that fills a region: each stem goes part of the way to the middle of the points it has to serve, then
// splits them in two. Radii follow Murray's law with an exponent of 2.74, as measured
// in the lung: that power of a parent's radius is the sum of its children's.
//
// Source: M. H. Tawhai et al., "Generation of an anatomically based three-dimensional model of the conducting airways",
// Annals of Biomedical Engineering 28 (2000), in outline.
type grower struct {
	r        *rand.Rand
	tip      float64 // mm: radius of a branch that serves one point
	share    float64 // of the way to the middle that a stem goes
	maxSteps int
	segments []segment
}

// grow serves points from at, arriving with direction dir.
func (g *grower) grow(at, dir vec, points []vec, depth int) {
	if len(points) == 0 || depth > g.maxSteps {
		return
	}
	radius := g.radius(len(points))
	if len(points) == 1 {
		g.bow(at, points[0], dir, radius, radius*0.55)
		return
	}
	middle := centroid(points)
	to := middle.sub(at)
	end := at.add(to.mul(g.share))
	a, b := g.split(points, middle, to.unit())
	g.bow(at, end, dir, radius, g.radius(max(len(a), len(b))))
	next := end.sub(at).unit()
	g.grow(end, next, a, depth+1)
	g.grow(end, next, b, depth+1)
}

func (g *grower) radius(points int) float64 { return g.tip * math.Pow(float64(points), 0.365) }

// bow adds a branch that leaves in direction dir and bends to its end, in pieces of a few millimetres.
func (g *grower) bow(a, b, dir vec, ra, rb float64) {
	length := b.sub(a).len()
	control := a.add(dir.mul(length * 0.35)).add(vec{g.r.NormFloat64(), g.r.NormFloat64(), g.r.NormFloat64()}.mul(length * 0.05))
	count := max(int(length/5), 1)
	last, lastR := a, ra
	for n := 1; n <= count; n++ {
		t := float64(n) / float64(count)
		p := a.lerp(control, t).lerp(control.lerp(b, t), t)
		r := ra + (rb-ra)*t
		g.segments = append(g.segments, segment{last, p, lastR, r, 0})
		last, lastR = p, r
	}
}

// split divides the points by a plane through their middle: across the direction in which they spread most, seen along the stem.
func (g *grower) split(points []vec, middle, stem vec) (a, b []vec) {
	axis := spread(points, middle, stem)
	axis = axis.add(vec{g.r.NormFloat64(), g.r.NormFloat64(), g.r.NormFloat64()}.mul(0.12)).unit()
	shift := g.r.NormFloat64() * 2
	for _, p := range points {
		if p.sub(middle).dot(axis) > shift {
			a = append(a, p)
		} else {
			b = append(b, p)
		}
	}
	if len(a) == 0 || len(b) == 0 { // the shift left one side empty
		return points[:len(points)/2], points[len(points)/2:]
	}
	return a, b
}

func centroid(points []vec) vec {
	var sum vec
	for _, p := range points {
		sum = sum.add(p)
	}
	return sum.mul(1 / float64(len(points)))
}

// spread is the direction of the largest spread across stem, by power iteration.
func spread(points []vec, middle, stem vec) vec {
	axis := stem.cross(vec{0.3, 0.5, 0.81}).unit()
	for range 6 {
		var next vec
		for _, p := range points {
			d := p.sub(middle)
			d = d.sub(stem.mul(d.dot(stem)))
			next = next.add(d.mul(d.dot(axis)))
		}
		if next.len() < 1e-9 {
			return axis
		}
		axis = next.unit()
	}
	return axis
}

// scatter returns count points of the box for which keep holds, no two nearer than apart where that can be had.
func scatter(r *rand.Rand, b box, count int, apart float64, keep func(vec) bool) []vec {
	var out []vec
	size := b.hi.sub(b.lo)
	for try := 0; len(out) < count && try < 3000+60*count; try++ {
		p := b.lo.add(vec{r.Float64() * size.x, r.Float64() * size.y, r.Float64() * size.z})
		if keep(p) && (apart == 0 || clear(out, p, apart)) {
			out = append(out, p)
		}
	}
	return out
}

func clear(points []vec, p vec, apart float64) bool {
	for _, q := range points {
		if d := p.sub(q); d.dot(d) < apart*apart {
			return false
		}
	}
	return true
}

// growLungs fills both lungs with arteries, veins, and bronchi beside the larger arteries.
func (a *anatomy) growLungs(r *rand.Rand) {
	var arteries, veins, bronchi [][]segment
	for _, left := range []bool{false, true} {
		b := box{vec{-140, -95, -90}, vec{-4, 95, 176}}
		artery, vein, toHilum := vec{-46, 8, 82}, vec{-46, 10, 58}, vec{-0.8, 0.2, -0.1}
		if left {
			b = box{vec{8, -95, -90}, vec{140, 95, 176}}
			artery, vein, toHilum = vec{46, 13, 94}, vec{52, 10, 60}, vec{0.8, 0.2, -0.2}
		}
		inside := func(p vec) bool { return a.lungs(p) < -4.5 }
		g := grower{r: r, tip: 0.66, share: 0.42, maxSteps: 40}
		g.grow(artery, toHilum.unit(), scatter(r, b, 900, 9, inside), 0)
		arteries = append(arteries, g.segments)
		bronchi = append(bronchi, beside(g.segments, artery))
		g = grower{r: r, tip: 0.62, share: 0.42, maxSteps: 40}
		g.grow(vein, toHilum.unit(), scatter(r, b, 800, 9, inside), 0)
		veins = append(veins, g.segments)
	}
	a.lungArteries = newTubes(3, arteries...)
	a.lungVeins = newTubes(3, veins...)
	a.bronchi = newTubes(3, bronchi...)
}

// beside returns the airways that run along the thicker arteries of one lung, on the side away from the chest wall.
func beside(arteries []segment, hilum vec) []segment {
	inward := vec{-hilum.x, 30, 0}.unit()
	var out []segment
	for _, s := range arteries {
		if s.rb < 1.25 {
			continue
		}
		la, lb := min(s.ra, 4.2)*0.78, min(s.rb, 4.2)*0.78
		s.a, s.b = s.a.add(inward.mul(s.ra+la+0.9)), s.b.add(inward.mul(s.rb+lb+0.9))
		s.ra, s.rb = la, lb
		out = append(out, s)
	}
	return out
}
