package ingest

import (
	"math"

	"hotlight/project/dcm"
)

// readSpacing finds the pixel size: Pixel Spacing, else that at the detector, else none, and then only the ratio of the sides counts.
// Projections often repeat the detector's spacing as Pixel Spacing; that is still the detector's (PS3.3 10.7.1.3).
func (f *frame) readSpacing(s source) {
	own := s.group(dcm.PixelMeasuresSequence).Floats(dcm.PixelSpacing)
	detector := s.top.Floats(dcm.ImagerPixelSpacing)
	f.badSpacing = len(own) > 0 && !usableSpacing(own)
	copied := usableSpacing(own) && usableSpacing(detector) && own[0] == detector[0] && own[1] == detector[1]
	switch {
	case copied && !tomographic[f.of.modality] && text(s.top, dcm.PixelSpacingCalibrationType) == "":
		f.spacing, f.calibration = [2]float64{own[1], own[0]}, AtDetector
	case usableSpacing(own):
		f.spacing, f.calibration = [2]float64{own[1], own[0]}, InPatient
	case usableSpacing(detector):
		f.spacing, f.calibration = [2]float64{detector[1], detector[0]}, AtDetector
	default:
		f.spacing, f.calibration = [2]float64{1, aspect(s.top)}, InPixels
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
