package ingest

import (
	"math"
	"slices"

	"hotlight/project/dcm"
)

// Region is a part of an ultrasound picture within which a pixel has a physical meaning, such as centimetres of tissue, or seconds and centimetres a
// second in a Doppler trace.
//
// Source: PS3.3 C.8.5.5.
type Region struct {
	// The corners, both within: pixels MinX to MaxX and MinY to MaxY, counted from 0.
	MinX, MinY, MaxX, MaxY int
	Format                 RegionFormat
	Data                   string // what the pixels show: "tissue", "colour flow", "PW Doppler" ...; may be empty
	X, Y                   RegionAxis
	LowPriority            bool // where regions overlap, one of high priority counts
}

// RegionFormat is the kind of picture in a region.
type RegionFormat string

// The formats (0018,6012).
const (
	Format2D       RegionFormat = "2D"       // tissue or flow: both axes are lengths
	FormatMMode    RegionFormat = "M-mode"   // time from left to right, depth downwards
	FormatSpectral RegionFormat = "spectral" // time, and velocity or frequency
	FormatWave     RegionFormat = "waveform" // time, and what is traced
	FormatGraphics RegionFormat = "graphics"
	FormatOther    RegionFormat = "other"
)

// RegionAxis is the meaning of one pixel along x or y.
type RegionAxis struct {
	Unit     string  // "mm", "s", "Hz", "cm/s" ...; empty where the axis has none. Lengths are converted to mm, areas to mm², volumes to ml.
	PerPixel float64 // in Unit; negative where values fall with growing x or y; 0 without a unit
	// Zero is the x or y of the whole picture where the value is 0. Without HasZero only differences mean something.
	Zero    float64
	HasZero bool
}

// Elements of a region (PS3.3 C.8.5.5).
const (
	tagRegionDataType  dcm.Tag = 0x00186014
	tagRegionFlags     dcm.Tag = 0x00186016
	tagReferencePixelX dcm.Tag = 0x00186020
	tagReferencePixelY dcm.Tag = 0x00186022
	tagReferenceValueX dcm.Tag = 0x00186028
	tagReferenceValueY dcm.Tag = 0x0018602A
)

// units by their code (C.8.5.5.1.15), and what they are multiplied with.
var units = [...]struct {
	name   string
	factor float64
}{{"", 0}, {"%", 1}, {"dB", 1}, {"mm", 10}, {"s", 1}, {"Hz", 1}, {"dB/s", 1}, {"cm/s", 1}, {"mm²", 100}, {"mm²/s", 100}, {"ml", 1}, {"ml/s", 1}, {"°", 1}}

var regionFormats = [...]RegionFormat{FormatOther, Format2D, FormatMMode, FormatSpectral, FormatWave, FormatGraphics}

var regionData = [...]string{"", "tissue", "colour flow", "PW Doppler", "CW Doppler", "mean trace", "mode trace", "maximum trace", "volume trace", "", "ECG", "pulse",
	"phonocardiogram", "grey bar", "colour bar", "backscatter", "area trace", "area change", "physiological trace"}

// readRegions reads the regions of an ultrasound file; those without a usable place or unit are left out. fits is false, and there are none, where
// one reaches beyond the picture: then the picture was cropped or scaled after it was calibrated, and nothing says which. One pixel too
// many is common, from writers that give the corner behind the last pixel.
func readRegions(d *dcm.DataSet, columns, rows int) (out []Region, fits bool) {
	for _, item := range d.Items(dcm.SequenceOfUltrasoundRegions) {
		var corners [4]int
		whole := true
		for n, t := range [4]dcm.Tag{dcm.RegionLocationMinX0, dcm.RegionLocationMinY0, dcm.RegionLocationMaxX1, dcm.RegionLocationMaxY1} {
			v, ok := item.Int(t)
			corners[n], whole = v, whole && ok
		}
		r := Region{MinX: corners[0], MinY: corners[1], MaxX: min(corners[2], columns-1), MaxY: min(corners[3], rows-1), Format: FormatOther}
		if corners[2] > columns || corners[3] > rows {
			return nil, false
		}
		if !whole || r.MinX < 0 || r.MinY < 0 || r.MinX > r.MaxX || r.MinY > r.MaxY {
			continue
		}
		if n, ok := item.Int(dcm.RegionSpatialFormat); ok && n > 0 && n < len(regionFormats) {
			r.Format = regionFormats[n]
		}
		if n, ok := item.Int(tagRegionDataType); ok && n > 0 && n < len(regionData) {
			r.Data = regionData[n]
		}
		flags, _ := item.Int(tagRegionFlags)
		r.LowPriority = flags&1 == 1
		r.X = readAxis(item, r.MinX, [4]dcm.Tag{dcm.PhysicalUnitsXDirection, dcm.PhysicalDeltaX, tagReferencePixelX, tagReferenceValueX})
		r.Y = readAxis(item, r.MinY, [4]dcm.Tag{dcm.PhysicalUnitsYDirection, dcm.PhysicalDeltaY, tagReferencePixelY, tagReferenceValueY})
		if r.X.Unit != "" || r.Y.Unit != "" {
			out = append(out, r)
		}
	}
	return out, true
}

// readAxis reads unit, size of a pixel and zero. The reference pixel is counted from the region's own corner and may lie outside of it.
func readAxis(item *dcm.DataSet, from int, tags [4]dcm.Tag) (a RegionAxis) {
	code, ok := item.Int(tags[0])
	delta, hasDelta := item.Float(tags[1])
	if !ok || !hasDelta || code <= 0 || code >= len(units) || delta == 0 || !finite([]float64{delta}) || math.Abs(delta) > 1e9 {
		return RegionAxis{}
	}
	u := units[code]
	a.Unit, a.PerPixel = u.name, delta*u.factor
	pixel, hasPixel := item.Int(tags[2])
	value, hasValue := item.Float(tags[3])
	if hasPixel && hasValue && finite([]float64{value}) {
		a.Zero, a.HasZero = float64(from+pixel)-value/delta, true
	}
	return a
}

// At returns the value at x or y of the whole picture; ok is false where the axis has no zero.
func (a RegionAxis) At(pixel float64) (value float64, ok bool) {
	return (pixel - a.Zero) * a.PerPixel, a.HasZero && a.Unit != ""
}

// Contains reports whether a place of the picture lies in the region; whole numbers are pixel centres.
func (r *Region) Contains(x, y float64) bool {
	return x >= float64(r.MinX)-0.5 && x <= float64(r.MaxX)+0.5 && y >= float64(r.MinY)-0.5 && y <= float64(r.MaxY)+0.5
}

// Millimetres returns the size of a pixel where both axes are lengths; ok is false elsewhere, such as in an M-mode or a trace.
func (r *Region) Millimetres() (x, y float64, ok bool) {
	return math.Abs(r.X.PerPixel), math.Abs(r.Y.PerPixel), r.Format == Format2D && r.X.Unit == "mm" && r.Y.Unit == "mm"
}

// Regions returns those of slice k, in the order of the file. They are read-only. A resampled image has none.
func (m *Image) Regions(k int) []Region {
	if m.Resampled {
		return nil
	}
	return m.frames[k].regions
}

// Region answers what a pixel means at (x, y) of slice k: the region there, of several the one with priority, of those the smallest. nil where
// no region lies: a pixel is only a pixel there. A distance needs one region that holds both of its ends.
func (m *Image) Region(k int, x, y float64) *Region {
	all := m.Regions(k)
	best := -1
	for n := range all {
		if r := &all[n]; r.Contains(x, y) && (best < 0 || r.before(&all[best])) {
			best = n
		}
	}
	if best < 0 {
		return nil
	}
	return &slices.Clone(all[best : best+1])[0]
}

func (r *Region) before(o *Region) bool {
	if r.LowPriority != o.LowPriority {
		return o.LowPriority
	}
	return r.area() < o.area()
}

func (r *Region) area() int { return (r.MaxX - r.MinX + 1) * (r.MaxY - r.MinY + 1) }

// Distance returns how far apart two places of slice k are, and the unit: "mm" within one region of an ultrasound that holds both (PS3.3
// C.8.5.5.1.3), else what Calibration says of the whole picture, and "px" where nothing gives pixels a size or the places lie in
// different regions. Places are (column, row), whole numbers pixel centres.
func (m *Image) Distance(k int, a, b [2]float64) (length float64, unit string) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	var best *Region
	all := m.Regions(k)
	for n := range all {
		r := &all[n]
		if _, _, ok := r.Millimetres(); ok && r.Contains(a[0], a[1]) && r.Contains(b[0], b[1]) && (best == nil || r.before(best)) {
			best = r
		}
	}
	switch {
	case best != nil:
		x, y, _ := best.Millimetres()
		return math.Hypot(dx*x, dy*y), string(InPatient)
	case m.Calibration.sized():
		return math.Hypot(dx*m.Geometry.Spacing[0], dy*m.Geometry.Spacing[1]), string(m.Calibration)
	}
	return math.Hypot(dx*m.Geometry.Spacing[0], dy*m.Geometry.Spacing[1]), string(InPixels) // spacing is the ratio of the sides
}
