package metrics

import (
	"math"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// What cannot be computed is a status or an error that says so, and never a number that looks right. One line a function and a kind of bad input.
func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	three, err := NewScale(1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	size := [3]int{5, 5, 5}
	some, none, other := boxMask(size, [3]int{1, 1, 1}, [3]int{2, 2, 2}), segmentation.NewMask(size), segmentation.NewMask([3]int{5, 5, 6})
	unit := Space{SpacingMM: [3]float64{1, 1, 1}}
	pair := func(a, b *segmentation.Mask, s Space, tolerance float64, name string) func() (Result, error) {
		return func() (Result, error) {
			m, err := Pair{Reference: a, Test: b, Space: s, ToleranceMM: tolerance}.Masks(name)
			return m[name], err
		}
	}
	surface := func(read func(*Distances) Result) func() (Result, error) {
		return func() (Result, error) {
			d, err := Surfaces(some, some, unit, SurfelArea)
			return read(d), err
		}
	}
	table := func(tb Table) func() (Result, error) {
		return func() (Result, error) { k, err := CohenKappa(tb, Linear); return k.Result, err }
	}
	area := func(s Scored, m AUCMethod) func() (Result, error) {
		return func() (Result, error) { a, err := AUC(s, m); return a.Result, err }
	}
	compared := func(a, b Scored) func() (Result, error) {
		return func() (Result, error) { c, err := CompareAUC(a, b); return c.Result, err }
	}
	froc := func(d Detections, rates ...float64) func() (Result, error) {
		return func() (Result, error) { return FROCScore(d, rates) }
	}
	methods := func(a, b []float64, multiplier float64) func() (Result, error) {
		return func() (Result, error) { m, err := CompareMethods(a, b, multiplier); return m.Lower, err }
	}
	lin := func(a, b []float64) func() (Result, error) {
		return func() (Result, error) { c, err := LinCCC(a, b); return c.Result, err }
	}
	figure := func(read Figure, cases ...MarkedCase) func() (Result, error) {
		return func() (Result, error) { f, err := FreeResponseFOM(cases); return read(f), err }
	}
	matched := func(score [][]float64, references int, threshold float64) func() (Result, error) {
		return func() (Result, error) { _, err := Assign(score, references, threshold); return Result{}, err }
	}
	share := func(x, n int) func() (Result, error) {
		return func() (Result, error) { return Proportion(x, n, Wilson), nil }
	}
	partial := func(low, high float64) func() (Result, error) {
		return func() (Result, error) {
			points, err := ROC(Scored{Negative: []float64{1, 2}, Positive: []float64{2, 3}})
			a, _ := PartialAUC(points, low, high)
			return a, err
		}
	}
	mean := func(studies ...Result) func() (Result, error) {
		return func() (Result, error) { s, err := Summarise(studies, nil, true, Bootstrap{}); return s.Mean, err }
	}
	wAFROC := func(f FreeResponse) Result { return f.WAFROC }
	for name, c := range map[string]struct {
		compute func() (Result, error)
		status  Status       // wanted, with NaN (or an endless distance)
		kind    project.Kind // or the error
	}{
		"kappa of no pair":                    {table(Table{{0, 0}, {0, 0}}), TooFew, 0},
		"kappa of one pair":                   {table(Table{{1, 0}, {0, 0}}), TooFew, 0},
		"kappa of one class":                  {table(Table{{9, 0}, {0, 0}}), SingleClass, 0},
		"kappa of no table":                   {table(nil), TooFew, 0},
		"kappa of a ragged table":             {table(Table{{1, 2}, {3}}), "", project.Invalid},
		"kappa of negative counts":            {table(Table{{1, -2}, {3, 4}}), "", project.Invalid},
		"AUC of nobody":                       {area(Scored{}, DeLong), SingleClass, 0},
		"AUC of the healthy alone":            {area(Scored{Negative: []float64{1, 2}}, DeLong), SingleClass, 0},
		"AUC of a score that is NaN":          {area(Scored{Negative: []float64{nan}, Positive: []float64{1}}, DeLong), "", project.Invalid},
		"AUC by an unknown method":            {area(Scored{Negative: []float64{1}, Positive: []float64{2}}, "magic"), "", project.Invalid},
		"AUC with too few patients":           {area(Scored{Negative: []float64{1}, Positive: []float64{2}, Patient: []int{1}}, DeLong), "", project.Invalid},
		"two AUCs of one case each":           {compared(Scored{Negative: []float64{1}, Positive: []float64{2}}, Scored{Negative: []float64{1}, Positive: []float64{2}}), TooFew, 0},
		"two AUCs of one class":               {compared(Scored{Negative: []float64{1, 2}}, Scored{Negative: []float64{1, 2}}), SingleClass, 0},
		"two AUCs of other cases":             {compared(Scored{Negative: []float64{1, 2}, Positive: []float64{2, 3}}, Scored{Negative: []float64{1}, Positive: []float64{2}}), "", project.Invalid},
		"a partial area from NaN":             {partial(nan, 1), Undefined, 0},
		"a partial area the wrong way":        {partial(0.9, 0.8), Undefined, 0},
		"a partial area beyond the curve":     {partial(0.5, 1.5), Undefined, 0},
		"a share of nothing":                  {share(0, 0), TooFew, 0},
		"a share above all":                   {share(4, 3), Undefined, 0},
		"a share below nothing":               {share(-1, 3), Undefined, 0},
		"sensitivity without disease":         {func() (Result, error) { return Confusion{FP: 1, TN: 3}.Sensitivity(Wilson), nil }, NoReference, 0},
		"specificity without health":          {func() (Result, error) { return Confusion{TP: 1}.Specificity(Wilson), nil }, NoReference, 0},
		"precision without a mark":            {func() (Result, error) { return Confusion{FN: 1, TN: 1}.PPV(Wilson), nil }, Undefined, 0},
		"MCC of one class":                    {func() (Result, error) { return Confusion{TP: 5}.MCC(), nil }, SingleClass, 0},
		"FROC without lesions":                {froc(Detections{Images: 2}, 1), NoReference, 0},
		"FROC without images":                 {froc(Detections{Lesions: 2}, 1), NoReference, 0},
		"FROC at no rate":                     {froc(Detections{Lesions: 2, Images: 1}), Undefined, 0},
		"FROC at a rate that is NaN":          {froc(Detections{Lesions: 2, Images: 1}, nan), "", project.Invalid},
		"FROC at a rate below nothing":        {froc(Detections{Lesions: 2, Images: 1}, -1), "", project.Invalid},
		"FROC of a score that is NaN":         {froc(Detections{Lesions: 2, Images: 1, Hits: []float64{nan}}, 1), "", project.Invalid},
		"FROC of more found than are":         {froc(Detections{Lesions: 1, Images: 1, Hits: []float64{1, 2}}, 1), "", project.Invalid},
		"free response of no case":            {figure(wAFROC), NoReference, 0},
		"free response of the healthy":        {figure(wAFROC, MarkedCase{NonLesions: []float64{1}}), NoReference, 0},
		"free response of the diseased":       {figure(wAFROC, MarkedCase{Lesions: []float64{1}}), NoReference, 0},
		"free response, weights too few":      {figure(wAFROC, MarkedCase{Lesions: []float64{1, 2}, Weights: []float64{1}}), "", project.Invalid},
		"free response, weights of two":       {figure(wAFROC, MarkedCase{Lesions: []float64{1, 2}, Weights: []float64{1, 1}}), "", project.Invalid},
		"free response, a weight that is NaN": {figure(wAFROC, MarkedCase{Lesions: []float64{1, 2}, Weights: []float64{nan, 1}}), "", project.Invalid},
		"limits of two measurements":          {methods([]float64{1, 2}, []float64{1, 3}, 1.96), TooFew, 0},
		"limits of measurements missing":      {methods([]float64{1, 2, nan, 4}, []float64{1, nan, 3, 5}, 1.96), TooFew, 0},
		"limits of unequal lists":             {methods([]float64{1, 2, 3}, []float64{1}, 1.96), "", project.Invalid},
		"limits of an endless measurement":    {methods([]float64{1, 2, inf}, []float64{1, 2, 3}, 1.96), "", project.Invalid},
		"limits by a multiplier that is NaN":  {methods([]float64{1, 2, 3}, []float64{1, 2, 4}, nan), "", project.Invalid},
		"concordance of constants":            {lin([]float64{1, 1, 1}, []float64{2, 2, 2}), SingleClass, 0},
		"concordance of nothing":              {lin(nil, nil), TooFew, 0},
		"Dice of two empty masks":             {pair(none, none, unit, 1, "dice"), BothEmpty, 0},
		"Dice on different grids":             {pair(some, other, unit, 1, "dice"), "", project.Invalid},
		"Hausdorff of two empty masks":        {pair(none, none, unit, 1, "hausdorff"), BothEmpty, 0},
		"Hausdorff of an empty reference":     {pair(none, some, unit, 1, "hausdorff"), RefEmpty, 0},
		"Hausdorff of an empty test":          {pair(some, none, unit, 1, "hausdorff"), TestEmpty, 0},
		"Hausdorff on different grids":        {pair(some, other, unit, 1, "hausdorff"), "", project.Invalid},
		"ASSD of two empty masks":             {pair(none, none, unit, 1, "assd"), BothEmpty, 0},
		"NSD of two empty masks":              {pair(none, none, unit, 1, "nsd"), BothEmpty, 0},
		"NSD without a tolerance":             {pair(some, some, unit, 0, "nsd"), "", project.Invalid},
		"NSD within NaN":                      {surface(func(d *Distances) Result { return d.NSD(nan) }), Undefined, 0},
		"NSD within less than nothing":        {surface(func(d *Distances) Result { return d.NSD(-1) }), Undefined, 0},
		"NSD within everything":               {surface(func(d *Distances) Result { return d.NSD(inf) }), Undefined, 0},
		"a share within NaN":                  {surface(func(d *Distances) Result { a, _ := d.Within(nan); return a }), Undefined, 0},
		"a percentile that is NaN":            {surface(func(d *Distances) Result { return d.HausdorffPercentile(nan) }), Undefined, 0},
		"a percentile above 100":              {surface(func(d *Distances) Result { return d.HausdorffPercentile(101) }), Undefined, 0},
		"a percentile of 0":                   {surface(func(d *Distances) Result { return d.HausdorffPercentile(0) }), Undefined, 0},
		"a pooled percentile that is NaN":     {surface(func(d *Distances) Result { return d.PooledPercentile(nan) }), Undefined, 0},
		"a spacing that is NaN":               {pair(some, some, Space{SpacingMM: [3]float64{1, nan, 1}}, 1, "assd"), "", project.Invalid},
		"a volume of a spacing of 0":          {pair(some, some, Space{}, 1, "volume_diff_ml"), "", project.Invalid},
		"a volume of a plane":                 {pair(some, some, Space{SpacingMM: [3]float64{1, 1, 1}, Planar: true}, 1, "volume_diff_ml"), Undefined, 0},
		"a relative volume of nothing":        {pair(none, some, unit, 1, "relative_volume_diff"), NoReference, 0},
		"a plane of several slices":           {pair(some, some, Space{SpacingMM: [3]float64{1, 1, 1}, Planar: true}, 1, "assd"), "", project.Invalid},
		"a score of a match that is NaN":      {matched([][]float64{{nan}}, 1, 0), "", project.Invalid},
		"a box that is nowhere":               {matched([][]float64{{IoU(PlaneBox(nan, 0, 1, 1), PlaneBox(0, 0, 1, 1))}}, 1, 0), "", project.Invalid},
		"a centre that is nowhere":            {matched([][]float64{{CentreInBox(PlaneBox(nan, 0, 1, 1), PlaneBox(0, 0, 1, 1))}}, 1, 0), "", project.Invalid},
		"nearness within nothing":             {matched([][]float64{{Nearness([3]float64{}, [3]float64{}, 0)}}, 1, 0), "", project.Invalid},
		"a threshold that is NaN":             {matched([][]float64{{1}}, 1, nan), "", project.Invalid},
		"scores for other lesions":            {matched([][]float64{{1}}, 2, 0), "", project.Invalid},
		"a confidence that is NaN": {func() (Result, error) {
			_, err := AssignGreedy([][]float64{{1}}, 1, 0, []float64{nan})
			return Result{}, err
		}, "", project.Invalid},
		"a hit without a score":         {func() (Result, error) { _, _, _, err := PointHits([]float64{nan}, []int{1}, 1); return Result{}, err }, "", project.Invalid},
		"a hit of no lesion":            {func() (Result, error) { _, _, _, err := PointHits([]float64{1}, []int{2}, 1); return Result{}, err }, "", project.Invalid},
		"panoptic quality of nothing":   {func() (Result, error) { return PanopticQuality(nil, Assignment{}).PQ, nil }, BothEmpty, 0},
		"the mean of no study":          {mean(), TooFew, 0},
		"the mean of undefined studies": {mean(undefined(BothEmpty, 1, "Dice")), TooFew, 0},
		"the mean with too few patients": {func() (Result, error) {
			s, err := Summarise([]Result{good(1, 1, "")}, []int{}, true, Bootstrap{})
			return s.Mean, err
		}, "", project.Invalid},
		"ratings on a scale of nothing":        {func() (Result, error) { _, err := NewScale(); return Result{}, err }, "", project.Invalid},
		"a scale that falls":                   {func() (Result, error) { _, err := NewScale(2, 1); return Result{}, err }, "", project.Invalid},
		"a scale with NaN":                     {func() (Result, error) { _, err := NewScale(1, nan); return Result{}, err }, "", project.Invalid},
		"negative counts":                      {func() (Result, error) { _, err := RateCounts([][]int{{1, -1}}); return Result{}, err }, "", project.Invalid},
		"alpha of a level nobody knows":        {func() (Result, error) { return KrippendorffAlpha(Ratings{{1, 2}, {2, 2}}, "polar", Bootstrap{}) }, "", project.Invalid},
		"alpha on a ratio scale below nothing": {func() (Result, error) { return KrippendorffAlpha(Ratings{{1, -2}, {2, 2}}, RatioLevel, Bootstrap{}) }, "", project.Invalid},
		"alpha with too few patients": {func() (Result, error) {
			return KrippendorffAlpha(Ratings{{1, 2}, {2, 2}}, NominalLevel, Bootstrap{Patient: []int{1}})
		}, "", project.Invalid},
		"pairs of unequal lists": {func() (Result, error) { _, _, err := CrossTable([]float64{1}, nil, three); return Result{}, err }, "", project.Invalid},
		"a plan for what is known": {func() (Result, error) {
			_, err := KappaPlan{Rate1: 0.5, Rate2: 0.5, Expected: 0.4, Null: 0.4, Alpha: 0.05, Power: 0.8}.SampleSize()
			return Result{}, err
		}, "", project.Invalid},
		"a plan with NaN": {func() (Result, error) {
			_, err := KappaPlan{Rate1: nan, Rate2: 0.5, Expected: 0.8, Null: 0.4, Alpha: 0.05, Power: 0.8}.SampleSize()
			return Result{}, err
		}, "", project.Invalid},
		"uncalibrated pixels": {func() (Result, error) {
			_, err := SpaceOf(&volume.Geometry{Size: size, Spacing: mgl64.Vec3{1, 1, 1}, Uncalibrated: true})
			return Result{}, err
		}, "", project.Unsupported},
	} {
		got, err := c.compute()
		switch {
		case c.status == "" && (err == nil || project.KindOf(err) != c.kind):
			t.Errorf("%s: %+v, %v, want an error of kind %s", name, got, err, c.kind)
		case c.status != "" && (err != nil || got.Status != c.status || !math.IsNaN(got.Value) && !math.IsInf(got.Value, 1) || got.Interval.Method != ""):
			t.Errorf("%s: %+v, %v, want %s and no number", name, got, err, c.status)
		}
	}
}

// Every metric of agreement, by its name, of ratings that give none.
func TestBadRatings(t *testing.T) {
	nan := math.NaN()
	s, err := NewScale(1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]Ratings{
		"no units": nil, "no readers": {{}, {}}, "one reader": {{1}, {2}, {3}}, "nobody rated": {{nan, nan}, {nan, nan}},
		"all off the scale": {{9, 9}, {8, 8}}, "one unit": {{1, 2}}, "one class": {{0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2}, {0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2}, {0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2}},
	} {
		scale := s
		if what == "one class" {
			scale = Scale{0.1 + 0.2, 1}
		}
		for _, name := range AgreementNames() {
			got, err := Agreement(name, r, scale, Bootstrap{Replicates: 20, Seed: 1})
			if err != nil {
				t.Errorf("%s, %s: %v", what, name, err)
				continue
			}
			// Percent agreement of one unit or class is a number, and so is chance agreement from the number of levels alone; AC1 says that it stands on one class.
			plain := name == "percent_agreement" || name == "pairwise_agreement"
			if what == "one unit" && plain || what == "one class" && (plain || name == "free_marginal_kappa" || got.Status == OneClassOnly) {
				continue
			}
			if got.Defined() || !math.IsNaN(got.Value) || got.Interval.Method != "" {
				t.Errorf("%s, %s: %+v", what, name, got)
			}
		}
	}
	for what, r := range map[string]Ratings{"an endless rating": {{1, math.Inf(1)}}, "rows of unequal length": {{1, 2}, {1}}} {
		for _, name := range AgreementNames() {
			if got, err := Agreement(name, r, s, Bootstrap{}); project.KindOf(err) != project.Invalid {
				t.Errorf("%s, %s: %+v, %v", what, name, got, err)
			}
		}
	}
}
