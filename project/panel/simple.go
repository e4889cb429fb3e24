package panel

import (
	"math"

	"hotlight/project/segmentation"
)

// Simple is how SIMPLE came to its mask.
type Simple struct {
	Weights    []float64 // of each reader: Dice with the last estimate; 0: left out
	Iterations int
	Converged  bool
	Tied       *segmentation.Mask // voxels with exactly half of the weight: neither in nor out
}

// maxSimpleIterations is more than the method ever needs: each round drops a reader or ends.
const maxSimpleIterations = 50

// SelectSimple makes a mask by selective and iterative performance level estimation. It starts from the majority; each round weighs every reader that is left by
// Dice with the estimate, drops those more than one standard deviation below the mean (never below two readers), and takes the voxels with more than half of the weight. It ends
// when neither the readers nor the mask change.
//
// With few readers one deviation is little: of three unequal ones the least falls out. The project must ask for the method by name.
//
// Source: Langerak et al., IEEE TMI 29 (2010) 2000, with Dice as the measure of performance and the threshold at mean less one deviation.
func SelectSimple(masks []*segmentation.Mask) (*segmentation.Mask, *Simple, error) {
	estimate, tied, err := Majority(masks)
	if err != nil {
		return nil, nil, err
	}
	s := &Simple{Weights: make([]float64, len(masks)), Tied: tied}
	kept := make([]bool, len(masks))
	for r := range kept {
		kept[r] = true
	}
	for s.Iterations < maxSimpleIterations {
		s.Iterations++
		if err := s.weigh(masks, kept, estimate); err != nil {
			return nil, nil, err
		}
		dropped := s.drop(kept)
		next, nextTied := s.vote(masks)
		if !dropped && next.Equal(estimate) {
			s.Converged, s.Tied = true, nextTied
			break
		}
		estimate, s.Tied = next, nextTied
	}
	return estimate, s, nil
}

func (s *Simple) weigh(masks []*segmentation.Mask, kept []bool, estimate *segmentation.Mask) error {
	for r, m := range masks {
		s.Weights[r] = 0
		if !kept[r] {
			continue
		}
		d, ok, err := dice(m, estimate)
		if err != nil {
			return err
		}
		if !ok {
			d = 1 // both empty: they agree
		}
		s.Weights[r] = d
	}
	return nil
}

// drop leaves out the readers that are too far below the others.
func (s *Simple) drop(kept []bool) bool {
	n, sum, squares := 0.0, 0.0, 0.0
	for r, k := range kept {
		if k {
			n, sum, squares = n+1, sum+s.Weights[r], squares+s.Weights[r]*s.Weights[r]
		}
	}
	mean := sum / n
	limit := mean - math.Sqrt(max(squares/n-mean*mean, 0)) - 1e-12 // rounding drops nobody
	dropped, left := []int{}, int(n)
	for r, k := range kept {
		if k && s.Weights[r] < limit {
			dropped = append(dropped, r)
		}
	}
	if left-len(dropped) < 2 {
		return false
	}
	for _, r := range dropped {
		kept[r], s.Weights[r] = false, 0
	}
	return len(dropped) > 0
}

// vote returns the voxels with more than half of the weight, and those with half.
func (s *Simple) vote(masks []*segmentation.Mask) (in, tied *segmentation.Mask) {
	total := 0.0
	for _, w := range s.Weights {
		total += w
	}
	chosen, half := make([]bool, 1<<len(masks)), make([]bool, 1<<len(masks))
	for pattern := range chosen {
		sum := 0.0
		for r, w := range s.Weights {
			sum += w * float64(pattern>>r&1)
		}
		half[pattern] = total > 0 && math.Abs(sum-total/2) <= 1e-12*total
		chosen[pattern] = sum > total/2 && !half[pattern]
	}
	return pick(masks, chosen), pick(masks, half)
}
