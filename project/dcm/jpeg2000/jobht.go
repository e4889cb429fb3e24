package jpeg2000

import (
	"fmt"

	"hotlight/project/dcm/jpeg2000/internal/ht"
)

// decodeHT decodes a code-block of Part 15.
func (w *worker) decodeHT(d *decoder, c *component, res *resolution, j *job, planes int) error {
	k, err := w.blockHT(d, c, j)
	if err != nil {
		return err
	}
	k.Planes = planes
	switch n := j.wide * j.high; {
	case k.Passes == 0: // placeholders only
		w.plain = room(w.plain, mostCoefficients)[:n]
		clear(w.plain)
	case planes > ht.NarrowPlanes:
		w.plainWide = room(w.plainWide, mostCoefficients)[:n]
		if err := w.ht.DecodeWide(w.plainWide, j.wide, k, c.shift); err != nil {
			return fmt.Errorf("%w: %w", ErrData, err)
		}
		storePlain(w.plainWide, 0, c, res, j)
		return nil
	default:
		w.plain = room(w.plain, mostCoefficients)[:n]
		if err := w.ht.Decode(w.plain, j.wide, k); err != nil {
			return fmt.Errorf("%w: %w", ErrData, err)
		}
	}
	storePlain(w.plain, c.shift, c, res, j)
	return nil
}

// blockHT returns what is decoded of a code-block of Part 15: the last cleanup pass that has data, and the passes that refine it (T.814 B.3). Each set of three
// passes before it stands for a bit plane.
func (w *worker) blockHT(d *decoder, c *component, j *job) (k ht.Block, err error) {
	k = ht.Block{Width: j.wide, Height: j.high, Causal: c.style&styleCausal != 0}
	w.joined = w.joined[:0]
	passes, refining := 0, false
	for n, p := range w.pieces {
		passes += int(p.passes)
		bytes := int(p.length)
		switch {
		case passes%3 == 1 && bytes > 0:
			w.joined = w.joined[:0]
			k.Cleanup, k.Refinement, k.Passes = bytes, 0, 1
			k.Missing = int(j.block.zeroPlanes) + passes/3
			refining = true
		case passes%3 == 1:
			refining = false // of a cleanup pass that is not there
			continue
		case !refining:
			continue
		default: // the second of these passes may have its bytes with the first, in an earlier layer
			k.Refinement += bytes
			k.Passes += int(p.passes)
		}
		if w.joined, err = joined(w.joined, w.pieces[n:n+1], d.stream.b); err != nil {
			return k, err
		}
	}
	k.Data = w.joined
	return k, nil
}
