package segmentation

import (
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// Shape is the shape of a brush.
type Shape uint8

// The shapes.
const (
	// Disc paints in a plane, one voxel thick: of each column of voxels along the grid axis nearest to the plane's normal, the one voxel
	// nearest to the plane (the naive digital plane), if its centre, dropped onto the plane, lies within the radius of the path.
	// Neighbouring layers are never touched.
	Disc Shape = iota
	// Sphere paints every voxel whose centre lies within the radius of the path.
	Sphere
)

// Stroke is one movement of a brush: its tip swept along straight lines from point to point.
//
// It takes every voxel whose centre lies within RadiusMM of the path (for a disc: within the plane), and every voxel that the path itself
// passes through, so that a brush smaller than a voxel takes exactly the voxels under the pointer and a click always takes one.
type Stroke struct {
	Points   []volume.Point // patient mm; one point is a click
	RadiusMM float64        // above 0, at most MaxRadiusMM
	Shape    Shape
	Normal   mgl64.Vec3 // of a disc's plane, any length but zero; the plane passes through the point. Unused by a sphere
	Erase    bool       // take voxels out of the segment rather than adding them
	// Range, when given, limits the stroke to voxels whose rescaled value lies in [Range[0], Range[1]]. Voxels without a value (padding,
	// not a number) are left alone. It needs the images.
	Range *[2]float64
}

// Limits of a stroke.
const (
	MaxRadiusMM     = 1000.0   // a metre
	MaxCoordinateMM = 100000.0 // of any coordinate of a point
)

// Overwrite says what adding to one segment does to the others of the same image.
type Overwrite uint8

// The overwrite rules.
const (
	OverwriteNone    Overwrite = iota // segments may overlap; the others are not changed
	OverwriteVisible                  // the visible others lose the voxels that are painted
	OverwriteAll                      // all others lose them
)

// Rule is an overwrite rule with what it needs to know. Others that are locked are never written: where the rule would take voxels from a
// locked segment, these voxels are not painted, so that what the rule keeps apart stays apart. Erasing changes no other segment.
type Rule struct {
	Overwrite Overwrite
	Visible   []int // numbers of the segments that are shown; for OverwriteVisible
	Overlap   []int // numbers of segments that may overlap whatever Overwrite says: they are neither written nor in the way
}

// Target is what a stroke is painted on.
type Target struct {
	Set      *Set
	Segment  int              // the number of the segment to change
	Geometry *volume.Geometry // of the segment's image; its Size is the mask's
	Volume   *volume.Volume   // the image's values, or nil when images are not here; only Range needs it
}

// ErrLocked is wrapped by the error that painting into a locked segment gives; its text names the segment.
var ErrLocked error = &project.Error{Kind: project.NotPermitted, Text: "the segment is locked"}

// lockedError names the segment.
func lockedError(g *Segment) error {
	return &project.Error{Kind: project.NotPermitted, Text: "the segment " + g.Name + " is locked", Err: ErrLocked}
}

// Bounds is a box of voxels, both ends inclusive. It is empty when Any is false.
type Bounds struct {
	Lo, Hi [3]int
	Any    bool
}

// Include grows b to hold o.
func (b *Bounds) Include(o Bounds) {
	switch {
	case !o.Any:
	case !b.Any:
		*b = o
	default:
		for a := range 3 {
			b.Lo[a], b.Hi[a] = min(b.Lo[a], o.Lo[a]), max(b.Hi[a], o.Hi[a])
		}
	}
}
