package ingest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// object returns a file without pixels of a class, of the study of picture.
func object(n int, class, modality string, edits ...edit) *dcm.DataSet {
	d := dcm.NewDataSet().Set(dcm.SOPClassUID, dcm.UI, class).Set(dcm.SOPInstanceUID, dcm.UI, fmt.Sprintf("2.25.78.%d", n)).
		Set(dcm.Modality, dcm.CS, modality).Set(dcm.StudyInstanceUID, dcm.UI, "2.25.77.100").
		Set(dcm.SeriesInstanceUID, dcm.UI, fmt.Sprintf("2.25.78.200.%d", n)).Set(dcm.SeriesNumber, dcm.IS, 100+n)
	for _, e := range edits {
		e(d)
	}
	return d
}

func instanceItem(uids ...string) (items []*dcm.DataSet) {
	for _, uid := range uids {
		items = append(items, dcm.NewDataSet().Set(dcm.ReferencedSOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.2").Set(dcm.ReferencedSOPInstanceUID, dcm.UI, uid))
	}
	return items
}

func TestObjectsSayWhatTheyAreAndWhatTheyReferTo(t *testing.T) {
	r := scan(t, folder(t, picture(number(1)), picture(number(2), at(1)),
		// The series stands above the instances, one of them is not here, one is named twice.
		object(1, "1.2.840.10008.5.1.4.1.1.66.4", "SEG", set(dcm.ContentLabel, dcm.CS, "LIVER"),
			set(dcm.ReferencedSeriesSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.200").
				Set(dcm.ReferencedInstanceSequence, dcm.SQ, instanceItem("2.25.77.2", "2.25.77.9", "2.25.77.2"))),
			set(dcm.SharedFunctionalGroupsSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.DerivationImageSequence, dcm.SQ,
				dcm.NewDataSet().Set(dcm.SourceImageSequence, dcm.SQ, instanceItem("2.25.77.2"))))),
		// No series is named; the scan knows it.
		object(2, "1.2.840.10008.5.1.4.1.1.88.59", "KO", set(dcm.ConceptNameCodeSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.CodeMeaning, dcm.LO, "Of Interest")),
			set(dcm.ReferencedImageSequence, dcm.SQ, instanceItem("2.25.77.1", "2.25.77.99"))),
		// A structure set names the study as an object of its own, the series below it; what asked for the study does not count.
		object(3, "1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT", set(tagStructureSetLabel, dcm.SH, "plan 1"),
			set(tagReferencedStudySequence, dcm.SQ, instanceItem("2.25.5.5.5")),
			set(0x30060010, dcm.SQ, dcm.NewDataSet().Set(0x30060012, dcm.SQ, dcm.NewDataSet().Set(dcm.ReferencedSOPClassUID, dcm.UI, "1.2.840.10008.3.1.2.3.1").
				Set(dcm.ReferencedSOPInstanceUID, dcm.UI, "2.25.77.100").Set(0x30060014, dcm.SQ, dcm.NewDataSet().Set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.200").
				Set(0x30060016, dcm.SQ, instanceItem("2.25.77.1")))))),
		object(4, "1.2.840.10008.5.1.4.1.1.104.1", "DOC", set(tagDocumentTitle, dcm.ST, "Letter")),
		object(5, "1.2.840.10008.5.1.4.1.1.9.1.1", "ECG"),
		object(6, "1.2.840.10008.5.1.4.1.1.67", "RWV"),
		object(7, "1.2.3.4.5", "XX"),
	))
	var got []string
	for _, s := range r.Studies[0].Series[1:] {
		if s.Kind != KindObject || len(s.Objects) != 1 {
			t.Fatalf("series %d: %s with %d objects", s.Number, s.Kind, len(s.Objects))
		}
		o := s.Objects[0]
		words := o.What + " " + o.Label
		for _, ref := range o.Refers {
			words += fmt.Sprintf(" | %s %s %v here %d", ref.Study, ref.Series, ref.Instances, ref.Here)
		}
		got = append(got, words)
	}
	want := []string{
		"segmentation LIVER | 2.25.77.100 2.25.77.200 [2.25.77.2 2.25.77.9] here 1",
		"key objects Of Interest | 2.25.77.100 2.25.77.200 [2.25.77.1] here 1 |   [2.25.77.99] here 0",
		"RT structure set plan 1 | 2.25.77.100 2.25.77.200 [2.25.77.1] here 1",
		"encapsulated PDF Letter", "waveform ", "real world value mapping ", "file without pixels ",
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("got  %s\nwant %s", got[n], want[n])
		}
	}
}

// What the objects among the test images refer to, as dcmdump shows it.
func TestObjectsOfTheTestImages(t *testing.T) {
	data := sharedData(t)
	for name, want := range map[string]string{
		"obj/seg/liver.dcm":          "segmentation, 3 in 1",
		"obj/seg/pet-tumour-seg.dcm": "segmentation, 13 in 1",
		"obj/rt/rt.dcm":              "RT structure set, 2 in 1",
		"obj/sr/rwvm.dcm":            "real world value mapping, 191 in 1",
		"obj/sr/sr.dcm":              "structured report, 193 in 3",
	} {
		path := filepath.Join(data, name)
		if !exists(path) {
			t.Logf("%s is not here", name)
			continue
		}
		o := onlySeries(t, scan(t, path)).Objects[0]
		files := 0
		for _, r := range o.Refers {
			files += len(r.Instances)
		}
		if got := fmt.Sprintf("%s, %d in %d", o.What, files, len(o.Refers)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// As in other viewers, a picture without UIDs can be looked at; what nothing could refer to is said.
func TestPicturesWithoutUIDsAreShownWithAWarning(t *testing.T) {
	bare := without(dcm.StudyInstanceUID, dcm.SeriesInstanceUID, dcm.SOPInstanceUID, dcm.FrameOfReferenceUID)
	dir := t.TempDir()
	raw := func(k int, edits ...edit) []byte {
		whole := encode(t, picture(append(edits, at(float64(k)))...))
		return whole[132:] // no preamble; the meta information goes with the UIDs below
	}
	for k := range 3 {
		save(t, filepath.Join(dir, "a", fmt.Sprint(k)), withoutMeta(t, raw(k, number(k+1), bare, set(dcm.SOPInstanceUID, dcm.UI, "1"), unnamed)))
	}
	save(t, filepath.Join(dir, "a", "copy of 1"), withoutMeta(t, raw(1, number(2), bare, set(dcm.SOPInstanceUID, dcm.UI, "1"), unnamed)))
	save(t, filepath.Join(dir, "b", "other folder"), withoutMeta(t, raw(1, number(2), bare, set(dcm.SOPInstanceUID, dcm.UI, "1"), unnamed, set(dcm.SeriesNumber, dcm.IS, 7))))
	r := scan(t, dir)
	if len(r.Studies) != 2 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Reason, "a copy") {
		t.Fatalf("%+v", r)
	}
	m := r.Studies[0].Series[0].Volumes[0]
	if m.Geometry.Size[2] != 3 || m.Kind != KindVolume || !m.Unidentified || !hasCode(m, project.WarnNoIdentity) {
		t.Errorf("%s %v %+v", m.Kind, m.Geometry.Size, m.Warnings)
	}
	// With a UID in the meta information alone, that one counts.
	save(t, filepath.Join(dir, "c", "x"), encode(t, picture(number(5))))
	if m := onlySeries(t, scan(t, filepath.Join(dir, "c"))).Volumes[0]; m.Unidentified || hasCode(m, project.WarnNoIdentity) {
		t.Errorf("%+v", m.Warnings)
	}
}

// unnamed marks the SOP Instance UID, which Write asks for, so that withoutMeta finds and removes it.
func unnamed(d *dcm.DataSet) { d.Set(dcm.SOPInstanceUID, dcm.UI, "9.9.9.9.9") }

// withoutMeta drops the meta information and the SOP Instance UID of unnamed from an explicit little endian file without preamble.
func withoutMeta(t *testing.T, raw []byte) []byte {
	t.Helper()
	at := strings.Index(string(raw), "\x08\x00\x05\x00CS")
	uid := "\x08\x00\x18\x00UI\x0a\x009.9.9.9.9\x00"
	if at < 0 || strings.Count(string(raw[at:]), uid) != 1 {
		t.Fatalf("the file is not as expected: %q", raw[:100])
	}
	return []byte(strings.Replace(string(raw[at:]), uid, "", 1))
}
