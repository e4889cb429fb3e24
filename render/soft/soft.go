// Package soft is the software backend: the reference for every pixel. It needs no graphics card and no display.
//
// A Renderer keeps the last cut of the volume and the last sampling of each segment: a new window recomposes only, a brush stroke
// samples the changed segment only. It serves one goroutine at a time and spreads its own work over all processors.
package soft

import (
	"context"
	"image"

	"hotlight/render"
)

// Renderer draws scenes on the CPU. Use one for each viewport; it is not safe for several goroutines at once.
type Renderer struct{}

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
