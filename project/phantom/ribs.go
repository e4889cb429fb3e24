package phantom

import "math"

// rib is one pair. Its height is a function of the angle around the chest, 0 at the spine and pi at the breastbone.
type rib struct {
	head float64 // z where it meets the spine
	drop float64 // mm down to where the bone ends
	rise float64 // mm that its cartilage climbs again
	bony float64 // angle where the bone ends, as a share of pi
	end  float64 // angle where the cartilage ends
	half float64 // half height of its section
}

func (a *anatomy) shapeRibs() {
	rows := [12]rib{
		{0, 44, 0, 0.78, 0.975, 6.5}, {0, 50, 0, 0.80, 0.975, 6}, {0, 62, 12, 0.82, 0.975, 6}, {0, 69, 20, 0.83, 0.975, 6.2},
		{0, 76, 32, 0.82, 0.975, 6.4}, {0, 82, 44, 0.80, 0.975, 6.6}, {0, 86, 57, 0.77, 0.97, 6.6}, {0, 86, 44, 0.73, 0.90, 6.4},
		{0, 82, 34, 0.69, 0.82, 6.2}, {0, 74, 22, 0.65, 0.75, 6}, {0, 54, 0, 0.54, 0.56, 5.4}, {0, 36, 0, 0.36, 0.38, 5},
	}
	for n := range rows {
		rows[n].head = a.vertebrae[n].centre.z + 6
	}
	a.ribs = rows[:]
}

// height returns z of the rib's middle line at angle t, as a share of pi.
func (r *rib) height(t float64) float64 {
	u := clamp(t/r.bony, 0, 1)
	z := r.head - r.drop*(0.55*u+0.45*(1-math.Cos(u*math.Pi))/2)
	if t > r.bony {
		v := clamp((t-r.bony)/(r.end-r.bony), 0, 1)
		z += r.rise * v * v * (3 - 2*v)
	}
	return z
}

// cageDist is the distance from the inside of ribs and belly wall, negative inside, shortened where the chest narrows to its top.
func (a *anatomy) cageDist(p vec) float64 {
	return a.cage.dist(p) * a.cageSlope.at(p.z)
}

// drawCage paints ribs and their cartilage, the muscles' fat between them, breastbone, shoulder blades and the wings of the hip bone, all of which follow the
// surface of the cage.
func drawCage(a *anatomy, s *sample) {
	d := s.cage * a.cageSlope.at(s.p.z)
	if d < -6 || d > 60 {
		return
	}
	halfWidth, halfDepth, middle := a.cage.frame(s.p.z)
	angle := math.Atan2(math.Abs(s.p.x)/halfWidth, (s.p.y-middle)/halfDepth) / math.Pi
	round := angle * math.Pi * 0.5 * (halfWidth + halfDepth) // mm along the wall from the spine
	if s.p.z > -120 && d < 14 {
		a.drawRibs(s, d-4, angle, round)
	}
	a.drawSternum(s, d-5.5)
	a.drawScapula(s)
	if s.p.z < -168 {
		a.drawIlium(s, d-5, angle)
	}
}

// drawRibs: d is the distance from the surface in which the ribs' middle lines run.
func (a *anatomy) drawRibs(s *sample, d, angle, round float64) {
	if inner := math.Abs(d-5.2) - 0.6; s.p.z > -70 && s.p.z < 160 {
		s.paint(inner, huFat+60) // a thin sheet of fat outside the ribs
	}
	side := 1.0
	if s.p.x < 0 {
		side = -1
	}
	wave := 1.6*a.bend.at(vec{side * 200, round, s.p.z}, 40) + side*1.5
	perAngle := round / max(angle, 1e-3)
	for n := range a.ribs {
		r := &a.ribs[n]
		z := (s.p.z - r.height(angle) - wave) * 0.9
		if math.Abs(z) > r.half+6 || angle > r.end+0.05 {
			continue
		}
		s.paint(math.Hypot(d+2.6, z+r.half+1)-1.3, 90) // the artery and vein below each rib
		k := math.Hypot(d/3.4, z/r.half)
		section := (k - 1) * (3.4 + (r.half-3.4)*math.Min(math.Abs(z)/r.half, 1)*0.6)
		begin := (0.055 - angle) * perAngle
		cartilage := smax(smax(section, (angle-r.end)*perAngle, 2), begin, 2)
		s.paint(cartilage, huCartilage+170*step(1.1, 2, a.fine.at(s.p, 3.5)))
		bone := smax(smax(section, (angle-r.bony)*perAngle, 3), begin, 3)
		s.paint(bone, huCompact)
		s.paint(bone+1.25, huMarrow-30+25*a.fine.at(s.p, 2.5))
	}
}

// drawSternum: manubrium, body and tip of the breastbone; d is the distance from its middle surface.
func (a *anatomy) drawSternum(s *sample, d float64) {
	p := s.p
	if p.y > 0 || p.z < 2 || p.z > 142 {
		return
	}
	var half float64
	switch {
	case p.z > 100:
		half = 15 + 13*step(100, 132, p.z)
	case p.z > 28:
		half = 17 - 3*step(40, 98, p.z) + 1.5*math.Sin(p.z/5)
	default:
		half = 8
	}
	f := smax(smax(math.Abs(d)-5, math.Abs(p.x)-half, 5), p.z-134-0.05*math.Abs(p.x), 4)
	f = max(f, 1.2-math.Abs(p.z-100)) // the joint between manubrium and body
	if p.z < 28 {
		f = smax(math.Abs(d)-3, max(math.Abs(p.x)-half, 8-p.z), 3)
	}
	s.paint(f, huCompact*0.75)
	s.paint(f+1.1, huMarrow-50+25*a.fine.at(p, 2.5))
}

// The corners of the shoulder blade on the left: the tip below, the inner corner above, the joint with the arm.
var scapulaTip, scapulaInner, scapulaJoint = vec{98, 85, 58}, vec{73, 82, 148}, vec{128, 36, 173}

// drawScapula: a thin bowed blade with a thick outer border.
func (a *anatomy) drawScapula(s *sample) {
	p := s.p
	if p.z < 50 || p.y < 20 || math.Abs(p.x) < 60 {
		return
	}
	p.x = math.Abs(p.x)
	p.y += 0.004 * (p.x - 98) * (p.x - 98) // bowed over the ribs
	f := triangle(p, scapulaTip, scapulaInner, scapulaJoint) - 1.5
	f = smin(f, capsule(p, scapulaTip, scapulaJoint, 2.6, 5.5), 3)
	f = smin(f, capsule(p, scapulaJoint, scapulaJoint.add(vec{4, -6, 2}), 9, 10), 4)
	s.paint(f, huCompact)
	s.paint(f+1.5, huMarrow+40+20*a.fine.at(s.p, 2.5))
}

// drawIlium: the upper rims of the hip bones.
func (a *anatomy) drawIlium(s *sample, d, angle float64) {
	top := -176 - 900*(angle-0.36)*(angle-0.36)
	f := smax(math.Abs(d)-3.6-2.4*step(top-10, top, s.p.z), s.p.z-top, 4)
	f = smax(f, (0.17-angle)*300, 4)
	s.paint(f, huCompact)
	s.paint(f+1.8, huMarrow+10+30*a.fine.at(s.p, 2.5))
}

// shapeBones makes the bones that follow no surface: clavicles, spines of the shoulder blades, heads of the arms, necks of the ribs.
func (a *anatomy) shapeBones() {
	var paths [][]segment
	both := func(nodes ...node) {
		other := make([]node, len(nodes))
		for n, k := range nodes {
			other[n] = node{-k.x, k.y, k.z, k.r}
		}
		paths = append(paths, path(nodes...), path(other...))
	}
	both(node{16, -56, 137, 8}, node{34, -59, 146, 6}, node{66, -46, 160, 5.5}, node{100, -22, 174, 6}, node{128, 8, 186, 7})
	both(node{78, 86, 138, 3}, node{104, 84, 152, 3.6}, node{130, 66, 172, 4.6}, node{142, 42, 190, 6})
	both(node{142, 16, 176, 18}, node{146, 10, 190, 20}, node{156, 2, 216, 14}, node{162, -2, 260, 12})
	for n := range a.ribs {
		v := &a.vertebrae[n]
		z := a.ribs[n].head
		side := vec{v.centre.x + v.a*0.8, v.centre.y + v.b*0.7, z}
		_, halfDepth, middle := a.cage.frame(z)
		out := vec{27, min(middle+halfDepth+2, v.centre.y+v.b+2*v.canal+6), z - 2}
		both(node{side.x, side.y, side.z, 4.4}, node{(side.x + out.x) / 2, (side.y+out.y)/2 + 1, z - 0.5, 3.4}, node{out.x, out.y, out.z, 4.2})
	}
	a.bones = newTubes(6, paths...)
}

func drawBones(a *anatomy, s *sample) {
	d := a.bones.smooth(s.p, 2)
	s.paint(d, huCompact)
	s.paint(d+1.5, huMarrow+20*a.fine.at(s.p, 2.5))
}
