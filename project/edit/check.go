package edit

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// Limits of an operation.
const (
	MaxPoints      = 100_000 // of one stroke: at 1000 samples a second, more than a minute and a half
	MaxRefs        = 1000    // of visible and overlap
	MaxNameLetters = 64      // of a segment's name: DICOM's Segment Label is LO (PS3.5 6.2)
	MaxSegments    = 65535   // segments of one read: DICOM's Segment Number is US
	MaxImages      = 1000
)

// fields says what an operation needs and may have besides.
type fields struct{ need, may []string }

var takes = map[string]fields{
	opBrush:  {[]string{"segment", "radius_mm", "points_mm"}, []string{"mode", "shape", "plane", "normal", "range", "overwrite", "visible", "overlap", "image"}},
	opUndo:   {},
	opRedo:   {},
	opAdd:    {nil, []string{"name", "class", "color", "image"}},
	opRename: {[]string{"segment", "name"}, nil},
	opColor:  {[]string{"segment", "color"}, nil},
	opLock:   {[]string{"segment"}, nil},
	opUnlock: {[]string{"segment"}, nil},
	opDelete: {[]string{"segment"}, nil},
}

func invalid(format string, args ...any) error {
	return project.Errorf(project.Invalid, format, args...)
}

// stage is where an operation stands: the points of a stroke come with the operation, later, or are only counted.
type stage int

const (
	asGiven   stage = iota // from a script
	asBegun                // the header of a stroke being drawn
	inJournal              // in an entry
)

// check returns an error that names the first field that breaks a rule.
func (op *Op) check(at stage) error {
	f, ok := takes[op.Op]
	if !ok {
		return project.Errorf(project.Unsupported, "op: %q is not an operation that edits segments", op.Op)
	}
	for _, name := range f.need {
		if !op.has(name) && (name != "points_mm" || at == asGiven) {
			return invalid("%s: must be given for %s", name, op.Op)
		}
	}
	for _, name := range fieldNames {
		allowed := slices.Contains(f.need, name) || slices.Contains(f.may, name)
		if name == "points_mm" && at == inJournal {
			allowed = false
		}
		if name == "samples" {
			allowed = op.Op == opBrush && at == inJournal
		}
		if !allowed && op.has(name) {
			return invalid("%s: does not belong to %s", name, op.Op)
		}
	}
	return op.checkValues()
}

var fieldNames = []string{"segment", "mode", "shape", "plane", "normal", "radius_mm", "points_mm", "range", "overwrite", "visible", "overlap", "name", "class", "color", "image", "samples"}

// has reports whether a field is given; a field that has its zero value is not.
func (op *Op) has(name string) bool {
	switch name {
	case "segment":
		return !op.Segment.IsZero()
	case "mode":
		return op.Mode != ""
	case "shape":
		return op.Shape != ""
	case "plane":
		return op.Plane != ""
	case "normal":
		return op.Normal != nil
	case "radius_mm":
		return op.RadiusMM != 0
	case "points_mm":
		return len(op.PointsMM) > 0
	case "range":
		return op.Range != nil
	case "overwrite":
		return op.Overwrite != ""
	case "visible":
		return len(op.Visible) > 0
	case "overlap":
		return len(op.Overlap) > 0
	case "name":
		return op.Name != ""
	case "class":
		return op.Class != ""
	case "color":
		return op.Color != ""
	case "image":
		return op.Image != 0
	}
	return op.Samples != 0
}

func (op *Op) checkValues() error {
	for _, c := range []struct {
		name, value string
		words       []string
	}{
		{"mode", op.Mode, []string{"add", "erase"}},
		{"shape", op.Shape, []string{"disc", "sphere"}},
		{"plane", op.Plane, []string{"axial", "coronal", "sagittal", "acquired"}},
		{"overwrite", op.Overwrite, []string{"none", "visible", "all"}},
	} {
		if c.value != "" && !slices.Contains(c.words, c.value) {
			return invalid("%s: %q is none of %s", c.name, c.value, strings.Join(c.words, ", "))
		}
	}
	if err := op.checkNumbers(); err != nil {
		return err
	}
	return op.checkNames()
}

func (op *Op) checkNumbers() error {
	switch {
	case op.Op == opBrush && !(op.RadiusMM > 0 && op.RadiusMM <= segmentation.MaxRadiusMM):
		return invalid("radius_mm: must be above 0 and at most %g", segmentation.MaxRadiusMM)
	case len(op.PointsMM) > MaxPoints || op.Samples < 0 || op.Samples > MaxPoints:
		return invalid("points_mm: a stroke has at most %d points", MaxPoints)
	case op.Image < 0 || op.Image >= MaxImages:
		return invalid("image: there is no image %d", op.Image)
	case op.Range != nil && !(op.Range[0] <= op.Range[1] && !math.IsInf(op.Range[0], 0) && !math.IsInf(op.Range[1], 0)):
		return invalid("range: must be two numbers, the lower one first")
	case op.Normal != nil && op.Plane != "":
		return invalid("normal: stands instead of plane, not beside it")
	case op.Shape == "sphere" && (op.Normal != nil || op.Plane != ""):
		return invalid("plane: a sphere has none")
	}
	if op.Normal != nil {
		n := op.Normal
		if length := math.Hypot(math.Hypot(n[0], n[1]), n[2]); !(length > 1e-6 && length < 1e6) {
			return invalid("normal: must be a vector of some length")
		}
	}
	for n, p := range op.PointsMM {
		for _, x := range p {
			if !(math.Abs(x) <= segmentation.MaxCoordinateMM) {
				return invalid("points_mm: point %d is not within %g mm", n+1, segmentation.MaxCoordinateMM)
			}
		}
	}
	return nil
}

func (op *Op) checkNames() error {
	if err := checkRef("segment", op.Segment); err != nil {
		return err
	}
	if err := checkRefs("visible", op.Visible); err != nil {
		return err
	}
	if err := checkRefs("overlap", op.Overlap); err != nil {
		return err
	}
	if op.Op == opAdd && op.Name == "" && op.Class == "" {
		return invalid("name: a new segment needs a name or a class")
	}
	if err := checkName("name", op.Name); err != nil {
		return err
	}
	if err := checkName("class", op.Class); err != nil {
		return err
	}
	if op.Color != "" {
		if _, err := project.ParseColour(op.Color); err != nil {
			return invalid("color: %v", err)
		}
	}
	return nil
}

func checkRefs(field string, refs []Ref) error {
	if len(refs) > MaxRefs {
		return invalid("%s: at most %d segments", field, MaxRefs)
	}
	for _, r := range refs {
		if r.IsZero() {
			return invalid("%s: a segment is a number from 1 or a name", field)
		}
		if err := checkRef(field, r); err != nil {
			return err
		}
	}
	return nil
}

func checkRef(field string, r Ref) error {
	if r.Number < 0 || r.Number > MaxSegments || r.Number != 0 && r.Name != "" {
		return invalid("%s: a segment is a number from 1 to %d, or a name", field, MaxSegments)
	}
	return checkName(field, r.Name)
}

// checkName holds names to what DICOM's LO can keep, so that no export has to change them.
func checkName(field, s string) error {
	switch {
	case !utf8.ValidString(s), strings.ContainsFunc(s, unicode.IsControl), strings.Contains(s, `\`):
		return invalid("%s: must be text without control characters and backslashes", field)
	case utf8.RuneCountInString(s) > MaxNameLetters:
		return invalid("%s: has more than %d letters", field, MaxNameLetters)
	case strings.TrimSpace(s) != s:
		return invalid("%s: starts or ends with a space", field)
	}
	return nil
}
