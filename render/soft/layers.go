package soft

import (
	"context"
	"image"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
)

// layer keeps one segment as it lies in the picture.
type layer struct {
	mask     *segmentation.Mask
	a        mpr.Affine
	stack    *volume.Geometry // whose planes the picture cuts across, else nil
	w, h     int
	edgePx   int // of the outlines, 0 when they are not traced
	cover    overlay.Cover
	outlines overlay.Outlines
}

// sampleLayers brings r.layers up to date: one for each layer of the scene, in its order. A layer is looked for among those of the last scene
// by its mask, so that hiding or reordering segments samples nothing.
func (r *Renderer) sampleLayers(ctx context.Context, s *render.Scene, size image.Point) error {
	kept := r.layers
	next := make([]*layer, len(s.Layers))
	r.layers = nil // until they are whole again
	for n, l := range s.Layers {
		next[n] = take(kept, n, l.Mask)
	}
	for n, l := range s.Layers {
		if next[n] == nil {
			next[n] = reuse(kept)
		}
		if err := next[n].update(ctx, l, s.Grid(l), s.Plane, size); err != nil {
			return err
		}
	}
	r.layers = next
	return nil
}

// take removes and returns the kept layer of that mask, preferring place n.
func take(kept []*layer, n int, mask *segmentation.Mask) *layer {
	if n < len(kept) && kept[n] != nil && kept[n].mask == mask {
		l := kept[n]
		kept[n] = nil
		return l
	}
	for i, l := range kept {
		if l != nil && l.mask == mask {
			kept[i] = nil
			return l
		}
	}
	return nil
}

// reuse removes and returns any kept layer for its memory, or a new one.
func reuse(kept []*layer) *layer {
	for i, l := range kept {
		if l != nil {
			kept[i] = nil
			return l
		}
	}
	return &layer{}
}

// update samples and traces what changed.
func (l *layer) update(ctx context.Context, want render.Layer, g *volume.Geometry, p volume.Plane, size image.Point) error {
	a, err := mpr.NewAffine(g, p, size.X, size.Y)
	var across *mpr.StackMap
	var stack *volume.Geometry
	if err == mpr.ErrStack { // a stack's segment on a picture that was computed across the stack
		if across, err = mpr.NewStackMap(g, p, size.X, size.Y); err == nil {
			a, stack = across.Affine, g
		}
	}
	if err != nil {
		return err
	}
	if l.mask != want.Mask || l.a != a || l.stack != stack || l.w != size.X || l.h != size.Y {
		l.mask = nil // until it is whole again
		if across != nil {
			l.cover.ShapeStack(want.Mask, across, size.X, size.Y)
		} else {
			l.cover.Shape(want.Mask, a, size.X, size.Y)
		}
		if err := mpr.Bands(ctx, size.Y, l.cover.Sample); err != nil {
			return err
		}
		l.mask, l.a, l.stack, l.w, l.h, l.edgePx = want.Mask, a, stack, size.X, size.Y, 0
	}
	if edge := edgePx(want); edge != 0 && l.edgePx != edge {
		l.edgePx = 0
		l.outlines.Shape(&l.cover)
		if err := mpr.Bands(ctx, size.Y, func(y0, y1 int) { l.outlines.Trace(y0, y1, edge) }); err != nil {
			return err
		}
		l.edgePx = edge
	}
	return nil
}

func edgePx(l render.Layer) int {
	switch {
	case !l.Outline:
		return 0
	case l.Locked:
		return overlay.LockedEdgePx
	}
	return overlay.EdgePx
}
