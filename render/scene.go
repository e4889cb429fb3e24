package render

import (
	"context"
	"image"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/voi"
)

// Scene is everything that one picture shows. It is a plain value: a Backend keeps no part of it but the pointers, and compares those to find
// out what changed, so a Volume or Mask must not be changed in place (a Volume may load on).
type Scene struct {
	// Volume is the image; nil draws only layers that name their own Grid, and furniture, on black.
	Volume        *volume.Volume
	Plane         volume.Plane
	VOI           voi.VOI
	Interpolation mpr.Interpolation // empty is linear
	Slab          mpr.Slab
	// Overlays draws the overlay planes (60xx) of the slice that the plane shows, under segments and furniture. A plane across slices, or a slab,
	// has none.
	Overlays bool
	// Layers are drawn in order, later ones over earlier ones; all edges lie over all areas.
	Layers    []Layer
	Furniture overlay.Options
	// Draft allows the image to be cut at half resolution, for a picture that is moving. Segments and furniture stay sharp.
	Draft bool
}

// Layer is one segment as it is drawn.
type Layer = overlay.Layer

// Backend draws scenes. A Backend serves one goroutine at a time; use one for each viewport.
type Backend interface {
	// Draw returns a new picture of exactly that size, opaque, with its origin at (0, 0). It stops early when ctx is done, with ctx.Err().
	// A plane that a stack does not have gives mpr.ErrStack, a scene that cannot be drawn project.Invalid.
	Draw(ctx context.Context, s Scene, size image.Point) (*image.RGBA, error)
}

// Check fails with project.Invalid if the scene cannot be drawn at all. Backends call it.
func (s *Scene) Check(size image.Point) error {
	if size.X < 1 || size.Y < 1 || size.X > MaxSide || size.Y > MaxSide {
		return project.Errorf(project.Invalid, "a picture of %d x %d pixels", size.X, size.Y)
	}
	if s.Volume != nil && s.Volume.Pixel != volume.RGB8 {
		if err := s.VOI.Check(); err != nil {
			return err
		}
	}
	if err := s.Slab.Check(); err != nil {
		return err
	}
	for _, l := range s.Layers {
		g := s.Grid(l)
		if l.Mask == nil || g == nil || l.Mask.Size() != g.Size {
			return project.Errorf(project.Invalid, "a segment does not lie on its image's grid")
		}
	}
	return s.Interpolation.Check()
}

// MaxSide is the longest side of a picture in pixels.
const MaxSide = 16384

// Grid returns the geometry that a layer lies on, or nil when there is none.
func (s *Scene) Grid(l Layer) *volume.Geometry {
	if l.Grid != nil || s.Volume == nil {
		return l.Grid
	}
	return &s.Volume.Geometry
}
