package ingest

import (
	"cmp"
	"math"
	"path/filepath"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// instance is what one file says about itself as a whole.
type instance struct {
	path     string
	size     int64
	study    project.StudyUID
	series   project.SeriesUID
	uid      project.InstanceUID
	class    project.ClassUID
	syntax   string
	modality project.Modality

	seriesNumber          int
	seriesText, studyText string
	studyDate             string
	number                int // Instance Number
	frameOfReference      project.FrameOfReference
	patientOrientation    [2]string
	hasPixels             bool
	format                dcm.PixelFormat
	decode                error // why its frames cannot be decoded; nil where it can be tried
	table                 bool  // values go through a modality table
	presentation          *volume.LUT
	tracer                *tracer // of PET
	overlays              []overlayPlane
	mappings              []*dcm.DataSet // real world values that it gives other files, until those have them
	invert                bool
	padding               [2]float64
	hasPadding            bool
	lossy                 bool
	lossyRatio            float64
	view                  string
	slices                bool // its pictures are slices
	mosaic                bool
	part                  concatenation
	regions               []Region
	object                *Object // what it is where it holds no pixels to show
	folder                string  // stands for the UIDs of study and series where the file has none
	warnings              []project.Warning
	frames                []frame
	whole                 *digest
}

// frame is what the program needs to know of one frame: its place and how its stored values become values.
type frame struct {
	of     *instance
	number int // zero-based

	localizer   bool // an overview on which slices were planned
	placed      bool // has a position and an orientation
	badAxes     bool // has an orientation that is not two perpendicular unit vectors
	position    volume.Point
	row, column mgl64.Vec3

	spacing     [2]float64 // between columns, between rows
	calibration Calibration
	note        string // how it came about
	badSpacing  bool
	regions     []Region
	place       int // among those along the normal, while frames are grouped

	slope, intercept float64
	unit             string
	windows          []Window
	worlds           []*realWorld      // quantities that the file offers beside its values
	world            *realWorld        // the one that values are converted to; nil for the values themselves
	phase            [phaseKeys]string // what may tell two frames at one place apart
	run              string            // what tells the runs of one file apart where frames have no places
	when             instant
	tile             *tile // what part of the picture it is, where it is not the whole
}

// readInstance reads what grouping needs from a header. The error's text is a reason for a reader; it names no value.
func readInstance(path string, size int64, f *dcm.File) (*instance, error) {
	d := f.Data
	x := &instance{path: path, size: size, syntax: f.Syntax, warnings: f.Warnings, whole: &digest{}}
	x.study, x.series = project.StudyUID(text(d, dcm.StudyInstanceUID)), project.SeriesUID(text(d, dcm.SeriesInstanceUID))
	x.uid, x.class = project.InstanceUID(text(d, dcm.SOPInstanceUID)), project.ClassUID(text(d, dcm.SOPClassUID))
	x.class = cmp.Or(x.class, project.ClassUID(text(f.Meta, dcm.MediaStorageSOPClassUID)))
	if uid := text(f.Meta, dcm.MediaStorageSOPInstanceUID); x.uid == "" && uid != "" {
		x.uid = project.InstanceUID(uid)
		x.warn(project.WarnRead, "The SOP Instance UID is missing in the data set; that of the meta information is taken.")
	}
	x.modality = project.Modality(text(d, dcm.Modality))
	x.seriesText, x.studyText, x.studyDate = text(d, dcm.SeriesDescription), text(d, dcm.StudyDescription), dateOf(text(d, dcm.StudyDate))
	x.seriesNumber, _ = d.Int(dcm.SeriesNumber)
	x.number, _ = d.Int(dcm.InstanceNumber)
	x.frameOfReference = project.FrameOfReference(text(d, dcm.FrameOfReferenceUID))
	x.hasPixels = d.Has(dcm.PixelData) || d.Has(dcm.FloatPixelData) || d.Has(dcm.DoubleFloatPixelData)
	if err := x.check(d); err != nil {
		return nil, err
	}
	x.checkIdentity()
	if x.class == mappingObject {
		x.mappings = d.Items(tagReferencedImageRealWorldValues)
	}
	if x.isObject() || !x.hasPixels {
		x.object = readObject(x, d)
		return x, nil
	}
	var err error
	if x.format, err = f.PixelFormat(); err != nil {
		return nil, err
	}
	if err := x.checkFrames(); err != nil {
		return nil, err
	}
	x.decode = f.CanDecode()
	x.slices = makesSlices(x.modality, d)
	x.readDisplay(d)
	x.readOverlays(d, f)
	x.part = readConcatenation(d)
	var fits bool
	if x.regions, fits = readRegions(d, x.format.Columns, x.format.Rows); !fits {
		x.warn(project.WarnBadSpacing, "A calibrated region reaches beyond the picture, which was cropped or scaled since. The calibration is not used.")
	}
	x.frames = framesOf(x, d)
	return x, nil
}

// check refuses what shows nothing and is nothing of a study: images without an image, bare data sets.
func (x *instance) check(d *dcm.DataSet) error {
	switch {
	case d.Len() == 0:
		return project.Errorf(project.Invalid, "cut short: the file holds no data set")
	case !x.hasPixels && d.Has(dcm.Rows) && !x.isObject():
		return project.Errorf(project.Invalid, "no pixel data")
	case !x.hasPixels && !x.isObject() && (x.series == "" || x.study == ""):
		return project.Errorf(project.Invalid, "no pixel data, and nothing says what the file belongs to")
	}
	return nil
}

// checkFrames refuses more frames than a file of its size can be meant to have: what is kept for each takes a kilobyte. Nothing is refused up to
// 65,536 frames, nor where a frame takes 512 bytes of the file.
func (x *instance) checkFrames() error {
	if n := int64(x.format.Frames); n > 1<<16 && n > x.size/512 {
		return project.Errorf(project.Unsupported, "%d frames in a file of %d bytes are too many", n, x.size)
	}
	return nil
}

// checkIdentity warns of missing UIDs. Such a picture can be looked at, as everywhere; but nothing new could refer to it.
func (x *instance) checkIdentity() {
	if x.series == "" || x.study == "" {
		x.folder = filepath.Dir(x.path)
	}
	var missing []string
	for _, u := range []struct{ name, uid string }{{"Study", string(x.study)}, {"Series", string(x.series)}, {"SOP", string(x.uid)}} {
		if u.uid == "" {
			missing = append(missing, u.name)
		}
	}
	if len(missing) > 0 {
		x.warn(project.WarnNoIdentity, "The file has no %s Instance UID. It can be looked at; annotations cannot refer to it.", strings.Join(missing, ", no "))
	}
}

// readDisplay reads what decides how stored values are shown.
func (x *instance) readDisplay(d *dcm.DataSet) {
	x.readPresentation(d)
	x.view = readView(x, d)
	// Quadrupeds have codes of their own, in which R and L are other directions (PS3.3 C.7.6.1.1.1).
	if o := d.Strings(dcm.PatientOrientation); len(o) == 2 && text(d, tagAnatomicalOrientationType) != "QUADRUPED" {
		x.patientOrientation = [2]string{o[0], o[1]}
	}
	x.lossy = text(d, dcm.LossyImageCompression) == "01" || lossySyntaxes[x.syntax]
	if r := d.Floats(dcm.LossyImageCompressionRatio); len(r) > 0 {
		x.lossyRatio = r[len(r)-1]
	}
	for _, t := range d.Strings(dcm.ImageType) {
		x.mosaic = x.mosaic || t == "MOSAIC"
	}
	x.readPadding(d)
	x.readTable(d)
	x.readColour(d)
	x.readTracer(d)
}

// readPadding reads the range of stored values that mean nothing. Writers often give the unsigned form of a negative value, or the other way round.
func (x *instance) readPadding(d *dcm.DataSet) {
	value, limit := dcm.PixelPaddingValue, dcm.PixelPaddingRangeLimit
	switch {
	case x.format.Samples > 1:
		return
	case x.format.Float && x.format.BitsAllocated == 32:
		value, limit = tagFloatPadding, tagFloatPaddingLimit
	case x.format.Float:
		value, limit = tagDoublePadding, tagDoublePaddingLimit
	}
	a, ok := d.Float(value)
	if !ok || math.IsNaN(a) {
		return
	}
	b, ok := d.Float(limit)
	if !ok || math.IsNaN(b) {
		b = a
	}
	a, b = x.asStored(a), x.asStored(b)
	x.padding, x.hasPadding = [2]float64{min(a, b), max(a, b)}, true
}

// asStored gives a number of the header the sign that the pixels have.
func (x *instance) asStored(v float64) float64 {
	all := math.Ldexp(1, x.format.BitsAllocated)
	switch {
	case x.format.Float:
		return v
	case x.format.Signed && v >= all/2:
		return v - all
	case !x.format.Signed && v < 0:
		return v + all
	}
	return v
}

// colour reports whether its samples are colours, not values.
func (x *instance) colour() bool {
	return x.format.Samples > 1 || x.format.Photometric == "PALETTE COLOR"
}

func text(d *dcm.DataSet, t dcm.Tag) string {
	s, _ := d.String(t)
	return strings.TrimSpace(s)
}
