package ingest

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// mapping is an item of the Real World Value Mapping Sequence.
func mapping(label, unit string, first, last any, vr dcm.VR, edits ...edit) *dcm.DataSet {
	d := dcm.NewDataSet().Set(dcm.LUTLabel, dcm.SH, label).Set(dcm.LUTExplanation, dcm.LO, "of "+label).
		Set(dcm.RealWorldValueFirstValueMapped, vr, first).Set(dcm.RealWorldValueLastValueMapped, vr, last).
		Set(dcm.MeasurementUnitsCodeSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.CodeValue, dcm.SH, unit).Set(dcm.CodingSchemeDesignator, dcm.SH, "UCUM").Set(dcm.CodeMeaning, dcm.LO, unit))
	for _, e := range edits {
		e(d)
	}
	return d
}

func line(slope, intercept float64) edit {
	return func(d *dcm.DataSet) {
		d.Set(dcm.RealWorldValueSlope, dcm.FD, slope).Set(dcm.RealWorldValueIntercept, dcm.FD, intercept)
	}
}

func TestRealWorldValues(t *testing.T) {
	nan := float32(math.NaN())
	sequence := func(items ...any) edit { return set(dcm.RealWorldValueMappingSequence, dcm.SQ, items...) }
	m := one(t, picture(sequence(
		mapping("ADC", "mm2/s", -32768, 32767, dcm.SS, line(1e-6, 2)),
		mapping("PART", "ms", 2, 3, dcm.US, line(10, 0)), mapping("PART", "ms", 5, 6, dcm.US, line(100, 1)),
		mapping("TABLE", "1", 65535, 2, dcm.US, set(tagRealWorldLUTData, dcm.FD, 0.5, 1.5, 2.5, 3.5)), // -1 to 2
		mapping("EMPTY", "s", 0, 5, dcm.US), mapping("SHORT", "s", 0, 5, dcm.US, set(tagRealWorldLUTData, dcm.FD, 0.5)),
	)))
	if want := []RealWorld{{"ADC", "of ADC", "mm2/s"}, {"PART", "of PART", "ms"}, {"TABLE", "of TABLE", ""}}; !slices.Equal(m.RealWorld, want) {
		t.Fatalf("%+v", m.RealWorld)
	}
	for name, want := range map[string][]float32{
		"mm2/s": {2, 2.000001, 2.000002},
		"part":  {nan, nan, 20, 30, nan, 501, 601, nan},
		"TABLE": {1.5, 2.5, 3.5, nan},
	} {
		other, err := m.In(name)
		if err != nil {
			t.Fatal(err)
		}
		v := load(t, other)
		for n, w := range want {
			got := float32(v.Rescale(v.StoredAt(n)))
			if got != w && (got == got || w == w) {
				t.Errorf("%s: value %d is %v, want %v", name, n, got, w)
			}
		}
		if name == "mm2/s" && (v.Pixel != volume.Int16 || v.Unit != "mm2/s") {
			t.Errorf("a line over all values keeps the integers: %v %s", v.Pixel, v.Unit)
		}
	}
	v := load(t, m)
	if v.Unit != "HU" || v.Rescale(v.StoredAt(3)) != 3-1024 {
		t.Error("the image itself has changed")
	}
	two := one(t, picture(number(1), sequence(mapping("A", "s", 0, 9, dcm.US, line(1, 0)), mapping("B", "s", 0, 9, dcm.US, line(1, 0)))), picture(number(2), at(1), sequence(mapping("B", "s", 0, 9, dcm.US, line(2, 0)))))
	if len(two.RealWorld) != 1 || two.RealWorld[0].Label != "B" {
		t.Fatalf("only what all slices have: %+v", two.RealWorld)
	}
	b, _ := two.In("B")
	if v := load(t, b); v.Float32[4] != 4 || v.Float32[12+4] != 8 {
		t.Errorf("each slice with its own mapping: %v", v.Float32)
	}
}

func TestRealWorldValuesPerFrame(t *testing.T) {
	d := functional()
	for n, item := range d.Items(dcm.PerFrameFunctionalGroupsSequence) {
		item.Set(dcm.RealWorldValueMappingSequence, dcm.SQ, mapping("Q", "ml", 0, 4095, dcm.US, set(tagRealWorldLUTData, dcm.FD, slices.Repeat([]float64{float64(n)}, 4096))))
	}
	for _, m := range imagesOf(t, d) {
		q, err := m.In("Q")
		if err != nil {
			t.Fatal(err)
		}
		v := load(t, q)
		for k, s := range m.Slices {
			if got := v.Float32[v.Offset(1, 1, k)]; got != float32(s.Frame) {
				t.Errorf("frame %d: %v", s.Frame, got)
			}
		}
	}
}

func TestRealWorldValuesOfRealFiles(t *testing.T) {
	data := sharedData(t)
	for file, want := range map[string]RealWorld{
		"enh/ct-eCT_Supplemental.dcm": {"RCBF", "Regional Cerebral Blood Flow", "ml/100ml/s"},
		"enh/mr-fieldmap-212.dcm":     {"Philips", "Real World Value Mapping for normalized", ""},
		"2d/parametric_map_float.dcm": {"1", "feature_001", ""},
	} {
		m := imagesAt(t, filepath.Join(data, file))[0]
		if len(m.RealWorld) != 1 || m.RealWorld[0] != want {
			t.Errorf("%s: %+v", file, m.RealWorld)
		}
		if m.Unit == "HU" {
			t.Errorf("%s: blood flow in Hounsfield units", file)
		}
	}
}

func TestRealWorldValuesFromAnotherFile(t *testing.T) {
	reference := func(uid string, frames ...any) *dcm.DataSet {
		d := dcm.NewDataSet().Set(dcm.ReferencedSOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.2").Set(dcm.ReferencedSOPInstanceUID, dcm.UI, uid)
		if len(frames) > 0 {
			d.Set(dcm.ReferencedFrameNumber, dcm.IS, frames...)
		}
		return d
	}
	object := picture(number(9), set(dcm.SOPClassUID, dcm.UI, mappingObject), set(dcm.Modality, dcm.CS, "RWV"), set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.900"), without(dcm.PixelData, dcm.Rows, dcm.Columns),
		set(tagReferencedImageRealWorldValues, dcm.SQ,
			dcm.NewDataSet().Set(dcm.ReferencedImageSequence, dcm.SQ, reference("2.25.77.1"), reference("2.25.77.2")).
				Set(dcm.RealWorldValueMappingSequence, dcm.SQ, mapping("LINE", "s", -32768, 32767, dcm.SS, line(2, 1)), mapping("TABLE", "ml", 65535, 11, dcm.US, set(tagRealWorldLUTData, dcm.FD, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0))),
			dcm.NewDataSet().Set(dcm.ReferencedImageSequence, dcm.SQ, reference("2.25.77.1", 2)).Set(dcm.RealWorldValueMappingSequence, dcm.SQ, mapping("NO SUCH FRAME", "s", 0, 1, dcm.US, line(2, 1))),
			dcm.NewDataSet().Set(dcm.ReferencedImageSequence, dcm.SQ, reference("2.25.77.2")).Set(dcm.RealWorldValueMappingSequence, dcm.SQ, mapping("ONE SLICE", "s", 0, 1, dcm.US, line(2, 1)))))
	r := scan(t, folder(t, picture(number(1)), picture(number(2), at(1)), object))
	var m *Image
	for _, s := range r.Studies[0].Series {
		if len(s.Volumes) > 0 {
			m = s.Volumes[0]
		}
	}
	if want := []RealWorld{{"LINE", "of LINE", "s"}, {"TABLE", "of TABLE", "ml"}}; m == nil || !slices.Equal(m.RealWorld, want) {
		t.Fatalf("%+v", m)
	}
	q, err := m.In("line")
	if err != nil {
		t.Fatal(err)
	}
	if v := load(t, q); v.Unit != "s" || v.Rescale(v.StoredAt(12+3)) != 7 {
		t.Errorf("%v %v", v.Unit, v.Int16)
	}
	q, _ = m.In("TABLE")
	if v := load(t, q); v.Float32[0] != 8 || v.Float32[12+8] != 0 || v.Float32[12+3] != 5 {
		t.Errorf("%v", v.Float32)
	}
}
