package panel

import "hotlight/project/segmentation"

// Votes returns the voxels that at least k of the masks have. Votes of 1 is the union, of all the intersection; the masks for k = 1, 2, ... are
// together the map of agreement.
func Votes(masks []*segmentation.Mask, k int) (*segmentation.Mask, error) {
	if err := sameGrid(masks); err != nil {
		return nil, err
	}
	k = max(k, 1)
	return combine(masks, func(words []uint64) uint64 { return atLeast(words, k) }), nil
}

// Union returns the voxels of any mask.
func Union(masks []*segmentation.Mask) (*segmentation.Mask, error) { return Votes(masks, 1) }

// Intersection returns the voxels of all masks.
func Intersection(masks []*segmentation.Mask) (*segmentation.Mask, error) {
	return Votes(masks, len(masks))
}

// Majority returns the voxels that more than half of the masks have. tied are those that exactly half of them have: they are neither in nor out.
func Majority(masks []*segmentation.Mask) (in, tied *segmentation.Mask, err error) {
	if in, err = Votes(masks, len(masks)/2+1); err != nil {
		return nil, nil, err
	}
	if len(masks)%2 == 1 {
		return in, segmentation.NewMask(in.Size()), nil
	}
	half, err := Votes(masks, len(masks)/2)
	if err != nil {
		return nil, nil, err
	}
	tied, err = segmentation.Subtract(half, in)
	return in, tied, err
}

// dice returns 2|A∩B| / (|A|+|B|); ok is false when both are empty.
func dice(a, b *segmentation.Mask) (value float64, ok bool, err error) {
	both, err := segmentation.CountBoth(a, b)
	if err != nil || a.Count()+b.Count() == 0 {
		return 0, false, err
	}
	return 2 * float64(both) / float64(a.Count()+b.Count()), true, nil
}
