package ingest

import (
	"context"

	"hotlight/project/volume"
)

const (
	// coarseFrom is how many pixels a frame has whose decoding a reader would notice: a mammogram has ten times as many.
	coarseFrom = 2 << 20
	// coarsePixels is what a first picture has at most: enough to see what it is, little enough to be there at once.
	coarsePixels = 320 << 10
)

// coarse decodes a large picture at a lower resolution, where its transfer syntax has them, while the picture itself is decoded beside. A reader sees
// after a tenth of a second what it is. It is a volume of its own on a coarser grid: the picture's volume never holds it, so no value and no edit can
// come from it. What cannot be decoded so is not coarse; the picture itself says what is wrong.
func (l *Loading) coarse(ctx context.Context) {
	f := l.image.frames[0]
	o := &opened{}
	defer func() { o.file.Close() }()
	if o.read(f.of, ctx.Done()) != nil {
		return
	}
	most, err := o.file.Reductions(f.number)
	if err != nil {
		return
	}
	for o.reduce < most && f.of.format.Reduced(o.reduce).Rows*f.of.format.Reduced(o.reduce).Columns > coarsePixels {
		o.reduce++
	}
	if o.reduce == 0 || ctx.Err() != nil {
		return
	}
	small, whole := *f, *f.of
	whole.format = whole.format.Reduced(o.reduce)
	small.of = &whole
	v, err := volume.New(coarser(&l.image.Geometry, whole.format.Columns, whole.format.Rows, o.reduce), l.image.Pixel)
	if err != nil {
		return
	}
	l.image.describe(v)
	if decodePixels(v, 0, &small, o) != nil {
		return
	}
	v.ArriveAll()
	l.gate.RLock()
	defer l.gate.RUnlock()
	if !l.ended && !l.volume.Arrived(0) {
		l.opts.Coarse(v)
	}
}

// wantsCoarse reports whether a first picture is worth its time.
func (l *Loading) wantsCoarse() bool {
	return l.opts.Coarse != nil && len(l.image.frames) == 1 && l.image.frames[0].tile == nil && l.image.Geometry.Voxels() >= coarseFrom
}

// coarser returns the grid of a picture that was halved so many times. The wavelets of JPEG 2000 are symmetric about the samples that stay, which are
// every second one from the first: sample n lies where sample n<<reduce lay (T.800 annex F).
func coarser(g *volume.Geometry, columns, rows, reduce int) volume.Geometry {
	out := *g
	out.Size = [3]int{columns, rows, 1}
	for a := range 2 {
		out.Spacing[a] *= float64(int(1) << reduce)
	}
	return out
}
