package ingest

import (
	"math"
	"slices"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

func TestPixelSizeIsNeverGuessed(t *testing.T) {
	projection := func(d *dcm.DataSet) {
		d.Set(dcm.Modality, dcm.CS, "DX").Set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.1.1")
		without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient, dcm.PixelSpacing)(d)
	}
	for name, c := range map[string]struct {
		edits       []edit
		spacing     [2]float64
		calibration Calibration
		codes       []project.WarningCode
	}{
		"pixel spacing is row then column": {nil, [2]float64{0.25, 0.5}, InPatient, nil},
		"only the detector's":              {[]edit{projection, set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.1)}, [2]float64{0.1, 0.2}, AtDetector, []project.WarningCode{project.WarnUncalibrated}},
		"pixel spacing that repeats the detector's": {[]edit{projection, set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2), set(dcm.PixelSpacing, dcm.DS, 0.2, 0.2)}, [2]float64{0.2, 0.2}, AtDetector,
			[]project.WarningCode{project.WarnUncalibrated}},
		"pixel spacing calibrated by geometry":     {[]edit{projection, set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2), set(dcm.PixelSpacing, dcm.DS, 0.15, 0.15)}, [2]float64{0.15, 0.15}, InPatient, nil},
		"alone, and without a word where it holds": {[]edit{projection, set(dcm.PixelSpacing, dcm.DS, 0.2, 0.1)}, [2]float64{0.1, 0.2}, Uncertain, []project.WarningCode{project.WarnUncalibrated}},
		"alone, measured on an object of known size": {[]edit{projection, set(dcm.PixelSpacing, dcm.DS, 0.2, 0.1), set(dcm.PixelSpacingCalibrationType, dcm.CS, "FIDUCIAL")},
			[2]float64{0.1, 0.2}, InPatient, nil},
		"the detector's, said to be in the patient's plane": {[]edit{projection, set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2), set(dcm.PixelSpacing, dcm.DS, 0.2, 0.2),
			set(dcm.PixelSpacingCalibrationType, dcm.CS, "GEOMETRY")}, [2]float64{0.2, 0.2}, InPatient, nil},
		"a mammogram with an estimated magnification": {[]edit{projection, set(dcm.Modality, dcm.CS, "MG"), set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.1),
			set(dcm.EstimatedRadiographicMagnificationFactor, dcm.DS, 1.25)}, [2]float64{0.08, 0.16}, Estimated, []project.WarningCode{project.WarnUncalibrated}},
		"and with pixel spacing that repeats the detector's": {[]edit{projection, set(dcm.Modality, dcm.CS, "MG"), set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2),
			set(dcm.PixelSpacing, dcm.DS, 0.2, 0.2), set(dcm.EstimatedRadiographicMagnificationFactor, dcm.DS, 1.25)}, [2]float64{0.16, 0.16}, Estimated, []project.WarningCode{project.WarnUncalibrated}},
		"with a calibrated pixel spacing beside it": {[]edit{projection, set(dcm.Modality, dcm.CS, "MG"), set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2),
			set(dcm.PixelSpacing, dcm.DS, 0.18, 0.18), set(dcm.EstimatedRadiographicMagnificationFactor, dcm.DS, 1.25)}, [2]float64{0.18, 0.18}, InPatient, nil},
		"with a magnification that makes smaller": {[]edit{projection, set(dcm.Modality, dcm.CS, "MG"), set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2),
			set(dcm.EstimatedRadiographicMagnificationFactor, dcm.DS, 0.5)}, [2]float64{0.2, 0.2}, AtDetector, []project.WarningCode{project.WarnUncalibrated}},
		"a chest with an estimated magnification: of which organ?": {[]edit{projection, set(dcm.ImagerPixelSpacing, dcm.DS, 0.2, 0.2),
			set(dcm.EstimatedRadiographicMagnificationFactor, dcm.DS, 1.25)}, [2]float64{0.2, 0.2}, AtDetector, []project.WarningCode{project.WarnUncalibrated}},
		"tomosynthesis is reconstructed": {[]edit{set(dcm.Modality, dcm.CS, "MG"), set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.13.1.3"), set(dcm.PixelSpacing, dcm.DS, 0.1, 0.1),
			set(dcm.ImagerPixelSpacing, dcm.DS, 0.1, 0.1)}, [2]float64{0.1, 0.1}, InPatient, nil},
		"an enhanced angiogram calibrated at the object": {[]edit{projection, set(dcm.Modality, dcm.CS, "XA"), set(dcm.SharedFunctionalGroupsSequence, dcm.SQ, dcm.NewDataSet().
			Set(tagFramePixelDataSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.ImagerPixelSpacing, dcm.DS, 0.4, 0.4)).
			Set(tagPixelCalibrationSequence, dcm.SQ, dcm.NewDataSet().Set(tagObjectPixelSpacing, dcm.DS, 0.3, 0.3)))}, [2]float64{0.3, 0.3}, Estimated, []project.WarningCode{project.WarnUncalibrated}},
		"an enhanced angiogram at the detector": {[]edit{projection, set(dcm.Modality, dcm.CS, "XA"), set(dcm.SharedFunctionalGroupsSequence, dcm.SQ, dcm.NewDataSet().
			Set(tagFramePixelDataSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.ImagerPixelSpacing, dcm.DS, 0.4, 0.4)))}, [2]float64{0.4, 0.4}, AtDetector, []project.WarningCode{project.WarnUncalibrated}},
		"a scanned film":                      {[]edit{projection, set(dcm.Modality, dcm.CS, "OT"), set(dcm.NominalScannedPixelSpacing, dcm.DS, 0.1, 0.1)}, [2]float64{0.1, 0.1}, OnFilm, []project.WarningCode{project.WarnUncalibrated}},
		"neither":                             {[]edit{projection}, [2]float64{1, 1}, InPixels, []project.WarningCode{project.WarnUncalibrated}},
		"neither, but the ratio of the sides": {[]edit{projection, set(dcm.PixelAspectRatio, dcm.IS, 2, 1)}, [2]float64{1, 2}, InPixels, []project.WarningCode{project.WarnUncalibrated}},
		"a ratio of nothing":                  {[]edit{projection, set(dcm.PixelAspectRatio, dcm.IS, 2, 0)}, [2]float64{1, 1}, InPixels, []project.WarningCode{project.WarnUncalibrated}},
		"zero":                                {[]edit{set(dcm.PixelSpacing, dcm.DS, 0, 0)}, [2]float64{1, 1}, InPixels, []project.WarningCode{project.WarnBadSpacing, project.WarnUncalibrated}},
		"negative":                            {[]edit{set(dcm.PixelSpacing, dcm.DS, -1, 1)}, [2]float64{1, 1}, InPixels, []project.WarningCode{project.WarnBadSpacing, project.WarnUncalibrated}},
		"one number":                          {[]edit{set(dcm.PixelSpacing, dcm.DS, 1)}, [2]float64{1, 1}, InPixels, []project.WarningCode{project.WarnBadSpacing, project.WarnUncalibrated}},
		"empty is absent":                     {[]edit{set(dcm.PixelSpacing, dcm.DS)}, [2]float64{1, 1}, InPixels, []project.WarningCode{project.WarnUncalibrated}},
	} {
		t.Run(name, func(t *testing.T) {
			m := one(t, picture(c.edits...))
			g := &m.Geometry
			if got := [2]float64{g.Spacing[0], g.Spacing[1]}; got != c.spacing || m.Calibration != c.calibration || g.Uncalibrated != (c.calibration == InPixels) {
				t.Errorf("spacing %v, calibration %s, uncalibrated %t", got, m.Calibration, g.Uncalibrated)
			}
			if got := codesOf(m); !slices.Equal(got, c.codes) {
				t.Errorf("warnings %v, want %v", got, c.codes)
			}
		})
	}
}

// Without a pixel size, planes are in millimetres from each other and pixels are not: nothing may be cut across them.
func TestSlicesWithoutAPixelSizeAreAStack(t *testing.T) {
	m := one(t, picture(number(1), without(dcm.PixelSpacing)), picture(number(2), at(2), without(dcm.PixelSpacing)))
	if m.Kind != KindStack || !m.Geometry.IsStack() || !m.Geometry.Uncalibrated {
		t.Errorf("%s %+v", m.Kind, m.Geometry)
	}
}

func TestPlacesThatCannotBeUsed(t *testing.T) {
	for name, c := range map[string]struct {
		edits []edit
		code  project.WarningCode
	}{
		"no position":             {[]edit{without(dcm.ImagePositionPatient)}, project.WarnNoGeometry},
		"a place beyond the moon": {[]edit{set(dcm.ImagePositionPatient, dcm.DS, 1e9, 0, 0)}, project.WarnNoGeometry},
		"two numbers":             {[]edit{set(dcm.ImagePositionPatient, dcm.DS, 1, 2)}, project.WarnNoGeometry},
		"parallel axes":           {[]edit{set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 1, 0, 0)}, project.WarnBadOrientation},
		"axes that are not units": {[]edit{set(dcm.ImageOrientationPatient, dcm.DS, 2, 0, 0, 0, 2, 0)}, project.WarnBadOrientation},
		"a mosaic":                {[]edit{set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "M", "MOSAIC")}, project.WarnNoGeometry},
	} {
		m := one(t, picture(c.edits...))
		if m.Kind != KindImage || !m.Geometry.NoPosition || !hasCode(m, c.code) {
			t.Errorf("%s: %s %+v %+v", name, m.Kind, m.Geometry, m.Warnings)
		}
	}
	lost := without(dcm.ImagePositionPatient)
	m := one(t, picture(number(2), lost), picture(number(1), lost), picture(number(3), lost))
	if m.Kind != KindCine || m.Slices[0].Number != 1 || m.Slices[2].Number != 3 || m.Geometry.Size[2] != 3 {
		t.Errorf("slices that lost their places: %s %+v", m.Kind, m.Slices)
	}
}

func TestFramesOfReference(t *testing.T) {
	m := one(t, picture(number(1)), picture(number(2), at(1)))
	if m.Geometry.FrameOfReference != "2.25.77.300" {
		t.Errorf("%q", m.Geometry.FrameOfReference)
	}
	m = one(t, picture(number(1)), picture(number(2), at(1), set(dcm.FrameOfReferenceUID, dcm.UI, "2.25.77.301")))
	if m.Geometry.FrameOfReference != "" || !hasCode(m, project.WarnMixedFrame) || m.Kind != KindVolume {
		t.Errorf("%q %+v", m.Geometry.FrameOfReference, m.Warnings)
	}
}

func TestHowValuesAreHeld(t *testing.T) {
	unsigned, bytes8 := set(dcm.PixelRepresentation, dcm.US, 0), func(d *dcm.DataSet) {
		d.Set(dcm.BitsAllocated, dcm.US, 8).Set(dcm.BitsStored, dcm.US, 8).Set(dcm.HighBit, dcm.US, 7).Set(dcm.PixelData, dcm.OB, make([]byte, 12))
	}
	pet := func(d *dcm.DataSet) { d.Set(dcm.Modality, dcm.CS, "PT").Set(dcm.Units, dcm.CS, "BQML") }
	for name, c := range map[string]struct {
		a, b      []edit
		pixel     volume.Pixel
		slope     float64
		intercept float64
		unit      string
		varies    bool
	}{
		"signed":                            {nil, nil, volume.Int16, 1, -1024, "HU", false},
		"unsigned":                          {[]edit{unsigned}, []edit{unsigned}, volume.Uint16, 1, -1024, "HU", false},
		"bytes":                             {[]edit{bytes8, unsigned}, []edit{bytes8, unsigned}, volume.Uint8, 1, -1024, "HU", false},
		"signed bytes":                      {[]edit{bytes8}, []edit{bytes8}, volume.Int16, 1, -1024, "HU", false},
		"signed and unsigned":               {nil, []edit{unsigned}, volume.Float32, 1, 0, "HU", false},
		"slopes that differ":                {nil, []edit{set(dcm.RescaleSlope, dcm.DS, 2)}, volume.Float32, 1, 0, "HU", true},
		"slopes that differ in PET":         {[]edit{pet}, []edit{pet, set(dcm.RescaleSlope, dcm.DS, 2)}, volume.Float32, 1, 0, "BQML", false},
		"a slope of zero is not used":       {[]edit{set(dcm.RescaleSlope, dcm.DS, 0)}, []edit{set(dcm.RescaleSlope, dcm.DS, 0)}, volume.Int16, 1, 0, "HU", false},
		"an intercept that is not a number": {[]edit{set(dcm.RescaleIntercept, dcm.FD, math.NaN())}, []edit{set(dcm.RescaleIntercept, dcm.FD, math.NaN())}, volume.Int16, 1, 0, "HU", false},
		"MR has no unit by itself":          {[]edit{set(dcm.Modality, dcm.CS, "MR")}, []edit{set(dcm.Modality, dcm.CS, "MR")}, volume.Int16, 1, -1024, "", false},
		"unspecified is no unit":            {[]edit{set(dcm.Modality, dcm.CS, "MR"), set(dcm.RescaleType, dcm.LO, "US")}, []edit{set(dcm.Modality, dcm.CS, "MR"), set(dcm.RescaleType, dcm.LO, "US")}, volume.Int16, 1, -1024, "", false},
		"units that differ are no unit":     {nil, []edit{set(dcm.RescaleType, dcm.LO, "Z_EFF")}, volume.Int16, 1, -1024, "", true},
		"padding that differs":              {[]edit{set(dcm.PixelPaddingValue, dcm.SS, 5)}, nil, volume.Float32, 1, 0, "HU", false},
	} {
		m := one(t, picture(append(c.a, number(1))...), picture(append(c.b, number(2), at(1))...))
		if m.Pixel != c.pixel || m.Slope != c.slope || m.Intercept != c.intercept || m.Unit != c.unit || hasCode(m, project.WarnRescaleVaries) != c.varies {
			t.Errorf("%s: %s slope %v intercept %v unit %q %+v", name, m.Pixel, m.Slope, m.Intercept, m.Unit, m.Warnings)
		}
	}
}

func TestWhatTheDisplayNeeds(t *testing.T) {
	m := one(t, picture(
		set(dcm.WindowCenter, dcm.DS, 40, -600), set(dcm.WindowWidth, dcm.DS, 400, 1500), set(dcm.WindowCenterWidthExplanation, dcm.LO, "SOFT", "LUNG"),
		set(dcm.VOILUTFunction, dcm.CS, "SIGMOID"), set(dcm.PhotometricInterpretation, dcm.CS, "MONOCHROME1"),
		set(dcm.PixelPaddingValue, dcm.US, 63488), set(dcm.PixelPaddingRangeLimit, dcm.SS, -2000), set(dcm.LossyImageCompression, dcm.CS, "01"), set(dcm.LossyImageCompressionRatio, dcm.DS, 12.5),
		set(dcm.PatientOrientation, dcm.CS, "L", "P")))
	want := []Window{{40, 400, "SOFT", "SIGMOID", nil}, {-600, 1500, "LUNG", "SIGMOID", nil}}
	if !slices.Equal(m.Windows, want) || !m.Invert || m.PatientOrientation != [2]string{"L", "P"} {
		t.Errorf("windows %+v invert %t %v", m.Windows, m.Invert, m.PatientOrientation)
	}
	if !m.HasPadding || m.Padding != [2]float64{-2048, -2000} {
		t.Errorf("padding written unsigned is negative: %v %v", m.HasPadding, m.Padding)
	}
	if !hasCode(m, project.WarnLossy) {
		t.Errorf("%+v", m.Warnings)
	}
	if w := one(t, picture(set(dcm.WindowCenter, dcm.DS, 40), set(dcm.WindowWidth, dcm.DS, 0))).Windows; w != nil {
		t.Errorf("a window without width: %v", w)
	}
}

func TestTheMiddleSliceGivesTheWindow(t *testing.T) {
	window := func(center, width float64) edit {
		return func(d *dcm.DataSet) {
			set(dcm.WindowCenter, dcm.DS, center)(d)
			set(dcm.WindowWidth, dcm.DS, width)(d)
		}
	}
	m := one(t, picture(number(1), window(4, 9)), picture(number(2), at(1), window(500, 1000)), picture(number(3), at(2)))
	if len(m.Windows) != 1 || m.Windows[0].Center != 500 {
		t.Errorf("windows %+v, wanted the middle slice's", m.Windows)
	}
}

func TestColourThatCannotBeShownSaysSo(t *testing.T) {
	m := one(t, picture(set(dcm.SamplesPerPixel, dcm.US, 3), set(dcm.PhotometricInterpretation, dcm.CS, "HSV"), set(dcm.PixelData, dcm.OW, make([]byte, 72))))
	if project.KindOf(m.CanLoad()) != project.Unsupported || !hasCode(m, project.WarnNotDecoded) || m.Pixel != volume.RGB8 {
		t.Errorf("hue, saturation and value: %v %+v", m.CanLoad(), m.Warnings)
	}
}

// functional returns a 2 x 3 x 4 x ... file of four frames: two heights, two echoes, with the places in functional groups.
func functional() *dcm.DataSet {
	var own []*dcm.DataSet
	for n := range 4 {
		own = append(own, dcm.NewDataSet().
			Set(dcm.PlanePositionSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.ImagePositionPatient, dcm.DS, 0, 0, 10-float64(n%2)*2.5)).
			Set(dcm.MREchoSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.EffectiveEchoTime, dcm.FD, float64(5+n/2))).
			Set(dcm.PixelValueTransformationSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.RescaleSlope, dcm.DS, 2).Set(dcm.RescaleIntercept, dcm.DS, float64(n))))
	}
	return picture(set(dcm.Modality, dcm.CS, "MR"), without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient, dcm.PixelSpacing, dcm.RescaleSlope, dcm.RescaleIntercept),
		set(dcm.NumberOfFrames, dcm.IS, 4), set(dcm.PixelData, dcm.OW, ramp(4*12)),
		set(dcm.SharedFunctionalGroupsSequence, dcm.SQ, dcm.NewDataSet().
			Set(dcm.PlaneOrientationSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0)).
			Set(dcm.PixelMeasuresSequence, dcm.SQ, dcm.NewDataSet().Set(dcm.PixelSpacing, dcm.DS, 0.5, 0.25))),
		set(dcm.PerFrameFunctionalGroupsSequence, dcm.SQ, own))
}

// ramp returns count stored values 0, 1, 2 ... as bytes.
func ramp(count int) []byte {
	b := make([]byte, 2*count)
	for n := range count {
		b[2*n], b[2*n+1] = byte(n), byte(n>>8)
	}
	return b
}

func TestFunctionalGroupsPlaceEachFrame(t *testing.T) {
	all := imagesOf(t, functional())
	if len(all) != 2 || all[0].Label != "TE 5" || all[1].Label != "TE 6" {
		t.Fatalf("%s", labels(all))
	}
	m := all[1]
	if m.Kind != KindVolume || m.Geometry.Spacing != [3]float64{0.25, 0.5, 2.5} || m.Geometry.Origin[2] != 7.5 || m.Slices[0].Frame != 3 || m.Slices[1].Frame != 2 {
		t.Errorf("%s %+v %+v", m.Kind, m.Geometry, m.Slices)
	}
	if m.Pixel != volume.Float32 || m.Slices[0].Slope != 2 || m.Slices[0].Intercept != 3 {
		t.Errorf("%s %+v", m.Pixel, m.Slices)
	}
}

func TestFunctionalGroupsThatDoNotFitAreNotUsed(t *testing.T) {
	d := functional()
	d.Set(dcm.PerFrameFunctionalGroupsSequence, dcm.SQ, d.Items(dcm.PerFrameFunctionalGroupsSequence)[:3])
	m := one(t, d)
	if m.Kind != KindCine || len(m.Slices) != 4 || !hasCode(m, project.WarnRead) || !hasCode(m, project.WarnNoGeometry) {
		t.Errorf("%s %+v", m.Kind, m.Warnings)
	}
}

func TestDoseGridIsPlacedByItsOffsets(t *testing.T) {
	m := one(t, picture(set(dcm.Modality, dcm.CS, "RTDOSE"), set(dcm.NumberOfFrames, dcm.IS, 3), set(dcm.GridFrameOffsetVector, dcm.DS, 0, 3, 6),
		set(dcm.DoseGridScaling, dcm.DS, 0.001), set(tagDoseUnits, dcm.CS, "GY"), set(dcm.PixelData, dcm.OW, ramp(36))))
	if m.Kind != KindVolume || m.Geometry.Spacing[2] != 3 || m.Slope != 0.001 || m.Intercept != 0 || m.Unit != "GY" {
		t.Errorf("%s %+v slope %v %s", m.Kind, m.Geometry, m.Slope, m.Unit)
	}
}

func TestHeadersThatPromiseMoreThanTheFilesHoldAreNotLoaded(t *testing.T) {
	x := &instance{size: 1000, syntax: dcm.ExplicitLittleEndian, format: dcm.PixelFormat{Rows: 5000, Columns: 5000, Frames: 1, Samples: 1, BitsAllocated: 16, Photometric: "MONOCHROME2"}}
	var frames []*frame
	for range 100 {
		frames = append(frames, &frame{of: x, slope: 1, spacing: [2]float64{1, 1}, calibration: InPatient})
	}
	m := cine(frames)
	if project.KindOf(m.CanLoad()) != project.Invalid || !hasCode(m, project.WarnNotDecoded) {
		t.Errorf("5 GB from 1 kB: %v", m.CanLoad())
	}
}
