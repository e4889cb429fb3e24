package cli

import (
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/ingest"
	"hotlight/project/volume"
	"hotlight/render/voi"
)

func TestTheFirstWindowThatShowsSomethingIsChosen(t *testing.T) {
	v, err := volume.New(volume.Geometry{Size: [3]int{32, 32, 2}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Int16 {
		v.Int16[n] = int16(2000 + n)
	}
	v.Modality, v.Unit = "CT", "HU"
	v.ArriveAll()
	away, fits, forbidden := ingest.Window{Center: 0, Width: 100}, ingest.Window{Center: 3000, Width: 2000}, ingest.Window{Center: 3000}
	for name, c := range map[string]struct {
		asked  string
		file   []ingest.Window
		want   voi.VOI
		passed int
	}{
		"the file's own":           {"", []ingest.Window{fits}, voi.VOI{Center: 3000, Width: 2000}, 0},
		"the file's next":          {"", []ingest.Window{away, fits}, voi.VOI{Center: 3000, Width: 2000}, 1},
		"a forbidden one is none":  {"", []ingest.Window{forbidden, fits}, voi.VOI{Center: 3000, Width: 2000}, 0},
		"no file, no HU":           {"", nil, voi.Auto(v), 1},
		"neither file nor preset":  {"", []ingest.Window{away}, voi.Auto(v), 2},
		"what is asked for is had": {"soft tissue", []ingest.Window{fits}, voi.VOI{Center: 40, Width: 400}, 0},
	} {
		got, passed, err := chooseVOI(c.asked, &ingest.Image{Windows: c.file}, v)
		if err != nil || got != c.want || passed != c.passed {
			t.Errorf("%s: %v, passed %d, %v; want %v, %d", name, got, passed, err, c.want, c.passed)
		}
	}
}
