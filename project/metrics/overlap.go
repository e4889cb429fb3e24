package metrics

import (
	"hotlight/project/segmentation"
)

// Overlap is what two masks of one grid have in common, in voxels. Reference first: where neither is better, the order only names them.
type Overlap struct {
	Reference, Test, Both int64
}

// Count counts the overlap by population counts of bricks. Masks on grids of different size give segmentation.ErrGrid: nothing is resampled.
func Count(reference, test *segmentation.Mask) (Overlap, error) {
	both, err := segmentation.CountBoth(reference, test)
	if err != nil {
		return Overlap{}, err
	}
	return Overlap{Reference: reference.Count(), Test: test.Count(), Both: both}, nil
}

// Status says which mask is empty, if one is.
func (o Overlap) Status() Status {
	switch {
	case o.Reference == 0 && o.Test == 0:
		return BothEmpty
	case o.Reference == 0:
		return RefEmpty
	case o.Test == 0:
		return TestEmpty
	}
	return OK
}

// Dice returns 2|A∩B| / (|A|+|B|), in [0, 1]. Two empty masks have none (BothEmpty: count it apart); one empty mask gives 0.
func (o Overlap) Dice() Result {
	return o.share(2*o.Both, o.Reference+o.Test, "Dice")
}

// Jaccard returns |A∩B| / |A∪B|, with Dice's edge cases.
func (o Overlap) Jaccard() Result {
	return o.share(o.Both, o.Reference+o.Test-o.Both, "Jaccard")
}

func (o Overlap) share(num, den int64, method string) Result {
	return ratio(float64(num), float64(den), 1, method, BothEmpty)
}

// FalseNegative returns the share of the reference that the test misses; an empty reference has none.
func (o Overlap) FalseNegative() Result {
	return ratio(float64(o.Reference-o.Both), float64(o.Reference), 1, "false negative share", NoReference)
}

// FalseDiscovery returns the share of the test that is not in the reference; an empty test has none.
func (o Overlap) FalseDiscovery() Result {
	return ratio(float64(o.Test-o.Both), float64(o.Test), 1, "false discovery share", TestEmpty)
}

// VolumeDifference returns (test - reference) / reference: positive when the test is larger. An empty reference has none.
func (o Overlap) VolumeDifference() Result {
	return ratio(float64(o.Test-o.Reference), float64(o.Reference), 1, "relative volume difference", NoReference)
}

// VolumeDifferenceML returns the volume of the test less that of the reference in millilitres; of planar masks there is none.
func (o Overlap) VolumeDifferenceML(s Space) (Result, error) {
	const method = "volume difference, ml"
	if err := s.check(); err != nil {
		return Result{}, err
	}
	if s.Planar {
		return undefined(Undefined, 1, method), nil
	}
	return good((s.VolumeMM3(o.Test)-s.VolumeMM3(o.Reference))/1000, 1, method), nil
}

// VolumeSimilarity returns 2(test - reference) / (test + reference), ITK's signed form with the test as ITK's source.
func (o Overlap) VolumeSimilarity() Result {
	return ratio(2*float64(o.Test-o.Reference), float64(o.Test+o.Reference), 1, "volume similarity", BothEmpty)
}

// Pool adds up overlaps, of several labels or of several studies: ratios of the sum weigh each voxel alike.
func Pool(parts ...Overlap) (sum Overlap) {
	for _, p := range parts {
		sum.Reference += p.Reference
		sum.Test += p.Test
		sum.Both += p.Both
	}
	return sum
}
