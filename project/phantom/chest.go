package phantom

import "math"

// shapeChest places the heart, the great vessels, the windpipe and the gullet.
func (a *anatomy) shapeChest() {
	a.shapeBones()
	a.heart = newHeart()
	a.aorta = newTubes(16, path(
		node{10, -24, 44, 13}, node{-6, -30, 66, 15}, node{-14, -29, 88, 15}, node{-11, -23, 110, 14.5}, node{-2, -10, 124, 13.5}, node{10, 7, 127, 13},
		node{20, 24, 118, 12.5}, node{24, 33, 100, 12.3}, node{24, 35, 75, 12}, node{22, 34, 40, 11.8}, node{18, 28, 0, 11.5}, node{11, 17, -40, 11},
		node{7, 8, -80, 10.5}, node{5, 2, -120, 9.8}, node{5, -1, -165, 9.4}, node{4, -1, -182, 9}),
		path(node{4, -1, -180, 7.5}, node{20, 3, -205, 6.5}, node{42, 14, -240, 6}),
		path(node{2, -1, -180, 7.5}, node{-14, 3, -205, 6.5}, node{-38, 14, -240, 6}))
	a.arteries = newTubes(10,
		path(node{-9, -18, 124, 7}, node{-14, -16, 142, 6.5}, node{-22, -12, 160, 6}, node{-30, -10, 200, 4}),
		path(node{-20, -12, 156, 5}, node{-44, -14, 170, 4.5}, node{-86, -12, 182, 4.3}, node{-130, -2, 215, 4}),
		path(node{4, -4, 134, 4.5}, node{10, -4, 150, 4}, node{20, -6, 200, 3.6}),
		path(node{14, 9, 134, 5.5}, node{24, 8, 152, 5}, node{48, -4, 168, 4.5}, node{86, -12, 182, 4.3}, node{130, -2, 215, 4}),
		path(node{7, -2, -78, 4.2}, node{6, -14, -80, 3.6}, node{22, -18, -78, 3.2}, node{50, 4, -70, 2.8}, node{78, 26, -60, 2.6}),  // coeliac to spleen
		path(node{6, -14, -80, 3.2}, node{-12, -18, -78, 2.8}, node{-26, -18, -76, 2.4}),                                             // to liver
		path(node{6, 0, -92, 4}, node{5, -16, -98, 3.8}, node{2, -22, -120, 3.4}, node{-4, -26, -150, 3}, node{-12, -26, -190, 2.4}), // superior mesenteric
		path(node{10, 6, -98, 3.2}, node{30, 16, -100, 2.8}, node{48, 22, -98, 2.4}),
		path(node{0, 5, -101, 3.2}, node{-26, 16, -106, 2.8}, node{-46, 22, -108, 2.4}))
	a.pulmonary = newTubes(14,
		path(node{2, -58, 40, 14}, node{12, -50, 58, 14.5}, node{20, -34, 80, 14}, node{24, -14, 93, 13}, node{34, 2, 98, 11.5}, node{46, 13, 94, 10}),
		path(node{22, -18, 90, 11}, node{8, -6, 92, 10.5}, node{-14, -2, 90, 10}, node{-34, 3, 86, 9.5}, node{-46, 8, 82, 8.5}),
		path(node{-12, 6, 60, 7}, node{-28, 4, 64, 7}, node{-46, 0, 70, 6}), path(node{-14, 10, 52, 7}, node{-30, 14, 50, 6.5}, node{-48, 18, 44, 6}),
		path(node{28, 4, 64, 7}, node{42, 2, 70, 6.5}, node{54, -2, 76, 5.5}), path(node{28, 12, 54, 7}, node{42, 18, 50, 6.5}, node{54, 22, 44, 6}))
	a.veins = newTubes(16,
		path(node{-32, -18, 46, 10}, node{-31, -17, 70, 9.5}, node{-30, -17, 100, 9}, node{-28, -20, 124, 8.5}, node{-30, -24, 142, 7}, node{-40, -26, 158, 6.5}, node{-80, -24, 176, 5.5}, node{-130, -12, 210, 5}),
		path(node{-27, -22, 126, 7}, node{-6, -33, 134, 6.5}, node{16, -33, 142, 6.5}, node{36, -27, 156, 6.5}, node{80, -24, 176, 5.5}, node{130, -12, 210, 5}),
		path(node{-30, -14, 28, 11.5}, node{-27, -6, 6, 11.5}, node{-24, 0, -20, 11.5}, node{-22, 3, -50, 11}, node{-20, 4, -90, 10.5}, node{-19, 3, -130, 10}, node{-18, 3, -170, 9.5}, node{-14, 4, -186, 9}, node{-20, 9, -205, 7.5}, node{-40, 18, -240, 7}),
		path(node{-16, 5, -188, 7}, node{14, 10, -206, 7}, node{36, 19, -240, 6.5}),
		path(node{-20, 4, -104, 5}, node{0, -10, -101, 3.6}, node{20, 4, -101, 4.2}, node{44, 20, -98, 4}), // left renal vein, in front of the aorta
		path(node{-20, 5, -108, 5}, node{-44, 20, -112, 4}),
		path(node{-15, 27, 92, 3.6}, node{-14, 30, 60, 3.4}, node{-10, 30, 0, 3}, node{-6, 22, -60, 2.6})) // azygos
	a.portal = newTubes(10,
		path(node{-30, -20, -70, 7}, node{-16, -20, -84, 7}, node{-8, -24, -98, 6.6}, node{-6, -27, -125, 5.5}, node{-14, -32, -160, 4.5}, node{-22, -34, -200, 3.5}),
		path(node{-8, -23, -94, 5}, node{14, -22, -86, 4.8}, node{46, 2, -74, 4.4}, node{78, 26, -62, 4}))
	a.oesophagus = newTubes(10, path(node{2, 16, 215, 6}, node{3, 21, 160, 6.5}, node{3, 25, 110, 7}, node{5, 24, 60, 7}, node{10, 18, 20, 7}, node{20, 8, -8, 7.5}, node{34, 4, -24, 8}))
	trachea := path(node{0, 2, 220, 9}, node{-1, 6, 170, 9}, node{-3, 10, 135, 8.8}, node{-3, 13, 108, 8.6})
	a.airway = newTubes(8, trachea,
		path(node{-3, 13, 110, 8}, node{-18, 15, 97, 7}, node{-30, 16, 86, 6.2}, node{-35, 17, 70, 5.4}, node{-39, 21, 52, 4.2}),
		path(node{-26, 15, 90, 4.6}, node{-40, 12, 97, 4}, node{-50, 9, 106, 3.2}),
		path(node{-3, 13, 110, 7.6}, node{14, 17, 96, 6.4}, node{30, 19, 84, 5.8}, node{42, 21, 76, 5.2}),
		path(node{40, 20, 77, 4.6}, node{50, 12, 86, 4}, node{57, 4, 96, 3.2}), path(node{41, 21, 77, 4.6}, node{46, 27, 60, 4}, node{49, 30, 46, 3.2}))
}

// dome is one half of the diaphragm: an upside-down bowl.
type dome struct{ x, y, top, rx, front, back float64 }

// height returns the dome's z above (x, y) and the squared slope there.
func (d *dome) height(x, y float64) (z, slope2 float64) {
	ry := d.back
	if y < d.y {
		ry = d.front
	}
	u, v := (x-d.x)/d.rx, (y-d.y)/ry
	e := u*u + v*v
	g := 2 * (18 + 84*e)
	return d.top - 18*e - 42*e*e, g * g * (u*u/(d.rx*d.rx) + v*v/(ry*ry))
}

var domes = [3]dome{{-68, -8, 12, 74, 106, 84}, {68, -4, 0, 72, 108, 84}, {6, -40, -4, 60, 90, 60}}

// diaphragm is the distance from the diaphragm: negative above it, in the chest.
func (a *anatomy) diaphragm(p vec) float64 {
	right, sr := domes[0].height(p.x, p.y)
	left, sl := domes[1].height(p.x, p.y)
	middle, sm := domes[2].height(p.x, p.y)
	z := smax(smax(right, left, 16), middle, 12)
	slope2 := sr
	if left > right {
		slope2 = sl
	}
	if middle > max(right, left) {
		slope2 = sm
	}
	return (z - p.z) / math.Sqrt(1+min(slope2, 4))
}

// mediastinum is the distance from what lies between the lungs, as they lie against it: heart, vessels, spine, and the fat around them.
func (a *anatomy) mediastinum(p vec) float64 {
	ys := a.spineY.at(p.z)
	front := min(p.y-ys, 0)
	d := math.Hypot(p.x, front) - 19 - 0.012*max(p.y-ys, 0)*max(p.y-ys, 0)
	if p.z > 40 {
		width := 24 + 10*step(150, 185, p.z) - 6*step(120, 60, p.z)
		column := ellipsoid(vec{p.x + 1, p.y - 2, 0}, vec{width, 30 + 8*step(110, 70, p.z), 1e6})
		d = smin(d, column+24*step(70, 40, p.z), 10)
	}
	if p.z < 110 {
		d = smin(d, a.heart.sac(p)-0.8, 9)
	}
	d = smin(d, a.aorta.dist(p)-2, 9)
	d = smin(d, a.pulmonary.dist(p)-0.8, 6)
	if p.z > -15 {
		d = smin(d, a.veins.dist(p)-2, 8)
	}
	d = smin(d, a.oesophagus.dist(p)-2, 8)
	sheet := math.Hypot(max(math.Abs(p.x-4)-1.2, 0), max(p.y-30, 0)) - 0.2 // where the lungs touch in front
	return smin(d, sheet, 8)
}

// lungs is the distance from both lungs, negative inside; left of the middle line (x > 4) is the left lung.
func (a *anatomy) lungs(p vec) float64 {
	d := smax(a.cageDist(p)+1.8, a.diaphragm(p), 5)
	if d > 6 {
		return d
	}
	return smax(d, -a.mediastinum(p), 7)
}

// fissure is the distance from the planes between the lobes: one on the left, two on the right.
func (a *anatomy) fissure(p vec) float64 {
	bow := 5 * a.bend.at(p, 60)
	side := math.Abs(p.x-4) - 70
	oblique := (p.z - 34 - 0.95*(p.y-4) - 0.006*side*side + 2.2*bow) * 0.7
	d := math.Abs(oblique)
	if p.x < 0 && oblique < 0 {
		d = min(d, math.Abs(p.z-62+0.16*(p.x+60)+0.1*p.y+bow))
	}
	return d
}

func drawLungs(a *anatomy, s *sample) {
	d := a.lungs(s.q)
	if d > 3 {
		return
	}
	s.paint(d, 35)
	hu := huLung + 26*clamp(s.p.y/80, -1, 1) + 9*a.fine.at(s.p, 3) + 12*a.bend.at(s.p, 16)
	inside := d + 0.8
	s.paint(inside, hu)
	c := s.cover(inside)
	if c == 0 {
		return
	}
	before := s.hu
	s.paint(a.fissure(s.q)-0.2, -640)
	a.drawLungTrees(s)
	s.hu = before + (s.hu-before)*c
}

// drawLungTrees paints bronchi with their walls, then the vessels.
func (a *anatomy) drawLungTrees(s *sample) {
	if h := a.bronchi.hit(s.p); h.seg != nil {
		wall := 0.5 + 0.16*h.r
		s.paint(h.d-wall, 10)
		s.paint(h.d, -975)
	}
	s.paint(a.lungVeins.dist(s.p), huBlood-30)
	s.paint(a.lungArteries.dist(s.p), huBlood-30)
}

// drawMediastinum paints the vessels, the windpipe and the gullet.
func drawMediastinum(a *anatomy, s *sample) {
	if d := a.oesophagus.dist(s.q); d < 3 {
		s.paint(d, 54)
		if s.p.z > 30 {
			s.paint(d+4.6+a.bend.at(s.p, 14), -400)
		}
	}
	s.paint(a.veins.smooth(s.q, 3), huVein+3*a.bend.at(s.p, 10))
	s.paint(a.pulmonary.smooth(s.q, 3), huBlood-4)
	if d := a.aorta.smooth(s.q, 3); d < 3 {
		if s.p.z < 0 || a.heart.dist(s.q) > 4 {
			s.paint(d-1, 60)
		}
		s.paint(d, huBlood+3*a.bend.at(s.p, 10))
		if calcium := a.fine.at(s.q, 8); calcium > 1.7 && s.p.z < 110 {
			s.paint(max(math.Abs(d)-0.9, (1.7-calcium)*6), 650)
		}
	}
	if s.p.z > 90 {
		s.paint(a.arteries.dist(s.q), huBlood)
	}
	if d := a.airway.smooth(s.q, 3); d < 4 {
		s.paint(d-1.5, 50)
		s.paint(d, -990)
	}
}

// drawBellyVessels come before the organs that they run behind.
func drawBellyVessels(a *anatomy, s *sample) {
	s.paint(a.portal.dist(s.q), huVein+14)
	s.paint(a.arteries.dist(s.q), huBlood)
}

var lymphNodes = [6]node{{-14, -2, 118, 4}, {14, 14, 100, 3.6}, {-8, 12, 84, 5}, {-20, 2, 130, 3.4}, {20, -18, 122, 3.2}, {2, -40, 118, 3}}

func drawNodes(a *anatomy, s *sample) {
	for _, n := range lymphNodes {
		s.paint(ellipsoid(s.q.sub(n.vec()), vec{n.r * 1.5, n.r, n.r * 1.2}), 82)
	}
	// The thymus, long turned to fat.
	if s.p.z > 85 && s.p.z < 128 && s.p.y < -30 {
		s.hu += 14 * step(0.5, 1.5, a.fine.at(s.p, 5)) * step(20, 60, -s.hu)
	}
}
