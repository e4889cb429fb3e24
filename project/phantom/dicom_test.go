package phantom

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

func written(t *testing.T, o Options) (*volume.Volume, string) {
	t.Helper()
	v, dir := compute(t, o), t.TempDir()
	if err := WriteDICOM(context.Background(), dir, v, StudyOptions{Seed: o.Seed}); err != nil {
		t.Fatal(err)
	}
	return v, dir
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	o := small
	o.Direction = Oblique(12, -20, 5)
	v, dir := written(t, o)
	var places []volume.Placement
	seen := map[string]bool{}
	for k := range v.Size[2] {
		f, err := dcm.Open(filepath.Join(dir, names(t, dir)[k]), dcm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		format, err := f.PixelFormat()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, format.FrameBytes())
		if err := f.DecodeFrame(0, got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, pixels(v, k)) {
			t.Fatalf("slice %d has other pixels in its file", k)
		}
		position, axes := f.Data.Floats(dcm.ImagePositionPatient), f.Data.Floats(dcm.ImageOrientationPatient)
		places = append(places, volume.Placement{Position: volume.Point(position), Row: [3]float64(axes[:3]), Column: [3]float64(axes[3:])})
		id, _ := f.Data.String(dcm.SOPInstanceUID)
		if seen[id] || !strings.HasPrefix(id, "2.25.") || len(id) > 64 {
			t.Errorf("instance UID %q is not unique or not a UID", id)
		}
		seen[id] = true
		if name, _ := f.Data.String(dcm.PatientName); name != "PHANTOM^HOTLIGHT" {
			t.Errorf("patient's name %q does not say that there is none", name)
		}
	}
	ordered, err := volume.FromSlices(places, volume.Frame{Columns: v.Size[0], Rows: v.Size[1], Spacing: [2]float64{v.Spacing[0], v.Spacing[1]}, FrameOfReference: v.FrameOfReference})
	if err != nil || len(ordered.Warnings) > 0 {
		t.Fatalf("the slices give %v, %v", ordered.Warnings, err)
	}
	if !ordered.Geometry.SameGrid(&v.Geometry, 1e-3) {
		t.Error("the files place the grid elsewhere")
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestAnIndependentValidatorAcceptsTheFiles(t *testing.T) {
	validator, err := exec.LookPath("dciodvfy")
	if err != nil {
		t.Skip("dciodvfy is not installed: apt-get install dicom3tools")
	}
	for name, direction := range map[string][3]float64{"axial": {}, "oblique": {10, 5, 0}} {
		o := small
		o.Size[2] = 2
		o.Direction = Oblique(direction[0], direction[1], direction[2])
		_, dir := written(t, o)
		for _, file := range names(t, dir) {
			out, _ := exec.Command(validator, "-new", filepath.Join(dir, file)).CombinedOutput()
			for line := range strings.Lines(string(out)) {
				if strings.HasPrefix(line, "Error") {
					t.Errorf("%s: %s", name, line)
				}
			}
			if !strings.Contains(string(out), "CTImage") {
				t.Errorf("%s: not recognised as a CT image: %s", name, out)
			}
		}
	}
}

func TestASecondStudyDoesNotReplaceTheFirst(t *testing.T) {
	v, dir := written(t, small)
	before, err := os.ReadFile(filepath.Join(dir, "IM0001.dcm"))
	if err != nil {
		t.Fatal(err)
	}
	err = WriteDICOM(context.Background(), dir, v, StudyOptions{Seed: 7})
	if project.KindOf(err) != project.Conflict {
		t.Errorf("writing over a study gives %v, want Conflict", err)
	}
	after, _ := os.ReadFile(filepath.Join(dir, "IM0001.dcm"))
	if !slices.Equal(before, after) || len(names(t, dir)) != v.Size[2] {
		t.Error("the first study was changed")
	}
}

func TestAFailureLeavesNoFiles(t *testing.T) {
	v, dir := compute(t, small), t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := WriteDICOM(ctx, dir, v, StudyOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled writing gives %v", err)
	}
	if err := WriteDICOM(context.Background(), dir, v, StudyOptions{Syntax: "1.2.840.10008.1.2.4.70"}); project.KindOf(err) != project.Unsupported {
		t.Errorf("a syntax that is not written gives %v", err)
	}
	if left := names(t, dir); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
}
