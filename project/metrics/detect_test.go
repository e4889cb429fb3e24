package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"hotlight/project"
)

func TestBoxes(t *testing.T) {
	a, b := PlaneBox(3, 2, 7, 5), PlaneBox(2, 3, 6, 6)
	near(t, "continuous IoU", IoU(a, b), 1.0/3, 1e-15)
	near(t, "inclusive IoU", IoU(InclusivePlaneBox(3, 2, 7, 5), InclusivePlaneBox(2, 3, 6, 6)), 12.0/28, 1e-15)
	near(t, "apart", IoU(a, PlaneBox(10, 10, 12, 12)), 0, 0)
	near(t, "touching", IoU(PlaneBox(0, 0, 1, 1), PlaneBox(1, 0, 2, 1)), 0, 0)
	near(t, "without size", IoU(Box{}, Box{}), 0, 0)
	near(t, "inside out", PlaneBox(5, 5, 1, 1).Size(), 0, 0)
	near(t, "in space", IoU(Box{Hi: [3]float64{2, 2, 2}}, Box{Lo: [3]float64{0, 0, 1}, Hi: [3]float64{2, 2, 3}}), 1.0/3, 1e-15)
	near(t, "centre inside", CentreInBox(PlaneBox(4, 3, 6, 5), a), 1, 0)
	near(t, "centre outside", CentreInBox(PlaneBox(6, 4, 10, 8), a), 0, 0)
	if n := Nearness([3]float64{0, 0, 0}, [3]float64{3, 4, 0}, 5); !(n > 0) {
		t.Errorf("a mark at the limit: %v", n)
	}
	near(t, "a mark beyond the limit", Nearness([3]float64{0, 0, 0}, [3]float64{3, 4, 0.1}, 5), 0, 0)
}

// The best single match is not part of the best assignment: Hungarian takes 0.6 + 0.6, greedy 0.7 and nothing.
func TestAssignmentAndGreedyDiffer(t *testing.T) {
	score := [][]float64{{0.7, 0.6}, {0.6, 0}}
	best, err := Assign(score, 2, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if len(best.Pairs) != 2 || best.Pairs[0] != [2]int{0, 1} || best.Pairs[1] != [2]int{1, 0} {
		t.Errorf("Hungarian: %v", best)
	}
	greedy, err := AssignGreedy(score, 2, 0.5, []float64{0.9, 0.8})
	if err != nil {
		t.Fatal(err)
	}
	if len(greedy.Pairs) != 1 || greedy.Pairs[0] != [2]int{0, 0} || len(greedy.Extra) != 1 || greedy.Extra[0] != 1 || len(greedy.Missed) != 1 {
		t.Errorf("greedy: %v", greedy)
	}
}

func TestMarksWithoutLesionsAndLesionsWithoutMarks(t *testing.T) {
	none, err := Assign(nil, 3, 0.1)
	if err != nil || len(none.Missed) != 3 || len(none.Pairs) != 0 {
		t.Errorf("no marks: %v, %v", none, err)
	}
	wrong, err := Assign([][]float64{{}, {}}, 0, 0.1)
	if err != nil || len(wrong.FalsePositives) != 2 {
		t.Errorf("no lesions: %v, %v", wrong, err)
	}
	for name, score := range map[string][][]float64{"not a number": {{nan}}, "negative": {{-1}}, "ragged": {{1, 2}}} {
		if _, err := Assign(score, 1, 0); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if q := PanopticQuality(nil, Assignment{}); q.PQ.Status != BothEmpty {
		t.Errorf("nothing at all: %v", q.PQ)
	}
}

// The Hungarian method finds what trying all permutations finds.
func TestAssignmentIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	for range 200 {
		rows, columns := 1+r.IntN(5), 1+r.IntN(5)
		score := grid[float64](rows, columns)
		for i := range score {
			for j := range score[i] {
				score[i][j] = max(0, r.Float64()-0.2)
			}
		}
		a, err := Assign(score, columns, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		for _, p := range a.Pairs {
			got += score[p[0]][p[1]]
		}
		near(t, "sum of scores", got, bestSum(score, 0, make([]bool, columns)), 1e-12)
		if len(a.Pairs)+len(a.Missed) != columns || len(a.Pairs)+len(a.Extra)+len(a.FalsePositives) != rows {
			t.Fatalf("marks or lesions were dropped: %+v", a)
		}
	}
}

func bestSum(score [][]float64, row int, taken []bool) float64 {
	if row == len(score) {
		return 0
	}
	best := bestSum(score, row+1, taken)
	for j, s := range score[row] {
		if !taken[j] {
			taken[j] = true
			best = max(best, s+bestSum(score, row+1, taken))
			taken[j] = false
		}
	}
	return best
}

func TestPanopticQualityByHand(t *testing.T) {
	iou := [][]float64{{0.8, 0}, {0, 0.6}, {0, 0}}
	a, err := Assign(iou, 2, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	q := PanopticQuality(iou, a)
	near(t, "SQ", q.SQ.Value, 0.7, 1e-15)
	near(t, "RQ", q.RQ.Value, 2/2.5, 1e-15)
	near(t, "PQ", q.PQ.Value, q.SQ.Value*q.RQ.Value, 1e-15)
}

// Two lesions in two images; the finds at 0.9 and 0.5, false marks at 0.7 and 0.5.
func TestFROCByHand(t *testing.T) {
	d := Detections{Hits: []float64{0.5, 0.9}, FalsePositives: []float64{0.7, 0.5}, Lesions: 4, Images: 2}
	points, err := FROC(d)
	if err != nil {
		t.Fatal(err)
	}
	want := []FROCPoint{{math.Inf(1), 0, 0}, {0.9, 0, 0.25}, {0.7, 0.5, 0.25}, {0.5, 1, 0.5}}
	for n := range want {
		if points[n] != want[n] {
			t.Errorf("point %d is %v, want %v", n, points[n], want[n])
		}
	}
	score, err := FROCScore(d, []float64{0.25, 0.75, 8})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "score", score.Value, (0.25+0.375+0.5)/3, 1e-15)
	if r, err := FROCScore(Detections{Images: 3}, FROCRates); err != nil || r.Status != NoReference {
		t.Errorf("no lesions: %v, %v", r, err)
	}
	if _, err := FROC(Detections{Hits: []float64{1, 2}, Lesions: 1, Images: 1}); project.KindOf(err) != project.Invalid {
		t.Errorf("more found than there are: %v", err)
	}
}

func TestSeveralMarksInOneLesion(t *testing.T) {
	hits, wrong, extra, err := PointHits([]float64{0.2, 0.9, 0.4}, []int{2, 2, 0}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(hits[0]) || hits[1] != 0.9 || len(wrong) != 1 || extra != 1 {
		t.Errorf("%v, %v, %d", hits, wrong, extra)
	}
	if _, _, _, err := PointHits([]float64{1}, []int{4}, 3); err == nil {
		t.Error("a lesion that does not exist")
	}
}

func TestFreeResponseWithoutNormalOrAbnormalCases(t *testing.T) {
	f, err := FreeResponseFOM([]MarkedCase{{NonLesions: []float64{0.3}, Lesions: []float64{0.5, nan}}})
	if err != nil {
		t.Fatal(err)
	}
	if f.AFROC.Status != NoReference || f.HrSp.Status != NoReference || f.AFROC1.Status != OK {
		t.Errorf("no normal case: %v, %v, %v", f.AFROC.Status, f.HrSp.Status, f.AFROC1.Status)
	}
	near(t, "lesions marked", f.MaxLLF.Value, 0.5, 0)
	f, err = FreeResponseFOM([]MarkedCase{{NonLesions: []float64{0.3}}, {}})
	if err != nil || f.WAFROC.Status != NoReference || f.HrSe.Status != NoReference {
		t.Errorf("no lesion: %v, %v", f.WAFROC, err)
	}
	near(t, "unmarked normal cases", f.HrSp.Value, 0.5, 0)
	if _, err := FreeResponseFOM([]MarkedCase{{Lesions: []float64{1}, Weights: []float64{1, 2}}}); err == nil {
		t.Error("more weights than lesions")
	}
}
