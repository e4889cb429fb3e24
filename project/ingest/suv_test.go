package ingest

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// pet is a slice of 70 kg and 370 MBq of F-18, injected an hour before the scan.
func pet(edits ...edit) *dcm.DataSet {
	return picture(append([]edit{set(dcm.Modality, dcm.CS, "PT"), without(dcm.RescaleIntercept), set(dcm.RescaleSlope, dcm.DS, 1000), set(dcm.Units, dcm.CS, "BQML"),
		set(dcm.CorrectedImage, dcm.CS, "NORM", "ATTN", "DECY"), set(dcm.DecayCorrection, dcm.CS, "START"), set(dcm.PatientWeight, dcm.DS, 70),
		set(dcm.SeriesDate, dcm.DA, "20240103"), set(dcm.SeriesTime, dcm.TM, "110000"), set(dcm.AcquisitionDate, dcm.DA, "20240103"), set(dcm.AcquisitionTime, dcm.TM, "110500.5"),
		dose()}, edits...)...)
}

func dose(edits ...edit) edit {
	d := dcm.NewDataSet().Set(dcm.RadiopharmaceuticalStartTime, dcm.TM, "100000").Set(dcm.RadionuclideTotalDose, dcm.DS, 370000000).Set(dcm.RadionuclideHalfLife, dcm.DS, "6586.2")
	for _, e := range edits {
		e(d)
	}
	return set(dcm.RadiopharmaceuticalInformationSequence, dcm.SQ, d)
}

// after is the factor when the injection lay so many seconds before the scan.
func after(seconds float64) float64 { return 70e3 / (370e6 * math.Exp2(-seconds/6586.2)) }

func TestSUVOfAPETSeries(t *testing.T) {
	night := set(dcm.RadiopharmaceuticalStartTime, dcm.TM, "233000")
	dated := func(v string) edit { return set(dcm.RadiopharmaceuticalStartDateTime, dcm.DT, v) }
	late := []edit{set(dcm.SeriesTime, dcm.TM, "150000")} // the series was written anew after the scan
	ge := []edit{set(0x00090010, dcm.LO, "GEMS_PETD_01"), set(0x0009100d, dcm.DT, "20240103110000.00")}
	philips := func(element dcm.Tag, v float64) edit {
		return func(d *dcm.DataSet) {
			d.Set(0x70530010, dcm.LO, "Philips PET Private Group").Set(0x70531000|element, dcm.DS, v).Set(dcm.Units, dcm.CS, "CNTS")
		}
	}
	average := math.Log(math.Ln2/6586.2*180/(1-math.Exp(-math.Ln2/6586.2*180))) / (math.Ln2 / 6586.2)
	for _, c := range []struct {
		name  string
		edits []edit
		want  float64
		fails string
	}{
		{"one hour", nil, after(3600), ""},
		{"over midnight", []edit{dose(night), set(dcm.SeriesTime, dcm.TM, "003000"), set(dcm.AcquisitionTime, dcm.TM, "003500")}, after(3600), ""},
		{"dates and times", []edit{dose(dated("20240102233000.000000")), set(dcm.SeriesTime, dcm.TM, "003000"), set(dcm.AcquisitionTime, dcm.TM, "0035")}, after(3600), ""},
		{"another zone than the file's", []edit{dose(dated("20240103080000.00+0000")), set(dcm.TimezoneOffsetFromUTC, dcm.SH, "+0200")}, after(3600), ""},
		{"a zone, and the file names none", []edit{dose(dated("20240103100000+0200"))}, after(3600), ""},
		{"corrected to the injection", []edit{set(dcm.DecayCorrection, dcm.CS, "ADMIN")}, after(0), ""},
		{"a series written anew: GE's time of the scan", append(late, ge...), after(3600), ""},
		{"a series written anew: the frame's place in the scan", append(late, set(tagFrameReferenceTime, dcm.DS, 300000+average*1000), set(dcm.ActualFrameDuration, dcm.IS, 180000)), after(3600 + 0.5), ""},
		{"a series written anew, and nothing else", late, 0, "is not known"},
		{"no time of injection", []edit{dose(without(dcm.RadiopharmaceuticalStartTime))}, 0, "time of injection"},
		{"a date that does not fit", []edit{dose(dated("20231103100000"))}, 0, "half-lives"},
		{"injected after the scan", []edit{dose(dated("20240103120000"))}, 0, "after the scan"},
		{"a long half-life without a date", []edit{dose(set(dcm.RadionuclideHalfLife, dcm.DS, 282240))}, 0, "date of injection"},
		{"no weight", []edit{without(dcm.PatientWeight)}, 0, "weight"},
		{"no attenuation correction", []edit{set(dcm.CorrectedImage, dcm.CS, "DECY")}, 0, "attenuation"},
		{"two doses", []edit{set(dcm.RadiopharmaceuticalInformationSequence, dcm.SQ, dcm.NewDataSet(), dcm.NewDataSet())}, 0, "more than one"},
		{"counts", []edit{set(dcm.Units, dcm.CS, "CNTS")}, 0, "counts"},
		{"Philips's SUV factor", []edit{philips(0, 0.5)}, 0.5, ""},
		{"Philips's activity factor", []edit{philips(9, 2)}, 2 * after(3600), ""},
		{"grams per millilitre", []edit{set(dcm.Units, dcm.CS, "GML")}, 1, ""},
		{"enhanced", []edit{without(dcm.Units, dcm.CorrectedImage, dcm.DecayCorrection), set(dcm.RescaleType, dcm.LO, "BQML"), set(tagDecayCorrected, dcm.CS, "YES"),
			set(tagAttenuationCorrected, dcm.CS, "YES"), set(tagDecayCorrectionDateTime, dcm.DT, "20240103120000")}, after(7200), ""},
	} {
		m := one(t, pet(c.edits...))
		switch {
		case m.SUV == nil:
			t.Errorf("%s: nothing is said of SUV", c.name)
		case c.fails != "":
			if m.SUV.Factor != 0 || !strings.Contains(m.SUV.Missing, c.fails) || !hasCode(m, project.WarnNoSUV) {
				t.Errorf("%s: %+v %+v", c.name, *m.SUV, m.Warnings)
			}
		case math.Abs(m.SUV.Factor/c.want-1) > 1e-9 || hasCode(m, project.WarnNoSUV):
			t.Errorf("%s: %v %s, want %v", c.name, m.SUV.Factor, m.SUV.Missing, c.want)
		}
	}
	if m := one(t, picture()); m.SUV != nil {
		t.Error("CT has no uptake")
	}
	m := one(t, pet(number(1)), pet(number(2), at(5), set(dcm.PatientWeight, dcm.DS, 71)))
	if !strings.Contains(m.SUV.Missing, "disagree") {
		t.Errorf("two weights: %+v", m.SUV)
	}
}

// TestSUVOfRealFiles: the factors are those of QIBA's pseudo-code, run in Python over pydicom's values.
func TestSUVOfRealFiles(t *testing.T) {
	data := sharedData(t)
	for file, want := range map[string]float64{
		"2d/pt-slice-1.dcm": 0.0005942485308006249,
		"2d/pt-slice-2.dcm": 0.00047354891509041123,
		"vol/pet-torso":     0.0002944804047131298,
	} {
		m := onlyImage(t, filepath.Join(data, file))
		if m.SUV == nil || math.Abs(m.SUV.Factor/want-1) > 1e-9 {
			t.Errorf("%s: %+v, want %v", file, m.SUV, want)
		}
	}
}

func TestInSUV(t *testing.T) {
	m := one(t, pet(number(1), set(dcm.WindowCenter, dcm.DS, 5000), set(dcm.WindowWidth, dcm.DS, 10001)), pet(number(2), at(5), set(dcm.RescaleSlope, dcm.DS, 500)))
	if got := m.Units(); len(got) != 1 || got[0] != SUVUnit {
		t.Fatalf("units %v", got)
	}
	s, err := m.In("suvBW")
	if err != nil {
		t.Fatal(err)
	}
	v, own := load(t, s), load(t, m)
	if v.Unit != SUVUnit || v.Pixel != volume.Float32 || v.Float32[23] != float32(11*500*m.SUV.Factor) || own.Float32[23] != 5500 || own.Unit != "BQML" {
		t.Errorf("%v %v, own %v %v", v.Float32, v.Unit, own.Float32, own.Unit)
	}
	if w := s.Windows[0]; w.Function != "LINEAR_EXACT" || math.Abs(w.Center-4999.5*m.SUV.Factor) > 1e-12 || math.Abs(w.Width-1e4*m.SUV.Factor) > 1e-12 {
		t.Errorf("window %+v", w)
	}
	if m.Windows[0].Center != 5000 || m.Slices[0].Slope != 1000 || s.Slices[1].Slope != 500*m.SUV.Factor {
		t.Error("the image itself has changed")
	}
	if _, err := m.In("HU"); project.KindOf(err) != project.NotFound || !strings.Contains(err.Error(), SUVUnit) {
		t.Errorf("%v", err)
	}
	whole, err := one(t, pet()).In(SUVUnit)
	if v := load(t, whole); err != nil || v.Pixel != volume.Int16 || math.Abs(v.Rescale(7)-7000*whole.Slope/1000) > 1e-9 {
		t.Errorf("one slope: integers stay: %v", err)
	}
}
