package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hotlight/project/export"
	"hotlight/project/volume"
)

// folder is a small folder of reads that a test spoils: two readers, three studies, masks of 6 x 6 x 4 voxels.
type folder struct {
	dir   string
	panel map[string]any
	reads map[string]map[string]any
	more  string // of the definition
}

const folderDefinition = `
schema: hotlight.project/1
project: {id: org.example.small, title: Small, version: 1}
classes:
  - {id: liver, value: 1, name: Liver, color: "#b5651d", tolerance_mm: 1, category: {scheme: SCT, code: "91723000", meaning: Anatomical Structure}, type: {scheme: SCT, code: "10200004", meaning: Liver}}
  - {id: nodule, value: 2, name: Nodule, color: "#e03131", kind: detection, geometry: [box3d], category: {scheme: SCT, code: "49755003", meaning: Morph}, type: {scheme: SCT, code: "27925004", meaning: Nodule}}
  - {id: axis, name: Axis, color: "#e03131", kind: measurement, category: {scheme: SCT, code: "49755003", meaning: Morph}, type: {scheme: SCT, code: "4147007", meaning: Mass}}
study_form:
  - {id: grade, type: enum, ordinal: true, values: [{id: "0"}, {id: "1"}, {id: "2"}], order: ["1", "2"]}
  - {id: size, type: number, min: 0, max: 100}
  - {id: side, type: enum, per: breast, values: [{id: a}, {id: b}]}
`

func newFolder(t testing.TB) *folder { return newFolderOf(t, 3) }

func newFolderOf(t testing.TB, count int) *folder {
	f := &folder{dir: t.TempDir(), reads: map[string]map[string]any{}}
	f.panel = map[string]any{"schema": PanelSchema, "readers": []any{map[string]any{"id": "A", "role": "radiologist"}, map[string]any{"id": "B", "role": "radiologist"}}}
	var studies []any
	for n := range count {
		id := fmt.Sprintf("S%d", n+1)
		studies = append(studies, map[string]any{"id": id, "modality": "CT"})
		for k, who := range []string{"A", "B"} {
			mask := fmt.Sprintf("masks/%s.%s.nrrd", id, who)
			f.mask(t, mask, [3]int{6, 6, 4}, 1, func(i, j, z int) bool {
				return i > k && i < 5 && j > 0 && j < 4 && z > 0 && n%3 < 2 && (k == 0 || n%4 > 0 || j < 3)
			})
			f.reads[id+"."+who] = map[string]any{"schema": ReadSchema, "study": id, "reader": who, "answers": map[string]any{"grade": fmt.Sprint(1 + (n+k)%2), "size": 3.5},
				"masks": []any{map[string]any{"file": mask, "segments": []any{map[string]any{"label": 1, "class": "liver"}}}}}
		}
	}
	f.panel["studies"] = studies
	return f
}

func (f *folder) mask(t testing.TB, name string, size [3]int, label uint16, at func(i, j, k int) bool) {
	t.Helper()
	g := volume.Geometry{Size: size, Spacing: [3]float64{1, 1, 2}, Direction: [9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}}
	v, err := volume.New(g, volume.Uint16)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Uint16 {
		if at(n%size[0], n/size[0]%size[1], n/size[0]/size[1]) {
			v.Uint16[n] = label
		}
	}
	v.ArriveAll()
	path := filepath.Join(f.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := export.WriteNRRD(path, v, export.Options{}); err != nil {
		t.Fatal(err)
	}
}

func (f *folder) write(t testing.TB) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(f.dir, ReadsFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(f.dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(DefinitionName, []byte(folderDefinition+f.more))
	b, err := json.Marshal(f.panel)
	if err != nil {
		t.Fatal(err)
	}
	put(PanelName, b)
	for name, r := range f.reads {
		if b, err = json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		put(filepath.Join(ReadsFolder, name+".json"), b)
	}
}

// report loads and builds.
func (f *folder) report(t testing.TB) (*Report, error) {
	t.Helper()
	f.write(t)
	in, err := Load(context.Background(), f.dir, nil)
	if err != nil {
		return nil, err
	}
	return Build(context.Background(), in, Options{Program: "test"})
}

func list(v any) []any           { return v.([]any) }
func field(v any) map[string]any { return v.(map[string]any) }

func TestWhatIsWrongIsNamedByFileAndField(t *testing.T) {
	segments := func(f *folder) map[string]any { return field(list(f.reads["S1.A"]["masks"])[0]) }
	for _, c := range []struct {
		name, want string
		spoil      func(f *folder)
	}{
		{"an unknown field", `reads/S1.A.json: unknown field "answer"`, func(f *folder) { f.reads["S1.A"]["answer"] = 1 }},
		{"a wrong schema", "reads/S1.A.json: schema:", func(f *folder) { f.reads["S1.A"]["schema"] = "hotlight.read/9" }},
		{"a study that is not listed", `reads/S1.A.json: study: panel.json does not list "S9"`, func(f *folder) { f.reads["S1.A"]["study"] = "S9" }},
		{"an unknown stage", "reads/S1.A.json: stage:", func(f *folder) { f.reads["S1.A"]["stage"] = "second" }},
		{"a value off the question", "reads/S1.A.json: answers.grade:", func(f *folder) { field(f.reads["S1.A"]["answers"])["grade"] = "7" }},
		{"a number outside the limits", "reads/S1.A.json: answers.size:", func(f *folder) { field(f.reads["S1.A"]["answers"])["size"] = 101 }},
		{"a part of a question that has none", "reads/S1.A.json: answers.grade/left:", func(f *folder) { field(f.reads["S1.A"]["answers"])["grade/left"] = "1" }},
		{"an unknown question", "reads/S1.A.json: answers.colour:", func(f *folder) { field(f.reads["S1.A"]["answers"])["colour"] = "x" }},
		{"negative time", "reads/S1.A.json: seconds:", func(f *folder) { f.reads["S1.A"]["seconds"] = -1 }},
		{"signed before started", "reads/S1.A.json: signed:", func(f *folder) {
			f.reads["S1.A"]["started"], f.reads["S1.A"]["signed"] = "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"
		}},
		{"a mask outside the folder", "reads/S1.A.json: masks[0].file:", func(f *folder) { segments(f)["file"] = "../x.nrrd" }},
		{"a mask that is not there", "reads/S1.A.json: masks[0].file:", func(f *folder) { segments(f)["file"] = "masks/none.nrrd" }},
		{"an unknown class", "reads/S1.A.json: masks[0].segments[0].class:", func(f *folder) { field(list(segments(f)["segments"])[0])["class"] = "spleen" }},
		{"a second instance of a class with one", "reads/S1.A.json: masks[0].segments[0].instance:", func(f *folder) { field(list(segments(f)["segments"])[0])["instance"] = 2 }},
		{"a label without a name", "reads/S1.A.json: masks[0].segments: label 1 occurs", func(f *folder) { field(list(segments(f)["segments"])[0])["label"] = 3 }},
		{"a measurement without a value", "reads/S1.A.json: measurements[0].value:", func(f *folder) {
			f.reads["S1.A"]["measurements"] = []any{map[string]any{"class": "axis", "target": "T", "unit": "mm"}}
		}},
		{"a measurement without a unit", "reads/S1.A.json: measurements[0].unit:", func(f *folder) {
			f.reads["S1.A"]["measurements"] = []any{map[string]any{"class": "axis", "target": "T", "value": 1}}
		}},
		{"a box inside out", "reads/S1.A.json: marks[0].max_mm:", func(f *folder) {
			f.reads["S1.A"]["marks"] = []any{map[string]any{"class": "nodule", "number": 1, "min_mm": []int{1, 1, 1}, "max_mm": []int{0, 2, 2}}}
		}},
		{"some marks rated", "rating: A has a rating on some marks of nodule", func(f *folder) {
			box := func(n int) map[string]any {
				return map[string]any{"class": "nodule", "number": n, "min_mm": []int{n, 1, 1}, "max_mm": []int{n + 1, 2, 2}}
			}
			rated := box(2)
			rated["rating"] = 3
			f.reads["S1.A"]["marks"] = []any{box(1), rated}
		}},
		{"the same read twice", "holds the same study, reader, stage and repeat", func(f *folder) { f.reads["S1.A again"] = f.reads["S1.A"] }},
		{"a lead who reads", "a lead makes no reads", func(f *folder) { field(list(f.panel["readers"])[0])["role"] = "lead" }},
		{"a reader twice", "panel.json: readers[1].id:", func(f *folder) { field(list(f.panel["readers"])[1])["id"] = "A" }},
		{"a name with a space", "panel.json: studies[0].id:", func(f *folder) { field(list(f.panel["studies"])[0])["id"] = "Jane Doe" }},
		{"a UID for a pseudonym", "panel.json: studies[0].patient:", func(f *folder) { field(list(f.panel["studies"])[0])["patient"] = "1.2.840.113619.2.5" }},
		{"an exclusion without a reason", "panel.json: excluded[0].reason:", func(f *folder) { f.panel["excluded"] = []any{map[string]any{"study": "S1", "stage": "after_reading"}} }},
		{"a study excluded before reading and listed", "panel.json: excluded[0].study:", func(f *folder) {
			f.panel["excluded"] = []any{map[string]any{"study": "S1", "stage": "before_reading", "reason": "x"}}
		}},
		{"an adjudicator who is none", "panel.json: adjudications[0].adjudicator:", func(f *folder) {
			f.panel["adjudications"] = []any{map[string]any{"study": "S1", "subject": "liver", "adjudicator": "A", "decision": "x"}}
		}},
		{"a ROC of a condition nobody has", "panel.json: roc[0].condition:", func(f *folder) { f.panel["roc"] = []any{map[string]any{"condition": "x", "question": "grade"}} }},
		{"money below zero", "panel.json: effort.rates.radiologist:", func(f *folder) {
			f.panel["effort"] = map[string]any{"currency": "EUR", "rates": map[string]any{"radiologist": -1}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFolder(t)
			c.spoil(f)
			if _, err := f.report(t); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s…", err, c.want)
			} else if strings.Contains(err.Error(), f.dir) {
				t.Errorf("the error names the folder: %v", err)
			}
		})
	}
}

func TestMasksOnDifferentGridsAreRefused(t *testing.T) {
	f := newFolder(t)
	f.mask(t, "masks/S2.B.nrrd", [3]int{6, 6, 5}, 1, func(i, j, k int) bool { return i == 2 })
	_, err := f.report(t)
	if err == nil || !strings.Contains(err.Error(), "reads/S2.B.json: masks: lie on another grid than those of reads/S2.A.json") {
		t.Errorf("got %v", err)
	}
}

func TestMissingEmptyAndOffTheScaleAreStatuses(t *testing.T) {
	f := newFolder(t)
	delete(f.reads, "S1.B")                           // a missing reader
	field(f.reads["S2.B"]["answers"])["grade"] = "0"  // off the scale
	delete(field(f.reads["S3.B"]["answers"]), "size") // no answer
	r, err := f.report(t)                             // S3: both masks empty
	if err != nil {
		t.Fatal(err)
	}
	dice := r.Number("masks/liver/dice/median/all_pairs")
	if dice.N != 1 || excludedText(dice.Excluded) != "1 both empty; 1 missing reader" {
		t.Errorf("Dice of %d studies, left out %q", dice.N, excludedText(dice.Excluded))
	}
	for id, want := range map[string]float64{"masks/liver/both_empty/A:B": 1, "masks/liver/missing/A:B": 1, "masks/liver/both_drawn/A:B": 1, "form/grade/used/B/level=off_scale": 1, "form/grade/used/B/level=no_answer": 1} {
		if n := r.Number(id); n == nil || n.Value != want {
			t.Errorf("%s: %+v, want %v", id, n, want)
		}
	}
	if k := r.Number("form/grade/weighted_kappa_quadratic/all_readers"); k.Defined() || !math.IsNaN(k.Value) {
		t.Errorf("kappa of one pair: %+v", k.Result)
	}
	found := ""
	for _, s := range r.Sections {
		if s.ID == "deviations" {
			for _, b := range s.Blocks {
				if b.Table != nil {
					for _, row := range b.Table.Rows {
						for _, c := range row {
							found += c.Words + "|"
						}
					}
				}
			}
		}
	}
	if !strings.Contains(found, "No read of 1 studies: S1.") {
		t.Errorf("deviations: %s", found)
	}
	sameNumbers(t, r)
}

func TestOneStudyOneReader(t *testing.T) {
	f := newFolder(t)
	f.panel["studies"] = list(f.panel["studies"])[:1]
	for name := range f.reads {
		if name != "S1.A" {
			delete(f.reads, name)
		}
	}
	r, err := f.report(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range r.Numbers {
		if n.Interval.Level > 0 {
			t.Errorf("%s has an interval from one study of one reader: %+v", n.ID, n.Interval)
		}
	}
	if r.Verdicts {
		t.Error("judged")
	}
	var page bytes.Buffer
	if err := r.WriteHTML(&page); err != nil {
		t.Error(err)
	}
}

// Twelve studies of twelve patients are judged: by the estimate, by the lower end, and not where nothing is there to judge.
func TestTwelveStudiesAreJudged(t *testing.T) {
	f := newFolderOf(t, 18)
	f.more = `
metrics:
  gates:
    - {metric: dice, class: liver, stat: median, min: 0.5, use: ci_lower}
    - {metric: dice, class: liver, stat: mean, min: 0.99, use: estimate}
    - {metric: weighted_kappa_quadratic, form: grade, min: -1, use: estimate}
    - {metric: hd95, class: liver, stat: median, min: 1, use: estimate}
    - {metric: lesion_sensitivity, class: nodule, min: 0.5, use: estimate}
`
	r, err := f.report(t)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range r.Gates {
		got = append(got, g.Verdict)
	}
	if want := []string{Met, NotMet, Met, NotJudged, NotJudged}; !r.Verdicts || !slices.Equal(got, want) {
		t.Errorf("verdicts %v, want %v: %+v", got, want, r.Gates)
	}
	if !strings.Contains(r.Summary.InShort, "Of 5 gates set before reading, 2 met, 1 not met (liver dice)") {
		t.Errorf("in short: %s", r.Summary.InShort)
	}
	sameNumbers(t, r)
}

func TestFailedWritesLeaveNothing(t *testing.T) {
	f := newFolder(t)
	r, err := f.report(t)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(f.dir, "out")
	if _, err := r.Write(out, []string{"html", "pdf"}); err == nil {
		t.Fatal("wrote a format that there is not")
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("the folder is there: %v", err)
	}
	paths, err := r.Write(out, Formats)
	if err != nil || len(paths) != 4 {
		t.Fatalf("%v, %v", paths, err)
	}
	if left, _ := os.ReadDir(out); len(left) != 4 {
		t.Errorf("%d files are left, wanted the four", len(left))
	}
}

// FuzzRead: whatever a read's file holds, it is understood or refused; nothing is guessed and nothing panics.
func FuzzRead(f *testing.F) {
	folder := newFolder(f)
	folder.write(f)
	in, err := Load(context.Background(), folder.dir, nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range folder.reads {
		b, _ := json.Marshal(r)
		f.Add(b)
	}
	f.Add([]byte(`{"schema":"hotlight.read/1","study":"S1","reader":"A","answers":{"grade":null,"size":1e999}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := &loader{root: os.DirFS(folder.dir), dir: folder.dir}
		r, err := l.parse(in, "reads/x.json", b)
		if err == nil && (r.Study == "" || r.Reader == "" || r.Repeat < 0) {
			t.Errorf("accepted %+v", r)
		}
		if err != nil {
			return
		}
		for _, m := range r.Marks {
			if !(m.Min[0] <= m.Max[0]) {
				t.Errorf("a box inside out: %+v", m)
			}
		}
		for _, m := range r.Measurements {
			if !finite(m.Value) {
				t.Errorf("measured %v", m.Value)
			}
		}
	})
}
