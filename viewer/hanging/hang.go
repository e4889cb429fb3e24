package hanging

import (
	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render/voi"
)

// Layout is how many viewports there are.
type Layout string

// The layouts.
const (
	One          Layout = "1"
	OnePlusThree Layout = "1 + 3"
)

// Subject is what is to be hung.
type Subject struct {
	Modality project.Modality
	Geometry *volume.Geometry
	// Flat says that the planes are exact one by one only, or that there are no positions: no other plane may be cut through them.
	Flat bool
}

// View is one viewport: what it looks at and how grey.
type View struct {
	Facing Facing
	// Second asks for the second grey-level setting of the modality, see Other.
	Second bool
	Title  string
}

// Layouts returns what can be chosen for s, the default first.
func Layouts(s Subject) []Layout {
	if s.Flat || s.Geometry.NoPosition || s.Geometry.Size[2] < 2 {
		return []Layout{One}
	}
	if s.Geometry.Size[2] < fewPlanes {
		return []Layout{One, OnePlusThree}
	}
	return []Layout{OnePlusThree, One}
}

// fewPlanes is the number of planes under which the other two directions show little more than a stripe.
const fewPlanes = 16

// Hang returns the views of a layout, the large one first. A layout that s does not allow gives a single view.
func Hang(s Subject, l Layout) []View {
	if l != OnePlusThree || len(Layouts(s)) < 2 {
		if s.Flat || s.Geometry.NoPosition {
			return []View{{Facing: Acquired, Title: acquiredTitle(s.Geometry)}}
		}
		main := AcquiredFacing(s.Geometry)
		return []View{{Facing: main, Title: main.Title()}}
	}
	main := AcquiredFacing(s.Geometry)
	views := []View{{Facing: main, Title: main.Title()}}
	for _, f := range []Facing{Axial, Coronal, Sagittal} {
		if f != main {
			views = append(views, View{Facing: f, Title: f.Title()})
		}
	}
	return append(views, View{Facing: main, Second: true, Title: main.Title()})
}

func acquiredTitle(g *volume.Geometry) string {
	if g.NoPosition {
		return ""
	}
	return AcquiredFacing(g).Title()
}

// Other returns the second grey-level setting beside first: bone beside brain, soft tissue beside lung, lung beside soft tissue; for other
// modalities the second of their presets. name is empty when there is none, and first comes back.
func Other(m project.Modality, first, base voi.VOI) (name string, w voi.VOI) {
	presets := append(voi.Presets(m), voi.Relative(m, base)...)
	key := '2'
	switch {
	case m == "CT" && first.Center < -300:
		key = '1'
	case m == "CT" && first.Width <= 160:
		key = '3'
	case m == "MR":
		key = '1'
	}
	for _, p := range presets {
		if p.Key == key {
			return p.Name, p.VOI
		}
	}
	return "", first
}
