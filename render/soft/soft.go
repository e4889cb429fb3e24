// Package soft is the software backend: the reference for every pixel. It needs no graphics card and no display.
//
// A Renderer keeps the last cut of the volume and the last sampling of each segment: a new window recomposes only, a brush stroke
// samples the changed segment only. It serves one goroutine at a time and spreads its own work over all processors.
package soft

import (
	"context"
	"image"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/voi"
)

// Renderer draws scenes on the CPU. Use one for each viewport; it is not safe for several goroutines at once. It holds on to the volume and
// masks of the last scene, half a megabyte, 4 bytes a pixel, and 3 bits a pixel for each segment that the plane cuts.
type Renderer struct {
	cutter   mpr.Cutter
	cut      mpr.Cut
	cutKey   cutKey
	table    voi.Table
	layers   []*layer
	graphics graphics
}

var _ render.Backend = (*Renderer)(nil)

// New returns a Renderer that holds nothing yet.
func New() *Renderer { return &Renderer{} }

// Draw implements render.Backend.
func (r *Renderer) Draw(ctx context.Context, s render.Scene, size image.Point) (*image.RGBA, error) {
	if err := s.Check(size); err != nil {
		return nil, err
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	if err := r.DrawInto(ctx, s, dst); err != nil {
		return nil, err
	}
	return dst, nil
}

// DrawInto draws s over all of dst, whose size is the size of the picture, so that a viewport can rotate a few buffers. After an error the
// content of dst is undefined. dst may be a part of a larger picture; nothing outside of it is written.
func (r *Renderer) DrawInto(ctx context.Context, s render.Scene, dst *image.RGBA) error {
	size := dst.Rect.Size()
	if err := s.Check(size); err != nil {
		return err
	}
	if err := r.cutImage(ctx, &s, size); err != nil {
		return err
	}
	if err := r.sampleGraphics(ctx, &s, size); err != nil {
		return err
	}
	if err := r.sampleLayers(ctx, &s, size); err != nil {
		return err
	}
	if err := r.compose(ctx, &s, dst); err != nil {
		return err
	}
	var g *volume.Geometry
	if s.Volume != nil {
		g = &s.Volume.Geometry
	}
	overlay.DrawFurniture(dst, g, s.Plane, s.Furniture)
	return nil
}

// Release forgets the last scene, so that its volume and masks can be freed.
func (r *Renderer) Release() {
	r.cutKey, r.layers, r.graphics = cutKey{}, nil, graphics{}
}
