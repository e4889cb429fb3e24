package ingest

import (
	"fmt"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// repeated returns count pictures at each of four heights, pass after pass; how says what each pass p at height k has of its own.
func repeated(passes int, how func(p, k int) edit) (all []*dcm.DataSet) {
	for p := range passes {
		for k := range 4 {
			all = append(all, picture(number(1+4*p+k), at(float64(k)), how(p, k)))
		}
	}
	return all
}

func labels(all []*Image) string {
	var out []string
	for _, m := range all {
		out = append(out, fmt.Sprintf("%s: %d", m.Label, len(m.Slices)))
	}
	return strings.Join(out, "; ")
}

func diffusion(b float64, direction ...float64) edit {
	return func(d *dcm.DataSet) {
		item := dcm.NewDataSet().Set(dcm.DiffusionBValue, dcm.FD, b)
		if direction != nil {
			item.Set(tagGradientSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.DiffusionGradientOrientation, dcm.FD, direction))
		}
		d.Set(dcm.MRDiffusionSequence, dcm.SQ, item)
	}
}

func siemens(element uint8, vr dcm.VR, values ...any) edit {
	return func(d *dcm.DataSet) {
		d.Set(dcm.Modality, dcm.CS, "MR").Set(0x00190010, dcm.LO, "SIEMENS MR HEADER").Set(dcm.Tag(0x00191000|uint32(element)), vr, values...)
	}
}

func TestRepeatedPositions(t *testing.T) {
	same := func(e edit) func(p, k int) edit { return func(int, int) edit { return e } }
	for name, c := range map[string]struct {
		pictures []*dcm.DataSet
		want     string
	}{
		"two echoes": {repeated(2, func(p, _ int) edit { return set(dcm.EchoNumbers, dcm.IS, p+1) }), "echo 1: 4; echo 2: 4"},
		"ten echoes are in order of their number": {repeated(10, func(p, _ int) edit { return set(dcm.EchoTime, dcm.DS, 100-10*p) }),
			"TE 10: 4; TE 20: 4; TE 30: 4; TE 40: 4; TE 50: 4; TE 60: 4; TE 70: 4; TE 80: 4; TE 90: 4; TE 100: 4"},
		"magnitude and phase of two echoes": {repeated(4, func(p, _ int) edit {
			return func(d *dcm.DataSet) {
				d.Set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", []string{"M", "P"}[p%2]).Set(dcm.EchoNumbers, dcm.IS, 1+p/2)
			}
		}), "ORIGINAL PRIMARY M, echo 1: 4; ORIGINAL PRIMARY M, echo 2: 4; ORIGINAL PRIMARY P, echo 1: 4; ORIGINAL PRIMARY P, echo 2: 4"},
		"b values of the standard": {repeated(2, func(p, _ int) edit { return diffusion(float64(800 * p)) }), "b 0: 4; b 800: 4"},
		"one b 0 and two directions": {repeated(3, func(p, _ int) edit {
			return []edit{diffusion(0), diffusion(800, 1, 0, 0), diffusion(800, 0, 1, 0)}[p]
		}), "b 0: 4; b 800, direction 1 0 0: 4; b 800, direction 0 1 0: 4"},
		"b values of Siemens": {repeated(2, func(p, _ int) edit { return siemens(0x0c, dcm.IS, 500*p) }), "b 0: 4; b 500: 4"},
		"temporal positions":  {repeated(3, func(p, _ int) edit { return set(dcm.TemporalPositionIdentifier, dcm.IS, 3-p) }), "phase 1: 4; phase 2: 4; phase 3: 4"},
		"trigger times that differ from slice to slice": {repeated(3, func(p, k int) edit { return set(dcm.TriggerTime, dcm.DS, 30*p+k) }),
			"phase 1: 4; phase 2: 4; phase 3: 4"},
		"content times that differ from slice to slice": {repeated(2, func(p, k int) edit { return set(dcm.ContentTime, dcm.TM, fmt.Sprintf("10%02d%02d", p, k)) }),
			"phase 1: 4; phase 2: 4"},
		"acquisitions that overlap in one position": {[]*dcm.DataSet{
			picture(number(1), at(0), set(dcm.AcquisitionNumber, dcm.IS, 1)), picture(number(2), at(1), set(dcm.AcquisitionNumber, dcm.IS, 1)),
			picture(number(3), at(1), set(dcm.AcquisitionNumber, dcm.IS, 2)), picture(number(4), at(2), set(dcm.AcquisitionNumber, dcm.IS, 2)),
		}, "acquisition 1: 2; acquisition 2: 2"},
		"kernels": {repeated(2, func(p, _ int) edit { return set(dcm.ConvolutionKernel, dcm.SH, []string{"B30f", "B70f"}[p]) }), "kernel B30f: 4; kernel B70f: 4"},
		"only the instance numbers, pass after pass": {repeated(2, same(without())), "phase 1: 4; phase 2: 4"},
		"only the instance numbers, position after position": {[]*dcm.DataSet{
			picture(number(1), at(0)), picture(number(2), at(0)), picture(number(3), at(1)), picture(number(4), at(1)),
		}, "phase 1: 2; phase 2: 2"},
		"acquisition numbers that change without repeating a position stay one volume": {[]*dcm.DataSet{
			picture(number(1), at(0), set(dcm.AcquisitionNumber, dcm.IS, 4)), picture(number(2), at(1), set(dcm.AcquisitionNumber, dcm.IS, 5)),
		}, ": 2"},
		"instance numbers in no order tell nothing": {[]*dcm.DataSet{
			picture(number(1), at(0)), picture(number(4), at(0)), picture(number(2), at(1)), picture(number(3), at(1)), picture(number(5), at(2)), picture(number(6), at(2)),
		}, ": 3"},
		"one position twice, nothing to tell them apart": {[]*dcm.DataSet{
			picture(number(1), at(0)), picture(number(3), at(1)), picture(number(2), at(1)), picture(number(4), at(2)),
		}, ": 3"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := labels(imagesOf(t, c.pictures...)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestDuplicatesShowTheLowestInstanceNumberAndWarn(t *testing.T) {
	m := one(t, picture(number(1), at(0)), picture(number(3), at(1)), picture(number(2), at(1)), picture(number(4), at(2)))
	if !hasCode(m, project.WarnDuplicatePosition) || m.Slices[1].Number != 2 {
		t.Errorf("%+v %+v", m.Slices, m.Warnings)
	}
}

func TestSizesSpacingsAndOrientationsAreKeptApart(t *testing.T) {
	large := func(d *dcm.DataSet) {
		d.Set(dcm.Rows, dcm.US, 4).Set(dcm.PixelData, dcm.OW, make([]byte, 32))
	}
	sagittal := set(dcm.ImageOrientationPatient, dcm.DS, 0, 1, 0, 0, 0, -1)
	all := imagesOf(t, picture(number(1), at(0)), picture(number(2), at(1)), picture(number(3), at(2), large), picture(number(4), sagittal))
	if got := labels(all); got != "axial, 4x3: 2; sagittal, 4x3: 1; axial, 4x4: 1" {
		t.Errorf("%s", got)
	}
	for _, m := range all {
		if !hasCode(m, project.WarnMixedOrientation) || !hasCode(m, project.WarnMixedSize) {
			t.Errorf("%s: %+v", m.Label, m.Warnings)
		}
	}
	if got := labels(imagesOf(t, picture(number(1), at(0)), picture(number(2), at(1), set(dcm.PixelSpacing, dcm.DS, 0.6, 0.25)))); got != "1: 1; 2: 1" {
		t.Errorf("two pixel sizes: %s", got)
	}
	if got := labels(imagesOf(t, picture(number(1), at(0)), picture(number(2), at(1), set(dcm.PixelSpacing, dcm.DS, 0.5000001, 0.25)))); got != ": 2" {
		t.Errorf("the seventh digit of the pixel size: %s", got)
	}
	negative := set(dcm.ImageOrientationPatient, dcm.DS, "1", "-0.0", "-0.000000", "0", "1", "-0")
	if all := imagesOf(t, picture(number(1), set(dcm.EchoNumbers, dcm.IS, 1)), picture(number(2), set(dcm.EchoNumbers, dcm.IS, 2), negative)); labels(all) != "echo 1: 1; echo 2: 1" {
		t.Errorf("a negative zero is zero: %s", labels(all))
	}
}
