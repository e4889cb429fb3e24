package panel

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// cube is a box of side mm at a corner.
func cube(x, y, z, side float64) *Box {
	return &Box{Min: volume.Point{x, y, z}, Max: volume.Point{x + side, y + side, z + side}}
}

func clustersOf(t *testing.T, rule project.MatchRule, marks []Mark) string {
	t.Helper()
	list, err := Match(rule, marks, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range list {
		word := ""
		for _, m := range c {
			word += fmt.Sprintf("%c%d", 'a'+m.Read[0]-1, m.Number)
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

func TestMarksAreMatchedAcrossReaders(t *testing.T) {
	mark := func(reader byte, number int, b *Box) Mark {
		return Mark{Read: project.Hash{reader}, Number: number, Box: b}
	}
	iou := project.MatchRule{Criterion: "iou3d", Threshold: 0.1}
	marks := []Mark{
		mark(1, 1, cube(0, 0, 0, 10)), mark(1, 2, cube(50, 0, 0, 10)),
		mark(2, 1, cube(51, 0, 0, 10)), mark(2, 2, cube(1, 0, 0, 10)), mark(2, 3, cube(200, 0, 0, 5)),
		mark(3, 1, cube(2, 0, 0, 10)), // 7 away from nothing else: a third for the first thing
	}
	if got := clustersOf(t, iou, marks); got != "a1b2c1 a2b1 b3" {
		t.Error(got)
	}
	// Two marks of one reader on one thing: only the better one belongs to it.
	twice := []Mark{mark(1, 1, cube(0, 0, 0, 10)), mark(2, 1, cube(4, 0, 0, 10)), mark(2, 2, cube(1, 0, 0, 10))}
	if got := clustersOf(t, iou, twice); got != "a1b2 b1" {
		t.Error(got)
	}
	// A chain would put both marks of reader a into one cluster: the weakest link gives way.
	chain := []Mark{mark(1, 1, cube(0, 0, 0, 10)), mark(1, 2, cube(9, 0, 0, 10)), mark(2, 1, cube(3, 0, 0, 10)), mark(3, 1, cube(6.5, 0, 0, 10))}
	if got := clustersOf(t, iou, chain); got != "a1b1 a2c1" {
		t.Error(got)
	}
	centre := project.MatchRule{Criterion: "center_mm", MaxCenterMM: 5}
	points := []Mark{mark(1, 1, cube(0, 0, 0, 0)), mark(2, 1, cube(3, 4, 0, 0)), mark(2, 2, cube(0, 0, 5.1, 0))}
	if got := clustersOf(t, centre, points); got != "a1b1 b2" {
		t.Error(got)
	}
	either := project.MatchRule{Criterion: "center_in_box_or_iou", IoU: 0.2, MaxCenterMM: 5}
	held := []Mark{mark(1, 1, cube(0, 0, 0, 20)), mark(2, 1, cube(9, 9, 9, 4)), mark(3, 1, cube(15, 15, 15, 4))}
	if got := clustersOf(t, either, held); got != "a1b1 c1" { // c1's centre is in a1, but 12 mm from its centre
		t.Error(got)
	}
	rng := rand.New(rand.NewPCG(8, 8))
	for range 50 {
		rng.Shuffle(len(marks), func(i, j int) { marks[i], marks[j] = marks[j], marks[i] })
		if got := clustersOf(t, iou, marks); got != "a1b2c1 a2b1 b3" {
			t.Fatal(got)
		}
	}
}

func task(rule project.ClassRule, masks ...*segmentation.Mask) Task {
	t := Task{Definition: project.HashOf([]byte("d")), Class: project.Class{ID: "liver"}, Rule: rule, Expected: len(masks),
		Geometry: &volume.Geometry{Size: masks[0].Size(), Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}}
	for n, m := range masks {
		r := Reading{Read: project.Hash{byte(n + 1)}}
		if m.Count() > 0 {
			r.Marks = []Mark{{Number: 1, Mask: m}}
		}
		t.Readings = append(t.Readings, r)
	}
	return t
}

var (
	row8   = [][]int{{0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}}
	row7   = [][]int{{0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0}}
	rowOff = [][]int{{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1}}
	rowNo  = [][]int{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}
)

func TestGatesDecideAgreedOrDisputed(t *testing.T) {
	dice90 := "min_pair_dice < 0.90" // of 7 in 8: 14/15
	pass := func(a, b *segmentation.Mask) (float64, bool) { return 0.95, true }
	for name, c := range map[string]struct {
		rule    project.ClassRule
		rows    [][][]int
		surface func(a, b *segmentation.Mask) (float64, bool)
		agreed  bool
		want    string // a reason
		voxels  int64
	}{
		"close enough":                   {project.ClassRule{Method: "majority", AdjudicateIf: dice90}, [][][]int{row8, row7, row8}, nil, true, "", 8},
		"too far apart":                  {project.ClassRule{Method: "majority", AdjudicateIf: dice90}, [][][]int{row8, row7, rowOff}, nil, false, "adjudicate if min_pair_dice", 7},
		"a tie":                          {project.ClassRule{Method: "majority"}, [][][]int{row8, row7}, nil, false, "1 voxels are undecided", 7},
		"one drew nothing":               {project.ClassRule{Method: "majority", AdjudicateIf: dice90}, [][][]int{row8, row8, rowNo}, nil, false, "adjudicate if", 8},
		"one drew nothing, no gate, sba": {project.ClassRule{Method: "sba"}, [][][]int{row8, row8, rowNo}, nil, false, "drew nothing", 8},
		"a surface that nobody measured": {project.ClassRule{Method: "majority", AdjudicateIf: "min_pair_nsd < 0.9"}, [][][]int{row8, row8, row8}, nil, false, "not known: [min_pair_nsd]", 8},
		"a surface that is close":        {project.ClassRule{Method: "majority", AdjudicateIf: "min_pair_nsd < 0.9"}, [][][]int{row8, row8, row8}, pass, true, "", 8},
		"one reader has no pairs":        {project.ClassRule{Method: "majority", AdjudicateIf: dice90}, [][][]int{row8}, nil, false, "not known: [min_pair_dice]", 8},
		"union":                          {project.ClassRule{Method: "union"}, [][][]int{row8, row7, rowOff}, nil, true, "", 11},
		"intersection":                   {project.ClassRule{Method: "intersection"}, [][][]int{row8, row7, row8}, nil, true, "", 7},
		"staple that swells":             {project.ClassRule{Method: "staple"}, [][][]int{row8, rowOff, row7}, nil, false, "STAPLE", -1},
		"simple":                         {project.ClassRule{Method: "simple"}, [][][]int{row8, row8, row7}, nil, true, "", 8},
		"sba":                            {project.ClassRule{Method: "sba"}, [][][]int{row8, row8, row7}, nil, true, "", 8},
		"a method that is not":           {project.ClassRule{Method: "magic"}, [][][]int{row8, row8}, nil, false, "not known", 0},
	} {
		var masks []*segmentation.Mask
		for _, r := range c.rows {
			masks = append(masks, plane(r))
		}
		job := task(c.rule, masks...)
		job.Surface = c.surface
		got, err := Resolve(job)
		if err != nil || len(got.Instances) != 1 {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		in := got.Instances[0]
		voxels := int64(0)
		if in.Mask != nil {
			voxels = in.Mask.Count()
		}
		if got.Agreed != c.agreed || !strings.Contains(strings.Join(in.Reasons, "; "), c.want) || c.voxels >= 0 && voxels != c.voxels {
			t.Errorf("%s: agreed %v, %d voxels, %q; want %v, %d, %q", name, got.Agreed, voxels, in.Reasons, c.agreed, c.voxels, c.want)
		}
	}
}

func TestNothingSeenIsAgreement(t *testing.T) {
	got, err := Resolve(task(project.ClassRule{Method: "majority", AdjudicateIf: "min_pair_dice < 0.9"}, plane(rowNo), plane(rowNo), plane(rowNo)))
	if err != nil || !got.Agreed || len(got.Instances) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAMissingReaderIsSaid(t *testing.T) {
	job := task(project.ClassRule{Method: "majority"}, plane(row8), plane(row8))
	job.Expected = 3
	got, err := Resolve(job)
	if err != nil || !got.Agreed || got.Basis.Missing != 1 || len(got.Reasons) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	job.Rule.MinReaders = 3
	if got, _ := Resolve(job); got.Agreed || len(got.Instances) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestLesionsArePresentByVotes(t *testing.T) {
	a, b := plane(row8), plane(rowOff)
	rule := project.ClassRule{Match: &project.MatchRule{Criterion: "iou3d", Threshold: 0.1}, Presence: &project.PresenceRule{Rule: "2 of 3"}}
	job := task(rule, a, a, a)
	job.Readings[2].Marks = []Mark{{Number: 1, Mask: plane(row7)}, {Number: 2, Mask: b}}
	got, err := Resolve(job)
	if err != nil || len(got.Instances) != 2 || got.Agreed || !got.Instances[0].Agreed || got.Instances[1].Present {
		t.Fatalf("%+v, %v", got, err)
	}
	if in := got.Instances[0]; in.Mask.Count() != 8 || len(in.From) != 3 || !near(in.Fit[2].Dice, 14.0/15, 1e-12) || !near(in.Fit[2].WithoutThem, 14.0/15, 1e-12) {
		t.Errorf("%+v", in)
	}
	job.Rule.Presence = &project.PresenceRule{Rule: "2 of 3", Singletons: "drop"}
	if got, _ := Resolve(job); !got.Agreed || got.Instances[1].Present {
		t.Errorf("dropped: %+v", got)
	}
	// Two of three marked it, not quite alike: the third's silence is a vote against each voxel, so there is no tie.
	job = task(rule, a, plane(row7), plane(rowNo))
	if got, err := Resolve(job); err != nil || !got.Agreed || got.Instances[0].Mask.Count() != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestBoxesByMedianCorners(t *testing.T) {
	rule := project.ClassRule{Match: &project.MatchRule{Criterion: "iou3d", Threshold: 0.1}, Presence: &project.PresenceRule{Rule: "2 of 3"}, Box: "median_corners"}
	job := Task{Class: project.Class{ID: "box"}, Rule: rule, Expected: 3}
	for n, x := range []float64{0, 1, 5} {
		job.Readings = append(job.Readings, Reading{Read: project.Hash{byte(n + 1)}, Marks: []Mark{{Number: 1, Box: cube(x, 0, 0, 10)}}})
	}
	got, err := Resolve(job)
	if err != nil || !got.Agreed || len(got.Instances) != 1 || *got.Instances[0].Box != *cube(1, 0, 0, 10) {
		t.Errorf("%+v, %v", got, err)
	}
	job.Rule.AdjudicateIf = "min_pair_dice < 0.6" // of 0 and 5: half
	if got, err := Resolve(job); err != nil || got.Agreed || !near(got.Instances[0].Facts["min_pair_dice"], 0.5, 1e-12) {
		t.Errorf("a gate on boxes: %+v, %v", got, err)
	}
	job.Rule.AdjudicateIf = "min_pair_dice < 0.4 or rel_volume_range > 0.1"
	if got, err := Resolve(job); err != nil || !got.Agreed {
		t.Errorf("a gate that is passed: %+v, %v", got, err)
	}
	job.Rule.AdjudicateIf = "min_pair_nsd < 0.4"
	if got, err := Resolve(job); err != nil || got.Agreed {
		t.Errorf("boxes have no surfaces: %+v, %v", got, err)
	}
	job.Rule.AdjudicateIf = ""
	job.Readings[0].Marks[0].Box = &Box{Min: volume.Point{5}, Max: volume.Point{1}}
	if _, err := Resolve(job); err == nil {
		t.Error("a box inside out is accepted")
	}
}

func TestTheResultNamesWhatItRestsOn(t *testing.T) {
	job := task(project.ClassRule{Method: "majority", MinReaders: 2}, plane(row8), plane(row8))
	slices.Reverse(job.Readings)
	got, err := Resolve(job)
	if err != nil {
		t.Fatal(err)
	}
	want := Basis{Reads: []project.Hash{{1}, {2}}, Definition: project.HashOf([]byte("d")), Subject: "liver", Rule: []byte(`{"method":"majority","min_readers":2}`), Version: Version}
	if !reflect.DeepEqual(got.Basis, want) {
		t.Errorf("got %+v", got.Basis)
	}
	for name, h := range map[string]project.Hash{"a read twice": {1}, "a read without digest": {}} {
		job.Readings[0].Read = h
		job.Readings[1].Read = project.Hash{1}
		if _, err := Resolve(job); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestMasksOfDifferentGridsAreRefused(t *testing.T) {
	job := task(project.ClassRule{}, plane(row8), plane(row8))
	job.Readings[1].Marks[0].Mask = segmentation.Invert(segmentation.NewMask([3]int{12, 2, 1}))
	if _, err := Resolve(job); project.KindOf(err) != project.Invalid {
		t.Error(err)
	}
}

// Whoever stands first in the list must not matter, to the last bit.
func TestTheOrderOfReadersChangesNothing(t *testing.T) {
	size := [3]int{30, 24, 9}
	for n, method := range project.MaskMethods {
		masks := blobs(uint64(n), 4, size)
		job := task(project.ClassRule{Method: method, AdjudicateIf: "min_pair_dice < 0.5 or mean_pair_dice < 0.6"}, masks...)
		job.Geometry = grid(size)
		want, err := Resolve(job)
		if err != nil {
			t.Fatal(method, err)
		}
		rng := rand.New(rand.NewPCG(1, uint64(n)))
		for range 4 {
			rng.Shuffle(len(job.Readings), func(i, j int) { job.Readings[i], job.Readings[j] = job.Readings[j], job.Readings[i] })
			got, err := Resolve(job)
			if err != nil || !same(got, want) {
				t.Fatalf("%s: another order, another result: %v", method, err)
			}
		}
	}
}

// same compares the parts that hold no NaN, and facts as text.
func same(a, b *ClassResult) bool {
	x, y := a.Instances[0], b.Instances[0]
	return reflect.DeepEqual(a.Basis, b.Basis) && a.Agreed == b.Agreed && reflect.DeepEqual(x.Reasons, y.Reasons) && reflect.DeepEqual(x.From, y.From) &&
		x.Mask.Equal(y.Mask) && fmt.Sprint(x.Facts, x.Fit) == fmt.Sprint(y.Facts, y.Fit)
}

func TestAnswersOfAForm(t *testing.T) {
	definition := project.HashOf([]byte("d"))
	answers := []Answer{{Read: project.Hash{2}, Value: "2", Given: true}, {Read: project.Hash{1}, Value: "2", Given: true}, {Read: project.Hash{3}}}
	got, err := ResolveAnswers(definition, lungrads, project.LabelRule{Rule: "majority"}, answers, 3)
	if err != nil || got.Value != "2" || !got.Agreed || got.Decision.Missing != 1 || got.Reads[0] != (project.Hash{1}) || string(got.Rule) != `{"rule":"majority"}` {
		t.Errorf("%+v, %v", got, err)
	}
	multi := &project.Question{ID: "m", Type: project.AnswerMulti, Values: []project.Choice{{ID: "x"}, {ID: "y"}}}
	lists := []Answer{{Read: project.Hash{1}, List: []string{"x"}, Given: true}, {Read: project.Hash{2}, List: []string{"x", "y"}, Given: true}}
	if got, err := ResolveAnswers(definition, multi, project.LabelRule{Rule: "majority"}, lists, 2); err != nil || got.Agreed || got.Each["x"].Value != "yes" || got.Each["y"].Decided {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := ResolveAnswers(definition, &project.Question{ID: "c", Type: project.AnswerText}, project.LabelRule{}, nil, 2); err == nil {
		t.Error("text has no consensus")
	}
	lengths := []Answer{{Read: project.Hash{1}, Number: f64(10), Given: true}, {Read: project.Hash{2}, Number: f64(14), Given: true}, {Read: project.Hash{3}, Number: f64(11), Given: true}}
	if got, err := ResolveMeasurement(definition, "target", project.MeasureRule{Rule: "median", AdjudicateIf: "rel_range > 0.2"}, lengths, 3); err != nil || got.Agreed || got.Number != 11 {
		t.Errorf("%+v, %v", got, err)
	}
}
