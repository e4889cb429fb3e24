package ingest

import (
	"math"
	"slices"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// source finds an element where a frame has it: in its own functional group, in the shared one, or at the top of the file.
type source struct {
	top, shared, own *dcm.DataSet
}

// group returns the data set in which the elements of the functional group macro stand for this frame. Single-frame files may have the sequence
// at the top, as some do with the diffusion sequence.
func (s source) group(macro dcm.Tag) *dcm.DataSet {
	for _, d := range []*dcm.DataSet{s.own, s.shared, s.top} {
		if items := d.Items(macro); len(items) > 0 {
			return items[0]
		}
	}
	return s.top
}

// items returns the items of the functional group macro for this frame.
func (s source) items(macro dcm.Tag) []*dcm.DataSet {
	for _, d := range []*dcm.DataSet{s.own, s.shared, s.top} {
		if items := d.Items(macro); len(items) > 0 {
			return items
		}
	}
	return nil
}

// framesOf describes every frame of x. A file with functional groups has one for each; others have what the top of the file says.
func framesOf(x *instance, d *dcm.DataSet) []frame {
	shared, own := d.Item(dcm.SharedFunctionalGroupsSequence), d.Items(dcm.PerFrameFunctionalGroupsSequence)
	if len(own) != x.format.Frames {
		if len(own) > 0 {
			x.warn(project.WarnRead, "The file describes %d frames and has %d; what it says about single frames is not used.", len(own), x.format.Frames)
		}
		own = nil
	}
	frames := make([]frame, x.format.Frames)
	for n := range frames {
		switch {
		case own != nil:
			frames[n] = readFrame(x, source{top: d, shared: shared, own: own[n]}, n)
		case n == 0:
			frames[n] = readFrame(x, source{top: d, shared: shared, own: &dcm.DataSet{}}, n)
		default: // all that the file says holds for every frame
			frames[n] = frames[0]
			frames[n].number = n
		}
	}
	if own == nil {
		frames = placeTogether(x, d, frames)
	}
	readTimes(d, own, frames)
	if x.modality == "NM" {
		readNuclear(d, frames)
	}
	return frames
}

// placeTogether is for files whose one position is not simply that of their one frame: it cannot place several frames, nor a mosaic's tiles.
func placeTogether(x *instance, d *dcm.DataSet, frames []frame) []frame {
	if x.mosaic {
		if tiles := mosaicTiles(d, frames[0]); tiles != nil {
			x.mosaic = false
			return tiles
		}
	}
	offsets := gridOffsets(x, d)
	for n := range frames {
		f := &frames[n]
		if offsets != nil {
			f.position = f.position.Add(f.row.Cross(f.column).Mul(offsets[n]))
		} else if x.mosaic || len(frames) > 1 {
			f.placed = false
		}
	}
	return frames
}

func readFrame(x *instance, s source, n int) frame {
	f := frame{of: x, number: n, slope: 1}
	f.localizer = isLocalizer(s)
	f.readPlace(s)
	f.readSpacing(s)
	f.readValues(s)
	f.windows = f.readWindows(s.group(dcm.FrameVOILUTSequence))
	f.worlds = readRealWorld(s, x.format.Signed)
	f.phase = readPhase(s)
	return f
}

// farthestMM is a kilometre: no scanner's coordinates reach that far, and sums of larger numbers lose the digits that matter.
const farthestMM = 1e6

// readPlace reads position and orientation. An orientation that is unusable is noted and the frame stays without a place.
func (f *frame) readPlace(s source) {
	f.placeAt(s.group(dcm.PlanePositionSequence).Floats(dcm.ImagePositionPatient), s.group(dcm.PlaneOrientationSequence).Floats(dcm.ImageOrientationPatient))
}

func (f *frame) placeAt(p, o []float64) {
	if len(p) != 3 || len(o) != 6 || !finite(p) || !finite(o) || max(math.Abs(p[0]), math.Abs(p[1]), math.Abs(p[2])) > farthestMM {
		return
	}
	f.position, f.row, f.column = volume.Point(p), mgl64.Vec3(o[:3]), mgl64.Vec3(o[3:])
	_, err := volume.FromSlices([]volume.Placement{{Position: f.position, Row: f.row, Column: f.column}}, volume.Frame{Columns: 1, Rows: 1})
	f.placed, f.badAxes = err == nil, err != nil
}

// gridOffsets returns the millimetres of each frame along the normal in an RT dose, whose position is that of its first frame, or nil.
// The first value is 0 where they are relative; otherwise they are patient coordinates and the difference counts (PS3.3 C.8.8.3.2).
func gridOffsets(x *instance, d *dcm.DataSet) []float64 {
	v := d.Floats(dcm.GridFrameOffsetVector)
	if len(v) != x.format.Frames || len(v) < 2 || !finite(v) {
		return nil
	}
	out := make([]float64, len(v))
	for n := range v {
		out[n] = v[n] - v[0]
	}
	return out
}

// readValues reads how stored values become values in a unit.
func (f *frame) readValues(s source) {
	if f.of.table {
		f.unit = tableUnit(s.top)
		return
	}
	d := s.group(dcm.PixelValueTransformationSequence)
	slope, hasSlope := d.Float(dcm.RescaleSlope)
	intercept, _ := d.Float(dcm.RescaleIntercept)
	switch {
	case !hasSlope && finite([]float64{intercept}):
		f.intercept = intercept
	case slope != 0 && finite([]float64{slope, intercept}):
		f.slope, f.intercept = slope, intercept
	default:
		f.of.warn(project.WarnRead, "The rescale slope or intercept is not usable; values are as stored.")
	}
	if scaling, ok := s.top.Float(dcm.DoseGridScaling); ok && scaling > 0 && finite([]float64{scaling}) {
		f.slope, f.intercept = scaling, 0
	}
	f.unit = unitOf(f, s.top, d)
}

// unitOf names the unit of rescaled values: from the file, or Hounsfield for CT that says nothing else.
func unitOf(f *frame, top, rescale *dcm.DataSet) string {
	x := f.of
	if u := text(top, dcm.Units); u != "" && (x.modality == "PT" || x.modality == "NM") {
		return u
	}
	if u := text(top, tagDoseUnits); u != "" {
		return u
	}
	u := text(rescale, dcm.RescaleType)
	if u == "US" { // "unspecified"
		u = ""
	}
	types := top.Strings(dcm.ImageType)
	if x.modality == "CT" && (u == "" || u == "HU") {
		if len(types) > 2 && (f.localizer || types[2] == "PERFUSION") {
			return "" // not Hounsfield's numbers
		}
		return "HU"
	}
	return u
}

// isLocalizer reports whether the frame is an overview on which slices were planned (PS3.3 C.8.2.1.1.1, C.8.13.3.1.1).
func isLocalizer(s source) bool {
	types := strings.Fields(frameTypeOf(s))
	return slices.Contains(types, "LOCALIZER") || slices.Contains(s.top.Strings(dcm.ImageType), "LOCALIZER")
}

func finite(v []float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
