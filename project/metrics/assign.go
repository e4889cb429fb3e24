package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// Assignment says which test mark belongs to which reference lesion. Every mark is in exactly one of Pairs, Extra and FalsePositives.
type Assignment struct {
	Pairs          [][2]int // test, reference; by test
	Extra          []int    // marks that meet the criterion for a lesion which another mark was given: ignored or false positive, as the project says
	FalsePositives []int    // marks that meet it for no lesion
	Missed         []int    // lesions without a mark
}

// Assign matches marks with lesions by their scores (rows are test marks, columns reference lesions), such that the sum of the scores is greatest
// (the Hungarian method). Pairs below threshold, and pairs with score 0, never match. A lesion is matched once. Equal inputs give equal matches.
func Assign(score [][]float64, references int, threshold float64) (Assignment, error) {
	if err := checkScores(score, references); err != nil {
		return Assignment{}, err
	}
	if math.IsNaN(threshold) {
		return Assignment{}, project.Errorf(project.Invalid, "the threshold of a match is not a number")
	}
	size := max(len(score), references)
	cost := make([][]float64, size)
	for i := range cost {
		cost[i] = make([]float64, size)
		for j := range cost[i] {
			if i < len(score) && j < references && allowed(score[i][j], threshold) {
				cost[i][j] = -score[i][j]
			}
		}
	}
	matched := make([]int, len(score))
	for i := range matched {
		matched[i] = -1
	}
	for j, i := range hungarian(cost) {
		if i < len(score) && j < references && allowed(score[i][j], threshold) {
			matched[i] = j
		}
	}
	return assignment(score, references, threshold, matched), nil
}

// AssignGreedy goes through the marks by falling confidence (equal ones in their order) and gives each the free lesion it fits best.
func AssignGreedy(score [][]float64, references int, threshold float64, confidence []float64) (Assignment, error) {
	if err := checkScores(score, references); err != nil {
		return Assignment{}, err
	}
	if math.IsNaN(threshold) {
		return Assignment{}, project.Errorf(project.Invalid, "the threshold of a match is not a number")
	}
	if len(confidence) != len(score) {
		return Assignment{}, project.Errorf(project.Invalid, "%d confidences for %d marks", len(confidence), len(score))
	}
	for i, v := range confidence {
		if math.IsNaN(v) {
			return Assignment{}, project.Errorf(project.Invalid, "the confidence of mark %d is not a number", i+1)
		}
	}
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return confidence[order[a]] > confidence[order[b]] })
	taken, matched := make([]bool, references), make([]int, len(score))
	for _, i := range order {
		best := -1
		for j, s := range score[i] {
			if !taken[j] && allowed(s, threshold) && (best < 0 || s > score[i][best]) {
				best = j
			}
		}
		matched[i] = best
		if best >= 0 {
			taken[best] = true
		}
	}
	return assignment(score, references, threshold, matched), nil
}

func allowed(score, threshold float64) bool { return score > 0 && score >= threshold }

func checkScores(score [][]float64, references int) error {
	for i, row := range score {
		if len(row) != references {
			return project.Errorf(project.Invalid, "mark %d has %d scores for %d lesions", i+1, len(row), references)
		}
		for _, s := range row {
			if math.IsNaN(s) || math.IsInf(s, 0) || s < 0 {
				return project.Errorf(project.Invalid, "mark %d has a score that is not a finite number from 0 up", i+1)
			}
		}
	}
	return nil
}

func assignment(score [][]float64, references int, threshold float64, matched []int) (a Assignment) {
	found := make([]bool, references)
	for i, j := range matched {
		switch {
		case j >= 0:
			a.Pairs = append(a.Pairs, [2]int{i, j})
			found[j] = true
		case fitsAny(score[i], threshold):
			a.Extra = append(a.Extra, i)
		default:
			a.FalsePositives = append(a.FalsePositives, i)
		}
	}
	for j, ok := range found {
		if !ok {
			a.Missed = append(a.Missed, j)
		}
	}
	return a
}

func fitsAny(row []float64, threshold float64) bool {
	for _, s := range row {
		if allowed(s, threshold) {
			return true
		}
	}
	return false
}

// hungarian returns the row of each column in the cheapest complete assignment of a square matrix, in O(n³): rows are added one by one along shortest
// augmenting paths under potentials u and v that keep all reduced costs at or above 0.
//
// Source: Kuhn, Naval Research Logistics Quarterly 2 (1955) 83; in this form Jonker and Volgenant, Computing 38 (1987) 325.
func hungarian(cost [][]float64) []int {
	n := len(cost)
	u, v := make([]float64, n+1), make([]float64, n+1)
	row, way := make([]int, n+1), make([]int, n+1) // column n is where the path starts
	for j := range row {
		row[j] = -1
	}
	for i := range n {
		row[n] = i
		at := n
		least, done := make([]float64, n+1), make([]bool, n+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		for row[at] >= 0 {
			done[at] = true
			next, delta := -1, math.Inf(1)
			for j := range n {
				if done[j] {
					continue
				}
				if c := cost[row[at]][j] - u[row[at]] - v[j]; c < least[j] {
					least[j], way[j] = c, at
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := range n + 1 {
				if done[j] {
					u[row[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			at = next
		}
		for at != n {
			row[at] = row[way[at]]
			at = way[at]
		}
		row[n] = -1
	}
	return row[:n]
}

// Panoptic is the panoptic quality of one class: SQ (mean IoU of the matched) times RQ (F1 of the matching).
type Panoptic struct{ PQ, SQ, RQ Result }

// PanopticQuality takes IoUs and an assignment at a threshold above 0.5. Extra marks count as false positives. No object at all: undefined.
func PanopticQuality(iou [][]float64, a Assignment) Panoptic {
	sum := 0.0
	for _, p := range a.Pairs {
		sum += iou[p[0]][p[1]]
	}
	tp, wrong := float64(len(a.Pairs)), float64(len(a.FalsePositives)+len(a.Extra)+len(a.Missed))
	n := len(a.Pairs) + len(a.Missed)
	return Panoptic{
		PQ: ratio(sum, tp+wrong/2, n, "panoptic quality", BothEmpty),
		SQ: ratio(sum, tp, n, "segmentation quality", Undefined),
		RQ: ratio(tp, tp+wrong/2, n, "recognition quality", BothEmpty),
	}
}
