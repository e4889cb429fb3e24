package viewer

import (
	"time"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/overlay"
	"hotlight/render/voi"
	"hotlight/viewer/hanging"
	"hotlight/viewer/tool"
)

// style is how segments are drawn; Shift+S goes through them.
type style int

const (
	filled style = iota
	outlined
	activeOnly
	styles // how many there are
)

// grey is the grey-level setting of a viewport and what it is called.
type grey struct {
	voi     voi.VOI
	name    string
	opening bool // nobody has chosen yet
}

// state is how the study is looked at. Nothing of it is saved with the read.
type state struct {
	image  int // of Study.Images
	layout hanging.Layout
	cross  volume.Point // the linked point: every plane passes through it

	tool, last tool.Name
	brush      tool.Brush
	overwrite  int // of pane.Overwrites

	active      int // number of the segment that is painted, 0 for none
	hidden      map[int]bool
	style       style
	marksOff    bool // S: no marks
	spaceHeld   time.Time
	textsOff    bool
	overlaysOff bool // the file's own (60xx)
	// overlaysAsked: they may be shown; in a blinded read only once that is recorded.
	overlaysAsked bool
	nearest       bool
	fileNext      int // which window of the file the key 0 shows next

	understood map[int]bool     // images whose warnings were put away
	noted      map[int][]string // the notes that came with each image
}

func newState() state {
	return state{tool: tool.NameWindow, last: tool.NameBrush, brush: tool.Brush{RadiusMM: 6, Shape: tool.Disc},
		hidden: map[int]bool{}, understood: map[int]bool{}, noted: map[int][]string{}}
}

// choose takes a tool and remembers the one before.
func (s *state) choose(n tool.Name) {
	if n != s.tool {
		s.last, s.tool = s.tool, n
	}
}

// marks returns the layers of the set as they are drawn on an image; images tells which grids there are.
func (s *state) marks(set *segmentation.Set, images []Image) []render.Layer {
	if set == nil || s.marksOff || !s.spaceHeld.IsZero() {
		return nil
	}
	var out []render.Layer
	here := images[s.image].Geometry
	if images[s.image].Changed != "" {
		return nil // what was drawn belongs to the images as they were
	}
	for _, g := range set.Segments() {
		if s.hidden[g.Number] || s.style == activeOnly && g.Number != s.active || g.Mask.Count() == 0 {
			continue
		}
		l := render.Layer{Mask: g.Mask, Colour: g.Colour, Outline: true, Locked: g.Locked}
		if s.filled(g.Number) {
			l.Fill = overlay.DefaultFill
		}
		if g.Image != s.image {
			there := images[g.Image].Geometry
			if images[g.Image].Changed != "" {
				continue
			}
			if there.FrameOfReference == "" || there.FrameOfReference != here.FrameOfReference || there.IsStack() {
				continue
			}
			l.Grid = there
		}
		out = append(out, l)
	}
	return out
}

// filled reports whether a segment is drawn with its area.
func (s *state) filled(int) bool { return s.style != outlined }

// step returns the cross moved by whole planes along a path, snapped to the planes and kept inside the grid. Wheel-down is positive.
func step(g *volume.Geometry, p hanging.Path, cross volume.Point, planes int) volume.Point {
	x := g.ToIndex(cross)
	k := x.Voxel()[p.Axis] + p.Sign*planes
	return onPlane(g, p.Axis, cross, k)
}

// onPlane returns the point moved along an axis of the grid onto plane k, kept inside the grid.
func onPlane(g *volume.Geometry, axis int, at volume.Point, k int) volume.Point {
	k = max(0, min(g.Size[axis]-1, k))
	if g.IsStack() && axis == 2 {
		x := g.ToIndex(at)
		x[2] = float64(k)
		return g.ToPatient(x)
	}
	x := g.ToIndex(at)
	x[axis] = float64(k)
	return g.ToPatient(x)
}

// planeOf returns the index of the plane that a point lies on, kept inside the grid.
func planeOf(g *volume.Geometry, axis int, at volume.Point) int {
	return max(0, min(g.Size[axis]-1, g.ToIndex(at).Voxel()[axis]))
}
