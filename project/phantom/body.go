package phantom

import "math"

// shapeBody sets the surfaces that wrap the trunk. Heights run from the hips to the neck; arms are raised, so the shoulders are wide at the top.
func (a *anatomy) shapeBody() {
	a.skin = newOutline(
		outlineKey{-260, 174, -112, 104}, outlineKey{-215, 170, -115, 101}, outlineKey{-180, 163, -117, 97}, outlineKey{-140, 157, -117, 95},
		outlineKey{-100, 158, -117, 98}, outlineKey{-50, 163, -116, 104}, outlineKey{0, 168, -114, 109}, outlineKey{50, 171, -114, 112},
		outlineKey{100, 174, -107, 113}, outlineKey{130, 177, -97, 113}, outlineKey{160, 177, -83, 109}, outlineKey{185, 166, -70, 102},
		outlineKey{215, 150, -62, 94})
	a.muscle = newOutline(
		outlineKey{-260, 146, -94, 86}, outlineKey{-215, 144, -95, 84}, outlineKey{-180, 140, -96, 82}, outlineKey{-140, 138, -97, 82},
		outlineKey{-100, 142, -99, 87}, outlineKey{-50, 149, -101, 93}, outlineKey{0, 154, -101, 99}, outlineKey{50, 158, -100, 102},
		outlineKey{100, 163, -93, 104}, outlineKey{130, 166, -83, 104}, outlineKey{160, 165, -70, 100}, outlineKey{185, 154, -58, 93},
		outlineKey{215, 138, -50, 85})
	a.cage = newOutline(
		outlineKey{-260, 112, -80, 50}, outlineKey{-215, 116, -82, 50}, outlineKey{-180, 120, -84, 52}, outlineKey{-140, 124, -86, 56},
		outlineKey{-100, 131, -88, 65}, outlineKey{-50, 137, -90, 77}, outlineKey{0, 138, -90, 82}, outlineKey{50, 133, -86, 84},
		outlineKey{100, 116, -71, 83}, outlineKey{130, 96, -54, 80}, outlineKey{155, 68, -34, 74}, outlineKey{172, 36, -10, 62},
		outlineKey{180, 14, 18, 52}, outlineKey{190, 4, 30, 40})
	a.cageSlope = &curve{}
	for n := range a.cageSlope {
		z := float64(n + curveLow)
		slope := (a.cage.halfWidth.at(z+3) - a.cage.halfWidth.at(z-3)) / 6
		a.cageSlope[n] = 1 / math.Sqrt(1+slope*slope)
	}
	a.spineY = newCurve(key{-226, 28}, key{-193, 23}, key{-160, 22}, key{-128, 25}, key{-96, 31}, key{-67, 37}, key{-30, 44}, key{30, 50},
		key{80, 50}, key{130, 43}, key{175, 31}, key{215, 20})
}

// skinDist is the distance from the body's surface: the outline, a furrow along the back, and the unevenness that bodies have.
func (a *anatomy) skinDist(p vec) float64 {
	d := a.skin.dist(p)
	if d > 14 || d < -40 {
		return d
	}
	if p.y > 0 {
		d += 6 * math.Exp(-p.x*p.x/260) * step(20, 70, p.y)
	} else {
		navel := vec{p.x, 0, p.z + 168}
		d += 9*math.Exp(-navel.dot(navel)/60) + (2.5+2.5*step(-70, 10, p.z))*math.Exp(-p.x*p.x/400)
	}
	return d + 3*a.bend.at(p, 58)
}

// muscleDist is the distance from the surface of the muscles, below skin and fat.
func (a *anatomy) muscleDist(p vec) float64 {
	d := a.muscle.dist(p) + 2.4*a.bend.at(vec{p.x + 71, p.y, p.z}, 30)
	if p.y > 0 {
		d += 8 * math.Exp(-p.x*p.x/150)
	}
	return d
}

// drawWall paints skin, fat and the muscles around the cavity, and the cavity itself as fat.
func (a *anatomy) drawWall(s *sample) {
	s.hu = huSkin
	s.paint(s.skin+1.7, huFat+a.strands(s))
	if s.skin > -3 {
		return
	}
	s.paint(a.muscleDist(s.p), a.muscleHU(s))
	s.paint(s.cage, huVisceralFat+5*a.fine.at(s.p, 5))
}

// strands are the thin septa in the fat below the skin, denser than the fat.
func (a *anatomy) strands(s *sample) float64 {
	v := a.fine.at(s.p, 9)
	ridge := 1 - min(math.Abs(v)*5, 1)
	return 5*a.fine.at(s.p, 4) + 38*ridge*ridge*step(0.2, 1.2, a.bend.at(s.p, 21))
}

// muscleHU is muscle with its fibres, and the thin sheets of fat between muscles: three flat muscles at the sides of the belly, the straight one in front, the broad ones of
// the back and the chest.
func (a *anatomy) muscleHU(s *sample) float64 {
	p := s.p
	fibre := a.fine.at(vec{p.x, p.y, p.z * 0.35}, 2.6)
	hu := huMuscle + 5*fibre
	if v := a.fine.at(vec{p.x, p.y, p.z * 0.4}, 6.5); v > 1.25 {
		hu -= 55 * step(1.25, 2.2, v)
	}
	if s.cage < 0 {
		return hu
	}
	// Where a smooth random function crosses zero there is a sheet: that parts the muscle into bundles as no two patients have them.
	bundle := vec{p.x, p.y, p.z * 0.45}
	gap := 0.5 + 0.5*a.fine.at(p, 14)
	hu += (huFat - hu) * 0.6 * clamp(gap+0.25-12*math.Abs(a.bend.at(bundle, 21)), 0, 1)
	if p.z < -45 && p.y < 40 {
		return a.flatMuscles(s, hu)
	}
	return hu
}

// flatMuscles are the three layers at the sides of the belly and the straight muscle in front, with fat between them.
func (a *anatomy) flatMuscles(s *sample, hu float64) float64 {
	p := s.p
	outer := max(-a.muscle.dist(p), 0)
	depth := s.cage / (s.cage + outer + 1e-6) // 0 inside, 1 at the surface of the muscles
	wobble := 0.07 * a.bend.at(p, 25)
	below := step(-45, -75, p.z)
	fat := func(share float64) { hu += (huFat - hu) * clamp(share, 0, 1) }
	sheet := func(at, halfWidthMM, share float64) {
		d := math.Abs(depth-at-wobble) * (s.cage + outer)
		fat(share * clamp((halfWidthMM-d)/1.2+0.5, 0, 1) * (0.75 + 0.35*a.fine.at(p, 11)))
	}
	x := math.Abs(p.x + 2*a.bend.at(p, 40))
	side := step(58, 70, x) * below
	sheet(0.36, 0.5, 0.8*side)
	sheet(0.68, 0.6, 0.85*side)
	if p.y < 0 {
		fat(0.8 * below * step(1.5, -1.5, min(math.Abs(x-62)-1.6, x-3.5)))
	}
	return hu
}

// tableHU is what lies outside the body: air, and the table, a shell of carbon fibre around foam, with a mat on it.
func (a *anatomy) tableHU(p vec, width float64) float64 {
	const radius, top = 520.0, 117.0
	if p.y < 20 {
		return huAir
	}
	s := sample{p: p, w: width, hu: huAir}
	r := math.Hypot(p.x, p.y-(top-radius)) - radius // depth below the table's surface
	edge := math.Abs(p.x) - 225
	s.paint(max(edge-2, math.Abs(r+4)-3.5), -955)
	body := smax(edge, math.Abs(r-13)-13, 18)
	s.paint(body, 10)
	s.paint(body+2, -925)
	return s.hu
}
