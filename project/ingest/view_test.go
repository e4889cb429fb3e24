package ingest

import (
	"path/filepath"
	"testing"

	"hotlight/project/dcm"
)

func TestSideAndViewOfAProjectionAreNamed(t *testing.T) {
	mammogram := func(n int, side, view string) *dcm.DataSet {
		return picture(number(n), without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient, dcm.PixelSpacing), set(dcm.Modality, dcm.CS, "MG"),
			set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.1.2"), set(dcm.ImageLaterality, dcm.CS, side), set(dcm.ViewPosition, dcm.CS, view))
	}
	if got := labels(imagesOf(t, mammogram(1, "R", "CC"), mammogram(2, "L", "CC"), mammogram(3, "R", "MLO"), mammogram(4, "L", "MLO"))); got != "R CC: 1; L CC: 1; R MLO: 1; L MLO: 1" {
		t.Errorf("four views: %s", got)
	}
	coded := mammogram(1, "L", "")
	coded.Set(tagViewCodeSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.CodeMeaning, dcm.LO, "cranio-caudal"))
	if m := one(t, coded); m.View != "L cranio-caudal" || m.Label != m.View {
		t.Errorf("a coded view: %q, label %q", m.View, m.Label)
	}
	if m := one(t, picture(set(dcm.Laterality, dcm.CS, "L"))); m.View != "" || m.Label != "" {
		t.Errorf("a CT slice has no view: %q", m.View)
	}
}

func TestPatientOrientationIsThePeoples(t *testing.T) {
	side := set(dcm.PatientOrientation, dcm.CS, "A", "F")
	if m := one(t, picture(side)); m.PatientOrientation != [2]string{"A", "F"} {
		t.Errorf("%v", m.PatientOrientation)
	}
	if m := one(t, picture(side, set(tagAnatomicalOrientationType, dcm.CS, "QUADRUPED"))); m.PatientOrientation != [2]string{} {
		t.Errorf("of a quadruped, whose codes are others: %v", m.PatientOrientation)
	}
	data := sharedData(t)
	for name, want := range map[string]string{"2d/mg-ge.dcm": "R MLO", "2d/mg-overlay-outofbounds.dcm": "L CC"} {
		if m := onlySeries(t, scan(t, filepath.Join(data, name))).Volumes[0]; m.View != want {
			t.Errorf("%s: %q, want %q", name, m.View, want)
		}
	}
}

func TestATomosynthesisIsAVolumeWithItsView(t *testing.T) {
	shared := item(within(dcm.PlaneOrientationSequence, set(dcm.ImageOrientationPatient, dcm.DS, 0, 1, 0, 0, 0, -1)), within(dcm.PixelMeasuresSequence, set(dcm.PixelSpacing, dcm.DS, 0.1, 0.1)),
		within(tagFrameAnatomySequence, set(dcm.FrameLaterality, dcm.CS, "L")))
	var own []*dcm.DataSet
	for x := range 5 {
		own = append(own, item(within(dcm.PlanePositionSequence, set(dcm.ImagePositionPatient, dcm.DS, 100-x, 0, 0))))
	}
	d := enhanced(shared, own...)
	d.Set(dcm.Modality, dcm.CS, "MG").Set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.13.1.3").
		Set(tagViewCodeSequence, dcm.SQ, item(set(dcm.CodeMeaning, dcm.LO, "medio-lateral oblique")))
	m := one(t, d)
	if m.Kind != KindVolume || m.Geometry.Size != [3]int{4, 3, 5} || m.Geometry.Spacing[2] != 1 || m.Calibration != InPatient || m.Label != "L medio-lateral oblique" || len(m.Warnings) > 0 {
		t.Errorf("%s %+v %s %q %v", m.Kind, m.Geometry, m.Calibration, m.Label, m.Warnings)
	}
}

func TestNuclearProjectionsNeedNoPlace(t *testing.T) {
	lost := func(n int, kind string) *dcm.DataSet {
		return picture(number(n), without(dcm.ImagePositionPatient), set(dcm.Modality, dcm.CS, "NM"), set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", kind))
	}
	if got := frameOrder(imagesOf(t, lost(1, "STATIC"), lost(2, "STATIC"))); got != `image "1": 0; image "2": 0` {
		t.Errorf("two views: %s", got)
	}
	if m := one(t, lost(1, "WHOLE BODY")); len(m.Warnings) > 0 {
		t.Errorf("a whole body: %v", m.Warnings)
	}
	if m := one(t, lost(1, "RECON TOMO"), lost(2, "RECON TOMO")); m.Kind != KindCine {
		t.Errorf("slices that lost their places: %s", m.Kind)
	}
}
