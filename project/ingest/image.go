package ingest

import (
	"fmt"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// placedImage orders frames along their normal and makes the grid they form.
func placedImage(frames []*frame) (*Image, error) {
	places := make([]volume.Placement, len(frames))
	for n, f := range frames {
		places[n] = volume.Placement{Position: f.position, Row: f.row, Column: f.column}
	}
	first := frames[0]
	columns, rows := first.size()
	o, err := volume.FromSlices(places, volume.Frame{Columns: columns, Rows: rows, Spacing: first.spacing})
	if err != nil {
		return nil, err
	}
	m := &Image{Geometry: o.Geometry, TiltDegrees: o.TiltDegrees, MinGap: o.MinGap, MaxGap: o.MaxGap, Warnings: o.Warnings}
	for _, n := range o.Order {
		m.frames = append(m.frames, frames[n])
	}
	if !first.calibration.sized() && len(o.Order) > 1 && !m.Geometry.IsStack() {
		// Without a pixel size only the planes' corners are known: nothing may be cut across them.
		for k := range o.Order {
			m.Geometry.PlaneOrigins = append(m.Geometry.PlaneOrigins, m.frames[k].position)
		}
	}
	m.finish()
	switch {
	case len(m.frames) == 1:
		m.Kind = KindImage
	case m.Geometry.IsStack() || first.of.colour():
		m.Kind = KindStack
	default:
		m.Kind = KindVolume
	}
	return m, nil
}

// single is one frame without a place.
func single(f *frame) *Image {
	m := withoutPlace([]*frame{f})
	m.Kind = KindImage
	return m
}

// cine is a run of frames without places, in the order given.
func cine(frames []*frame) *Image {
	m := withoutPlace(frames)
	m.Kind = KindCine
	m.chooseTimes()
	return m
}

func withoutPlace(frames []*frame) *Image {
	f := frames[0]
	x := f.of
	columns, rows := f.size()
	m := &Image{frames: frames, Geometry: volume.Geometry{
		Size:      [3]int{columns, rows, len(frames)},
		Spacing:   mgl64.Vec3{f.spacing[0], f.spacing[1], 0},
		Direction: mgl64.Ident3(), NoPosition: true,
	}}
	switch {
	case x.mosaic:
		m.warn(project.WarnNoGeometry, "A mosaic: many slices tiled in one picture. It is shown as the picture that it is; the tiles are not placed in the patient.")
	case x.modality == "SM" && len(frames) > 1:
		m.warn(project.WarnNoGeometry, "A microscope slide in tiles: each frame is one tile. The slide is not put together.")
	case f.badAxes:
		m.warn(project.WarnBadOrientation, "The orientation in the file is not two perpendicular unit vectors. The picture is not placed in the patient.")
	case x.slices:
		m.warn(project.WarnNoGeometry, "The file gives no usable position or orientation. Nothing is placed in the patient.")
	}
	m.finish()
	return m
}

// finish fills everything but kind, label and geometry from the frames.
func (m *Image) finish() {
	first := m.frames[0]
	x := first.of
	m.Modality, m.Photometric, m.Invert, m.Calibration = x.modality, x.format.Photometric, x.invert, first.calibration
	m.CalibrationNote, m.View, m.Localizer = first.note, x.view, first.localizer
	m.PatientOrientation = x.patientOrientation
	m.Presentation = x.presentation
	m.chooseWindows()
	m.Geometry.Uncalibrated = !first.calibration.sized()
	seen := map[string]bool{}
	for _, f := range m.frames {
		m.Slices = append(m.Slices, Slice{
			Path: f.of.path, Frame: f.number, Instance: f.of.uid, Class: f.of.class, Syntax: f.of.syntax,
			Slope: f.slope, Intercept: f.intercept, Number: f.of.number, Windows: f.windows, Tile: f.tileNumber(),
		})
		m.Unidentified = m.Unidentified || f.of.uid == "" || f.of.series == "" || f.of.study == ""
		if !seen[f.of.syntax] {
			seen[f.of.syntax] = true
			m.TransferSyntaxes = append(m.TransferSyntaxes, f.of.syntax)
		}
	}
	m.chooseFrame()
	m.choosePixel()
	m.warnAboutFiles()
	m.warnAboutPixels()
	m.findSUV()
	m.findRealWorld()
	m.findOverlays()
}

// chooseFrame takes the frame of reference that all slices name. A series has one (PS3.3 A.1.2.5); some de-identification programs give each file its own.
// The positions still fit each other, but nothing else may be compared with them.
func (m *Image) chooseFrame() {
	first := m.frames[0].of.frameOfReference
	for _, f := range m.frames {
		if f.of.frameOfReference != first {
			m.warn(project.WarnMixedFrame, "The slices name different frames of reference. They are shown as one volume; it is not linked with other series.")
			return
		}
	}
	m.Geometry.FrameOfReference = first
}

// choosePixel decides how voxels are held: stored integers where one slope and intercept serves all slices, else float32.
func (m *Image) choosePixel() {
	first := m.frames[0]
	m.Pixel, m.Slope, m.Intercept, m.Unit = storedPixel(first.of), first.slope, first.intercept, first.unit
	m.Padding, m.HasPadding = first.of.padding, first.of.hasPadding
	varies, units := false, false
	for _, f := range m.frames {
		varies = varies || f.slope != first.slope || f.intercept != first.intercept
		units = units || f.unit != first.unit
		a, b := f.of, first.of
		if storedPixel(a) != m.Pixel || a.padding != b.padding || a.hasPadding != b.hasPadding {
			m.Pixel = volume.Float32
		}
	}
	if first.of.colour() {
		m.Pixel, m.Slope, m.Intercept, m.Unit, m.HasPadding = volume.RGB8, 1, 0, "", false
		return
	}
	if units {
		m.Unit = ""
		m.warn(project.WarnRescaleVaries, "The slices name different units; values are shown without one.")
	}
	if varies {
		m.Pixel = volume.Float32
		if m.Modality != "PT" { // in PET every slice has its own slope by design
			m.warn(project.WarnRescaleVaries, "Slope and intercept differ between slices. Each slice is converted with its own.")
		}
	}
	if m.Pixel == volume.Float32 {
		m.Slope, m.Intercept, m.HasPadding, m.Padding = 1, 0, false, [2]float64{}
	}
}

// storedPixel returns the type that holds the stored values of x without loss, or Float32 where they are converted.
func storedPixel(x *instance) volume.Pixel {
	p := x.format
	switch {
	case x.table && !x.hasPadding:
		return volume.Uint16 // what a table gives
	case p.Float || p.BitsAllocated > 16 || x.table:
		return volume.Float32
	case p.BitsAllocated == 16 && p.Signed, p.BitsAllocated == 8 && p.Signed:
		return volume.Int16
	case p.BitsAllocated == 16:
		return volume.Uint16
	}
	return volume.Uint8
}

// warnAboutFiles collects what must be known of the source files.
func (m *Image) warnAboutFiles() {
	lossy, ratio := 0, 0.0
	for _, f := range m.frames {
		x := f.of
		if x.lossy {
			lossy, ratio = lossy+1, max(ratio, x.lossyRatio)
		}
		for _, w := range x.warnings {
			m.Warnings = addWarning(m.Warnings, w)
		}
		if f.badSpacing {
			m.warn(project.WarnBadSpacing, "The pixel spacing in the file is zero, negative or not a number, and is not used.")
		}
	}
	m.warnCalibration()
	if lossy > 0 {
		m.warn(project.WarnLossy, "%s", lossyText(lossy, len(m.frames), ratio))
	}
}

// warnAboutPixels says whether the pixels can be had: all, some, or none.
func (m *Image) warnAboutPixels() {
	var reason error
	closed := 0
	for _, f := range m.frames {
		err := f.of.decode
		if err == nil {
			err = f.of.checkColour()
		}
		if err != nil {
			closed++
			if reason == nil {
				reason = err
			}
		}
	}
	switch {
	case closed == len(m.frames):
		m.notDecoded = reason
		m.warn(project.WarnNotDecoded, "The pixels cannot be shown: %v.", reason)
	case closed > 0:
		m.warn(project.WarnNotDecoded, "%d of %s cannot be shown: %v.", closed, count(len(m.frames), "picture"), reason)
	}
	if m.notDecoded == nil {
		if m.notDecoded = m.checkSize(); m.notDecoded != nil {
			m.warn(project.WarnNotDecoded, "The pixels cannot be shown: %v.", m.notDecoded)
		}
	}
}

func lossyText(lossy, of int, ratio float64) string {
	what := "The pictures were"
	if lossy < of {
		what = fmt.Sprintf("%d of %d pictures were", lossy, of)
	}
	if ratio > 1 {
		return fmt.Sprintf("%s compressed with loss, up to %.4g:1, before they came here.", what, ratio)
	}
	return what + " compressed with loss before they came here."
}

// freeBytes may be allocated for any image, however small its files.
const freeBytes = 64 << 20

// checkSize refuses sizes that the files cannot justify.
func (m *Image) checkSize() error {
	justified := int64(freeBytes)
	var last *instance
	for _, f := range m.frames {
		if f.of != last {
			last = f.of
			justified += last.size * max(4, dcm.Expansion(last.syntax)) // 4: bits or bytes may become float32
		}
	}
	if need := int64(m.Geometry.Voxels()) * int64(m.Pixel.Bytes()); need > justified {
		return project.Errorf(project.Invalid, "the headers declare %d MB of pixels, which the files cannot hold", need>>20)
	}
	return nil
}
