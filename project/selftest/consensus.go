package selftest

import (
	"fmt"
	"strconv"

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
	if len(rows) == 0 {
		return nil, project.Errorf(project.Invalid, "no masks")
	}
	masks := make([]*segmentation.Mask, len(rows))
	for n := range rows {
		if masks[n], err = plane(rows[n]); err != nil {
			return nil, err
		}
	}
	size := masks[0].Size()
	s, err := panel.EstimateStaple(masks, [3]int{}, [3]int{size[0] - 1, size[1] - 1, size[2] - 1})
	if err != nil {
		return nil, err
	}
	consensus, _ := s.Mask(masks, 0.5)
	majority, ties, err := panel.Majority(masks)
	if err != nil {
		return nil, err
	}
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
		"consensus_0.5": pixels(consensus), "majority_strict": pixels(majority), "tie_voxels": ties.Count(), "prior": s.Prior}, nil
}

// labelVoting votes voxel by voxel, as ITK's LabelVoting does: the label with the most votes, whatever their share. Ties get the label that the
// parameters name.
func labelVoting(in input) (outputs, error) {
	raters, err := take[[][]int](in, "raters")
	if err != nil {
		return nil, err
	}
	if len(raters) == 0 {
		return nil, project.Errorf(project.Invalid, "nobody voted")
	}
	rule := project.LabelRule{Rule: fmt.Sprintf("1 of %d", len(raters))}
	question := &project.Question{ID: "label", Type: project.AnswerEnum}
	for _, row := range raters {
		if len(row) != len(raters[0]) {
			return nil, project.Errorf(project.Invalid, "the raters have %d and %d labels", len(raters[0]), len(row))
		}
		for _, label := range row {
			question.Values = append(question.Values, project.Choice{ID: strconv.Itoa(label)})
		}
	}
	var out []int
	for v := range raters[0] {
		votes := make([]panel.Vote, len(raters))
		for r, row := range raters {
			votes[r] = panel.Vote{Answer: strconv.Itoa(row[v]), Given: true}
		}
		label := param(in, "undecided", -1)
		if d := panel.Label(rule, question, votes, len(votes)); d.Decided {
			if label, err = strconv.Atoi(d.Value); err != nil {
				return nil, err
			}
		}
		out = append(out, label)
	}
	return outputs{"consensus": out}, nil
}
