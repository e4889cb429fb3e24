package phantom

import "math"

// chamber is an ellipsoid of the heart in the frame of its long axis.
type chamber struct {
	centre, radii vec
	blood         vec // radii of the lumen, about a centre moved by shift
	shift         vec
	u, v, w       vec // the axes of radii.x, y, z
	hu            float64
}

func newChamber(centre, axis, radii, blood, shift vec, hu float64) chamber {
	u := axis.unit()
	v := u.cross(vec{0, 0, 1}).unit()
	return chamber{centre, radii, blood, shift, u, v, u.cross(v), hu}
}

func (c *chamber) local(p vec) vec {
	d := p.sub(c.centre)
	return vec{d.dot(c.u), d.dot(c.v), d.dot(c.w)}
}

func (c *chamber) wall(p vec) float64  { return ellipsoid(c.local(p), c.radii) }
func (c *chamber) lumen(p vec) float64 { return ellipsoid(c.local(p).sub(c.shift), c.blood) }

// heart is four chambers in a sac of fat.
type heart struct{ left, right, leftAtrium, rightAtrium chamber }

func newHeart() heart {
	return heart{
		left:        newChamber(vec{40, -28, 24}, vec{0.66, -0.60, -0.46}, vec{42, 28, 28}, vec{33, 18, 18}, vec{-6, 0, 0}, huBlood),
		right:       newChamber(vec{6, -50, 24}, vec{0.80, -0.30, -0.52}, vec{41, 26, 27}, vec{37, 22, 23}, vec{-1, 0, 0}, huBlood-6),
		leftAtrium:  newChamber(vec{8, 6, 56}, vec{1, 0.15, 0.1}, vec{33, 18, 22}, vec{31, 16, 20}, vec{}, huBlood),
		rightAtrium: newChamber(vec{-30, -24, 38}, vec{0.2, 0.1, 1}, vec{33, 27, 23}, vec{31, 25, 21}, vec{}, huBlood-14),
	}
}

// dist is the distance from the outside of the heart's muscle, all chambers together.
func (h *heart) dist(p vec) float64 {
	d := smin(h.left.wall(p), h.right.wall(p), 6)
	d = smin(d, h.leftAtrium.wall(p), 8)
	return smin(d, h.rightAtrium.wall(p), 8)
}

// sac is the distance from the heart with the fat around it.
func (h *heart) sac(p vec) float64 {
	d := smin(h.left.wall(p), h.right.wall(p), 22)
	d = smin(d, h.leftAtrium.wall(p), 24)
	return smin(d, h.rightAtrium.wall(p), 24) - 3.5
}

func drawHeart(a *anatomy, s *sample) {
	h := &a.heart
	sac := h.sac(s.q)
	sac = smax(sac, a.diaphragm(s.q)+1, 3)
	if sac > 2 {
		return
	}
	s.paint(sac, 30)
	s.paint(sac+1.1, huFat+12)
	d := h.dist(s.q)
	groove := 2.2 * step(0.3, 1.2, a.bend.at(s.p, 13))
	d = smax(d+groove, sac+2, 2)
	muscle := huMyocardium + 5*a.fine.at(s.p, 4)
	s.paint(d, muscle)
	trabeculae := 1.2 * a.fine.at(s.q, 5)
	for n, c := range [4]*chamber{&h.rightAtrium, &h.right, &h.leftAtrium, &h.left} {
		lumen := c.lumen(s.q)
		if lumen > 4 {
			continue
		}
		if n == 1 { // the septum bulges into the right ventricle
			lumen = smax(lumen, 1.5-h.left.wall(s.q), 4)
		}
		if n == 0 || n == 2 {
			lumen = max(lumen, 1.5-min(h.left.wall(s.q), h.right.wall(s.q)))
		}
		s.paint(lumen+trabeculae, c.hu+4*a.bend.at(s.p, 12))
	}
	for _, m := range [2]vec{{46, -20, 12}, {38, -38, 20}} { // papillary muscles
		if h.left.lumen(s.q) < 0 {
			s.paint(capsule(s.q, m, m.add(vec{-10, 8, 8}), 4, 2), huMyocardium)
		}
	}
	crown := math.Abs(h.left.wall(s.q)-h.rightAtrium.wall(s.q)) - 2
	s.paint(max(max(crown, math.Abs(d+1.5)-1.8), math.Abs(s.q.z-40)-3), huBlood-20) // a coronary artery in its groove
}
