package viewer

import (
	"context"
	"strconv"
	"time"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/volume"
	"hotlight/render/voi"
)

// Study is what a room shows.
type Study struct {
	Name    string // "Case 0047"; never a patient's name
	Project string // "Lung nodule pilot v3", empty when the study is only looked at
	Reader  string // printed name
	Images  []Image
	Read    *Read // nil when the study is only looked at
	// Blinded hides the overlay planes of the files, which may carry another reader's marks; see Actions.ShowOverlays.
	Blinded bool
}

// Image is one grid of a series.
type Image struct {
	Number      int
	Description string
	Label       string // what tells it from the others of its series
	Modality    project.Modality
	Instances   int
	Flat        bool // exact plane by plane only, or without positions
	Unit        string
	Geometry    *volume.Geometry
	Windows     []voi.Preset // from the file
	Invert      bool         // small values are white
	// Presentation is the table that greys go through after the window; nil for none.
	Presentation *volume.LUT
	Lengths      string          // what a millimetre of the geometry is: "mm", "mm at detector", "mm estimated", "mm in regions", "px" ...
	Sides        [2]string       // Patient Orientation (0020,0020) of a picture without a position; may be empty
	FrameTimes   []time.Duration // how long each frame of a run is shown; empty where the file does not say
	Warnings     []project.Warning
	Absent       string // why it cannot be shown; empty when it can
	// Changed says which source files are others than those that the study was made from; segments are kept away from the image then. Empty when
	// all are the same as far as is known.
	Changed string
	// Verify reads the source files again, in idle time, and returns what Changed is to say; nil where nothing is known to compare with.
	Verify func(ctx context.Context) (changed string, err error)
	// Load brings the pixels into memory, slice first first, and returns at once.
	Load func(ctx context.Context, first int, progress func(done, total int)) (*Loading, error)
}

// Loading is a volume on its way into memory.
type Loading struct {
	Volume *volume.Volume
	Wait   func() error // until all are there
	// Coarse returns a first picture at a lower resolution, nil while or where there is none; the function may be nil. It is for the eye only.
	Coarse func() *volume.Volume
	// Warnings are those of the image and what loading it showed, complete after Wait; nil means the image's own.
	Warnings func() []project.Warning
}

// Read is the reader's own pass over the study.
type Read struct {
	History *edit.History
	Classes []project.Class
}

// Title is what the series rail and the corner call an image: "2 · Axial lung 1.0".
func (m *Image) Title() string {
	s := m.Description
	if s == "" {
		s = string(m.Modality)
	}
	if m.Label != "" {
		s += ", " + m.Label
	}
	if m.Number > 0 {
		return strconv.Itoa(m.Number) + " · " + s
	}
	return s
}

// Detail is the second line of the series rail: "40 × 1.0 mm".
func (m *Image) Detail() string {
	g := m.Geometry
	switch {
	case g.Size[2] == 1:
		return whole(g.Size[0]) + " × " + whole(g.Size[1])
	case g.NoPosition:
		return whole(g.Size[2]) + " frames"
	case g.Uncalibrated:
		return whole(g.Size[2]) + " images"
	}
	return whole(g.Size[2]) + " × " + fixed(g.Spacing[2], 1) + " mm"
}
