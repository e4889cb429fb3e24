package selftest

import (
	"hotlight/project"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// staple repeats ITK's filter on the whole image.
func staple(in input) (outputs, error) {
	rows, err := take[[][][]int](in, "masks")
	if err != nil {
		return nil, err
	}
	masks := make([]*segmentation.Mask, len(rows))
	for n := range rows {
		if masks[n], err = plane(rows[n]); err != nil {
			return nil, err
		}
	}
	p, err := panel.CountPatterns(masks...)
	if err != nil {
		return nil, err
	}
	s, err := p.Staple(panel.StapleOptions{WholeGrid: true, Confidence: param(in, "confidence_weight", 1.0)})
	if err != nil {
		return nil, err
	}
	majority, _ := p.Majority()
	probability := make([][]float64, len(rows[0]))
	for j := range probability {
		probability[j] = make([]float64, len(rows[0][j]))
		for i := range probability[j] {
			pattern := 0
			for r, m := range masks {
				if m.At(i, j, 0) {
					pattern |= 1 << r
				}
			}
			probability[j][i] = s.Probability[pattern]
		}
	}
	return outputs{"sensitivity": s.Sensitivity, "specificity": s.Specificity, "iterations": s.Iterations, "probability": probability,
		"consensus_0.5": pixels(s.Mask()), "majority_strict": pixels(majority), "tie_voxels": p.Ties(), "volume_ratio": s.Ratio, "status": s.Status}, nil
}

// labelVoting votes voxel by voxel; ties get the label that the parameters name.
func labelVoting(in input) (outputs, error) {
	raters, err := take[[][]int](in, "raters")
	if err != nil {
		return nil, err
	}
	if len(raters) == 0 {
		return nil, project.Errorf(project.Invalid, "nobody voted")
	}
	undecided := param(in, "undecided", -1)
	var out []int
	for v := range raters[0] {
		labels := make([]int, len(raters))
		for r, row := range raters {
			if len(row) != len(raters[0]) {
				return nil, project.Errorf(project.Invalid, "rater %d has %d labels, the first one %d", r+1, len(row), len(raters[0]))
			}
			labels[r] = row[v]
		}
		label, ok := panel.Plurality(labels)
		if !ok {
			label = undecided
		}
		out = append(out, label)
	}
	return outputs{"consensus": out}, nil
}
