package panel

import (
	"math/bits"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/segmentation"
)

// StapleOptions are the choices that change STAPLE's answer.
type StapleOptions struct {
	WholeGrid     bool    // take the whole grid as the field of view; otherwise the box of the union and Margin voxels around it
	Margin        int     // voxels
	Confidence    float64 // factor on the prior; 0 means 1
	MaxIterations int     // 0 means 10000
}

// Staple is the estimated truth with all that is needed to doubt it. Sensitivity and specificity near 1 for one reader, or a Ratio far from 1, mean
// that the estimate followed one reader: a ratio outside 0.9 to 1.1 is for an adjudicator.
type Staple struct {
	Status                   metrics.Status // BothEmpty when nobody marked anything
	Sensitivity, Specificity []float64      // of each reader, against the estimate
	Prior                    float64
	Iterations               int
	Converged                bool
	Voxels                   int64     // of the field of view, on which the prior depends
	Probability              []float64 // of each pattern being true
	Volume, Majority         int64     // voxels with probability 0.5 or more; of the strict majority
	Ratio                    metrics.Result
	Background               bool // voxels that nobody marked came out true: the estimate is degenerate
	patterns                 *Patterns
}

// tolerance is ITK's: the squared change of every sensitivity and specificity.
const tolerance = 1e-14

// Staple runs expectation maximisation on the patterns' counts, as ITK's STAPLEImageFilter does on voxels: the first weights are the share of
// readers who marked, the prior is their mean over the field of view.
//
// Source: Warfield, Zou and Wells, IEEE Transactions on Medical Imaging 23 (2004) 903.
func (p *Patterns) Staple(o StapleOptions) (*Staple, error) {
	if o.Confidence < 0 || o.Margin < 0 || o.MaxIterations < 0 {
		return nil, project.Errorf(project.Invalid, "STAPLE's options are not negative")
	}
	if o.Confidence == 0 {
		o.Confidence = 1
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 10000
	}
	s := &Staple{Status: metrics.OK, patterns: p, Probability: make([]float64, len(p.Counts)), Ratio: metrics.Overlap{}.VolumeDifference()}
	s.Ratio.Method = "volume of STAPLE over majority"
	if p.Marked() == 0 {
		s.Status = metrics.BothEmpty
		return s, nil
	}
	e := newEstimate(p, o)
	if e.prior > 1 {
		return nil, project.Errorf(project.Invalid, "a confidence of %g makes the prior %g, more than certain", o.Confidence, e.prior)
	}
	s.Voxels, s.Prior = e.voxels, e.prior
	for s.Iterations = 0; s.Iterations < o.MaxIterations && !s.Converged; s.Iterations++ {
		change := e.maximise()
		e.expect()
		s.Converged = s.Iterations > 0 && change <= tolerance
	}
	if s.Converged {
		s.Iterations-- // ITK counts the steps before the one that found no change
	}
	s.Sensitivity, s.Specificity = e.p, e.q
	copy(s.Probability, e.weight)
	s.measure()
	return s, nil
}

// measure counts the consensus and compares it with the majority.
func (s *Staple) measure() {
	readers := s.patterns.Readers()
	s.Background = s.Probability[0] >= 0.5
	for pattern, n := range s.patterns.Counts {
		if pattern > 0 && s.Probability[pattern] >= 0.5 {
			s.Volume += n
		}
		if 2*bits.OnesCount(uint(pattern)) > readers {
			s.Majority += n
		}
	}
	if s.Majority > 0 {
		s.Ratio.Value, s.Ratio.Status, s.Ratio.N = float64(s.Volume)/float64(s.Majority), metrics.OK, 1
	}
}

// Mask returns the voxels with a probability of 0.5 or more.
func (s *Staple) Mask() *segmentation.Mask {
	return s.patterns.Mask(func(pattern int) bool { return s.Probability[pattern] >= 0.5 })
}

// estimate is the state of the iteration. weight is the probability that a voxel of each pattern is true.
type estimate struct {
	readers int
	voxels  int64
	counts  []float64
	used    []int // patterns that occur
	weight  []float64
	prior   float64
	p, q    []float64
}

func newEstimate(p *Patterns, o StapleOptions) *estimate {
	n := p.Readers()
	e := &estimate{readers: n, counts: make([]float64, len(p.Counts)), weight: make([]float64, len(p.Counts)), p: make([]float64, n), q: make([]float64, n)}
	e.voxels = p.box(o.Margin)
	if o.WholeGrid {
		size := p.masks[0].Size()
		e.voxels = int64(size[0]) * int64(size[1]) * int64(size[2])
	}
	sum := 0.0
	for pattern, count := range p.Counts {
		if pattern == 0 {
			count = e.voxels - p.Marked()
		}
		e.counts[pattern] = float64(count)
		e.weight[pattern] = float64(bits.OnesCount(uint(pattern))) / float64(n)
		sum += e.weight[pattern] * e.counts[pattern]
		if count > 0 || pattern == 0 {
			e.used = append(e.used, pattern)
		}
	}
	e.prior = sum / float64(e.voxels) * o.Confidence
	return e
}

// maximise estimates each reader's performance from the weights, and returns the greatest squared change.
func (e *estimate) maximise() (change float64) {
	total, background := 0.0, 0.0
	for _, t := range e.used {
		total += e.counts[t] * e.weight[t]
		background += e.counts[t] * (1 - e.weight[t])
	}
	for r := range e.readers {
		hit, spared := 0.0, 0.0
		for _, t := range e.used {
			if t>>r&1 != 0 {
				hit += e.counts[t] * e.weight[t]
			} else {
				spared += e.counts[t] * (1 - e.weight[t])
			}
		}
		p, q := share(hit, total), share(spared, background)
		change = max(change, (p-e.p[r])*(p-e.p[r]), (q-e.q[r])*(q-e.q[r]))
		e.p[r], e.q[r] = p, q
	}
	return change
}

// share is part/whole; without a whole nobody was wrong about it.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return part / whole
}

// expect estimates the weights from the performances.
func (e *estimate) expect() {
	for _, t := range e.used {
		yes, no := e.prior, 1-e.prior
		for r := range e.readers {
			if t>>r&1 != 0 {
				yes *= e.p[r]
				no *= 1 - e.q[r]
			} else {
				yes *= 1 - e.p[r]
				no *= e.q[r]
			}
		}
		e.weight[t] = 0
		if yes > 0 {
			e.weight[t] = yes / (yes + no)
		}
	}
}
