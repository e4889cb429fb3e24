package soft

import (
	"context"
	"image"

	"hotlight/render"
)

// DrawInto draws s over all of dst, whose size is the size of the picture, so that a viewport can rotate a few buffers. After an error the
// content of dst is undefined. dst may be a part of a larger picture.
func (r *Renderer) DrawInto(ctx context.Context, s render.Scene, dst *image.RGBA) error {
	return ctx.Err()
}
