package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hotlight/project"
)

// The area under the LROC curve is the share of pairs that are won, which is also the area under the points.
func TestLROCIsTheShareOfPairsWon(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	for range 50 {
		var cases []LocatedCase
		for range 4 + r.IntN(40) {
			c := LocatedCase{Rating: float64(r.IntN(6)), Diseased: r.IntN(2) == 0}
			c.Right = c.Diseased && r.IntN(3) > 0
			cases = append(cases, c)
		}
		points, area, err := LROC(cases)
		if err != nil {
			t.Fatal(err)
		}
		won, pairs := 0.0, 0.0
		for _, d := range cases {
			for _, h := range cases {
				if !d.Diseased || h.Diseased {
					continue
				}
				pairs++
				switch {
				case !d.Right:
				case d.Rating > h.Rating:
					won++
				case d.Rating == h.Rating:
					won += 0.5
				}
			}
		}
		if pairs == 0 {
			if area.Status != SingleClass || points != nil {
				t.Fatalf("one class: %+v", area)
			}
			continue
		}
		near(t, "area", area.Value, won/pairs, 1e-12)
		under := 0.0
		for n := 1; n < len(points); n++ {
			under += (points[n].FalsePositive - points[n-1].FalsePositive) * (points[n].Located + points[n-1].Located) / 2
		}
		last := points[len(points)-1]
		near(t, "area under the points", under+(1-last.FalsePositive)*last.Located, won/pairs, 1e-12)
		whole, located := LROCUpTo(points, 1)
		near(t, "area up to all", whole.Value, won/pairs, 1e-12)
		near(t, "located of all", located.Value, last.Located, 1e-12)
		half, _ := LROCUpTo(points, 0.5)
		if !(half.Value <= whole.Value+1e-12) {
			t.Errorf("half the curve has %v of %v", half.Value, whole.Value)
		}
	}
	for _, beyond := range []float64{0, -1, 1.5, math.NaN()} {
		if a, b := LROCUpTo([]LROCPoint{{0, 0, 0}, {1, 1, 1}}, beyond); a.Status != Undefined || b.Status != Undefined {
			t.Errorf("up to %v: %+v, %+v", beyond, a, b)
		}
	}
	if a, b := LROCUpTo([]LROCPoint{{3, 0, 0}, {2, 0, 0.5}, {1, 0.4, 0.7}, {0, 1, 0.7}}, 0.2); math.Abs(a.Value-0.11) > 1e-12 || math.Abs(b.Value-0.6) > 1e-12 {
		t.Errorf("by hand: %+v, %+v", a, b)
	}
	for name, c := range map[string]LocatedCase{"no rating": {Rating: math.NaN()}, "an endless rating": {Rating: math.Inf(1)}, "a healthy case that is located": {Right: true}} {
		if _, _, err := LROC([]LocatedCase{c}); project.KindOf(err) != project.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLesionsOverStudies(t *testing.T) {
	cases := []LesionCase{
		{Patient: 1, Lesions: 3, Hits: []float64{0.9, 0.5}, FalsePositives: []float64{0.4}},
		{Patient: 1, Lesions: 0, FalsePositives: []float64{0.7, 0.2}},
		{Patient: 2, Lesions: 1, Hits: []float64{0.8}},
		{Patient: 3, Lesions: 2},
	}
	got, err := FindLesions(cases, Bootstrap{Replicates: 500, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sensitivity", got.Sensitivity.Value, 0.5, 1e-12)
	near(t, "precision", got.Precision.Value, 0.5, 1e-12)
	near(t, "F1", got.F1.Value, 0.5, 1e-12)
	near(t, "false positives a study", got.FPPerStudy.Value, 0.75, 1e-12)
	if i := got.Sensitivity.Interval; got.Lesions != 6 || got.Studies != 4 || !(i.Low <= 0.5 && i.High >= 0.5) || i.Method != "percentile bootstrap of patients, 500 replicates, seed 1" {
		t.Errorf("%+v", got)
	}
	again, err := FindLesions(cases, Bootstrap{Replicates: 500, Seed: 1})
	if err != nil || again.Sensitivity.Interval != got.Sensitivity.Interval {
		t.Errorf("the same seed, another interval: %v", err)
	}
	score, err := FROCScoreOf(cases, []float64{0.2, 0.75}, Bootstrap{Replicates: 200, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "FROC score", score.Value, (2.0/6+0.5)/2, 1e-12) // one false mark in four studies: 0.9, 0.8 found; all three marks: 0.5 too
	if !(score.Interval.Low <= score.Value && score.Value <= score.Interval.High) {
		t.Errorf("%+v", score.Interval)
	}
	none, err := FindLesions([]LesionCase{{}, {}}, Bootstrap{Replicates: 10, Seed: 1})
	if err != nil || none.Sensitivity.Status != NoReference || none.Precision.Status != TestEmpty || none.F1.Status != BothEmpty || none.FPPerStudy.Value != 0 {
		t.Errorf("nothing at all: %+v, %v", none, err)
	}
	for name, bad := range map[string]LesionCase{"more found than there are": {Hits: []float64{1}}, "a score that is NaN": {Lesions: 1, Hits: []float64{math.NaN()}}, "fewer than no lesions": {Lesions: -1}} {
		if _, err := FindLesions([]LesionCase{bad}, Bootstrap{}); project.KindOf(err) != project.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// With one rating a case the free-response analysis is that of ROC.
func TestComparingMarksIsComparingScores(t *testing.T) {
	scores := vanDykeScores()
	var marks [][][]MarkedCase
	for _, row := range scores {
		var readers [][]MarkedCase
		for _, s := range row {
			var cases []MarkedCase
			for _, v := range s.Negative {
				cases = append(cases, MarkedCase{NonLesions: []float64{v}})
			}
			for _, v := range s.Positive {
				cases = append(cases, MarkedCase{Lesions: []float64{v}})
			}
			readers = append(readers, cases)
		}
		marks = append(marks, readers)
	}
	want, err := CompareModalities(scores, JackknifeCovariance)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]Figure{"HrAUC": func(f FreeResponse) Result { return f.HrAUC }, "wAFROC": func(f FreeResponse) Result { return f.WAFROC }} {
		got, err := CompareMarks(marks, f)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" F", got.Random.F, want.Random.F, 1e-9)
		near(t, name+" p", got.Random.P, want.Random.P, 1e-9)
		near(t, name+" Cov2", got.Cov2, want.Cov2, 1e-12)
		near(t, name+" low", got.Mean[0].Interval.Low, want.Mean[0].Interval.Low, 1e-9)
	}
	hr := func(f FreeResponse) Result { return f.HrAUC }
	other := [][][]MarkedCase{marks[0], {marks[1][0], marks[1][1], marks[1][2], marks[1][3], marks[1][4][1:]}}
	wrong := [][][]MarkedCase{{marks[0][0], marks[0][1]}, {marks[1][0], append([]MarkedCase{{Lesions: []float64{1, 2}}}, marks[1][1][1:]...)}}
	few := [][][]MarkedCase{{marks[0][0][68:71], marks[0][1][68:71]}, {marks[1][0][68:71], marks[1][1][68:71]}}
	for what, data := range map[string][][][]MarkedCase{"nothing": nil, "one modality": marks[:1], "one reader": {marks[0][:1], marks[1][:1]}, "a case is missing": other, "other lesions": wrong,
		"one healthy case": few, "no cases": {{nil, nil}, {nil, nil}}} {
		if _, err := CompareMarks(data, hr); project.KindOf(err) != project.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	interval, err := BootstrapFigure(marks[0][0], hr, nil, Bootstrap{Replicates: 300, Seed: 3})
	if err != nil || !(interval.Low < 0.9197 && interval.High > 0.9196 && interval.High <= 1) {
		t.Errorf("%+v, %v", interval, err)
	}
}

// Newcombe's first example: 36 and 12 and 2 and 0 of 50.
func TestPairedProportions(t *testing.T) {
	var first, second []bool
	for n, count := range []int{36, 12, 2, 0} {
		for range count {
			first, second = append(first, n < 2), append(second, n%2 == 0)
		}
	}
	p, err := CompareProportions(first, second)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "difference", p.Value, 0.2, 1e-12)
	near(t, "low", p.Interval.Low, 0.0569, 5e-5)
	near(t, "high", p.Interval.High, 0.3404, 5e-5)
	near(t, "p", p.P, 2*(1+14+91)/math.Pow(2, 14), 1e-12) // 14 tosses, at most two on one side
	if none, err := CompareProportions(nil, nil); err != nil || none.Status != TooFew {
		t.Errorf("no case: %+v, %v", none, err)
	}
	if same, err := CompareProportions([]bool{true, false}, []bool{true, false}); err != nil || same.P != 1 || same.Value != 0 {
		t.Errorf("the same: %+v, %v", same, err)
	}
	if _, err := CompareProportions([]bool{true}, nil); project.KindOf(err) != project.Invalid {
		t.Error(err)
	}
}

func TestRepeatedMeasurements(t *testing.T) {
	got, err := Repeated([][]float64{{10, 12}, {20, 22, 24}, {5, math.NaN()}, {7, 7}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "within", got.WithinSD.Value, math.Sqrt((2.0+8+0)/4), 1e-12)
	near(t, "coefficient", got.Coefficient.Value, 1.96*math.Sqrt(2*2.5), 1e-12)
	near(t, "low", got.WithinSD.Interval.Low, math.Sqrt(10/11.1432867818778), 1e-9) // chi-square of 4 degrees
	near(t, "high", got.WithinSD.Interval.High, math.Sqrt(10/0.484418557087931), 1e-9)
	if got.Things != 3 || got.WithinSD.Excluded[0].N != 1 {
		t.Errorf("%+v", got)
	}
	if none, err := Repeated([][]float64{{1}}); err != nil || none.WithinSD.Status != TooFew {
		t.Errorf("%+v, %v", none, err)
	}
	if _, err := Repeated([][]float64{{1, math.Inf(1)}}); project.KindOf(err) != project.Invalid {
		t.Error(err)
	}
}

// A partial area's interval covers it, and the whole area's is BootstrapAUC's.
func TestBootstrapOfACurve(t *testing.T) {
	s := vanDykeScores()[0][0]
	b := Bootstrap{Replicates: 400, Seed: 9}
	whole, err := BootstrapROC(s, b, func(p []OperatingPoint) float64 { a, _ := PartialAUC(p, 0, 1); return a.Value })
	want, err2 := BootstrapAUC(s, b)
	if err := errorOf(err, err2); err != nil {
		t.Fatal(err)
	}
	near(t, "low", whole.Low, want.Low, 1e-12)
	near(t, "high", whole.High, want.High, 1e-12)
	s.Patient = make([]int, s.n())
	for n := range s.Patient {
		s.Patient[n] = n / 3
	}
	byPatient, err := BootstrapROC(s, b, func(p []OperatingPoint) float64 { a, _ := PartialAUC(p, 0, 1); return a.Value })
	want, err2 = BootstrapAUC(s, b)
	if err := errorOf(err, err2); err != nil || math.Abs(byPatient.Low-want.Low) > 1e-12 {
		t.Errorf("%v %+v %+v", err, byPatient, want)
	}
}

// Every name gives the number of the function that it stands for, and says its definition.
func TestAgreementByName(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	s, err := NewScale(1, 2, 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	two, three := make(Ratings, 60), make(Ratings, 60)
	for u := range two {
		v := float64(1 + r.IntN(4))
		w := min(4, v+float64(r.IntN(2)))
		two[u] = []float64{v, w}
		three[u] = []float64{v, w, max(1, v-float64(r.IntN(2)))}
	}
	two[0], two[1] = []float64{1, 1}, []float64{4, 3} // more than one level, whatever was drawn
	three[0], three[1] = []float64{1, 1, 1}, []float64{4, 3, 4}
	boot := Bootstrap{Replicates: 100, Seed: 1}
	for _, name := range AgreementNames() {
		for readers, ratings := range map[int]Ratings{2: two, 3: three} {
			got, err := Agreement(name, ratings, s, boot)
			if err != nil || !got.Defined() || got.Definition != name || got.N != 60 || got.Interval.Method == "" && name != "free_marginal_kappa" && name != "conger_kappa" {
				t.Errorf("%s of %d readers: %+v, %v", name, readers, got, err)
			}
		}
	}
	rated, err := Rate(two, s)
	if err != nil {
		t.Fatal(err)
	}
	k, err := CohenKappa(pairTable(rated, 0, 1), Quadratic)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Agreement("weighted_kappa_quadratic", two, s, boot)
	if err != nil || got.Value != k.Value || got.Interval != k.Interval {
		t.Errorf("%+v, %v", got, err)
	}
	two[2][0] = 0 // off the scale
	got, err = Agreement("weighted_kappa_quadratic", two, s, boot)
	if err != nil || got.N != 59 || fmt.Sprint(got.Excluded) != "[{rating off the scale 1} {fewer than two ratings 1}]" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Agreement("kappa", two, s, boot); project.KindOf(err) != project.Unsupported {
		t.Errorf("an unknown name: %v", err)
	}
	if _, err := Agreement("cohen_kappa", two, nil, boot); project.KindOf(err) != project.Invalid {
		t.Errorf("no scale: %v", err)
	}
	boot.Patient = []int{1}
	if _, err := Agreement("cohen_kappa", two, s, boot); project.KindOf(err) != project.Invalid {
		t.Errorf("too few patients: %v", err)
	}
}

func TestMasksByName(t *testing.T) {
	size := [3]int{20, 20, 8}
	a, b := boxMask(size, [3]int{4, 4, 2}, [3]int{9, 9, 5}), boxMask(size, [3]int{5, 4, 2}, [3]int{10, 9, 5})
	p := Pair{Reference: a, Test: b, Space: Space{SpacingMM: [3]float64{1, 1, 2}}, ToleranceMM: 1}
	got, err := p.Masks(MaskNames()...)
	if err != nil || len(got) != len(MaskNames()) {
		t.Fatalf("%v, %v", got, err)
	}
	near(t, "Dice", got["dice"].Value, 5.0/6, 1e-12)
	near(t, "volume", got["volume_diff_ml"].Value, 0, 1e-12)
	near(t, "Hausdorff", got["hausdorff"].Value, 1, 1e-12)
	near(t, "NSD", got["nsd"].Value, 1, 1e-12)
	p.ToleranceMM = 0
	if _, err := p.Masks("nsd"); project.KindOf(err) != project.Invalid {
		t.Errorf("no tolerance: %v", err)
	}
	if _, err := p.Masks("beauty"); project.KindOf(err) != project.Unsupported {
		t.Errorf("an unknown name: %v", err)
	}
	if !HigherIsBetter("dice") || HigherIsBetter("hd95") {
		t.Error("which way is better")
	}
}

// Lesions found rest on diseased cases: healthy ones, however many, change no test of them.
func TestHealthyCasesDoNotCountForLesionsFound(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 6))
	data := make([][][]MarkedCase, 2)
	for i := range data {
		data[i] = make([][]MarkedCase, 3)
		for j := range data[i] {
			for range 20 {
				c := MarkedCase{Lesions: []float64{math.NaN(), math.NaN()}}
				for l := range c.Lesions {
					if r.IntN(3) > 0 {
						c.Lesions[l] = r.Float64()
					}
				}
				data[i][j] = append(data[i][j], c)
			}
		}
	}
	found := func(f FreeResponse) Result { return f.MaxLLF }
	alone, err := CompareMarks(data, found)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for j := range data[i] {
			data[i][j] = append(data[i][j], MarkedCase{}, MarkedCase{NonLesions: []float64{0.5}}, MarkedCase{})
		}
	}
	with, err := CompareMarks(data, found)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "variance", with.Variance, alone.Variance, 1e-15)
	near(t, "Cov2", with.Cov2, alone.Cov2, 1e-15)
}
