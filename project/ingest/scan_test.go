package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

func reasons(r *Result) map[string]string {
	out := map[string]string{}
	for _, s := range r.Skipped {
		out[filepath.Base(s.Path)] = s.Reason
	}
	return out
}

func TestScanFindsAnyNameAtAnyDepthAndNamesWhatItSkips(t *testing.T) {
	dir := t.TempDir()
	whole := encode(t, picture(number(1)))
	save(t, filepath.Join(dir, "a", "b", "c", "weird name.txt"), whole)
	save(t, filepath.Join(dir, "no preamble"), encode(t, picture(number(2), at(1)))[132:])
	save(t, filepath.Join(dir, "IM3"), encode(t, picture(number(3), at(2))))
	save(t, filepath.Join(dir, "copy of the first"), whole)
	save(t, filepath.Join(dir, "empty"), nil)
	save(t, filepath.Join(dir, "notes.txt"), []byte("the patient was seen on Monday, and again on Tuesday"))
	save(t, filepath.Join(dir, "cut"), whole[:len(whole)/2])
	save(t, filepath.Join(dir, "header only"), encode(t, picture(number(9), without(dcm.PixelData))))
	save(t, filepath.Join(dir, "no uid"), encode(t, picture(set(dcm.StudyInstanceUID, dcm.UI), without(dcm.PixelData, dcm.Rows))))
	save(t, filepath.Join(dir, "DICOMDIR"), encode(t, dcm.NewDataSet().Set(dcm.SOPClassUID, dcm.UI, mediaDirectory).Set(dcm.SOPInstanceUID, dcm.UI, "2.25.5").
		Set(dcm.DirectoryRecordSequence, dcm.SQ)))
	if err := os.Symlink(dir, filepath.Join(dir, "a", "loop")); err != nil {
		t.Log("links cannot be made here:", err)
	}
	os.Symlink(filepath.Join(dir, "IM3"), filepath.Join(dir, "a", "link to a file"))
	os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "broken link"))

	r := scan(t, dir, dir, filepath.Join(dir, "IM3"))
	s := onlySeries(t, r)
	if s.Instances != 3 || len(s.Volumes) != 1 || s.Volumes[0].Geometry.Size != [3]int{4, 3, 3} {
		t.Errorf("%d instances, %+v", s.Instances, s.Volumes)
	}
	got := reasons(r)
	delete(got, "weird name.txt") // of a file and its copy, the later in path order is the copy
	for name, want := range map[string]string{
		"empty": "empty file", "notes.txt": "not a DICOM file", "cut": "damaged or cut short: ", "header only": "no pixel data",
		"no uid": "no pixel data, and nothing says what the file belongs to", "DICOMDIR": "the directory of a disc (DICOMDIR) lists no file", "broken link": "a link that leads nowhere", "copy of the first": "a copy of another file here",
	} {
		if name == "copy of the first" && got[name] == "" {
			continue
		}
		if !strings.HasPrefix(got[name], want) {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
		delete(got, name)
	}
	for name, reason := range got {
		t.Errorf("%s was skipped: %s", name, reason)
	}
}

func TestScanDoesNotDependOnNamesOrWorkers(t *testing.T) {
	var all []*dcm.DataSet
	for k := range 30 {
		all = append(all, picture(number(k+1), at(float64(k%15)), set(dcm.EchoNumbers, dcm.IS, 1+k/15)))
	}

	var first ScanReport
	for trial, workers := range []int{1, 2, 7} {
		dir := t.TempDir()
		for n, d := range all {
			save(t, filepath.Join(dir, fmt.Sprint(n%(trial+2)), fmt.Sprintf("%d", (n*(trial*2+7)+trial)%1009)), encode(t, d))
		}
		r, err := Scan(context.Background(), []string{dir}, ScanOptions{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if got := Report(r); trial == 0 {
			first = got
		} else if !reflect.DeepEqual(got, first) {
			t.Errorf("%d workers: %+v, want %+v", workers, got, first)
		}
		var uids []project.InstanceUID
		for _, m := range r.Studies[0].Series[0].Volumes {
			for _, s := range m.Slices {
				uids = append(uids, s.Instance)
			}
		}
		if len(uids) != 30 || uids[0] != "2.25.77.1" || uids[15] != "2.25.77.16" {
			t.Errorf("slices in the order %v", uids)
		}
	}
}

func TestScanReportsProgressAndCanBeCancelled(t *testing.T) {
	var all []*dcm.DataSet
	for k := range 50 {
		all = append(all, picture(number(k+1), at(float64(k))))
	}
	dir := folder(t, all...)
	last := 0
	if _, err := Scan(context.Background(), []string{dir}, ScanOptions{Progress: func(done, total int) {
		if total != 50 || done != last+1 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	}}); err != nil || last != 50 {
		t.Errorf("%d of 50 reported, %v", last, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var seen atomic.Int64
	_, err := Scan(ctx, []string{dir}, ScanOptions{Workers: 1, Progress: func(done, total int) {
		seen.Store(int64(done))
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || seen.Load() != 1 {
		t.Errorf("after cancelling at the first file: %v, %d files read", err, seen.Load())
	}
	if _, err := Scan(context.Background(), []string{filepath.Join(dir, "Doe^Jane")}, ScanOptions{}); project.KindOf(err) != project.NotFound || strings.Contains(err.Error(), "Doe") {
		t.Errorf("a path that is not there: %v", err)
	}
}

func TestStudiesAndSeriesAreKeptApart(t *testing.T) {
	other := set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.201")
	r := scan(t, folder(t,
		picture(number(1)), picture(number(2), at(1)),
		picture(number(3), other, set(dcm.SeriesNumber, dcm.IS, 1)),
		picture(number(4), set(dcm.StudyInstanceUID, dcm.UI, "2.25.77.101"), set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.202"), set(dcm.StudyDate, dcm.DA, "20230101")),
		picture(number(5), set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.203"), set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.66.4"), set(dcm.Modality, dcm.CS, "SEG"), set(dcm.SeriesNumber, dcm.IS, 9)),
	))
	if len(r.Studies) != 2 || r.Studies[0].UID != "2.25.77.101" || len(r.Studies[1].Series) != 3 {
		t.Fatalf("%+v", r.Studies)
	}
	s := r.Studies[1].Series
	if s[0].UID != "2.25.77.201" || s[0].Kind != KindImage || s[1].Kind != KindVolume || s[2].Kind != KindObject || len(s[2].Objects) != 1 || len(s[2].Volumes) != 0 {
		t.Errorf("%+v %+v %+v", s[0], s[1], s[2])
	}
}

// The keys are a contract with scripts.
func TestReportHasTheKeysOfTheCommandLine(t *testing.T) {
	r := scan(t, folder(t, picture(number(1)), picture(number(2), at(1)), picture(number(3), at(3))))
	raw, err := json.Marshal(Report(r))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"studies":[{"study_uid":"2.25.77.100","description":"Trunk","date":"20240102","series":[{"series_uid":"2.25.77.200","modality":"CT","description":"Axial","number":2,"instances":3,"kind":"stack",` +
		`"volumes":[{"kind":"stack","size":[4,3,3],"spacing_mm":[0.25,0.5,1.5],"origin_mm":[-10,-20,0],"direction":[1,0,0,0,1,0,0,0,1],` +
		`"plane_origins_mm":[[-10,-20,0],[-10,-20,1],[-10,-20,3]],"frame_of_reference_uid":"2.25.77.300","transfer_syntaxes":["1.2.840.10008.1.2.1"],` +
		`"pixel":"int16","rescale":{"slope":1,"intercept":-1024,"unit":"HU"},"photometric":"MONOCHROME2","calibration":"mm","positioned":true,` +
		`"warnings":[{"code":"uneven_spacing","text":"Slices are 1 to 2 mm apart, median 1.5 mm. Shown plane by plane, not resampled."}]}]}]}],"skipped":[]}`
	if string(raw) != want {
		t.Errorf("got\n%s\nwant\n%s", raw, want)
	}
	if raw, _ := json.Marshal(Report(&Result{})); string(raw) != `{"studies":[],"skipped":[]}` {
		t.Errorf("nothing found: %s", raw)
	}
}

func TestPrintIsATableForPeople(t *testing.T) {
	dir := folder(t, picture(number(2), at(1)))
	hostile := bytes.Replace(encode(t, picture(number(1), set(dcm.SeriesDescription, dcm.LO, "Axial @[31m red \u009b31m \u202e"))), []byte("@[31m"), []byte("\x1b[31m"), 1)
	save(t, filepath.Join(dir, "hostile"), hostile)
	save(t, filepath.Join(dir, "x"), []byte("x"))
	var b bytes.Buffer
	if err := Print(&b, scan(t, dir)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CT", "volume", "4 x 3 x 2", "0.25 x 0.5 x 1 mm", "int16 HU", "Skipped 1 file", "x: not a DICOM file"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, b.String())
		}
	}
	if strings.ContainsAny(b.String(), "\x1b\u009b\u202e") {
		t.Error("a foreign text can move the cursor")
	}
}

// Every file of the test images comes out as something, with a reason where it is nothing, and no folder fails.
func TestEveryTestImageIsSomething(t *testing.T) {
	data := sharedData(t)
	r := scan(t, data)
	listed := 0
	for _, s := range r.Studies {
		for _, x := range s.Series {
			listed += x.Instances
			if len(x.Volumes) == 0 && len(x.Objects) == 0 {
				t.Errorf("a series of kind %s shows nothing", x.Kind)
			}
			for _, m := range x.Volumes {
				if err := m.CanLoad(); err != nil && !hasCode(m, project.WarnNotDecoded) {
					t.Errorf("cannot load (%v), and no warning says so", err)
				}
			}
		}
	}
	for _, s := range r.Skipped {
		if s.Reason == "" || strings.Contains(s.Reason, data) {
			t.Errorf("%s: the reason is %q", s.Path, s.Reason)
		}
	}
	files := 0
	filepath.WalkDir(data, func(_ string, d os.DirEntry, _ error) error {
		if d.Type().IsRegular() {
			files++
		}
		return nil
	})
	if listed+len(r.Skipped) != files {
		t.Errorf("%d listed and %d skipped of %d files", listed, len(r.Skipped), files)
	}
	t.Logf("%d files: %d listed, %d skipped", files, listed, len(r.Skipped))
}

// The damaged files: each is refused with its reason or shown with a warning.
func TestDamagedFilesHaveTheirReasons(t *testing.T) {
	data := sharedData(t)
	for name, want := range map[string]string{
		"gen-empty.dcm": "empty file", "gen-preamble-only.dcm": "damaged or cut short", "gen-cut-in-meta.dcm": "damaged or cut short", "gen-cut-in-dataset.dcm": "damaged or cut short",
		"gen-not-dicom-text.dcm": "not a DICOM file", "gen-not-dicom-png.dcm": "not a DICOM file", "gen-rows-zero.dcm": "Rows", "gen-no-rows.dcm": "Rows", "gen-rows-65535.dcm": "65535 x 65535",
		"gen-bitsstored-20.dcm": "BitsStored", "3gb-declared-truncated.dcm": "BitsStored", "GH178-no-pixels.dcm": "no pixel data",
	} {
		r := scan(t, filepath.Join(data, "bad", name))
		if len(r.Studies) != 0 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Reason, want) {
			t.Errorf("%s: %+v, want a reason with %q", name, r.Skipped, want)
		}
	}
	for name, want := range map[string]project.WarningCode{
		"gen-no-sopuid.dcm": project.WarnRead, "gen-orientation-not-orthonormal.dcm": project.WarnBadOrientation, "gen-spacing-zero.dcm": project.WarnBadSpacing, "gen-unsupported-ts-mpeg2.dcm": project.WarnNotDecoded,
		"gen-unknown-ts.dcm": project.WarnNotDecoded, "gen-cut-in-pixels.dcm": project.WarnRead, "MR_truncated.dcm": project.WarnRead,
	} {
		if m := onlySeries(t, scan(t, filepath.Join(data, "bad", name))).Volumes[0]; !hasCode(m, want) {
			t.Errorf("%s: warnings %+v, want %s", name, m.Warnings, want)
		}
	}
}
