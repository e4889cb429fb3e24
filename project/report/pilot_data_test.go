package report

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"hotlight/project/export"
	"hotlight/project/phantom"
	"hotlight/project/volume"
)

// pilot is eight phantoms with known truth, read by three simulated readers: shift moves every border, misser overlooks lesions below 20 mm, caller marks
// one to three things that are nothing in each study. An adjudicator decides what is disputed.
type pilot struct {
	dir     string
	studies []*pilotStudy
}

type pilotStudy struct {
	id, patient string
	g           volume.Geometry
	truth       drawing
	reads       map[string]drawing
	score       map[string]int // suspicion, by reader
	quality     map[string]string
	cancer      bool
	minutes     map[string]float64
	targets     map[string]map[int]float64 // mm, by reader and lesion
}

// drawing is dense label maps: the liver, and lesions by number; small enough to loop over every voxel.
type drawing struct {
	liver   []bool
	lesions []([]bool) // by number from 0; nil: not marked
}

var pilotReaders = []string{"shift", "misser", "caller"}

const pilotSize = 64

func makePilot(t testing.TB, images bool) *pilot {
	t.Helper()
	p := &pilot{dir: t.TempDir()}
	for n := range 8 {
		p.studies = append(p.studies, makePilotStudy(t, n))
	}
	p.write(t, images)
	return p
}

func makePilotStudy(t testing.TB, n int) *pilotStudy {
	seed := uint64(n + 1)
	o := phantom.Options{Size: [3]int{pilotSize, 50, 36}, SpacingMM: [3]float64{4, 4, 5}, Seed: seed}
	truth := phantom.NewTruth(seed)
	liver, _ := truth.Shape("liver")
	lo, hi := liver.Bounds()
	for a := range 3 {
		o.Centre[a] = (lo[a] + hi[a]) / 2
	}
	g, err := o.Geometry()
	if err != nil {
		t.Fatal(err)
	}
	s := &pilotStudy{id: fmt.Sprintf("S%03d", n+1), patient: fmt.Sprintf("P%03d", max(2, n+1)), g: g, cancer: n%2 == 0, reads: map[string]drawing{}, score: map[string]int{}, quality: map[string]string{},
		minutes: map[string]float64{}, targets: map[string]map[int]float64{}}
	s.truth.liver = dense(&g, liver.Mask(&g).At)
	for k := range truth.Lesions() {
		shape, _ := truth.Shape(fmt.Sprintf("lesion %d", k+1))
		s.truth.lesions = append(s.truth.lesions, dense(&g, shape.Mask(&g).At))
	}
	s.reads["shift"] = s.shifted(1 + n%3)
	s.reads["misser"] = s.missing(n)
	s.reads["caller"] = s.overcalled(n)
	s.answers(n)
	return s
}

func dense(g *volume.Geometry, at func(i, j, k int) bool) []bool {
	out := make([]bool, g.Voxels())
	for n := range out {
		i, j, k := unravel(g, n)
		out[n] = at(i, j, k)
	}
	return out
}

func unravel(g *volume.Geometry, n int) (i, j, k int) {
	return n % g.Size[0], n / g.Size[0] % g.Size[1], n / g.Size[0] / g.Size[1]
}

// shifted moves everything by some columns.
func (s *pilotStudy) shifted(by int) drawing {
	move := func(v []bool) []bool {
		return dense(&s.g, func(i, j, k int) bool { return i >= by && v[(k*s.g.Size[1]+j)*s.g.Size[0]+i-by] })
	}
	out := drawing{liver: move(s.truth.liver)}
	for _, l := range s.truth.lesions {
		out.lesions = append(out.lesions, move(l))
	}
	return out
}

// missing leaves out most lesions below 20 mm, and a thin part of the rest.
func (s *pilotStudy) missing(n int) drawing {
	out := drawing{liver: s.cut(s.truth.liver, 1+n%2)}
	for k, l := range s.truth.lesions {
		if s.diameter(l) < 20 && (n+k)%4 != 0 {
			out.lesions = append(out.lesions, nil)
		} else {
			out.lesions = append(out.lesions, thinned(l, 13))
		}
	}
	return out
}

// cut drops the last slices that hold anything.
func (s *pilotStudy) cut(v []bool, slices int) []bool {
	last := 0
	for n, set := range v {
		if _, _, k := unravel(&s.g, n); set {
			last = k
		}
	}
	return dense(&s.g, func(i, j, k int) bool { return k <= last-slices && v[(k*s.g.Size[1]+j)*s.g.Size[0]+i] })
}

// thinned drops every nth voxel that is set.
func thinned(v []bool, nth int) []bool {
	out, seen := make([]bool, len(v)), 0
	for n, set := range v {
		if set {
			seen++
			out[n] = seen%nth != 0
		}
	}
	return out
}

// overcalled is right, a few voxels apart, and marks two boxes in the liver's corner that are nothing.
func (s *pilotStudy) overcalled(n int) drawing {
	out := drawing{liver: s.cut(s.truth.liver, n%3)}
	for _, l := range s.truth.lesions {
		out.lesions = append(out.lesions, thinned(l, 17+n))
	}
	for _, corner := range [][3]int{{2, 2, 2}, {pilotSize - 8, 4, 28}, {pilotSize - 8, 42, 20}}[:1+n%3] {
		out.lesions = append(out.lesions, dense(&s.g, func(i, j, k int) bool {
			return i >= corner[0] && i < corner[0]+4 && j >= corner[1] && j < corner[1]+4 && k >= corner[2] && k < corner[2]+3
		}))
	}
	return out
}

// answers are the labels, times and measurements.
func (s *pilotStudy) answers(n int) {
	base := []int{4, 2, 5, 1, 3, 2, 5, 3}[n]
	s.score = map[string]int{"shift": base, "misser": max(1, base-n%2), "caller": min(5, base+n%3/2)}
	for _, r := range pilotReaders {
		s.quality[r] = "good"
	}
	if n == 6 {
		s.quality["caller"] = "limited"
	}
	for k, r := range pilotReaders {
		s.minutes[r] = float64(8 + n + 3*k)
		s.targets[r] = map[int]float64{}
		for l, mask := range s.reads[r].lesions {
			if mask != nil && l < 2 && l < len(s.truth.lesions) {
				s.targets[r][l] = float64(10*l+20+n) + []float64{1.5, -0.5, 0}[k] + 0.1*float64((n*7+l*3+k)%5)
			}
		}
	}
}

func voxels(v []bool) (n int) {
	for _, set := range v {
		if set {
			n++
		}
	}
	return n
}

func (s *pilotStudy) voxelMM3() float64 { return s.g.Spacing[0] * s.g.Spacing[1] * s.g.Spacing[2] }

// write lays the folder out.
func (p *pilot) write(t testing.TB, images bool) {
	t.Helper()
	definition, err := os.ReadFile("testdata/pilot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p.file(t, DefinitionName, definition)
	p.json(t, PanelName, p.panelFile(images))
	for n, s := range p.studies {
		for _, r := range pilotReaders {
			p.read(t, s, r, s.reads[r], n, 0)
			if n < 2 {
				p.read(t, s, r, s.again(r), n, 1)
			}
		}
		p.read(t, s, "phantom", s.truth, n, 0)
		if s.disputed() {
			p.read(t, s, "judge", s.truth, n, 0)
		}
		if images {
			s.image(t, filepath.Join(p.dir, "images", s.id), uint64(n+1))
		}
	}
}

// again is a reader's second read: the first one, a little thinner.
func (s *pilotStudy) again(r string) drawing {
	out := drawing{liver: thinned(s.reads[r].liver, 29)}
	for _, l := range s.reads[r].lesions {
		if l == nil {
			out.lesions = append(out.lesions, nil)
		} else {
			out.lesions = append(out.lesions, thinned(l, 19))
		}
	}
	return out
}

// disputed: the caller's inventions are marked by one reader of three in every study.
func (s *pilotStudy) disputed() bool { return true }

func (s *pilotStudy) image(t testing.TB, dir string, seed uint64) {
	o := phantom.Options{Size: s.g.Size, SpacingMM: [3]float64(s.g.Spacing), Centre: s.g.Centre(), Seed: seed}
	v, _, err := phantom.Compute(context.Background(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	v.FrameOfReference = s.g.FrameOfReference
	if err := phantom.WriteDICOM(context.Background(), dir, v, phantom.StudyOptions{Seed: seed}); err != nil {
		t.Fatal(err)
	}
}

func (p *pilot) panelFile(images bool) map[string]any {
	readers := []map[string]any{}
	for n, r := range pilotReaders {
		readers = append(readers, map[string]any{"id": r, "role": "radiologist", "specialty": "simulated", "years": 5 + n, "board_certified": true, "site": "A", "training": "none needed"})
	}
	readers = append(readers, map[string]any{"id": "judge", "role": "adjudicator"}, map[string]any{"id": "phantom", "role": "reference", "specialty": "computed truth"})
	var studies, judged []map[string]any
	for n, s := range p.studies {
		one := map[string]any{"id": s.id, "patient": s.patient, "modality": "CT", "batch": fmt.Sprint(1 + n/4), "site": []string{"A", "B"}[n%2], "vendor": "phantom", "slices": s.g.Size[2],
			"slice_mm": s.g.Spacing[2], "split": "test", "conditions": map[string]bool{"cancer": s.cancer}}
		if images {
			one["image"] = "images/" + s.id
		}
		studies = append(studies, one)
		judged = append(judged, map[string]any{"study": s.id, "subject": "mass", "adjudicator": "judge", "decided": "2026-02-01T09:30:00Z", "seconds": 180, "decision": "inventions dropped, missed lesions kept",
			"rationale": fmt.Sprintf("Two marks of study %d show normal tissue on every slice; the small lesions wash out.", n+1)})
	}
	return map[string]any{"schema": PanelSchema, "period": map[string]string{"from": "2026-01-10", "to": "2026-02-20"}, "readers": readers, "studies": studies, "adjudications": judged,
		"excluded": []map[string]any{{"study": "S090", "stage": "before_reading", "reason": "slices missing"}, {"study": "S091", "stage": "before_reading", "reason": "slices missing"}},
		"roc":      []map[string]any{{"condition": "cancer", "question": "suspicion"}}, "effort": map[string]any{"currency": "EUR", "rates": map[string]float64{"radiologist": 180}},
		"audit": map[string]any{"log_size": 411, "checkpoint": "c41f90e2", "verified": true}, "blinding": "Simulated readers know nothing of each other.",
		"deviations": []map[string]any{{"study": "S004", "reader": "misser", "text": "Read interrupted by a fire drill.", "impact": "none expected", "action": "time corrected"}},
		"dataset":    map[string]any{"source": "Computed phantoms; nobody was scanned.", "deidentification": "Not needed.", "limitations": []string{"Phantoms are easier than patients."}}}
}

// read writes one read with its masks: the liver in one file, lesions in another, since they overlap.
func (p *pilot) read(t testing.TB, s *pilotStudy, who string, d drawing, n, repeat int) {
	t.Helper()
	base := fmt.Sprintf("%s.%s.%d", s.id, who, repeat)
	p.labels(t, s, "masks/"+base+".liver.nii.gz", [][]bool{d.liver})
	p.labels(t, s, "masks/"+base+".mass.nii.gz", d.lesions)
	var segments []map[string]any
	for l, mask := range d.lesions {
		if mask != nil {
			one := map[string]any{"label": l + 1, "class": "mass", "instance": l + 1, "attributes": map[string]any{"margin": []string{"smooth", "irregular"}[(l+n)%3/2], "confidence": confidence(who, l, n, len(s.truth.lesions))}}
			segments = append(segments, one)
		}
	}
	read := map[string]any{"schema": ReadSchema, "study": s.id, "reader": who, "definition": map[string]int{"version": 2},
		"masks": []map[string]any{{"file": "masks/" + base + ".liver.nii.gz", "segments": []map[string]any{{"label": 1, "class": "liver"}}}, {"file": "masks/" + base + ".mass.nii.gz", "segments": segments}}}
	if score, reads := s.score[who]; reads {
		answers := map[string]any{"quality": s.quality[who], "suspicion": fmt.Sprint(score), "limits": []string{}}
		if s.quality[who] == "limited" {
			answers["limits"] = []string{"motion"}
		}
		var measured []map[string]any
		for l := range 2 {
			if v, ok := s.targets[who][l]; ok {
				measured = append(measured, map[string]any{"class": "target", "of": l + 1, "value": v, "unit": "mm"})
			}
		}
		read["answers"], read["measurements"], read["seconds"] = answers, measured, 60*s.minutes[who]
		read["repeat"] = repeat
		read["started"], read["signed"] = fmt.Sprintf("2026-01-%02dT08:00:00Z", 12+n+repeat*16), fmt.Sprintf("2026-01-%02dT08:20:00Z", 12+n+repeat*16)
		read["signature"] = map[string]any{"sha256": "", "verified": true}
	}
	p.json(t, "reads/"+base+".json", read)
}

// confidence: the caller is less sure of what is nothing.
func confidence(who string, lesion, study, real int) int {
	if lesion >= real {
		return 1 + study%3
	}
	return 3 + (lesion+study)%3
}

func (p *pilot) labels(t testing.TB, s *pilotStudy, name string, masks [][]bool) {
	t.Helper()
	v, err := volume.New(s.g, volume.Uint16)
	if err != nil {
		t.Fatal(err)
	}
	for label, mask := range masks {
		for n, set := range mask {
			if set {
				v.Uint16[n] = uint16(label + 1)
			}
		}
	}
	v.ArriveAll()
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := export.WriteNIfTI(path, v, export.Options{}); err != nil {
		t.Fatal(err)
	}
}

func (p *pilot) json(t testing.TB, name string, v any) {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	p.file(t, name, b)
}

func (p *pilot) file(t testing.TB, name string, b []byte) {
	t.Helper()
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// diameter is that of the ball with a mask's volume, in mm.
func (s *pilotStudy) diameter(v []bool) float64 {
	return math.Cbrt(6 * float64(voxels(v)) * s.voxelMM3() / math.Pi)
}
