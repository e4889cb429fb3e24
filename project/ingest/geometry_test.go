package ingest

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/volume"
)

// expected is a row of GEOMETRY.tsv: what another program computed from the tags.
type expected struct {
	dir            string
	size           []float64
	spacing        []float64
	direction      []float64
	origin         []float64
	gapMin, gapMax float64
	uniform        bool
	tilt           float64
	first, last    string
	min, max, mean float64
	hasValues      bool
	volumes        string
}

func geometryTable(t *testing.T, data string) []expected {
	t.Helper()
	f, err := os.Open(filepath.Join(data, "GEOMETRY.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []expected
	for _, c := range rows[1:] {
		e := expected{dir: c[0], volumes: c[3], size: numbers(c[6]), spacing: numbers(c[7]), direction: numbers(c[8]), origin: numbers(c[9]),
			uniform: c[12] == "yes", first: c[14], last: c[15]}
		e.gapMin, e.gapMax, e.tilt = parsed(c[10]), parsed(c[11]), parsed(c[13])
		e.hasValues = c[16] != ""
		e.min, e.max, e.mean = parsed(c[16]), parsed(c[17]), parsed(c[18])
		out = append(out, e)
	}
	return out
}

func numbers(s string) (out []float64) {
	for _, w := range strings.Fields(s) {
		out = append(out, parsed(w))
	}
	return out
}

func parsed(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

func scan(t testing.TB, paths ...string) *Result {
	t.Helper()
	r, err := Scan(context.Background(), paths, ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// onlySeries returns the one series of a folder.
func onlySeries(t testing.TB, r *Result) *Series {
	t.Helper()
	if len(r.Studies) != 1 || len(r.Studies[0].Series) != 1 {
		t.Fatalf("%d studies, skipped %v", len(r.Studies), r.Skipped)
	}
	return r.Studies[0].Series[0]
}

// near compares with the six digits of the table.
func near(got, want []float64) bool {
	if len(got) != len(want) {
		return false
	}
	for n := range got {
		if !(math.Abs(got[n]-want[n]) <= 1e-5*max(1, math.Abs(want[n]))) {
			return false
		}
	}
	return true
}

func codesOf(m *Image) (codes []project.WarningCode) {
	for _, w := range m.Warnings {
		if w.Code != project.WarnNotDecoded && w.Code != project.WarnRead {
			codes = append(codes, w.Code)
		}
	}
	return codes
}

// wantedCodes are the warnings that a folder calls for besides uneven spacing and tilt, which the table itself names.
var wantedCodes = map[string][]project.WarningCode{
	"vol/ct-chest-lidc":         {project.WarnMixedFrame}, // de-identification gave each file its own
	"vol/ct-dupe-positions":     {project.WarnDuplicatePosition, project.WarnUnevenSpacing},
	"vol/ct-head-tilt-variable": {project.WarnUnevenSpacing, project.WarnGantryTilt},
	"vol/ct-missing-slice":      {project.WarnGap},
	"vol/ct-tilt-4slice":        {project.WarnGantryTilt},
	"vol/mr-nonsquare-pixels":   {project.WarnRescaleVaries},
	"enh/mr-mosaic.dcm":         {project.WarnNoGeometry},
}

func TestGeometryOfEveryFolderAndEnhancedFile(t *testing.T) {
	data := sharedData(t)
	for _, want := range geometryTable(t, data) {
		if len(want.size) == 0 {
			continue // no single grid; see the tests by name
		}
		t.Run(want.dir, func(t *testing.T) {
			s := onlySeries(t, scan(t, filepath.Join(data, want.dir)))
			if n, err := strconv.Atoi(strings.TrimSuffix(want.volumes, ".10")); err == nil && len(s.Volumes) != n {
				t.Fatalf("%d images, want %d", len(s.Volumes), n)
			}
			for _, m := range s.Volumes {
				compareGeometry(t, m, want)
			}
		})
	}
}

func compareGeometry(t *testing.T, m *Image, want expected) {
	t.Helper()
	v := reportImage(m)
	size := []float64{float64(v.Size[0]), float64(v.Size[1]), float64(v.Size[2])}
	if !slices.Equal(size, want.size) {
		t.Errorf("size %v, want %v", size, want.size)
	}
	if !near(v.SpacingMM[:], want.spacing) || !near(v.Direction[:], want.direction) || !near(v.OriginMM[:], want.origin) {
		t.Errorf("spacing %v\ndirection %v\norigin %v\nwant\n%v\n%v\n%v", v.SpacingMM, v.Direction, v.OriginMM, want.spacing, want.direction, want.origin)
	}
	if math.Abs(m.MinGap-want.gapMin) > 1e-4 || math.Abs(m.MaxGap-want.gapMax) > 1e-4 {
		t.Errorf("gaps %v to %v, want %v to %v", m.MinGap, m.MaxGap, want.gapMin, want.gapMax)
	}
	uniform := m.MaxGap-m.MinGap < 0.1
	if uniform != (want.uniform || len(m.Slices) == 1) || math.Abs(m.TiltDegrees-want.tilt) > 0.006 {
		t.Errorf("uniform %t tilt %v, want %t and %v", uniform, m.TiltDegrees, want.uniform, want.tilt)
	}
	if got := codesOf(m); !slices.Equal(got, wantedCodes[want.dir]) {
		t.Errorf("warnings %v, want %v", got, wantedCodes[want.dir])
	}
	first, last := m.Slices[0], m.Slices[len(m.Slices)-1]
	if strings.HasPrefix(want.dir, "vol/") && want.volumes != "2" && (filepath.Base(first.Path) != want.first || filepath.Base(last.Path) != want.last) {
		t.Errorf("slices from %s to %s, want %s to %s", filepath.Base(first.Path), filepath.Base(last.Path), want.first, want.last)
	}
	kind := KindVolume
	switch {
	case len(m.Slices) == 1:
		kind = KindImage
	case !want.uniform || want.tilt != 0 || m.Photometric == "RGB":
		kind = KindStack
	}
	if m.Kind != kind || m.Kind == KindStack && len(v.PlaneOriginsMM) != len(m.Slices) {
		t.Errorf("kind %s with %d plane origins, want %s", m.Kind, len(v.PlaneOriginsMM), kind)
	}
}

// Values are compared where our readers know the transfer syntax; elsewhere the image says that it cannot be decoded, and names the syntax.
func TestValuesOfEveryFolder(t *testing.T) {
	data := sharedData(t)
	loaded := 0
	for _, want := range geometryTable(t, data) {
		if !want.hasValues {
			continue
		}
		t.Run(want.dir, func(t *testing.T) {
			s := onlySeries(t, scan(t, filepath.Join(data, want.dir)))
			if err := s.Volumes[0].CanLoad(); err != nil {
				if project.KindOf(err) != project.Unsupported || !strings.Contains(err.Error(), s.Volumes[0].TransferSyntaxes[0]) {
					t.Fatalf("the reason should name the transfer syntax: %v", err)
				}
				t.Skipf("not decoded yet: %v", err)
			}
			loaded++
			lo, hi, sum, n := math.Inf(1), math.Inf(-1), 0.0, 0
			for _, m := range s.Volumes {
				l, err := Load(context.Background(), m, LoadOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if err := l.Wait(); err != nil || !l.Volume().Complete() {
					t.Fatalf("load: %v, %v", err, l.Failed())
				}
				v := l.Volume()
				add := func(value float64) { lo, hi, sum, n = min(lo, value), max(hi, value), sum+value, n+1 }
				for _, value := range v.RGB {
					add(float64(value))
				}
				for x := range v.Voxels() {
					if v.Pixel != volume.RGB8 {
						add(v.Rescale(v.StoredAt(x)))
					}
				}
			}
			if want.dir == "vol/ct-dupe-positions" {
				want.mean = -729.6744316 // the table's -732.736 counts both images of the shared position; numpy over the first of each gives this
			}
			if !near([]float64{lo, hi, sum / float64(n)}, []float64{want.min, want.max, want.mean}) {
				t.Errorf("values %v to %v, mean %v, want %v to %v, mean %v", lo, hi, sum/float64(n), want.min, want.max, want.mean)
			}
		})
	}
	if loaded < 15 {
		t.Errorf("only %d folders could be loaded", loaded)
	}
}

func TestMixedPlanesBecomeTwoVolumes(t *testing.T) {
	s := onlySeries(t, scan(t, filepath.Join(sharedData(t), "vol", "mr-localizer-mixed")))
	if len(s.Volumes) != 2 || s.Volumes[0].Label != "sagittal" || s.Volumes[1].Label != "axial" || codesOf(s.Volumes[0])[0] != project.WarnMixedOrientation {
		t.Errorf("%+v", s.Volumes)
	}
}

func TestRepeatedPositionsAreToldApartByTheirBValues(t *testing.T) {
	s := onlySeries(t, scan(t, filepath.Join(sharedData(t), "vol", "mr-dti-repeated-positions")))
	if len(s.Volumes) != 2 || s.Volumes[0].Label != "b 0" || s.Volumes[1].Label != "b 1000" {
		t.Errorf("%d images: %q", len(s.Volumes), s.Volumes[0].Label)
	}
}
