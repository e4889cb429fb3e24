package desk

import (
	"context"
	"time"

	"hotlight/project"
	"hotlight/project/volume"
)

// Case is one study laid out to be looked at or read.
type Case struct {
	// Name is what the screen calls it: "Case 0047" in a project, "Study 1" in a folder. Never a patient's name.
	Name   string
	Images []Image
	// Read is the reader's own pass, or nil when the study is only looked at. The index of a Segment's image is an index into Images.
	Read Read
	// Blinded says that the person must see nothing of what others made of the study. The overlay planes (60xx) of the files, which may carry it, are hidden.
	Blinded bool
	// ShowOverlays records that the reader of a blinded case shows the overlay planes; they are shown only after it returned without an error. It may take a
	// moment. Nil where the protocol withholds them.
	ShowOverlays func() error
	// Room says in a sentence when the disk that the read is saved on is nearly full; empty otherwise. It may take a moment. Nil when nothing is saved.
	Room func() string
	// Close ends the work on the case: what is not on disk yet is brought there. The window calls it once, off the interface thread.
	Close func() error
}

// Kind is what an image is made of.
type Kind string

// The kinds, as in CLI.md. Objects without pixels are not images and do not come here.
const (
	Volume Kind = "volume" // one uniform grid
	Stack  Kind = "stack"  // parallel planes that are exact one by one only: tilted, uneven, or colour
	Cine   Kind = "cine"   // frames without positions
	Single Kind = "image"  // one frame
)

// Image is one grid of a series.
type Image struct {
	Series      project.SeriesUID
	Number      int // Series Number, 0 when there is none
	Description string
	Volume      int    // which grid of the series, from 0
	Label       string // what tells it from the others of its series, such as "echo 2"; empty where there is one
	Modality    project.Modality
	Kind        Kind
	Instances   int
	Unit        string // "HU", "BQML" ..., empty when the file names none
	Geometry    *volume.Geometry
	Windows     []Window // from the file, in its order
	Invert      bool     // the lowest value is white
	// Presentation is the table that greys go through after the window; nil for none.
	Presentation *volume.LUT
	// Lengths is what a millimetre of the geometry means: "mm", "mm at detector", "mm estimated", "mm in regions", "px" ...
	Lengths string
	// Orientation is (0020,0020) of a picture without a position, the directions of rows and columns as coded; may be empty.
	Orientation [2]string
	// FrameTimes is how long each frame of a run is shown when it plays; empty where the file does not say.
	FrameTimes []time.Duration
	Warnings   []project.Warning
	// Absent says, in a sentence, why the pixels cannot be shown: "Images not here." or the transfer syntax that is not decoded. Empty when they can.
	Absent string
	// Changed says, in a sentence, which source files are others than those that the case was made from. The images can be looked at, but what is drawn
	// must not be shown on them, and nothing can be drawn there. Empty when all are the same as far as is known.
	Changed string
	// Verify reads the source files again, compares each with its digest, and returns what Changed would say then. It may take a while and is for
	// idle time. Nil where nothing is known to compare with.
	Verify func(ctx context.Context) (changed string, err error)
	// Load brings the pixels into memory, slice first first. It returns at once. Nil when Absent is not empty.
	Load func(ctx context.Context, first int, progress Progress) (*Loading, error)
}

// Window is a grey-level setting that the file brings.
type Window struct {
	Center, Width float64
	Explanation   string // as in the file, may be empty
	Function      string // LINEAR, LINEAR_EXACT, SIGMOID, LUT for a table; empty means LINEAR
	LUT           *volume.LUT
}

// Loading is a volume on its way into memory.
type Loading struct {
	Volume *volume.Volume // slices can be read as they arrive
	// Wait returns when all slices are there, when the context of Load ends, or on the first error. It may be called more than once.
	Wait func() error
	// Coarse returns a first picture of a large single frame at a lower resolution, on a grid of its own, nil while or where there is none. It is for the
	// eye only, until the frame arrives. Progress is told of 0 when it comes. The function itself may be nil.
	Coarse func() *volume.Volume
	// Warnings are those of the image and what loading it showed. It is complete after Wait; nil means the image's own.
	Warnings func() []project.Warning
}
