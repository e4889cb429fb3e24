package viewer

import (
	"context"
	"image"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/viewer/hanging"
)

// closeUp bounds how near Picture goes to a small segment, in millimetres across.
const closeUp = 60

// Picture draws the active segment, or what is looked at where there is none, without texts: for the signing dialog. what says in words
// which plane it is. It is nil when there are no images.
func (r *Room) Picture(size image.Point) (img image.Image, what string) {
	m, from := r.image(), r.volume
	if m == nil || from == nil {
		return nil, ""
	}
	v := *r.views[0]
	if s := r.straight; s != nil { // what is signed lies on the acquired planes
		m, from = s.stack, s.source
		v.path = hanging.PathOf(m.Geometry, hanging.Acquired)
	}
	at, across, name := r.st.cross, 0.0, v.hang.Title
	if s, ok := r.drawnSegment(); ok {
		at, across = middleOfMask(m.Geometry, s.Mask, v.path)
		name = s.Name
	}
	k := planeOf(m.Geometry, v.path.Axis, at)
	p := volume.Plane{Centre: onPlane(m.Geometry, v.path.Axis, at, k), Right: v.path.Right, Down: v.path.Down}
	p.MMPerPixel = p.Fit(m.Geometry, size.X, size.Y)
	if across > 0 {
		p.MMPerPixel = min(p.MMPerPixel, max(1.6*across, closeUp)/float64(min(size.X, size.Y)))
	} else {
		p.Centre = onPlane(m.Geometry, v.path.Axis, m.Geometry.Centre(), k)
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	s := render.Scene{Volume: from, Plane: p, VOI: v.grey.voi, Layers: r.layers, Overlays: !r.st.overlaysOff}
	if r.do.NewDrawer().DrawInto(context.Background(), s, dst) != nil {
		return nil, ""
	}
	return dst, name + ", slice " + whole(k+1)
}

// drawnSegment is the active segment if it lies on the image on screen and something is drawn in it.
func (r *Room) drawnSegment() (*segmentation.Segment, bool) {
	set := r.set()
	if set == nil {
		return nil, false
	}
	s, ok := set.Find(r.st.active)
	return s, ok && s.Image == r.st.image && s.Mask.Count() > 0
}

// middleOfMask returns the middle of a mask's box, and how wide the box is in the plane of a path, in millimetres.
func middleOfMask(g *volume.Geometry, mask *segmentation.Mask, p hanging.Path) (at volume.Point, across float64) {
	lo, hi, _ := mask.Bounds()
	x := volume.Index{}
	for a := range 3 {
		x[a] = float64((lo[a] + hi[a]) / 2)
		if a != p.Axis {
			across = max(across, float64(hi[a]-lo[a]+1)*g.Spacing[a])
		}
	}
	return g.ToPatient(x), across
}
