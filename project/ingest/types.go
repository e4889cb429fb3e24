package ingest

import (
	"time"

	"hotlight/project"
	"hotlight/project/volume"
)

// Result is what a scan found. Its order depends on the files alone, not on the number of workers.
type Result struct {
	Studies []Study
	Skipped []Skipped // by path
	// Warnings are of the scan as a whole: files that a disc's directory lists and that are missing.
	Warnings []project.Warning
}

// Skipped is a file that holds nothing to show, and the reason as a sentence without patient data. Path is as reached from the paths scanned.
type Skipped struct{ Path, Reason string }

// Study is one examination. Its UID is empty where files have none; those of one folder are then one study.
type Study struct {
	UID         project.StudyUID
	Description string
	Date        string // YYYYMMDD, may be empty
	Series      []*Series
}

// Kind says what can be done with an image.
type Kind string

// The kinds of CLI.md.
const (
	KindVolume Kind = "volume" // one uniform grid
	KindStack  Kind = "stack"  // parallel planes that are tilted, uneven, or colour: exact plane by plane
	KindImage  Kind = "image"  // one frame
	KindCine   Kind = "cine"   // frames without positions
	KindObject Kind = "object" // no pixels shown: SEG, SR, RTSTRUCT, PR, KO ...
)

// Series is one series of a study.
type Series struct {
	UID         project.SeriesUID // empty where the files have none
	Modality    project.Modality
	Number      int
	Description string
	Instances   int       // files that belong to it, copies not counted
	Kind        Kind      // of its largest image
	Volumes     []*Image  // none for an object
	Objects     []*Object // the files that hold no pixels to show, such as SEG and SR, in path order
}

// Image is one grid, stack, picture or cine of a series. It is read-only after Scan and may be shared between goroutines.
type Image struct {
	Kind     Kind
	Label    string // what tells it from the others of its series, such as "echo 2" or "b 1000"; empty where there is one
	Modality project.Modality
	Geometry volume.Geometry
	// TiltDegrees and the gaps in mm along the normal are as volume.Ordered gives them.
	TiltDegrees, MinGap, MaxGap float64
	Calibration                 Calibration
	CalibrationNote             string // how the pixel size came about where the file says it, such as "measured on an object of known size"
	// View is the side and view of a projection, such as "R MLO"; may be empty.
	View string
	// Localizer: an overview on which slices were planned.
	Localizer bool
	// PatientOrientation is (0020,0020), the directions of rows and columns of a picture without a position, as coded; may be empty.
	PatientOrientation [2]string

	Pixel            volume.Pixel
	Slope, Intercept float64     // 1 and 0 for float32 and colour
	Unit             string      // "HU", "BQML" ..., empty where the file names none
	SUV              *SUV        // of PET; nil for others
	RealWorld        []RealWorld // other quantities that all slices offer
	// Photometric is Photometric Interpretation as stored. Invert says that the lowest value is white (MONOCHROME1, or Presentation LUT
	// Shape INVERSE); values are never inverted, only their display.
	Photometric string
	Invert      bool
	Padding     [2]float64 // stored values that mean "no measurement", see volume.Volume; float32 images have NaN in their place
	HasPadding  bool
	// Presentation is the file's Presentation LUT, which greys go through after the window; nil for none, as in nearly every file.
	Presentation *volume.LUT

	// Resampled says that the voxels were computed between the acquired planes (see Resampled); a scan never gives such an image.
	Resampled bool
	// FrameTimes is how long each slice is shown when the image plays as a run, FrameStarts when each was taken, from the first; one for each slice,
	// or none where the file does not say. They differ where the file recommends another rate than it was taken at.
	FrameTimes, FrameStarts []time.Duration

	TransferSyntaxes []string
	Overlays         []Overlay // that any slice has; their bits are with the loaded volume
	Windows          []Window  // of the slice nearest to the middle that has any
	Slices           []Slice   // in order of k
	// Unidentified: a file has no Study, Series or SOP Instance UID, so that nothing new could refer to the image. It can be looked at.
	Unidentified bool
	Warnings     []project.Warning

	notDecoded error    // why Load would fail; nil where it can be tried
	frames     []*frame // in order of k
}

// CanLoad returns nil, or an error that says why the pixels cannot be shown here: Unsupported names the transfer syntax or the form.
func (m *Image) CanLoad() error { return m.notDecoded }

// Slice is one frame of one file.
type Slice struct {
	Path     string
	Frame    int // zero-based
	Tile     int // the part of a mosaic, from 1; 0 for the whole frame
	Instance project.InstanceUID
	Class    project.ClassUID
	Syntax   string // transfer syntax UID
	// Slope and Intercept are this slice's own; the image's where all are equal.
	Slope, Intercept float64
	Number           int      // Instance Number, for people: order never depends on it where there are positions
	Windows          []Window // this slice's own
}
