package ingest

import (
	"slices"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// nuclear returns a multi-frame NM file whose Frame Increment Pointer names the vectors in this order.
func nuclear(frames int, kind string, vectors ...any) *dcm.DataSet {
	d := multi(frames, set(dcm.Modality, dcm.CS, "NM"), set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.20"), set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", kind, "EMISSION"),
		without(dcm.RescaleSlope, dcm.RescaleIntercept))
	var pointers []any
	for n := 0; n < len(vectors); n += 2 {
		tag := vectors[n].(dcm.Tag)
		pointers = append(pointers, tag)
		d.Set(tag, dcm.US, vectors[n+1])
	}
	return d.Set(dcm.FrameIncrementPointer, dcm.AT, pointers...)
}

func TestNuclearMedicineIsDividedByItsVectors(t *testing.T) {
	static := nuclear(4, "STATIC", tagEnergyWindowVector, []int{1, 1, 2, 2}, tagDetectorVector, []int{1, 2, 1, 2})
	static.Set(tagEnergyWindowInformation, dcm.SQ, item(set(tagEnergyWindowName, dcm.SH, "Tc")), item())
	static.Set(tagDetectorInformation, dcm.SQ, item(within(tagViewCodeSequence, set(dcm.CodeMeaning, dcm.LO, "anterior"))), item())
	for name, c := range map[string]struct {
		file *dcm.DataSet
		want string
	}{
		"static views are pictures": {static, `image "energy window 1 (Tc), detector 1 (anterior)": 0; image "energy window 1 (Tc), detector 2": 1; ` +
			`image "energy window 2, detector 1 (anterior)": 2; image "energy window 2, detector 2": 3`},
		"a dynamic study runs along its time slices": {nuclear(5, "DYNAMIC", tagPhaseVector, []int{1, 1, 1, 2, 2}, tagTimeSliceVector, []int{1, 2, 3, 1, 2}),
			`cine "phase 1": 0 1 2; cine "phase 2": 3 4`},
		"interleaved detectors are taken apart": {nuclear(4, "DYNAMIC", tagDetectorVector, []int{1, 2, 1, 2}, tagTimeSliceVector, []int{1, 1, 2, 2}), `cine "detector 1": 0 2; cine "detector 2": 1 3`},
		"a gated study runs along its time slots": {nuclear(4, "GATED", tagRRIntervalVector, []int{1, 1, 2, 2}, tagTimeSlotVector, []int{1, 2, 1, 2}),
			`cine "R-R interval 1": 0 1; cine "R-R interval 2": 2 3`},
		"a gated rotation runs round the patient": {nuclear(4, "GATED TOMO", tagTimeSlotVector, []int{1, 1, 2, 2}, tagAngularViewVector, []int{1, 2, 1, 2}),
			`cine "time slot 1": 0 1; cine "time slot 2": 2 3`},
		"a rotation by two detectors": {nuclear(4, "TOMO", tagDetectorVector, []int{1, 1, 2, 2}, tagRotationVector, []int{1, 1, 1, 1}, tagAngularViewVector, []int{1, 2, 1, 2}),
			`cine "detector 1": 0 1; cine "detector 2": 2 3`},
		"slices without a place":        {nuclear(3, "RECON TOMO", tagSliceVector, []int{1, 2, 3}), `cine "": 0 1 2`},
		"a vector that is too short":    {nuclear(3, "DYNAMIC", tagDetectorVector, []int{1, 2}, tagTimeSliceVector, []int{1, 2, 3}), `cine "": 0 1 2`},
		"no vectors":                    {nuclear(3, "STATIC"), `cine "": 0 1 2`},
		"vectors that say always one":   {nuclear(2, "STATIC", tagDetectorVector, []int{1, 1}), `cine "": 0 1`},
		"a detector that is not listed": {nuclear(2, "STATIC", tagDetectorVector, []int{0, 65535}), `image "detector 0": 0; image "detector 65535": 1`},
	} {
		if got := frameOrder(imagesOf(t, c.file)); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// The place is that of the first frame; the spacing's sign says to which side of it the others lie.
func TestReconstructedSlicesHaveTheirPlaces(t *testing.T) {
	place := func(spacing float64) edit {
		return func(d *dcm.DataSet) {
			d.Set(dcm.SpacingBetweenSlices, dcm.DS, spacing).Set(tagDetectorInformation, dcm.SQ,
				item(set(dcm.ImagePositionPatient, dcm.DS, -10, -20, 100), set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0)))
		}
	}
	file := func(spacing float64) *dcm.DataSet {
		d := nuclear(3, "RECON TOMO", tagSliceVector, []int{1, 2, 3})
		place(spacing)(d)
		return d
	}
	m := one(t, file(4))
	if m.Kind != KindVolume || m.Geometry.Origin != (volume.Point{-10, -20, 100}) || m.Geometry.Spacing != (mgl64.Vec3{0.25, 0.5, 4}) || m.Slices[2].Frame != 2 {
		t.Errorf("behind the first: %s %+v", m.Kind, m.Geometry)
	}
	m = one(t, file(-4))
	if m.Kind != KindVolume || m.Geometry.Origin != (volume.Point{-10, -20, 92}) || m.Slices[0].Frame != 2 {
		t.Errorf("in front of it: %s %+v", m.Kind, m.Geometry)
	}
	gated := nuclear(6, "RECON GATED TOMO", tagTimeSlotVector, []int{1, 1, 1, 2, 2, 2}, tagSliceVector, []int{1, 2, 3, 1, 2, 3})
	place(4)(gated)
	if got := frameOrder(imagesOf(t, gated)); got != `volume "time slot 1": 0 1 2; volume "time slot 2": 3 4 5` {
		t.Errorf("gated: %s", got)
	}
	projections := nuclear(3, "TOMO", tagAngularViewVector, []int{1, 2, 3})
	place(4)(projections)
	if m := one(t, projections); m.Kind != KindCine || !m.Geometry.NoPosition {
		t.Errorf("projections are not slices: %s", m.Kind)
	}
}

func TestDynamicFramesHaveTheTimesOfTheirPhase(t *testing.T) {
	d := nuclear(5, "DYNAMIC", tagPhaseVector, []int{1, 1, 1, 2, 2}, tagTimeSliceVector, []int{1, 2, 3, 1, 2})
	d.Set(tagPhaseInformation, dcm.SQ, item(set(dcm.ActualFrameDuration, dcm.IS, 1000)), item(set(dcm.ActualFrameDuration, dcm.IS, 20000)))
	all := imagesOf(t, d)
	if !slices.Equal(all[0].FrameTimes, ms(1000, 1000, 1000)) || !slices.Equal(all[0].FrameStarts, ms(0, 1000, 2000)) {
		t.Errorf("phase 1: %v %v", all[0].FrameTimes, all[0].FrameStarts)
	}
	if all[1].FrameTimes != nil || !slices.Equal(all[1].FrameStarts, ms(0, 20000)) {
		t.Errorf("phase 2, too slow to be played: %v %v", all[1].FrameTimes, all[1].FrameStarts)
	}
}
