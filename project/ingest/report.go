package ingest

import (
	"time"

	"hotlight/project"
	"hotlight/project/volume"
)

// ScanReport is the answer of `hotlight scan --json`. Its keys are a contract: they are added to, never renamed.
type ScanReport struct {
	Studies []StudyReport   `json:"studies"`
	Skipped []SkippedReport `json:"skipped"`
	// Warnings are of the scan as a whole; those of an image stand with it.
	Warnings []project.Warning `json:"warnings,omitempty"`
}

// StudyReport is a study in a ScanReport.
type StudyReport struct {
	StudyUID    project.StudyUID `json:"study_uid"`
	Description string           `json:"description,omitempty"`
	Date        string           `json:"date,omitempty"` // YYYYMMDD
	Series      []SeriesReport   `json:"series"`
}

// SeriesReport is a series in a ScanReport.
type SeriesReport struct {
	SeriesUID   project.SeriesUID `json:"series_uid"`
	Modality    project.Modality  `json:"modality"`
	Description string            `json:"description"`
	Number      int               `json:"number"`
	Instances   int               `json:"instances"`
	Kind        Kind              `json:"kind"`
	Volumes     []VolumeReport    `json:"volumes"`
	Objects     []ObjectReport    `json:"objects,omitempty"`
}

// ObjectReport is a file without pixels to show in a ScanReport.
type ObjectReport struct {
	File        string              `json:"file"`
	InstanceUID project.InstanceUID `json:"sop_instance_uid"`
	ClassUID    project.ClassUID    `json:"sop_class_uid"`
	What        string              `json:"what"` // "segmentation", "structured report", "key objects" ...
	Label       string              `json:"label,omitempty"`
	Refers      []ReferenceReport   `json:"refers_to"`
}

// ReferenceReport is what an object refers to within one series. A UID is empty where neither the object nor the scan knows it.
type ReferenceReport struct {
	StudyUID  project.StudyUID      `json:"study_uid"`
	SeriesUID project.SeriesUID     `json:"series_uid"`
	Instances []project.InstanceUID `json:"instances"`
	Here      int                   `json:"here"` // how many of them the scan found
}

// VolumeReport is one image of a series in a ScanReport.
type VolumeReport struct {
	Kind             Kind                     `json:"kind"`
	Label            string                   `json:"label,omitempty"`
	Size             [3]int                   `json:"size"`
	SpacingMM        [3]float64               `json:"spacing_mm"`
	OriginMM         [3]float64               `json:"origin_mm"`
	Direction        [9]float64               `json:"direction"` // row-major; columns are the i, j, k axes
	PlaneOriginsMM   [][3]float64             `json:"plane_origins_mm,omitempty"`
	TiltDegrees      float64                  `json:"tilt_degrees,omitempty"`
	FrameOfReference project.FrameOfReference `json:"frame_of_reference_uid"`
	TransferSyntaxes []string                 `json:"transfer_syntaxes"`
	Pixel            string                   `json:"pixel"`
	Rescale          RescaleReport            `json:"rescale"`
	SUV              *SUVReport               `json:"suv,omitempty"` // of PET
	RealWorld        []RealWorldReport        `json:"real_world,omitempty"`
	Overlays         []OverlayReport          `json:"overlays,omitempty"`
	Photometric      string                   `json:"photometric"`
	Calibration      Calibration              `json:"calibration"` // what spacing_mm counts, see Calibration
	CalibrationNote  string                   `json:"calibration_note,omitempty"`
	Regions          []RegionReport           `json:"regions,omitempty"`        // of an ultrasound picture
	Positioned       bool                     `json:"positioned"`               // false: origin and direction are those of the picture, not of the patient
	View             string                   `json:"view,omitempty"`           // side and view of a projection: "R MLO"
	Localizer        bool                     `json:"localizer,omitempty"`      // an overview on which slices were planned
	FrameTimesMS     []float64                `json:"frame_times_ms,omitempty"` // how long each frame is shown when the run plays
	FrameStartsMS    []float64                `json:"frame_starts_ms,omitempty"`
	Windows          []WindowReport           `json:"windows,omitempty"`
	Resampled        bool                     `json:"resampled,omitempty"`
	Warnings         []project.Warning        `json:"warnings"`
}

// RegionReport is a part of an ultrasound picture with a scale of its own.
type RegionReport struct {
	Format  RegionFormat `json:"format"`
	Data    string       `json:"data,omitempty"`
	Corners [4]int       `json:"corners"`   // x0, y0, x1, y1 in pixels, both corners within
	Units   [2]string    `json:"units"`     // of x and y, empty where an axis has none
	Scale   [2]float64   `json:"per_pixel"` // in these units
}

// RescaleReport says how stored values become values.
type RescaleReport struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
	Unit      string  `json:"unit"`
}

// SkippedReport is a file that holds nothing to show.
type SkippedReport struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Report returns r in the form of the command line. Lists are never null.
func Report(r *Result) ScanReport {
	out := ScanReport{Studies: []StudyReport{}, Skipped: []SkippedReport{}, Warnings: r.Warnings}
	for _, s := range r.Studies {
		study := StudyReport{StudyUID: s.UID, Description: s.Description, Date: s.Date, Series: []SeriesReport{}}
		for _, x := range s.Series {
			series := SeriesReport{x.UID, x.Modality, x.Description, x.Number, x.Instances, x.Kind, []VolumeReport{}, nil}
			for _, m := range x.Volumes {
				series.Volumes = append(series.Volumes, reportImage(m))
			}
			for _, o := range x.Objects {
				series.Objects = append(series.Objects, reportObject(o))
			}
			study.Series = append(study.Series, series)
		}
		out.Studies = append(out.Studies, study)
	}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, SkippedReport{s.Path, s.Reason})
	}
	return out
}

func reportObject(o *Object) ObjectReport {
	out := ObjectReport{o.Path, o.Instance, o.Class, o.What, o.Label, []ReferenceReport{}}
	for _, r := range o.Refers {
		out.Refers = append(out.Refers, ReferenceReport{r.Study, r.Series, append([]project.InstanceUID{}, r.Instances...), r.Here})
	}
	return out
}

func reportImage(m *Image) VolumeReport {
	g := &m.Geometry
	v := VolumeReport{
		Kind: m.Kind, Label: m.Label, Size: g.Size, SpacingMM: g.Spacing, OriginMM: g.Origin, TiltDegrees: m.TiltDegrees,
		FrameOfReference: g.FrameOfReference, TransferSyntaxes: m.TransferSyntaxes, Pixel: m.Pixel.String(),
		Rescale: RescaleReport{m.Slope, m.Intercept, m.Unit}, Photometric: m.Photometric, Calibration: m.Calibration, CalibrationNote: m.CalibrationNote,
		Positioned: !g.NoPosition, Resampled: m.Resampled, View: m.View, Localizer: m.Localizer, FrameTimesMS: inMilliseconds(m.FrameTimes), FrameStartsMS: inMilliseconds(m.FrameStarts), Warnings: append([]project.Warning{}, m.Warnings...),
	}
	for r := range 3 {
		for c := range 3 {
			v.Direction[3*r+c] = g.Direction.At(r, c) + 0 // -0 becomes 0
		}
	}
	if m.Kind == KindStack {
		for k := range g.Size[2] {
			v.PlaneOriginsMM = append(v.PlaneOriginsMM, [3]float64(planeOrigin(g, k)))
		}
	}
	for _, r := range m.Regions(0) {
		v.Regions = append(v.Regions, RegionReport{r.Format, r.Data, [4]int{r.MinX, r.MinY, r.MaxX, r.MaxY}, [2]string{r.X.Unit, r.Y.Unit}, [2]float64{r.X.PerPixel, r.Y.PerPixel}})
	}
	reportValues(m, &v)
	return v
}

func inMilliseconds(times []time.Duration) (out []float64) {
	for _, t := range times {
		out = append(out, float64(t)/1e6)
	}
	return out
}

func planeOrigin(g *volume.Geometry, k int) volume.Point {
	if g.IsStack() {
		return g.PlaneOrigins[k]
	}
	return g.PlaneOrigin(k)
}
