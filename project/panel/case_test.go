package panel

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// liverWork is a case of three readers who agree in everything.
func liverWork() Work {
	low, high := 1.0, 5.0
	d := &project.Definition{
		Classes: []project.Class{
			{ID: "liver", Value: 1, Instances: &project.Count{Min: 1, Max: 1}, ToleranceMM: 1},
			{ID: "mass", Value: 2, Attributes: []project.Question{{ID: "confidence", Type: project.AnswerScale, Min: &low, Max: &high, Required: true}}},
			{ID: "box", Value: 3, Kind: project.KindDetection, Modalities: []project.Modality{"MR"}},
			{ID: "target", Kind: project.KindMeasurement, LinkTo: "mass"},
		},
		StudyForm: []project.Question{
			{ID: "quality", Type: project.AnswerEnum, Required: true, Values: []project.Choice{{ID: "good"}, {ID: "bad"}}},
			{ID: "reason", Type: project.AnswerMulti, ShowIf: "quality != 'good'", Values: []project.Choice{{ID: "motion"}, {ID: "noise"}}},
			{ID: "birads", Type: project.AnswerEnum, Ordinal: true, Required: true, Per: "breast", Modalities: []project.Modality{"MG"}, Values: []project.Choice{{ID: "1"}, {ID: "2"}}},
			{ID: "comment", Type: project.AnswerText},
		},
		Resolution: &project.Resolution{Default: project.DefaultRule{Labels: project.RuleMajority}, Classes: map[string]project.ClassRule{
			"liver": {Method: "majority", AdjudicateIf: "min_pair_dice < 0.8 or min_pair_nsd < 0.8"},
			"mass": {Match: &project.MatchRule{Criterion: "iou3d", Threshold: 0.1}, Presence: &project.PresenceRule{Rule: "2 of 3"},
				Attributes: map[string]project.LabelRule{"confidence": {Rule: project.RuleMedian, MaxSpread: f64(1)}}},
		}, Measurements: map[string]project.MeasureRule{"target": {Rule: project.RuleMedian, AdjudicateIf: "rel_range > 0.2"}}},
	}
	w := Work{Definition: d, Hash: project.HashOf([]byte("signed")), Modality: "CT", Expected: 3}
	g := &volume.Geometry{Size: [3]int{12, 1, 1}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}
	w.Images = []Image{{g}, {g}}
	for n := range 3 {
		confidence := map[string]Answer{"confidence": {Number: f64(float64(3 + n%2)), Given: true}}
		w.Reads = append(w.Reads, Content{Read: project.Hash{byte(n + 1)},
			Answers: []Said{{Question: "quality", Answer: Answer{Value: "good", Given: true}}},
			Marks: []Drawn{
				{Class: "liver", Mark: Mark{Number: 1, Mask: plane(row8)}},
				{Class: "mass", Mark: Mark{Number: 2 + n, Mask: plane(row7), Attributes: confidence}},
			},
			Measurements: []Measured{{Class: "target", Name: "long_axis", Of: 2 + n, Value: 10 + float64(n)/2, Unit: "mm"}}})
	}
	return w
}

// opened returns the open subjects, in order.
func opened(r *CaseResult) string {
	var out []string
	for _, o := range r.Open {
		out = append(out, o.Subject)
	}
	return strings.Join(out, " ")
}

func TestACaseThatIsAgreed(t *testing.T) {
	work := liverWork()
	got, err := ResolveCase(work)
	if err != nil || !math.IsNaN(got.Classes[0].Instances[0].Fit[0].NSD) {
		t.Fatalf("%+v, %v", got, err)
	}
	work.Surfaces = true
	if got, err = ResolveCase(work); err != nil {
		t.Fatal(err)
	}
	if !got.Agreed || got.Missing != 0 || len(got.Questions) != 2 || len(got.Classes) != 2 || len(got.Measurements) != 1 {
		t.Fatalf("%+v", got)
	}
	liver, mass, target := got.Classes[0].Instances[0], got.Classes[1].Instances[0], got.Measurements[0]
	if liver.Facts["min_pair_nsd"] != 1 || liver.Fit[0].NSD != 1 || !math.IsNaN(mass.Facts["min_pair_nsd"]) {
		t.Errorf("surface distances: %v, %v", liver.Facts, mass.Facts)
	}
	if c := mass.Attributes["confidence"]; c.Number != 3 || !c.Agreed || c.N != 3 {
		t.Errorf("confidence: %+v", c)
	}
	if target.Number != 10.5 || target.Unit != "mm" || *target.Of != (Thing{"mass", 0, 0}) || target.Subject != "target" {
		t.Errorf("target: %+v", target)
	}
	if q := got.Questions[1]; q.Question != "reason" || q.Decided || !q.Agreed || q.Reasons[0] != "nobody was asked, or answered" {
		t.Errorf("a question that nobody was shown: %+v", q)
	}
}

func TestWhatGoesToTheAdjudicator(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Work)
		want   string
		reason string
	}{
		"an answer differs, with a majority": {func(w *Work) { w.Reads[0].Answers[0].Value = "bad" }, "", ""},
		"an answer differs, without one": {func(w *Work) {
			w.Reads[0].Answers[0].Value = "bad"
			w.Reads, w.Expected = w.Reads[:2], 2
		}, "study_form.quality", "no value has more than half"},
		"a required answer is missing everywhere": {func(w *Work) {
			for n := range w.Reads {
				w.Reads[n].Answers = nil
			}
		}, "study_form.quality", "nobody answered"},
		"the two breasts are two questions": {func(w *Work) {
			for n := range w.Reads {
				w.Reads[n].Answers = append(w.Reads[n].Answers, Said{"birads", "left", Answer{Value: "1", Given: true}}, Said{"birads", "right", Answer{Value: []string{"1", "2", ""}[n], Given: n < 2}})
			}
		}, "study_form.birads", "no value has more than half"},
		"a liver that is far off": {func(w *Work) { w.Reads[2].Marks[0].Mask = plane(rowOff) }, "classes.liver", "adjudicate if"},
		"a liver beyond the tolerance": {func(w *Work) {
			w.Definition.Resolution.Classes["liver"] = project.ClassRule{Method: "majority", AdjudicateIf: "min_pair_nsd < 0.95"}
			w.Reads[2].Marks[0].Mask = plane([][]int{{0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}})
		}, "classes.liver", "adjudicate if min_pair_nsd"},
		"no tolerance, no surface distance": {func(w *Work) { w.Definition.Classes[0].ToleranceMM = 0 }, "classes.liver", "not known: [min_pair_nsd]"},
		"no millimetres, no surface distance": {func(w *Work) {
			g := *w.Images[0].Geometry
			g.Uncalibrated = true
			w.Images[0].Geometry = &g
		}, "classes.liver", "not known: [min_pair_nsd]"},
		"the plan's tolerance counts": {func(w *Work) {
			w.Definition.Classes[0].ToleranceMM = 0
			w.Definition.Metrics = &project.Plan{Segments: map[string]project.SegmentPlan{"liver": {ToleranceMM: 2}}, SurfaceDefinition: "voxel_face"}
		}, "", ""},
		"one liver on another image": {func(w *Work) { w.Reads[2].Marks[0].Image = 1 }, "classes.liver classes.liver classes.liver", "2 different images"},
		"two livers in a read": {func(w *Work) {
			w.Reads[0].Marks = append(w.Reads[0].Marks, Drawn{Class: "liver", Mark: Mark{Number: 9, Mask: plane(rowOff)}})
		}, "classes.liver", "several instances"},
		"a mass of one reader": {func(w *Work) {
			w.Reads[0].Marks = append(w.Reads[0].Marks, Drawn{Class: "mass", Mark: Mark{Number: 9, Mask: plane(rowOff), Attributes: map[string]Answer{"confidence": {Number: f64(1), Given: true}}}})
		}, "classes.mass", "1 of 3 readers marked it"},
		"confidences far apart":          {func(w *Work) { w.Reads[0].Marks[1].Attributes["confidence"] = Answer{Number: f64(1), Given: true} }, "classes.mass", "confidence: the answers are 3 apart"},
		"lengths far apart":              {func(w *Work) { w.Reads[0].Measurements[0].Value = 20 }, "measurements.target", "rel_range > 0.2"},
		"a length in other units":        {func(w *Work) { w.Reads[0].Measurements[0].Unit = "cm" }, "measurements.target", "different units: cm, mm"},
		"a length that one did not take": {func(w *Work) { w.Reads[0].Measurements = nil }, "measurements.target", "2 of 3 readers measured it"},
		"a length taken twice": {func(w *Work) {
			w.Reads[0].Measurements = append(w.Reads[0].Measurements, w.Reads[0].Measurements[0])
		}, "measurements.target", "nothing says which belong together"},
		"a length that is no number": {func(w *Work) { w.Reads[0].Measurements[0].Value = math.NaN() }, "measurements.target", "2 of 3 readers measured it"},
		"a box that CT does not have": {func(w *Work) {
			w.Reads[0].Marks = append(w.Reads[0].Marks, Drawn{Class: "box", Mark: Mark{Number: 9, Box: cube(0, 0, 0, 5)}}, Drawn{Class: "box", Mark: Mark{Number: 10, Box: cube(9, 0, 0, 5)}})
		}, "classes.box", "several instances"},
		"nobody": {func(w *Work) { w.Reads = nil }, "study_form.quality study_form.reason classes.liver classes.mass reads", "nobody answered"},
	} {
		w := liverWork()
		c.change(&w)
		got, err := ResolveCase(w)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if opened(got) != c.want || got.Agreed != (c.want == "") {
			t.Errorf("%s: agreed %v, open %+v, want %q", name, got.Agreed, got.Open, c.want)
		}
		if c.reason != "" && !slices.ContainsFunc(got.Open, func(o Open) bool { return strings.Contains(strings.Join(o.Reasons, "; "), c.reason) }) {
			t.Errorf("%s: %+v, want the reason %q", name, got.Open, c.reason)
		}
	}
}

func TestMissingReadersAreCounted(t *testing.T) {
	w := liverWork()
	w.Reads = w.Reads[:2]
	got, err := ResolveCase(w)
	if err != nil || got.Missing != 1 || got.Classes[0].Basis.Missing != 1 || !got.Agreed {
		t.Errorf("%+v, %v", got, err)
	}
	rule := w.Definition.Resolution.Classes["liver"]
	rule.MinReaders = 3
	w.Definition.Resolution.Classes["liver"] = rule
	if got, err := ResolveCase(w); err != nil || got.Agreed || opened(got) != "classes.liver" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestACaseThatIsNone(t *testing.T) {
	for name, change := range map[string]func(*Work){
		"a read twice":                func(w *Work) { w.Reads[1].Read = w.Reads[0].Read },
		"a read without digest":       func(w *Work) { w.Reads[1].Read = project.Hash{} },
		"a question that is not":      func(w *Work) { w.Reads[0].Answers[0].Question = "age" },
		"an answer twice":             func(w *Work) { w.Reads[0].Answers = append(w.Reads[0].Answers, w.Reads[0].Answers[0]) },
		"a class that is not":         func(w *Work) { w.Reads[0].Marks[0].Class = "spleen" },
		"a measurement that is drawn": func(w *Work) { w.Reads[0].Marks[0].Class = "target" },
		"an image that is not":        func(w *Work) { w.Reads[0].Marks[0].Image = 2 },
		"a mask of another grid":      func(w *Work) { w.Reads[0].Marks[0].Mask = segmentation.NewMask([3]int{12, 2, 1}) },
		"masks of other grids, no image": func(w *Work) {
			w.Images[0].Geometry = nil
			w.Reads[0].Marks[0].Mask = segmentation.Invert(segmentation.NewMask([3]int{12, 2, 1}))
		},
		"a mark of nothing":                func(w *Work) { w.Reads[0].Marks[0].Mask = nil },
		"a length of a mark that is not":   func(w *Work) { w.Reads[0].Measurements[0].Of = 77 },
		"a length of a class that is none": func(w *Work) { w.Reads[0].Measurements[0].Class = "liver" },
	} {
		w := liverWork()
		change(&w)
		if _, err := ResolveCase(w); project.KindOf(err) != project.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The record is the same bytes whoever stands first, names what it rests on, and is JSON even where numbers are not known.
func TestTheRecordOfACase(t *testing.T) {
	w := liverWork()
	w.Definition.Resolution.Classes["liver"] = project.ClassRule{Method: "staple"}
	w.Reads[2].Marks[0].Mask = plane(row7)
	first, err := ResolveCase(w)
	if err != nil {
		t.Fatal(err)
	}
	want, err := first.Record()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 1))
	for range 5 {
		rng.Shuffle(len(w.Reads), func(i, j int) { w.Reads[i], w.Reads[j] = w.Reads[j], w.Reads[i] })
		again, err := ResolveCase(w)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Record(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v\ngot  %s\nwant %s", err, got, want)
		}
	}
	var record struct {
		Classes []struct {
			Reads      []project.Hash
			Definition project.Hash
			Rule       project.ClassRule
			Version    string
			Instances  []struct {
				Mask   *struct{ SHA256 project.Hash }
				Staple *struct{ Sensitivity []float64 }
			}
		}
	}
	if err := json.Unmarshal(want, &record); err != nil {
		t.Fatal(err)
	}
	liver := record.Classes[0]
	if len(liver.Reads) != 3 || liver.Definition != w.Hash || liver.Rule.Method != "staple" || liver.Version != Version ||
		liver.Instances[0].Mask.SHA256 != first.Classes[0].Instances[0].Mask.SHA256() || len(liver.Instances[0].Staple.Sensitivity) != 3 {
		t.Errorf("%s", want)
	}
}

// The gate's surface distance is that of package metrics at the class's tolerance.
func TestTheGateMeasuresTheSurface(t *testing.T) {
	size := [3]int{40, 30, 12}
	w := liverWork()
	w.Images[0].Geometry = grid(size)
	w.Definition.Classes = w.Definition.Classes[:1]
	w.Definition.Resolution.Measurements = nil
	masks := blobs(7, 3, size)
	for n := range w.Reads {
		w.Reads[n].Marks = []Drawn{{Class: "liver", Mark: Mark{Number: 1, Mask: masks[n]}}}
		w.Reads[n].Measurements = nil
	}
	got, err := ResolveCase(w)
	if err != nil {
		t.Fatal(err)
	}
	space, err := metrics.SpaceOf(w.Images[0].Geometry)
	if err != nil {
		t.Fatal(err)
	}
	want := 1.0
	for a := range masks {
		for b := range a {
			d, err := metrics.Surfaces(masks[a], masks[b], space, metrics.SurfelArea)
			if err != nil {
				t.Fatal(err)
			}
			want = min(want, d.NSD(1).Value)
		}
	}
	if nsd := got.Classes[0].Instances[0].Facts["min_pair_nsd"]; !near(nsd, want, 1e-12) || want == 1 {
		t.Errorf("got %v, want %v", nsd, want)
	}
}
