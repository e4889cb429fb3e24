package phantom

import (
	"math"
	"math/rand/v2"
)

// shapeBelly places the organs that are tubes; the others are formulas.
func (a *anatomy) shapeBelly(*rand.Rand) {
	a.stomachTube = newTubes(16, path(node{38, 2, -24, 13}, node{60, 12, -18, 27}, node{68, -2, -38, 29}, node{62, -28, -64, 26}, node{44, -46, -88, 21}, node{20, -56, -98, 16}, node{-2, -54, -98, 12}, node{-14, -50, -97, 8}))
	a.duodenum = newTubes(16, path(node{-14, -50, -97, 8}, node{-30, -42, -96, 12}, node{-38, -26, -104, 11.5}, node{-40, -16, -124, 11.5}, node{-32, -14, -142, 11.5}, node{-8, -16, -146, 11}, node{18, -14, -138, 11}, node{30, -20, -124, 10.5}))
	a.pancreasTube = newTubes(16, path(node{-24, -26, -122, 12}, node{-20, -28, -106, 12.5}, node{-6, -36, -96, 8}, node{14, -34, -90, 9}, node{40, -12, -82, 9}, node{66, 12, -74, 8.5}, node{82, 22, -68, 7}))
	a.colon = newTubes(16,
		path(node{-84, -4, -240, 25}, node{-90, -2, -205, 24}, node{-94, 2, -165, 21}, node{-92, 2, -140, 20}, node{-80, -22, -126, 19}, node{-62, -52, -134, 18}, node{-30, -64, -150, 18}, node{8, -66, -154, 18}, node{44, -64, -142, 17.5}, node{72, -50, -118, 17}, node{94, -18, -92, 17}, node{106, 10, -86, 16}, node{106, 22, -108, 15}, node{98, 24, -140, 14.5}, node{94, 22, -180, 14}, node{88, 18, -240, 13}))
}

// cavity is the distance from the inside of the belly wall, below the diaphragm.
func (a *anatomy) cavity(p vec) float64 { return smax(a.cageDist(p)+2.5, 2.8-a.diaphragm(p), 5) }

// liver is the distance from the liver: the right lobe fills the space under the right dome, the left lobe thins out over the stomach.
func (a *anatomy) liver(p vec) float64 {
	if p.z < -170 || p.z > 30 || p.x > 90 {
		return 30
	}
	right := ellipsoid(p.sub(vec{-84, 4, -48}), vec{78, 92, 88})
	right = smax(right, (p.x*0.55-p.y*0.25+p.z*0.62+2)*0.85, 22) // the visceral surface, facing down, left and back
	right = smin(right, ellipsoid(p.sub(vec{-92, 6, -84}), vec{44, 70, 58}), 16)
	left := ellipsoid(p.sub(vec{-4, -44, -36}), vec{76, 46, 44})
	left = smax(left, (-0.36*p.z+0.55*p.y+0.30*p.x-15)*1.05, 14)
	d := smin(right, left, 22)
	d = smin(d, ellipsoid(p.sub(vec{-16, -6, -40}), vec{18, 22, 26}), 12) // the caudate lobe
	d = smax(d, a.cavity(p)+0.5, 7)
	// Notches: the fissure of the round ligament, the porta, the bed of the gall bladder, the vena cava, the kidney.
	d = smax(d, 3-math.Hypot((p.x-2+0.15*(p.z+60))*0.9, max(p.y+66, 0)*0.3+max(0, p.z+58)*0.3), 5)
	d = smax(d, 7-vec{p.x + 26, (p.y + 22) * 0.8, (p.z + 74) * 0.7}.len(), 8)
	d = smax(d, 2.2-a.gallbladder(p), 4)
	d = max(d, -a.veins.dist(p))
	d = smax(d, 5-a.kidney(p), 10)
	d = smax(d, 3-a.columnDist(p), 5)
	return d + 0.5*a.bend.at(p, 14)
}

func (a *anatomy) gallbladder(p vec) float64 {
	q := p.sub(vec{-46, -48, -98})
	along := vec{-0.25, -0.45, -0.86}
	t := clamp(q.dot(along), -22, 22)
	return q.sub(along.mul(t)).len() - (12 + 0.16*t)
}

// kidneyFrame returns p in the frame of its side's kidney: x away from the spine, z along the organ.
func kidneyFrame(p vec) vec {
	centre := vec{60, 28, -104}
	if p.x < 0 {
		p.x = -p.x
		centre = vec{62, 28, -120}
	}
	d := p.sub(centre)
	const lean, turn = 0.28, 0.5 // the lower pole lies further out; the hilum faces forward and in
	d.x, d.z = d.x*math.Cos(lean)+d.z*math.Sin(lean), d.z*math.Cos(lean)-d.x*math.Sin(lean)
	d.x, d.y = d.x*math.Cos(turn)-d.y*math.Sin(turn), d.x*math.Sin(turn)+d.y*math.Cos(turn)
	return d
}

// kidney is the distance from the nearer kidney, its hilum open.
func (a *anatomy) kidney(p vec) float64 {
	if p.z > -30 || p.z < -190 {
		return 30
	}
	d := kidneyFrame(p)
	f := ellipsoid(d, vec{27, 29, 54}) + 0.9*a.bend.at(p, 13)
	return smax(f, -a.sinus(d), 5)
}

// sinus is the distance from the hollow of the kidney, which opens towards the middle of the body.
func (a *anatomy) sinus(d vec) float64 {
	return smin(ellipsoid(d.sub(vec{-8, -1, 0}), vec{13, 10, 27}), ellipsoid(d.sub(vec{-26, -2, -2}), vec{17, 9, 14}), 8)
}

func drawKidneys(a *anatomy, s *sample) {
	outline := a.kidney(s.q)
	if outline > 16 {
		return
	}
	capsule := math.Abs(outline-9-3*a.bend.at(s.p, 30)) - 0.5 // the fascia around the kidney's fat
	s.paint(max(capsule, a.cavity(s.q)+3), -20)
	if outline > 2 {
		return
	}
	d := kidneyFrame(s.q)
	s.paint(outline, huCortex+5*a.fine.at(s.p, 5))
	hollow := a.sinus(d)
	solid := ellipsoid(d, vec{27, 29, 54})
	// Pyramids: the medulla between cortex and sinus, parted by columns of cortex.
	ring := math.Abs(math.Mod(math.Abs(d.z+54)/15+0.35*math.Atan2(d.y, d.x+30), 1)-0.5) * 15
	pyramid := smax(max(solid+7.5, 3.2-hollow), 2.2-ring, 3)
	s.paint(pyramid, huMedulla+4*a.fine.at(s.p, 4))
	if solid < 0 {
		s.paint(hollow, huVisceralFat+20)
		s.paint(smax(hollow+2.5, vec{d.x + 10, d.y * 1.4, math.Mod(math.Abs(d.z)+7, 14) - 7}.len()-4.2, 2), 14)
	}
}

// spleen is the distance from the spleen, a shell between the stomach and the ribs.
func (a *anatomy) spleen(p vec) float64 {
	if p.x < 20 || p.z > 20 || p.z < -130 {
		return 30
	}
	d := ellipsoid(p.sub(vec{98, 34, -56}), vec{38, 50, 54})
	d = smax(d, a.cavity(p)+1, 6)
	d = smax(d, 3-a.stomachTube.smooth(p, 8), 8)
	return smax(d, 6-a.kidney(p), 9)
}

// stomach is the distance from the outside of the stomach.
func (a *anatomy) stomach(p vec) float64 {
	d := a.stomachTube.smooth(p, 8) + 1.3*a.bend.at(p, 17)
	return smax(smax(d, a.cavity(p)+1, 6), 2-a.liver(p), 5)
}

func drawStomach(a *anatomy, s *sample) {
	d := a.stomachTube.smooth(s.q, 8)
	if d > 6 {
		return
	}
	d = a.stomach(s.q)
	folds := 1.5 * math.Abs(a.fine.at(s.q, 7))
	s.paint(d, 76)
	lumen := d + 3 + folds
	s.paint(lumen, 22+14*a.bend.at(s.p, 9)+8*a.fine.at(s.p, 4))
	const level = -26 // gas rises to the front of a patient on the back
	s.paint(max(lumen, s.p.y-level), huAir+15)
}

// psoas is the distance from the muscles beside the lumbar spine, and from the square ones behind the kidneys.
func (a *anatomy) psoas(p vec) float64 {
	if p.z > -72 {
		return 20
	}
	x, down := math.Abs(p.x), step(-72, -210, p.z)
	ys := a.spineY.at(p.z)
	muscle := ellipsoid(vec{x - 29 - 14*down, p.y - ys - 3 + 4*down, 0}, vec{7 + 14*down, 9 + 15*down, 1e6})
	square := ellipsoid(vec{x - 62 - 6*down, p.y - 47 + 6*down, 0}, vec{27, 8, 1e6})
	return smin(muscle, square, 3)
}

func drawPsoas(a *anatomy, s *sample) {
	s.paint(a.psoas(s.q), huMuscle+5*a.fine.at(s.p, 4))
}

// drawAxilla paints the fat of the armpits and of the root of the neck, through which the vessels of the arms run.
func drawAxilla(a *anatomy, s *sample) {
	p := s.q
	p.x = math.Abs(p.x) + 3*a.bend.at(s.p, 24)
	lean := p.sub(vec{126, 4, 138})
	lean.x += 0.35 * lean.y // between the muscles of chest and back
	d := ellipsoid(lean, vec{11, 27, 46}) + 3.5*a.fine.at(s.p, 10)
	neck := ellipsoid(p.sub(vec{42, -24, 172}), vec{40, 13, 26})
	d = smin(d, neck, 10) + 4*a.bend.at(s.p, 17)
	d = smax(d, 6-s.cage, 6)
	s.paint(d, huFat+16+a.strands(s))
	if node := a.fine.at(s.q, 8); d < -1.5 && node > 1.5 {
		s.hu += (huMuscle + 25 - s.hu) * step(1.5, 1.9, node)
	}
}

// drawErectors divides the muscles of the back from each other by thin sheets of fat.
func drawErectors(a *anatomy, s *sample) {
	p := s.p
	if s.cage < 1 || p.y < 20 || a.muscleDist(p) > -2 {
		return
	}
	x := math.Abs(p.x)
	ys := a.spineY.at(p.z) + 34
	inner := ellipsoid(vec{x - 27, p.y - ys - 3, 0}, vec{27, 22, 1e6}) + 1.5*a.bend.at(p, 22)
	s.paint(math.Abs(inner)-0.7, huFat+45)
	if inner < 0 {
		s.paint(math.Abs(x-25-2*a.bend.at(p, 18)-0.3*(p.y-ys))-0.6, huFat+65)
		if v := a.fine.at(vec{p.x, p.y, p.z * 0.3}, 5); v > 1 {
			s.hu -= 60 * step(1, 2, v)
		}
	}
}

// drawDiaphragm paints the muscle itself and its crura beside the aorta.
func drawDiaphragm(a *anatomy, s *sample) {
	d := a.diaphragm(s.q)
	if d > -2 && d < 8 && s.cage < 1 {
		s.paint(math.Abs(d-1.6)-1.6, 55)
	}
	if s.p.z < 10 && s.p.z > -125 {
		ys := a.spineY.at(s.q.z)
		thick := 4.5 * step(-128, -70, s.q.z)
		for _, side := range [2]float64{-1, 1} {
			arc := vec{s.q.x - side*15, (s.q.y - ys + 13) * 0.5, 0}.len() - thick - 1
			s.paint(arc, huMuscle)
		}
	}
}
