package soft

import (
	"context"
	"image"

	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
)

// graphics keeps the overlay planes of one slice as they lie in the picture.
type graphics struct {
	key      cutKey
	shown    bool // there are any
	cover    overlay.Cover
	outlines overlay.Outlines
}

// sampleGraphics brings r.graphics up to date. A new window samples nothing.
func (r *Renderer) sampleGraphics(ctx context.Context, s *render.Scene, size image.Point) error {
	g := &r.graphics
	if !s.Overlays || s.Volume == nil || s.Slab.ThicknessMM > 0 {
		g.key, g.shown = cutKey{}, false
		return nil
	}
	key := cutKey{volume: s.Volume, plane: s.Plane, w: size.X, h: size.Y, arrived: arrived(s.Volume)}
	if key == g.key {
		return nil
	}
	g.key, g.shown = cutKey{}, false // until it is whole again
	a, err := mpr.NewAffine(&s.Volume.Geometry, s.Plane, size.X, size.Y)
	if err != nil {
		return err
	}
	k, ok := overlay.GraphicSlice(a, size.X, size.Y)
	list := s.Volume.Overlays(k)
	if !ok || len(list) == 0 {
		g.key = key
		return nil
	}
	g.cover.ShapeGraphics(size.X, size.Y)
	if err := mpr.Bands(ctx, size.Y, func(y0, y1 int) { g.cover.SampleGraphics(list, a, y0, y1) }); err != nil {
		return err
	}
	g.outlines.Shape(&g.cover)
	if err := mpr.Bands(ctx, size.Y, func(y0, y1 int) { g.outlines.Trace(y0, y1, overlay.LockedEdgePx) }); err != nil {
		return err
	}
	g.key, g.shown = key, true
	return nil
}

// draw lays the graphics over row y, with a dark casing so that they show on white.
func (g *graphics) draw(row []uint32, y int) {
	if g.shown {
		g.outlines.CasingRow(row, y)
		g.cover.SolidRow(row, y, overlay.GraphicColour)
	}
}
