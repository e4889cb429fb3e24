package ingest

import (
	"math"
	"path/filepath"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// region returns an item of Sequence of Ultrasound Regions.
func region(format, data, flags int, corners [4]int, unitX, unitY int, deltaX, deltaY float64, edits ...edit) *dcm.DataSet {
	d := dcm.NewDataSet().Set(dcm.RegionSpatialFormat, dcm.US, format).Set(tagRegionDataType, dcm.US, data).Set(tagRegionFlags, dcm.UL, flags).
		Set(dcm.RegionLocationMinX0, dcm.UL, corners[0]).Set(dcm.RegionLocationMinY0, dcm.UL, corners[1]).
		Set(dcm.RegionLocationMaxX1, dcm.UL, corners[2]).Set(dcm.RegionLocationMaxY1, dcm.UL, corners[3]).
		Set(dcm.PhysicalUnitsXDirection, dcm.US, unitX).Set(dcm.PhysicalUnitsYDirection, dcm.US, unitY).
		Set(dcm.PhysicalDeltaX, dcm.FD, deltaX).Set(dcm.PhysicalDeltaY, dcm.FD, deltaY)
	for _, e := range edits {
		e(d)
	}
	return d
}

// ultrasound is a picture of 40 x 30 without position or pixel size.
func ultrasound(regions ...*dcm.DataSet) *dcm.DataSet {
	return picture(without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient, dcm.PixelSpacing, dcm.RescaleSlope, dcm.RescaleIntercept),
		set(dcm.Modality, dcm.CS, "US"), set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.6.1"), set(dcm.Rows, dcm.US, 30), set(dcm.Columns, dcm.US, 40),
		set(dcm.PixelData, dcm.OW, make([]byte, 2400)), set(dcm.SequenceOfUltrasoundRegions, dcm.SQ, regions))
}

func TestUltrasoundRegionsSayWhatAPixelMeans(t *testing.T) {
	reference := func(x, y int, vx, vy float64) edit {
		return func(d *dcm.DataSet) {
			d.Set(tagReferencePixelX, dcm.SL, x).Set(tagReferencePixelY, dcm.SL, y).Set(tagReferenceValueX, dcm.FD, vx).Set(tagReferenceValueY, dcm.FD, vy)
		}
	}
	m := one(t, ultrasound(
		region(1, 1, 1, [4]int{0, 0, 19, 19}, 3, 3, 0.02, 0.04),                            // tissue, low priority
		region(1, 2, 0, [4]int{5, 5, 9, 9}, 3, 3, 0.05, 0.05),                              // colour over it
		region(2, 1, 0, [4]int{20, 0, 39, 14}, 4, 3, 0.01, 0.03),                           // M-mode: seconds, depth
		region(3, 3, 0, [4]int{20, 15, 40, 30}, 4, 7, 0.005, -2, reference(-20, 5, 0, 10)), // Doppler: seconds, cm/s; the corner behind the last pixel
		region(0, 13, 0, [4]int{0, 20, 3, 29}, 0, 0, 0, 0),                                 // a grey bar without a unit
	))
	if m.Calibration != InRegions || !m.Geometry.Uncalibrated || !hasCode(m, project.WarnUncalibrated) || len(m.Regions(0)) != 4 {
		t.Fatalf("%s, %d regions, %+v", m.Calibration, len(m.Regions(0)), m.Warnings)
	}
	for name, c := range map[string]struct {
		x, y   float64
		format RegionFormat
		data   string
		mm     [2]float64 // 0 where a distance in millimetres has no meaning
		unit   [2]string
	}{
		"tissue":                       {1, 1, Format2D, "tissue", [2]float64{0.2, 0.4}, [2]string{"mm", "mm"}},
		"its edge":                     {-0.5, 19.5, Format2D, "tissue", [2]float64{0.2, 0.4}, [2]string{"mm", "mm"}},
		"colour has priority":          {7, 7, Format2D, "colour flow", [2]float64{0.5, 0.5}, [2]string{"mm", "mm"}},
		"an M-mode has no distances":   {30, 3, FormatMMode, "tissue", [2]float64{}, [2]string{"s", "mm"}},
		"a Doppler trace has none":     {39, 29, FormatSpectral, "PW Doppler", [2]float64{}, [2]string{"s", "cm/s"}},
		"nothing is known beside them": {10, 25, "", "", [2]float64{}, [2]string{}},
		"nor of the grey bar":          {1, 28, "", "", [2]float64{}, [2]string{}},
	} {
		r := m.Region(0, c.x, c.y)
		if c.format == "" {
			if r != nil {
				t.Errorf("%s: %+v", name, *r)
			}
			continue
		}
		if r == nil || r.Format != c.format || r.Data != c.data || [2]string{r.X.Unit, r.Y.Unit} != c.unit {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		x, y, ok := r.Millimetres()
		if ok != (c.mm[0] > 0) || ok && (math.Abs(x-c.mm[0]) > 1e-12 || math.Abs(y-c.mm[1]) > 1e-12) {
			t.Errorf("%s: %v x %v mm, %t", name, x, y, ok)
		}
	}
	// The reference pixel is counted from the region's corner: (20-20, 15+5) of the picture has 0 s and 10 cm/s, and -2 cm/s a pixel downwards.
	r := m.Region(0, 30, 25)
	seconds, okX := r.X.At(30)
	speed, okY := r.Y.At(25)
	if !okX || !okY || math.Abs(seconds-0.15) > 1e-12 || math.Abs(speed-0) > 1e-12 {
		t.Errorf("at (30, 25): %v s, %v cm/s", seconds, speed)
	}
	if _, ok := m.Region(0, 1, 1).X.At(1); ok {
		t.Error("a region without a reference pixel has differences only")
	}
}

func TestRegionsThatCannotBeUsed(t *testing.T) {
	good := region(1, 1, 0, [4]int{0, 0, 19, 19}, 3, 3, 0.02, 0.02)
	for name, bad := range map[string]*dcm.DataSet{
		"beyond the picture: it was cropped or scaled": region(1, 1, 0, [4]int{0, 0, 79, 19}, 3, 3, 0.02, 0.02),
		"far beyond it": region(1, 1, 0, [4]int{0, 0, 1 << 31, 19}, 3, 3, 0.02, 0.02),
	} {
		m := one(t, ultrasound(good, bad))
		if m.Calibration != InPixels || !hasCode(m, project.WarnBadSpacing) || m.Region(0, 1, 1) != nil {
			t.Errorf("%s: %s %+v", name, m.Calibration, m.Warnings)
		}
	}
	for name, bad := range map[string]*dcm.DataSet{
		"corners the wrong way round": region(1, 1, 0, [4]int{19, 0, 0, 19}, 3, 3, 0.02, 0.02),
		"no size of a pixel":          region(1, 1, 0, [4]int{0, 0, 19, 19}, 3, 3, 0, 0),
		"not a number":                region(1, 1, 0, [4]int{0, 0, 19, 19}, 3, 3, math.NaN(), math.Inf(1)),
		"a unit of a later standard":  region(1, 1, 0, [4]int{0, 0, 19, 19}, 13, 99, 1, 1),
		"empty":                       dcm.NewDataSet(),
	} {
		if m := one(t, ultrasound(bad)); m.Calibration != InPixels || len(m.Regions(0)) != 0 {
			t.Errorf("%s: %s %+v", name, m.Calibration, m.Regions(0))
		}
	}
}

// What the headers of the test images say, read with dcmdump.
func TestRegionsOfTheTestImages(t *testing.T) {
	data := sharedData(t)
	for name, want := range map[string]struct {
		x, y, mm float64
	}{
		"gdcm-US-ALOKA-16.dcm": {400, 100, 0.38265306502580643}, "YBR_422.dcm": {500, 300, 0.061599999666213998}, "OBXXXX1A_2frame.dcm": {400, 300, 0.26228787661969974},
	} {
		m := onlySeries(t, scan(t, filepath.Join(data, "2d", name))).Volumes[0]
		r := m.Region(len(m.Slices)-1, want.x, want.y)
		if r == nil {
			t.Errorf("%s: no region", name)
			continue
		}
		if x, y, ok := r.Millimetres(); !ok || math.Abs(x-want.mm) > 1e-12 || x != y {
			t.Errorf("%s: %v x %v, want %v", name, x, y, want.mm)
		}
	}
	// A picture of 320 x 240 that was calibrated when it had 640 x 480: its millimetres would be wrong by half.
	if m := onlySeries(t, scan(t, filepath.Join(data, "2d", "examples_ybr_color.dcm"))).Volumes[0]; m.Calibration != InPixels || !hasCode(m, project.WarnBadSpacing) {
		t.Errorf("%s %+v", m.Calibration, m.Warnings)
	}
}

// Lengths are in millimetres where one region of tissue or flow holds both ends, and never otherwise.
func TestDistancesInAnUltrasound(t *testing.T) {
	m := one(t, ultrasound(
		region(1, 1, 1, [4]int{0, 0, 19, 19}, 3, 3, 0.02, 0.04),
		region(1, 2, 0, [4]int{5, 5, 9, 9}, 3, 3, 0.05, 0.05), // in another scale, above it
		region(1, 1, 0, [4]int{0, 20, 19, 29}, 3, 3, 0.02, 0.04),
		region(2, 1, 0, [4]int{20, 0, 39, 14}, 4, 3, 0.01, 0.03),
	))
	for name, c := range map[string]struct {
		a, b   [2]float64
		length float64
		unit   string
	}{
		"across tissue":            {[2]float64{0, 0}, [2]float64{15, 0}, 3, "mm"},
		"aslant":                   {[2]float64{1, 1}, [2]float64{16, 11}, 5, "mm"},
		"within the colour":        {[2]float64{5, 5}, [2]float64{9, 5}, 2, "mm"},
		"out of the colour":        {[2]float64{6, 6}, [2]float64{16, 6}, 2, "mm"}, // both ends lie in the tissue
		"from one part to another": {[2]float64{1, 19}, [2]float64{1, 21}, 2, "px"},
		"in an M-mode":             {[2]float64{25, 3}, [2]float64{25, 9}, 6, "px"},
		"beside all regions":       {[2]float64{30, 20}, [2]float64{33, 24}, 5, "px"},
	} {
		if length, unit := m.Distance(0, c.a, c.b); math.Abs(length-c.length) > 1e-12 || unit != c.unit {
			t.Errorf("%s: %v %s, want %v %s", name, length, unit, c.length, c.unit)
		}
	}
	if length, unit := one(t, picture()).Distance(0, [2]float64{0, 0}, [2]float64{4, 0}); length != 1 || unit != "mm" {
		t.Errorf("a slice: %v %s", length, unit)
	}
	detector := one(t, picture(set(dcm.Modality, dcm.CS, "DX"), without(dcm.PixelSpacing, dcm.ImagePositionPatient), set(dcm.ImagerPixelSpacing, dcm.DS, 0.5, 0.25)))
	if length, unit := detector.Distance(0, [2]float64{0, 0}, [2]float64{0, 4}); length != 2 || unit != "mm at detector" {
		t.Errorf("a radiograph: %v %s", length, unit)
	}
	tall := one(t, picture(without(dcm.PixelSpacing, dcm.ImagePositionPatient), set(dcm.PixelAspectRatio, dcm.IS, 2, 1)))
	if length, unit := tall.Distance(0, [2]float64{0, 0}, [2]float64{0, 4}); length != 8 || unit != "px" {
		t.Errorf("tall pixels: %v %s", length, unit)
	}
}
