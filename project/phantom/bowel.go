package phantom

import (
	"math"
	"math/rand/v2"
)

// growBowel winds the small bowel through the room that is left, and spreads the vessels of its fat.
func (a *anatomy) growBowel(r *rand.Rand) {
	free := func(p vec) float64 { // distance from everything that bowel must keep clear of
		d := min(-a.cageDist(p)-4, a.colon.dist(p), a.kidney(p), a.psoas(p), a.liver(p), a.stomach(p))
		d = min(d, a.portal.dist(p)+4, a.arteries.dist(p)+4)
		return min(d, a.duodenum.dist(p), a.pancreasTube.dist(p), a.aorta.dist(p), a.veins.dist(p), a.gallbladder(p))
	}
	region := box{vec{-88, -78, -238}, vec{96, 30, -112}}
	var loops [][]segment
	var taken []vec
	for range 26 {
		start := scatter(r, region, 1, 0, func(p vec) bool { return free(p) > 13 && clear(taken, p, 23) })
		if len(start) == 0 {
			continue
		}
		nodes := a.wind(r, start[0], free, &taken)
		if len(nodes) > 3 {
			loops = append(loops, path(nodes...))
		}
	}
	a.smallBowel = newTubes(6, loops...)
	keep := func(p vec) bool {
		return -a.cageDist(p) > 6 && a.kidney(p) > 4 && a.psoas(p) > 3 && a.liver(p) > 3
	}
	g := grower{r: r, tip: 0.5, share: 0.35, maxSteps: 30}
	g.grow(vec{-3, -26, -122}, vec{0, -0.4, -0.9}.unit(), scatter(r, box{vec{-95, -80, -236}, vec{100, 20, -104}}, 340, 8, keep), 0)
	a.mesentery = newTubes(3, g.segments)
}

// wind walks from start, turning at random and keeping clear of organs and of its own path.
func (a *anatomy) wind(r *rand.Rand, at vec, free func(vec) float64, taken *[]vec) []node {
	dir := vec{r.NormFloat64(), r.NormFloat64(), 0.4 * r.NormFloat64()}.unit()
	var own []vec
	var nodes []node
	for range 26 {
		nodes = append(nodes, node{at.x, at.y, at.z, 10.4 + 1.4*r.Float64()})
		own = append(own, at)
		moved := false
		for range 24 {
			turned := dir.add(vec{r.NormFloat64(), r.NormFloat64(), 0.6 * r.NormFloat64()}.mul(0.75)).unit()
			next := at.add(turned.mul(13))
			if free(next) > 12 && clear(*taken, next, 22.5) && clear(own[:max(len(own)-2, 0)], next, 22.5) {
				at, dir, moved = next, turned, true
				break
			}
		}
		if !moved {
			break
		}
	}
	*taken = append(*taken, own...)
	return nodes
}

func drawMesentery(a *anatomy, s *sample) {
	if s.cage < -5 {
		s.paint(a.mesentery.dist(s.q), huVein-10)
	}
}

func drawSmallBowel(a *anatomy, s *sample) {
	h := a.smallBowel.hit(s.q)
	if h.seg == nil || h.d > 3 {
		return
	}
	d := h.d + 0.8*a.fine.at(s.q, 9)
	s.paint(d, 104)
	folds := 0.9 * math.Sin(h.along*1.6) * step(-4, 0, -h.r)
	lumen := d + 2.4 + folds
	s.paint(lumen, 30+12*a.bend.at(s.p, 12))
	if gas := a.bend.at(vec{s.p.x, 0, s.p.z}, 22); gas > 0.9 {
		s.paint(max(lumen, s.p.y-h.axis.y+3), huAir+40)
	}
}

// haustra are the pouches of the large bowel.
func haustra(h hit) float64 { return 0.13 * h.r * math.Sin(h.along/6.5) }

func drawColon(a *anatomy, s *sample) {
	h := a.colon.hit(s.q)
	if h.seg == nil || h.d > 5 {
		return
	}
	d := smax(h.d+haustra(h)+0.8*a.bend.at(s.q, 12), a.cageDist(s.q)+2.5, 4)
	d = smax(smax(d, 2-a.liver(s.q), 4), 2-a.stomach(s.q), 4)
	s.paint(d, 68)
	lumen := d + 2
	bubbles := a.fine.at(s.p, 4.5) + 0.5*a.fine.at(s.p, 2.2)
	stool := 38 + 10*a.fine.at(s.p, 6) - 520*step(0.9, 1.9, bubbles)
	s.paint(lumen, stool)
	level := h.axis.y - 2 + 9*a.bend.at(vec{s.p.x, 0, s.p.z}, 40)
	s.paint(max(lumen, s.p.y-level), huAir+20)
}

func drawDuodenum(a *anatomy, s *sample) {
	d := a.duodenum.smooth(s.q, 3)
	if d > 3 {
		return
	}
	s.paint(d, 88)
	s.paint(d+2.4+0.8*a.fine.at(s.q, 5), 26)
}
