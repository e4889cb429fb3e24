package phantom

import (
	"math"
	"math/rand/v2"
)

// growLiver fills the liver with branches of the portal vein and of the hepatic veins.
func (a *anatomy) growLiver(r *rand.Rand) {
	b := box{vec{-140, -95, -150}, vec{75, 95, 20}}
	inside := func(p vec) bool { return a.liver(p) < -7 }
	g := grower{r: r, tip: 0.95, share: 0.45, maxSteps: 30}
	g.grow(vec{-30, -20, -70}, vec{-0.6, -0.1, 0.4}.unit(), scatter(r, b, 130, 10, inside), 0)
	a.liverPortal = newTubes(3, g.segments)
	// Three hepatic veins meet at the vena cava under the diaphragm.
	points := scatter(r, b, 120, 10, inside)
	var veins [][]segment
	groups := [3][]vec{}
	for _, p := range points {
		n := 0
		if p.x > -78 {
			n = 1
		}
		if p.x > -26 {
			n = 2
		}
		groups[n] = append(groups[n], p)
	}
	for n, dir := range [3]vec{{-0.9, 0.2, -0.2}, {-0.6, -0.7, -0.25}, {0.3, -0.9, -0.2}} {
		g := grower{r: r, tip: 1.25, share: 0.5, maxSteps: 30}
		g.grow(vec{-25, -3, -6}, dir.unit(), groups[n], 0)
		veins = append(veins, g.segments)
	}
	a.liverVeins = newTubes(3, veins...)
}

// placeLesions puts metastases and a cyst where the whole of each lies in the liver, clear of the others.
func (a *anatomy) placeLesions(r *rand.Rand) {
	sizes := []Lesion{
		{RadiiMM: [3]float64{15, 13, 14}, ValueHU: 58}, {RadiiMM: [3]float64{9, 10, 9}, ValueHU: 56}, {RadiiMM: [3]float64{6.5, 6, 7}, ValueHU: 54}, {RadiiMM: [3]float64{8, 7, 8}, ValueHU: 6},
	}
	regions := []box{
		{vec{-100, -20, -60}, vec{-66, 34, -30}}, {vec{-60, -64, -56}, vec{-12, -24, -22}}, {vec{-112, -10, -100}, vec{-66, 40, -72}}, {vec{-110, -50, -50}, vec{-60, 0, -14}},
	}
	for n, l := range sizes {
		largest := max(l.RadiiMM[0], l.RadiiMM[1], l.RadiiMM[2])
		found := scatter(r, regions[n], 1, 0, func(p vec) bool {
			if !a.ballInLiver(p, largest+3) {
				return false
			}
			for _, other := range a.lesions {
				if p.sub(vec{other.Centre[0], other.Centre[1], other.Centre[2]}).len() < largest+other.RadiiMM[0]+14 {
					return false
				}
			}
			return true
		})
		if len(found) == 1 {
			l.Centre = [3]float64{found[0].x, found[0].y, found[0].z}
			a.lesions = append(a.lesions, l)
		}
	}
}

// ballInLiver looks at the middle and at 26 directions.
func (a *anatomy) ballInLiver(centre vec, radius float64) bool {
	for n := range 27 {
		d := vec{float64(n%3 - 1), float64(n/3%3 - 1), float64(n/9 - 1)}
		if a.liver(a.bent(centre.add(d.unit().mul(radius)))) > -1 {
			return false
		}
	}
	return true
}

func (l *Lesion) dist(p vec) float64 {
	return ellipsoid(p.sub(vec{l.Centre[0], l.Centre[1], l.Centre[2]}), vec{l.RadiiMM[0], l.RadiiMM[1], l.RadiiMM[2]})
}

func drawLiver(a *anatomy, s *sample) {
	d := a.liver(s.q)
	if d > 2 {
		return
	}
	s.paint(d, huLiver+2.5*a.fine.at(s.p, 5)+2*a.bend.at(s.p, 19))
	c := s.cover(d)
	if c == 0 {
		return
	}
	before := s.hu
	s.paint(a.liverPortal.dist(s.p), huVein+26)
	s.paint(a.liverVeins.dist(s.p), huVein+14)
	for n := range a.lesions {
		l := &a.lesions[n]
		if d := l.dist(s.p); d < 4 {
			if l.ValueHU > 30 { // a metastasis: a faint bright rim, paler towards the middle
				s.paint(d-2.2, huLiver+9)
				s.paint(d, l.ValueHU+8)
				s.paint(d+0.35*l.RadiiMM[0], l.ValueHU-3+3*a.fine.at(s.p, 5))
			} else {
				s.paint(d, l.ValueHU)
			}
		}
	}
	s.hu = before + (s.hu-before)*c
}

func drawGallbladder(a *anatomy, s *sample) {
	d := a.gallbladder(s.q)
	if d > 4 {
		return
	}
	s.paint(d-1.6, 70)
	s.paint(d, huBile)
}

func drawPancreas(a *anatomy, s *sample) {
	d := a.pancreasTube.smooth(s.q, 4)
	if d > 5 {
		return
	}
	lobes := 2.1 * math.Abs(a.fine.at(s.q, 8))
	s.paint(d+lobes, huPancreas+5*a.fine.at(s.p, 4))
	s.paint(a.pancreasTube.dist(s.q)+7.6, 22) // its duct
}

// drawAdrenals: two thin upside-down Ys above the kidneys.
func drawAdrenals(a *anatomy, s *sample) {
	for _, top := range [2]vec{{36, 16, -62}, {-34, 18, -66}} {
		d := s.q.sub(top)
		if d.dot(d) > 900 {
			continue
		}
		out := 1.0
		if top.x < 0 {
			out = -1
		}
		at := vec{s.q.x, s.q.y, clamp(s.q.z, top.z-16, top.z+8)}
		arms := min(capsule(s.q, vec{top.x, top.y, at.z}, vec{top.x + out*3, top.y + 17, at.z - 4}, 2.4, 1.7),
			capsule(s.q, vec{top.x, top.y, at.z}, vec{top.x - out*7, top.y + 15, at.z - 4}, 2.4, 1.7),
			capsule(s.q, vec{top.x, top.y, at.z}, vec{top.x, top.y - 8, at.z + 2}, 2.2, 1.8))
		s.paint(arms, 88)
	}
}

func drawSpleen(a *anatomy, s *sample) {
	s.paint(a.spleen(s.q), huSpleen+3*a.fine.at(s.p, 5))
}
