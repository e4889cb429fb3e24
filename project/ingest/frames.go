package ingest

import (
	"math"

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
	offsets := gridOffsets(x, d)
	frames := make([]frame, x.format.Frames)
	for n := range frames {
		s := source{top: d, shared: shared, own: &dcm.DataSet{}}
		if own != nil {
			s.own = own[n]
		}
		frames[n] = readFrame(x, s, n)
		switch {
		case offsets != nil:
			frames[n].position = frames[n].position.Add(frames[n].row.Cross(frames[n].column).Mul(offsets[n]))
		case x.mosaic || own == nil && len(frames) > 1:
			frames[n].placed = false // one position cannot place several frames, nor a mosaic's tiles
		}
	}
	return frames
}

func readFrame(x *instance, s source, n int) frame {
	f := frame{of: x, number: n, slope: 1}
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
	p := s.group(dcm.PlanePositionSequence).Floats(dcm.ImagePositionPatient)
	o := s.group(dcm.PlaneOrientationSequence).Floats(dcm.ImageOrientationPatient)
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
	f.unit = unitOf(f.of, s.top, d)
}

// unitOf names the unit of rescaled values: from the file, or Hounsfield for CT that says nothing else.
func unitOf(x *instance, top, rescale *dcm.DataSet) string {
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
		if len(types) > 2 && (types[2] == "LOCALIZER" || types[2] == "PERFUSION") {
			return "" // not Hounsfield's numbers
		}
		return "HU"
	}
	return u
}

func finite(v []float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
