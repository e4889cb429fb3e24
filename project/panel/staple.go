package panel

import (
	"math"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// Staple is the estimate of STAPLE: how probable each voxel is foreground, and how well each reader hits the truth so estimated.
type Staple struct {
	Sensitivity []float64 // of each reader: share of the estimated foreground that they marked
	Specificity []float64 // of each reader: share of the estimated background that they left out
	Prior       float64   // share of foreground, the mean of all readers over the region
	Iterations  int       // as ITK counts them
	Converged   bool
	// Probability of foreground by pattern of votes: bit r is reader r's. Patterns that do not occur are NaN; pattern 0 is what nobody marked.
	Probability []float64
	Counts      []int64 // voxels of each pattern in the region
}

// maxStapleIterations stops an estimate that crawls; three nearly equal readers need about a thousand.
const maxStapleIterations = 100_000

// EstimateStaple runs the expectation maximisation over the region lo to hi (both inclusive), which must hold all marked voxels. The start is the mean of the readers,
// the prior their mean over the region, and it stops when the square of every change of sensitivity and specificity is at most 1e-14.
// Voxels with the same votes have the same probability, so the work is per pattern, not per voxel.
//
// It is Invalid when nobody marked anything, or when the readers together mark the whole region: there is then nothing to estimate.
//
// Source: Warfield, Zou and Wells, IEEE TMI 23 (2004) 903; initial values and the stopping rule as in ITK 5.2 itkSTAPLEImageFilter.
func EstimateStaple(masks []*segmentation.Mask, lo, hi [3]int) (*Staple, error) {
	if err := sameGrid(masks); err != nil {
		return nil, err
	}
	s := &Staple{Counts: tally(masks), Probability: make([]float64, 1<<len(masks)),
		Sensitivity: make([]float64, len(masks)), Specificity: make([]float64, len(masks))}
	total, marked := int64(1), int64(0)
	for a := range lo {
		total *= int64(hi[a] - lo[a] + 1)
	}
	for _, n := range s.Counts {
		marked += n
	}
	if marked == 0 || marked > total {
		return nil, project.Errorf(project.Invalid, "nothing is marked in the region, or something outside of it")
	}
	s.Counts[0] = total - marked
	s.start(len(masks), float64(total))
	return s, s.iterate(len(masks))
}

// start gives every pattern the share of its votes.
func (s *Staple) start(readers int, total float64) {
	for pattern, n := range s.Counts {
		s.Probability[pattern] = math.NaN()
		if n == 0 {
			continue
		}
		votes := 0
		for r := range readers {
			votes += pattern >> r & 1
		}
		s.Probability[pattern] = float64(votes) / float64(readers)
		s.Prior += s.Probability[pattern] * float64(n)
	}
	s.Prior /= total
}

func (s *Staple) iterate(readers int) error {
	before := make([]float64, 2*readers)
	for n := range maxStapleIterations {
		if !s.maximise(readers) {
			return project.Errorf(project.Invalid, "the readers leave no background, or no foreground, to estimate from")
		}
		s.expect(readers)
		s.Iterations = n
		largest := 0.0
		for r := range readers {
			for side, v := range [2]float64{s.Sensitivity[r], s.Specificity[r]} {
				change := v - before[2*r+side]
				largest = max(largest, change*change)
				before[2*r+side] = v
			}
		}
		if n > 0 && largest <= 1e-14 {
			s.Converged = true
			return nil
		}
	}
	return nil
}

// maximise finds each reader's sensitivity and specificity for the present probabilities.
func (s *Staple) maximise(readers int) bool {
	front, back := 0.0, 0.0
	for pattern, n := range s.Counts {
		if n > 0 {
			front += s.Probability[pattern] * float64(n)
			back += (1 - s.Probability[pattern]) * float64(n)
		}
	}
	if !(front > 0 && back > 0) {
		return false
	}
	for r := range readers {
		hit, left := 0.0, 0.0
		for pattern, n := range s.Counts {
			switch {
			case n == 0:
			case pattern>>r&1 == 1:
				hit += s.Probability[pattern] * float64(n)
			default:
				left += (1 - s.Probability[pattern]) * float64(n)
			}
		}
		s.Sensitivity[r], s.Specificity[r] = hit/front, left/back
	}
	return true
}

// expect finds the probability of each pattern for the present sensitivities and specificities.
func (s *Staple) expect(readers int) {
	for pattern, n := range s.Counts {
		if n == 0 {
			continue
		}
		front, back := s.Prior, 1-s.Prior
		for r := range readers {
			if pattern>>r&1 == 1 {
				front *= s.Sensitivity[r]
				back *= 1 - s.Specificity[r]
			} else {
				front *= 1 - s.Sensitivity[r]
				back *= s.Specificity[r]
			}
		}
		s.Probability[pattern] = front / (front + back)
	}
}

// Mask returns the voxels of probability threshold or more. What nobody marked is never among them, whatever its probability; ok says that it is below.
func (s *Staple) Mask(masks []*segmentation.Mask, threshold float64) (m *segmentation.Mask, ok bool) {
	chosen := make([]bool, len(s.Probability))
	for pattern, p := range s.Probability {
		chosen[pattern] = p >= threshold
	}
	return pick(masks, chosen), !chosen[0]
}
