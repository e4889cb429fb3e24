package viewer

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"hotlight/project/volume"
	"hotlight/render/voi"
)

// shiftedBy is ramp with other values, which no preset for Hounsfield units shows.
func shiftedBy(t *testing.T, by int16) *volume.Volume {
	t.Helper()
	v := ramp(t)
	for n := range v.Int16 {
		v.Int16[n] += by
	}
	return v
}

func TestAnImageOpensWithGreysThatShowSomething(t *testing.T) {
	file := []voi.Preset{{Name: "As in the file, 1", VOI: voi.VOI{Center: -500, Width: 100}}, {Name: "As in the file, 2", VOI: voi.VOI{Center: 5000, Width: 800}}}
	for name, c := range map[string]struct {
		shift   int16
		windows []voi.Preset
		want    string
		note    string // part of it
	}{
		"Hounsfield units":                     {0, nil, "Soft tissue", ""},
		"values that are none":                 {5000, nil, automatic, "With \"Soft tissue\" (W 400  L 40)"},
		"the file's second window fits":        {5000, file, "As in the file, 2", "As in the file, 1\" (W 100  L −500)"},
		"the file's windows do not fit":        {10000, file, automatic, "are taken from the values"},
		"the file's do not fit, but a preset":  {0, file, "Soft tissue", "It opened with \"Soft tissue\""},
		"the file's window fits, no preset is": {5000, file[1:], "As in the file, 2", ""},
	} {
		s := studyOf(shiftedBy(t, c.shift))
		s.Images[0].Windows = c.windows
		r, w := stand(t, s, 900, 600, 1)
		if got := r.views[0].grey.name; got != c.want {
			t.Errorf("%s: opened with %q", name, got)
		}
		second := map[bool]string{true: "Lung", false: c.want}[c.shift == 0]
		if got := r.views[len(r.views)-1]; !got.hang.Second || got.grey.name != second {
			t.Errorf("%s: the second setting is %q, second %v", name, got.grey.name, got.hang.Second)
		}
		note := strings.Join(r.notes(), "|")
		if (note == "") != (c.note == "") || !strings.Contains(note, c.note) || len(r.notices.Objects) != min(1, len(note)) {
			t.Errorf("%s: says %q in %d strips", name, note, len(r.notices.Objects))
		}
		r.press("1", 0) // the preset stays at hand
		settle(r, w)
		if got := r.views[0].grey; got.name != "Soft tissue" || got.voi.Center != 40 || got.opening {
			t.Errorf("%s: 1 gives %+v", name, got)
		}
	}
}

// The setting is settled when the first slice is there, whichever slices come before and after; what a reader chose meanwhile stays.
func TestTheFirstSliceSettlesTheGreys(t *testing.T) {
	full := shiftedBy(t, 5000)
	for _, chosen := range []string{"", "Lung", "inverted"} {
		v, err := volume.New(full.Geometry, volume.Int16)
		if err != nil {
			t.Fatal(err)
		}
		v.Modality, v.Unit = "CT", "HU"
		copy(v.Int16, full.Int16)
		s := studyOf(v)
		done := make(chan struct{})
		s.Images[0].Load = func(context.Context, int, func(int, int)) (*Loading, error) {
			return &Loading{Volume: v, Wait: func() error { <-done; return nil }}, nil
		}
		r, w := layOut(t, s, 900, 600, 1, nothing)
		if g := r.views[0].grey; g.name != "Soft tissue" {
			t.Fatalf("before anything came: %+v", g)
		}
		switch chosen {
		case "Lung":
			r.press("2", 0)
		case "inverted":
			r.press(fyne.KeyI, 0)
		}
		v.Arrive(3)
		r.arrived()
		if g := r.views[0].grey; chosen == "" && g.name != "Soft tissue" {
			t.Errorf("a slice that is not the first settled it: %+v", g)
		}
		v.Arrive(firstSlice(&v.Geometry))
		r.arrived()
		want := map[string]string{"": automatic, "Lung": "Lung", "inverted": "Soft tissue"}[chosen]
		if g := r.views[0].grey; g.name != want || g.voi.Invert != (chosen == "inverted") {
			t.Errorf("chosen %q: %+v", chosen, g)
		}
		v.ArriveAll()
		close(done)
		settle(r, w)
		if g := r.views[0].grey; g.name != want {
			t.Errorf("chosen %q, all there: %+v", chosen, g)
		}
	}
}

// An automatic setting that was asked for while the slices came follows those that come later, and keeps its inversion.
func TestAnAutomaticSettingByHandFollowsTheLoading(t *testing.T) {
	v := ramp(t)
	s := studyOf(v)
	s.Images[0].Windows = []voi.Preset{{Name: "As in the file", VOI: voi.VOI{Center: 0, Width: 500}}}
	r, _ := stand(t, s, 900, 600, 1)
	r.useAuto()
	r.invert()
	r.arrived()
	if g := r.views[0].grey; g.name != automatic || !g.voi.Invert {
		t.Errorf("%+v", g)
	}
}
