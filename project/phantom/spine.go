package phantom

import "math"

// vertebra is one bone of the spine, in a frame of its own: x to the left, y to the back, z along the spine, the middle of the body at 0.
type vertebra struct {
	centre     vec
	sin, cos   float64 // of the spine's tilt in the sagittal plane
	a, b, h    float64 // half width, half depth and half height of the body
	canal      float64 // radius of the spinal canal
	lumbar     bool
	transverse float64 // how far the transverse process reaches to the side
	spinous    float64 // length of the spinous process
	drop       float64 // how far its tip hangs
	twist      float64 // a degree or two of asymmetry
	box        box
}

// vertebraHeights are body and disc together, T1 to T12, L1 to L5, in mm.
var vertebraHeights = [17]float64{18, 18.5, 19, 19.5, 20.5, 21, 22, 23, 24, 25, 26.5, 28, 31, 32.5, 33.5, 34, 34}

const firstVertebraZ = 175.0

// shapeSpine stacks the vertebrae along spineY.
func (a *anatomy) shapeSpine() {
	z := firstVertebraZ
	for n, height := range vertebraHeights {
		t := float64(n) / 16
		v := vertebra{lumbar: n >= 12, h: height * 0.39, a: 13.5 + 9.5*t, b: 10.5 + 6*t, canal: 8.2, drop: 20, spinous: 27, transverse: 29 - 6*t}
		v.centre = vec{0.8 * math.Sin(z/60), a.spineY.at(z), z}
		slope := (a.spineY.at(z+8) - a.spineY.at(z-8)) / 16
		v.sin, v.cos = slope/math.Hypot(1, slope), 1/math.Hypot(1, slope)
		v.twist = 0.02 * a.bend.at(vec{float64(n) * 77, 0, 0}, 10)
		if v.lumbar {
			v.canal, v.drop, v.spinous, v.transverse = 9.4, 5, 25, 40
		} else {
			v.drop = 12 + 16*math.Exp(-(t-0.38)*(t-0.38)/0.03)
		}
		v.box = around(4, v.centre.add(vec{-v.transverse - 8, -v.b - 3, -v.h - v.drop - 12}), v.centre.add(vec{v.transverse + 8, v.b + 2*v.canal + v.spinous + 12, v.h + 12}))
		a.vertebrae = append(a.vertebrae, v)
		if n+1 < len(vertebraHeights) {
			z -= (height + vertebraHeights[n+1]) / 2
		}
	}
}

// local turns a patient point into v's frame.
func (v *vertebra) local(p vec) vec {
	d := p.sub(v.centre)
	return vec{d.x + v.twist*d.y, d.y*v.cos - d.z*v.sin, d.y*v.sin + d.z*v.cos}
}

// bodyDist is the distance from the vertebral body, which is waisted and hollow towards the canal.
func (v *vertebra) bodyDist(p vec) float64 {
	t := p.z / v.h
	waist := 0.9 + 0.1*min(t*t, 1)
	side := ellipsoid(vec{p.x, p.y, 0}, vec{v.a * waist, v.b * waist, 1e6})
	end := math.Abs(p.z) - v.h + 0.9*math.Exp(-(p.x*p.x+p.y*p.y)/(0.25*v.a*v.a))
	d := smax(side, end, 3.5)
	return smax(d, -v.canalDist(p), 2)
}

// canalDist is the distance from the spinal canal, wider than deep.
func (v *vertebra) canalDist(p vec) float64 {
	c := vec{p.x * 0.82, p.y - v.b - v.canal + 1.5, 0}
	return c.len() - v.canal
}

// archDist is the distance from pedicles, laminae and processes. Left and right are alike, so the shape is built for |x|.
func (v *vertebra) archDist(p vec) float64 {
	p.x = math.Abs(p.x)
	c, b := v.canal, v.b
	up := 0.3 * v.h
	root := vec{c + 3.5, b + 5, up * 0.8}
	joint := vec{c + 4.5, b + 2*c - 5, 0}
	thick := 3.6
	if v.lumbar {
		thick = 4.6
	}
	d := capsule(p, vec{v.a * 0.62, b * 0.5, up}, root, thick+0.4, thick)
	d = smin(d, capsule(p, root, joint, thick, thick+0.8), 3)
	tip := vec{0, b + 2*c + 1.5, -0.35 * v.h}
	d = smin(d, capsule(p, joint, tip, thick-0.4, thick-0.8), 3)
	end := tip.add(vec{0, v.spinous * math.Sqrt(max(1-v.drop*v.drop/900, 0.3)), -v.drop})
	flat := vec{p.x * 1.55, p.y, p.z}
	if v.lumbar {
		flat.z = p.z - clamp(p.z-tip.z, -5, 5) // a blade 10 mm high
	}
	d = smin(d, capsule(flat, tip, end, thick-0.2, thick+0.6)/1.25, 3)
	side := vec{v.transverse, joint.y + 6, up + 1}
	if v.lumbar {
		side = vec{v.transverse, joint.y - 3, up}
	}
	d = smin(d, capsule(p, joint.add(vec{0, -1, up * 0.5}), side, thick+0.2, 4.2-thick*0.2), 3)
	d = smin(d, capsule(p, joint.add(vec{0.5, 1, -v.h * 1.15}), joint.add(vec{1, 0, v.h * 1.15}), 3.4, 4.4), 2)
	return smax(d, -v.canalDist(p), 1.5)
}

// columnDist is the distance from the rounded column of bodies and discs, without their waists.
func (a *anatomy) columnDist(p vec) float64 {
	t := clamp((firstVertebraZ-p.z)/402, 0, 1)
	return ellipsoid(vec{p.x, p.y - a.spineY.at(p.z), 0}, vec{13.2 + 9.4*t, 10.4 + 6*t, 1e6})
}

// drawColumn paints what lies between the bones: fat around the canal, the sac with the cord, roots, and the discs.
func drawColumn(a *anatomy, s *sample) {
	t := clamp((firstVertebraZ-s.p.z)/402, 0, 1)
	depth := 10.5 + 6*t
	canal := 8.3 + 1.1*t
	c := vec{s.p.x, s.p.y - a.spineY.at(s.p.z) - depth - canal + 1.5, 0}
	s.paint(ellipsoid(c, vec{canal + 9, canal, 1e6}), huFat+30)
	s.paint(vec{math.Abs(c.x) - canal - 4.5, c.y + 1, 0}.len()-2.6, 45)
	s.paint(ellipsoid(c, vec{canal + 0.6, canal - 1.4, 1e6}), 18)
	if s.p.z > -100 {
		s.paint(ellipsoid(vec{c.x, c.y + 0.5, 0}, vec{5.2, 4, 1e6}), huCord)
	} else {
		s.paint(ellipsoid(vec{c.x, c.y - 2.5, 0}, vec{6, 3, 1e6}), 26+14*a.fine.at(vec{s.p.x, s.p.y, s.p.z * 0.1}, 1.5))
	}
	disc := a.columnDist(s.p)
	s.paint(disc-0.8, huDisc+20)
	s.paint(disc+4, huDisc-8)
}

// drawVertebra paints one vertebra: compact bone around spongy bone, and vessels entering the body from behind.
func (v *vertebra) draw(a *anatomy, s *sample) {
	p := v.local(s.p)
	body := v.bodyDist(p)
	arch := 20.0
	if p.y > 0 {
		arch = v.archDist(p)
	}
	d := smin(body, arch, 2.5) + 0.35*a.fine.at(s.p, 6)
	if d > 2 {
		return
	}
	spongy := huMarrow + 26*a.fine.at(vec{s.p.x, s.p.y, s.p.z * 0.6}, 2.2) + 18*a.bend.at(s.p, 12)
	if vein := math.Hypot(p.z, p.x*0.5) - 1.6; p.y > 0 && p.y < v.b {
		spongy -= 90 * step(1, -1, vein)
	}
	shell := 1.2
	if body > arch {
		shell = 1.7
		spongy += 60
	}
	s.paint(d, huCompact*0.78)
	s.paint(d+shell, spongy)
}
