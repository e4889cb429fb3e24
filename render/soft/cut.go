package soft

import (
	"context"
	"image"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
)

// cutKey is everything that a cut depends on. A volume that is loading makes another key with each slice that arrives.
type cutKey struct {
	volume        *volume.Volume
	plane         volume.Plane
	w, h          int
	interpolation mpr.Interpolation
	slab          mpr.Slab
	arrived       int
	half          bool
}

// cutImage brings r.cut up to date with the scene.
func (r *Renderer) cutImage(ctx context.Context, s *render.Scene, size image.Point) error {
	if s.Volume == nil {
		r.cutKey = cutKey{}
		return nil
	}
	key := cutKey{volume: s.Volume, plane: s.Plane, w: size.X, h: size.Y, interpolation: s.Interpolation, slab: s.Slab, arrived: arrived(s.Volume)}
	if s.Draft && worthHalving(s, size) && key != r.cutKey {
		key.half = true
	}
	if key == r.cutKey {
		return nil
	}
	r.cutKey = cutKey{} // until it is whole again
	plane, w, h := s.Plane, size.X, size.Y
	if key.half {
		plane, w, h = halved(plane, w, h)
	}
	if err := r.cutter.Cut(ctx, s.Volume, plane, w, h, s.Interpolation, s.Slab, &r.cut); err != nil {
		return err
	}
	r.cutKey = key
	return nil
}

// arrived counts the slices that are here.
func arrived(v *volume.Volume) int {
	slices := v.ArrivedSlices()
	if slices == nil {
		return v.Size[2]
	}
	n := 0
	for _, here := range slices {
		if here {
			n++
		}
	}
	return n
}

// worthHalving reports whether the cut costs enough for half resolution to be felt: planes along the grid are cheap.
func worthHalving(s *render.Scene, size image.Point) bool {
	if s.Slab.ThicknessMM > 0 {
		return true
	}
	a, err := mpr.NewAffine(&s.Volume.Geometry, s.Plane, size.X, size.Y)
	if err != nil {
		return false
	}
	_, _, along := a.Axes()
	return !along
}

// halved returns the plane and size of a picture with half the pixels each way, rounded up, whose pixel (x, y) covers the pixels (2x, 2y) to
// (2x+1, 2y+1) of the whole one.
func halved(p volume.Plane, w, h int) (volume.Plane, int, int) {
	if w%2 == 1 {
		p.Centre = p.Centre.Add(p.Right.Mul(p.MMPerPixel / 2))
	}
	if h%2 == 1 {
		p.Centre = p.Centre.Add(p.Down.Mul(p.MMPerPixel / 2))
	}
	p.MMPerPixel *= 2
	return p, (w + 1) / 2, (h + 1) / 2
}
