package ingest

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/volume"
)

func resampled(t *testing.T, folder string) (*Image, *volume.Volume) {
	t.Helper()
	m := onlySeries(t, scan(t, filepath.Join(sharedData(t), folder))).Volumes[0]
	r, v, err := Resampled(context.Background(), m, load(t, m), nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Resampled || !r.Resampled || !v.Resampled || r.Kind != KindVolume || r.Geometry.IsStack() || r.Warnings[0].Code != project.WarnResampled || !reportImage(r).Resampled || r.CanLoad() == nil {
		t.Errorf("the mark is missing: %+v", r.Warnings)
	}
	for _, w := range r.Warnings {
		if strings.Contains(w.Text, "not straightened") || strings.Contains(w.Text, "not resampled") {
			t.Errorf("%q", w.Text)
		}
	}
	return r, v
}

// The values are those of dcm2niix v1.0.20220720, whose _Tilt_1.nii of this series holds whole numbers:
// dcm2niix -o OUT -f t4 vol/ct-tilt-4slice. Its grid is the same with the rows in the other order.
func TestATiltedStackResampledAsByDcm2niix(t *testing.T) {
	r, v := resampled(t, "vol/ct-tilt-4slice")
	if v.Size != [3]int{512, 521, 4} || math.Abs(r.TiltDegrees-14) > 0.01 {
		t.Errorf("%v, %v degrees", v.Size, r.TiltDegrees)
	}
	for x, want := range map[volume.Index]float64{{386, 180, 2}: -893, {261, 233, 2}: -870, {486, 295, 3}: -783, {241, 413, 0}: -800, {73, 303, 1}: -842, {17, 430, 2}: -889} {
		if got, ok := v.Value(x); !ok || math.Abs(got-want) > 0.5 {
			t.Errorf("%v is %v, want %v", x, got, want)
		}
	}
}

func TestUnevenStacksResampled(t *testing.T) {
	for folder, want := range map[string][3]int{"vol/ct-head-tilt-variable": {512, 611, 134}, "vol/ct-missing-slice": {512, 512, 5}, "vol/ct-dupe-positions": {512, 512, 59}} {
		r, v := resampled(t, folder)
		if v.Size != want {
			t.Errorf("%s: %v", folder, v.Size)
		}
		if folder == "vol/ct-missing-slice" {
			_, before := v.Value(volume.Index{200, 200, 2})
			_, inGap := v.Value(volume.Index{200, 200, 3})
			if !before || inGap || !strings.Contains(r.Warnings[0].Text, "One gap where slices are missing stays empty") {
				t.Errorf("%t %t %v", before, inGap, r.Warnings)
			}
		}
	}
}
