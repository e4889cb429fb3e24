package selftest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hotlight/project"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// staple repeats ITK's filter on the whole image, of two or three axes, and answers for keys consensus_T.
func staple(in input) (outputs, error) {
	planes, volumes, err := stapleMasks(in)
	if err != nil {
		return nil, err
	}
	masks := make([]*segmentation.Mask, len(volumes))
	for n := range volumes {
		if masks[n], err = stack(volumes[n]); err != nil {
			return nil, err
		}
	}
	size := masks[0].Size()
	s, err := panel.EstimateStaple(masks, [3]int{}, [3]int{size[0] - 1, size[1] - 1, size[2] - 1})
	if err != nil {
		return nil, err
	}
	majority, ties, err := panel.Majority(masks)
	if err != nil {
		return nil, err
	}
	shape := func(m *segmentation.Mask) any {
		if planes {
			return pixels(m, 0)
		}
		return voxels(m)
	}
	out := outputs{"sensitivity": s.Sensitivity, "specificity": s.Specificity, "iterations": s.Iterations, "probability": probabilities(s, masks, planes),
		"majority_strict": shape(majority), "tie_voxels": ties.Count(), "prior": s.Prior}
	for key := range in.Expected {
		text, found := strings.CutPrefix(key, "consensus_")
		threshold, err := parseNumber(text)
		if !found || err != nil || !(threshold > 0 && threshold <= 1) {
			continue
		}
		if m, ok := s.Mask(masks, threshold); ok {
			out[key] = shape(m)
		}
	}
	return out, nil
}

// stapleMasks reads masks of rows, or of slices of rows.
func stapleMasks(in input) (planes bool, volumes [][][][]int, err error) {
	var flat [][][]int
	if json.Unmarshal(in.Input["masks"], &flat) == nil {
		for _, rows := range flat {
			volumes = append(volumes, [][][]int{rows})
		}
		planes = true
	} else if volumes, err = take[[][][][]int](in, "masks"); err != nil {
		return false, nil, err
	}
	if len(volumes) == 0 {
		return false, nil, project.Errorf(project.Invalid, "no masks")
	}
	return planes, volumes, nil
}

// probabilities lays the probability of each voxel's votes out as the masks are.
func probabilities(s *panel.Staple, masks []*segmentation.Mask, planes bool) any {
	size := masks[0].Size()
	out := make([]any, size[2])
	for k := range out {
		rows := make([][]float64, size[1])
		for j := range rows {
			rows[j] = make([]float64, size[0])
			for i := range rows[j] {
				pattern := 0
				for r, m := range masks {
					if m.At(i, j, k) {
						pattern |= 1 << r
					}
				}
				rows[j][i] = s.Probability[pattern]
			}
		}
		if planes {
			return rows
		}
		out[k] = plain(rows)
	}
	return out
}

// labelVoting votes voxel by voxel, as ITK's LabelVoting does: the label with the most votes, whatever their share. Ties get the label that the
// parameters name, or else, as in ITK, the one above the highest.
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
	highest := 0
	for _, row := range raters {
		for _, label := range row {
			highest = max(highest, label)
		}
	}
	var out []int
	for v := range raters[0] {
		votes := make([]panel.Vote, len(raters))
		for r, row := range raters {
			votes[r] = panel.Vote{Answer: strconv.Itoa(row[v]), Given: true}
		}
		label := param(in, "undecided", highest+1)
		if d := panel.Label(rule, question, votes, len(votes)); d.Decided {
			if label, err = strconv.Atoi(d.Value); err != nil {
				return nil, err
			}
		}
		out = append(out, label)
	}
	return outputs{"consensus": out}, nil
}
