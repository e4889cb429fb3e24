package ingest

import (
	"fmt"
	"math"

	"hotlight/project"
	"hotlight/project/dcm"
)

// Calibration says what a millimetre of Geometry.Spacing means.
type Calibration string

// The calibrations. All but InPatient stand with a warning of the code "uncalibrated" that says it in a sentence.
const (
	InPatient  Calibration = "mm"             // millimetres in the patient
	AtDetector Calibration = "mm at detector" // Imager Pixel Spacing: larger than in the patient by the magnification, which is unknown
	Estimated  Calibration = "mm estimated"   // in the patient by the magnification that the file estimates
	Uncertain  Calibration = "mm uncertain"   // a projection that does not say whether its pixel size is that at the detector or in the patient
	OnFilm     Calibration = "mm on film"     // Nominal Scanned Pixel Spacing: on the film or print that was scanned
	InRegions  Calibration = "mm in regions"  // pixels; millimetres within the regions of an ultrasound picture, see Image.Region
	InPixels   Calibration = "px"             // no pixel size in the file
)

// Elements of enhanced XA (PS3.3 C.8.19.6.4, C.8.19.6.9).
const (
	tagFramePixelDataSequence   dcm.Tag = 0x00289443
	tagPixelCalibrationSequence dcm.Tag = 0x00189401
	tagObjectPixelSpacing       dcm.Tag = 0x00189404
)

// sized reports whether Geometry.Spacing is in millimetres of some kind.
func (c Calibration) sized() bool { return c != InPixels && c != InRegions }

// projections are pictures of rays that spread: what lies near the detector is magnified less than what lies far from it.
var projections = map[project.Modality]bool{"CR": true, "DX": true, "MG": true, "XA": true, "RF": true, "IO": true, "PX": true, "RG": true}

// isProjection also looks at the class: tomosynthesis and rotational angiography are reconstructed, whatever the modality.
func (x *instance) isProjection() bool {
	return projections[x.modality] && !ofClass(x.class, "1.2.840.10008.5.1.4.1.1.13.1")
}

// readSpacing finds the pixel size and what it means. Without one only the ratio of the sides counts.
//
// Sources: PS3.3 10.7.1.1 to 10.7.1.3; C.8.19.6.9 for the calibration of enhanced XA.
func (f *frame) readSpacing(s source) {
	own := s.group(dcm.PixelMeasuresSequence).Floats(dcm.PixelSpacing)
	f.badSpacing = len(own) > 0 && !usableSpacing(own)
	if f.of.isProjection() {
		f.projectedSpacing(s, own)
	} else {
		f.plainSpacing(s, own)
	}
	f.regions = f.of.regions
	switch {
	case f.calibration == "" && len(f.regions) > 0:
		f.spacing, f.calibration = [2]float64{1, aspect(s.top)}, InRegions
	case f.calibration == "":
		f.spacing, f.calibration = [2]float64{1, aspect(s.top)}, InPixels
	}
}

// plainSpacing is for what is not projected: slices, photographs, scanned film.
func (f *frame) plainSpacing(s source, own []float64) {
	detector, film := s.top.Floats(dcm.ImagerPixelSpacing), s.top.Floats(dcm.NominalScannedPixelSpacing)
	// Secondary captures of projections repeat the detector's spacing.
	copied := usableSpacing(own) && usableSpacing(detector) && own[0] == detector[0] && own[1] == detector[1]
	switch {
	case usableSpacing(own) && (f.of.slices || f.placed || !copied):
		f.calibrate(own, InPatient)
	case usableSpacing(detector):
		f.calibrate(detector, AtDetector)
	case usableSpacing(film):
		f.calibrate(film, OnFilm)
	}
}

// projectedSpacing is for radiographs. Pixel Spacing counts as calibrated where the file says how it was, or where it differs from the detector's;
// where it merely repeats that, it is the detector's. Alone and without a word it can be either.
func (f *frame) projectedSpacing(s source, own []float64) {
	detector := s.top.Floats(dcm.ImagerPixelSpacing)
	if d := s.group(tagFramePixelDataSequence).Floats(dcm.ImagerPixelSpacing); usableSpacing(d) {
		detector = d
	}
	object := s.group(tagPixelCalibrationSequence).Floats(tagObjectPixelSpacing)
	how := text(s.top, dcm.PixelSpacingCalibrationType)
	factor, hasFactor := s.top.Float(dcm.EstimatedRadiographicMagnificationFactor)
	hasFactor = hasFactor && factor >= 1 && factor < 20 // rays spread: nothing is made smaller
	film := s.top.Floats(dcm.NominalScannedPixelSpacing)
	switch {
	case usableSpacing(own) && how != "":
		f.calibrate(own, InPatient)
		f.note = calibrationNote(how, text(s.top, dcm.PixelSpacingCalibrationDescription))
	case usableSpacing(own) && usableSpacing(detector) && (own[0] != detector[0] || own[1] != detector[1]):
		f.calibrate(own, InPatient)
	case usableSpacing(object):
		f.calibrate(object, Estimated)
		f.note = "where the central ray meets the object"
	case usableSpacing(detector) && hasFactor && f.of.modality == "MG":
		f.calibrate([]float64{detector[0] / factor, detector[1] / factor}, Estimated)
		f.note = fmt.Sprintf("the detector's divided by an estimated magnification of %.4g", factor)
	case usableSpacing(detector):
		f.calibrate(detector, AtDetector)
	case usableSpacing(own):
		f.calibrate(own, Uncertain)
	case usableSpacing(film):
		f.calibrate(film, OnFilm)
	}
}

// calibrate takes a spacing in the order of the file: between rows, between columns.
func (f *frame) calibrate(spacing []float64, c Calibration) {
	f.spacing, f.calibration = [2]float64{spacing[1], spacing[0]}, c
}

// calibrationNote says how Pixel Spacing was calibrated.
func calibrationNote(how, words string) string {
	note := "calibrated"
	switch how {
	case "GEOMETRY":
		note = "corrected for magnification by known geometry"
	case "FIDUCIAL":
		note = "measured on an object of known size"
	}
	if words != "" {
		note += ": " + words
	}
	return note
}

// warnCalibration says what lengths mean where they are not simply millimetres in the patient.
func (m *Image) warnCalibration() {
	switch m.Calibration {
	case InPixels:
		m.warn(project.WarnUncalibrated, "The file gives no pixel size. Lengths are in pixels.")
	case InRegions:
		m.warn(project.WarnUncalibrated, "Lengths are in millimetres within the calibrated regions of the picture only, elsewhere in pixels.")
	case AtDetector:
		m.warn(project.WarnUncalibrated, "Lengths are millimetres at the detector; in the patient they are smaller by an unknown factor.")
	case Estimated:
		m.warn(project.WarnUncalibrated, "Lengths are estimated: the pixel size is %s.", m.CalibrationNote)
	case Uncertain:
		m.warn(project.WarnUncalibrated, "The file does not say whether its pixel size is that at the detector or in the patient, where it would be smaller.")
	case OnFilm:
		m.warn(project.WarnUncalibrated, "Lengths are millimetres on the film that was scanned, not in the patient.")
	}
}

// usableSpacing: two positive numbers. A micrometre to a metre covers microscopes and whole-body detectors.
func usableSpacing(v []float64) bool {
	return len(v) == 2 && v[0] > 1e-4 && v[1] > 1e-4 && v[0] < 1000 && v[1] < 1000
}

// aspect returns the height of a pixel in units of its width (Pixel Aspect Ratio: vertical \ horizontal), 1 where it is not given.
func aspect(d *dcm.DataSet) float64 {
	v := d.Floats(dcm.PixelAspectRatio)
	if len(v) != 2 || !(v[0] > 0) || !(v[1] > 0) || math.IsInf(v[0]/v[1], 0) || v[0]/v[1] > 100 || v[1]/v[0] > 100 {
		return 1
	}
	return v[0] / v[1]
}
