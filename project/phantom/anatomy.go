package phantom

import "math/rand/v2"

// Hounsfield units of the tissues, in the portal venous phase.
const (
	huAir         = -1000.0
	huLung        = -868.0
	huFat         = -104.0
	huVisceralFat = -98.0
	huWater       = 4.0
	huBile        = 10.0
	huSkin        = 20.0
	huMuscle      = 62.0
	huMyocardium  = 104.0
	huBlood       = 178.0 // arteries and heart
	huVein        = 146.0
	huLiver       = 110.0
	huSpleen      = 122.0
	huPancreas    = 92.0
	huCortex      = 188.0 // of the kidney
	huMedulla     = 150.0
	huCord        = 38.0
	huDisc        = 88.0
	huCartilage   = 105.0
	huCompact     = 880.0 // cortical bone
	huMarrow      = 190.0 // trabecular bone
)

// anatomy is one patient. It is read-only once built, so any number of goroutines may ask it.
type anatomy struct {
	skin, muscle, cage *outline // the body's surface, the muscles', and the inside of ribs and belly wall
	cageSlope          *curve   // the cosine of the cage's slope against the vertical
	spineY             *curve   // the middle of the vertebral bodies
	bend, fine         *field   // low frequencies bend shapes, higher ones give texture
	vertebrae          []vertebra
	ribs               []rib
	bones              *tubes // clavicles, scapular spines, necks of ribs, arms

	aorta, arteries, pulmonary, veins, portal *tubes
	airway, oesophagus                        *tubes
	lungArteries, lungVeins, bronchi          *tubes
	liverPortal, liverVeins                   *tubes
	mesentery                                 *tubes
	stomachTube, duodenum, colon, smallBowel  *tubes
	pancreasTube                              *tubes
	heart                                     heart
	lesions                                   []Lesion
	parts                                     []part
}

// part is a structure that is painted: where it can be, and how it changes a sample.
type part struct {
	box  box
	draw func(a *anatomy, s *sample)
}

// sample is one place on its way to a Hounsfield value.
type sample struct {
	p    vec     // in the patient
	q    vec     // the same, bent: organs are defined there, bones and lesions at p
	w    float64 // mm over which a boundary fades: the voxel's size
	hu   float64
	skin float64 // distance from the skin
	cage float64 // distance from the inside of the chest and belly wall
}

// cover is the share of the voxel that a structure at distance d fills.
func (s *sample) cover(d float64) float64 { return clamp(0.5-d/s.w, 0, 1) }

// paint puts a structure at distance d over what is there.
func (s *sample) paint(d, hu float64) {
	if c := s.cover(d); c > 0 {
		s.hu += (hu - s.hu) * c
	}
}

// newAnatomy builds the patient of a seed. What needs room is placed before what must keep clear of it.
func newAnatomy(seed uint64) *anatomy {
	r := rand.New(rand.NewPCG(seed, 0x686f746c69676874)) // "hotlight"
	a := &anatomy{bend: newField(r), fine: newField(r)}
	a.shapeBody()
	a.shapeSpine()
	a.shapeRibs()
	a.shapeChest()
	a.growLungs(r)
	a.shapeBelly(r)
	a.placeLesions(r)
	a.growLiver(r)
	a.growBowel(r)
	a.parts = a.order()
	return a
}

// bent moves p by a few millimetres that change slowly with place, so that no organ has a mathematical shape.
func (a *anatomy) bent(p vec) vec {
	const cell, amount = 34, 2.6
	return vec{
		p.x + amount*a.bend.at(p, cell),
		p.y + amount*a.bend.at(vec{p.x + 311, p.y + 97, p.z + 41}, cell),
		p.z + amount*a.bend.at(vec{p.x + 53, p.y + 509, p.z + 263}, cell),
	}
}

// hu returns the Hounsfield units at p without noise. parts are those of a.parts whose boxes may hold p, in order. s is room to work in.
func (a *anatomy) hu(s *sample, p vec, width float64, parts []*part) float64 {
	*s = sample{p: p, w: width, hu: huAir}
	s.skin = a.skinDist(p)
	if s.skin > -0.5*width {
		s.hu = a.tableHU(p, width)
		if s.skin > 0.5*width {
			return s.hu
		}
	}
	s.q = a.bent(p)
	s.cage = a.cage.dist(p)
	outside := s.hu
	a.drawWall(s)
	for _, part := range parts {
		if part.box.holds(p) {
			part.draw(a, s)
		}
	}
	return outside + (s.hu-outside)*s.cover(s.skin)
}
