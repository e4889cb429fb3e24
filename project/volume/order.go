package volume

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// Errors of FromSlices.
var (
	// ErrOrientation: the planes are not parallel, or an orientation is not two perpendicular unit vectors.
	ErrOrientation = errors.New("the planes are not parallel")
	// ErrNoSlices: there is nothing to order.
	ErrNoSlices = errors.New("no slices")
)

// Placement is one image plane in the patient.
type Placement struct {
	Position Point      // Image Position (Patient): centre of the first pixel
	Row      mgl64.Vec3 // Image Orientation [0:3]: the direction of growing column index
	Column   mgl64.Vec3 // Image Orientation [3:6]: the direction of growing row index
}

// Frame is what all slices of a grid share.
type Frame struct {
	Columns, Rows int
	// Spacing is (mm between columns, mm between rows): PixelSpacing[1], PixelSpacing[0].
	Spacing          [2]float64
	FrameOfReference project.FrameOfReference
}

// Ordered is a set of slices put in order.
type Ordered struct {
	Geometry Geometry
	Order    []int // Order[k] is the index of slice k among the placements given
	Dropped  []int // placements at a position that another one already has, in the order given
	// TiltDegrees is the angle between the line of origins and the normal; 0 unless it shifts a plane by more than a tenth of a pixel.
	TiltDegrees    float64
	MinGap, MaxGap float64 // mm along the normal; 0 for one slice
	Warnings       []project.Warning
}

const (
	parallelDegrees = 0.01  // normals may differ by this much
	samePositionMM  = 0.001 // nearer than this along the normal is one position
)

// FromSlices orders the slices along the common normal and returns the grid they form.
// It fails with ErrOrientation if normals differ by more than 0.01 degrees. Gaps, uneven spacing and gantry tilt do not fail:
// they come back as Warnings that name the neighbours, and the grid is marked exact on its own planes only (PlaneOrigins), because
// straightening it would change what the reader sees.
//
// Spacing in k is the median distance along the normal; it is uniform when no gap differs from it by more than the larger of 1 % and 0.01 mm, and
// no plane lies further than that from its place on the grid. Where gaps that are rounded each within that add up, the mean distance is taken.
func FromSlices(places []Placement, f Frame) (*Ordered, error) {
	if len(places) == 0 {
		return nil, ErrNoSlices
	}
	normal, err := commonNormal(places)
	if err != nil {
		return nil, err
	}
	o := &Ordered{}
	o.sort(places, normal)
	o.Geometry = Geometry{
		Size:             [3]int{f.Columns, f.Rows, len(o.Order)},
		Spacing:          mgl64.Vec3{f.Spacing[0], f.Spacing[1], 0},
		Origin:           places[o.Order[0]].Position,
		Direction:        mgl64.Mat3FromCols(places[o.Order[0]].Row, places[o.Order[0]].Column, normal),
		FrameOfReference: f.FrameOfReference,
	}
	o.space(places, normal)
	return o, nil
}

func commonNormal(places []Placement) (mgl64.Vec3, error) {
	first := places[0].Row.Cross(places[0].Column)
	for n, p := range places {
		if !perpendicularUnits(p.Row, p.Column) {
			return first, fmt.Errorf("slice %d: orientation is not two perpendicular unit vectors: %w", n+1, ErrOrientation)
		}
		normal := p.Row.Cross(p.Column)
		// The in-plane axes must agree as well: a picture turned within its plane does not fit the grid either.
		if angleDegrees(normal, first) > parallelDegrees || angleDegrees(p.Row, places[0].Row) > parallelDegrees {
			return first, fmt.Errorf("slice %d: %w", n+1, ErrOrientation)
		}
	}
	return first.Normalize(), nil
}

// perpendicularUnits allows for the digits that scanners write: 0.1 % in length, 0.06 degrees in angle.
func perpendicularUnits(a, b mgl64.Vec3) bool {
	return math.Abs(a.Len()-1) < 1e-3 && math.Abs(b.Len()-1) < 1e-3 && math.Abs(a.Dot(b)) < 1e-3
}

// angleDegrees is accurate for small angles, unlike the arc cosine of the dot product.
func angleDegrees(a, b mgl64.Vec3) float64 {
	return math.Atan2(a.Cross(b).Len(), a.Dot(b)) * 180 / math.Pi
}

// sort fills Order and Dropped.
func (o *Ordered) sort(places []Placement, normal mgl64.Vec3) {
	along := func(n int) float64 { return mgl64.Vec3(places[n].Position).Dot(normal) }
	all := make([]int, len(places))
	for n := range all {
		all[n] = n
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(along(a), along(b)) })
	for _, n := range all {
		if len(o.Order) > 0 && along(n)-along(o.Order[len(o.Order)-1]) < samePositionMM {
			o.Dropped = append(o.Dropped, n)
			continue
		}
		o.Order = append(o.Order, n)
	}
	slices.Sort(o.Dropped)
	if len(o.Dropped) > 0 {
		o.warn(project.WarnDuplicatePosition, "%s at a position that another image has, with nothing to tell them apart. The first of each is shown.", images(len(o.Dropped)))
	}
}

// space measures gaps and tilt and marks the geometry as a stack where the grid is not regular.
func (o *Ordered) space(places []Placement, normal mgl64.Vec3) {
	count := len(o.Order)
	if count < 2 {
		return
	}
	gaps := make([]float64, count-1)
	for k := range gaps {
		gaps[k] = places[o.Order[k+1]].Position.Sub(places[o.Order[k]].Position).Dot(normal)
	}
	median := medianOf(gaps)
	o.Geometry.Spacing[2] = median
	o.MinGap, o.MaxGap = slices.Min(gaps), slices.Max(gaps)
	uneven := o.warnGaps(gaps, median) || o.warnDrift(gaps, median)
	tilted := o.measureTilt(places, normal)
	if uneven || tilted {
		for _, n := range o.Order {
			o.Geometry.PlaneOrigins = append(o.Geometry.PlaneOrigins, places[n].Position)
		}
	}
}

// warnGaps names missing slices (a gap near a whole multiple of the median, the others regular) apart from spacing that is uneven throughout.
func (o *Ordered) warnGaps(gaps []float64, median float64) (uneven bool) {
	tolerance := max(0.01*median, 0.01)
	var missing []int
	other := 0
	for k, gap := range gaps {
		if math.Abs(gap-median) <= tolerance {
			continue
		}
		uneven = true
		times := math.Round(gap / median)
		if times >= 2 && math.Abs(gap-times*median) <= tolerance*times {
			missing = append(missing, k)
		} else {
			other++
		}
	}
	for n, k := range missing {
		if n == 3 {
			o.warn(project.WarnGap, "Slices are missing at %d more places.", len(missing)-n)
			break
		}
		lost := int(math.Round(gaps[k]/median)) - 1
		o.warn(project.WarnGap, "%s missing between %d and %d. Volumes across the gap are not computed.", areSlices(lost), k+1, k+2)
	}
	if other > 0 {
		o.warn(project.WarnUnevenSpacing, "Slices are %.4g to %.4g mm apart, median %.4g mm. Shown plane by plane, not resampled.", o.MinGap, o.MaxGap, median)
	}
	return uneven
}

// warnDrift chooses the mean distance where small differences add up against the median: positions rounded to a hundredth of a millimetre would shift
// the last of 300 slices by more than one. Where the mean does not serve either, the planes are uneven.
func (o *Ordered) warnDrift(gaps []float64, median float64) (uneven bool) {
	tolerance := max(0.01*median, 0.01)
	if drift(gaps, median) <= tolerance {
		return false
	}
	mean := 0.0
	for _, gap := range gaps {
		mean += gap / float64(len(gaps))
	}
	if drift(gaps, mean) <= tolerance {
		o.Geometry.Spacing[2] = mean
		return false
	}
	o.warn(project.WarnUnevenSpacing, "Slices are %.4g to %.4g mm apart, and small differences add up. Shown plane by plane, not resampled.", o.MinGap, o.MaxGap)
	return true
}

// drift returns how far a plane lies from its place on a grid of equal steps at most.
func drift(gaps []float64, step float64) (worst float64) {
	off := 0.0
	for _, gap := range gaps {
		off += gap - step
		worst = max(worst, math.Abs(off))
	}
	return worst
}

// measureTilt compares every origin with the line along the normal through the first one.
func (o *Ordered) measureTilt(places []Placement, normal mgl64.Vec3) bool {
	first, last := places[o.Order[0]].Position, places[o.Order[len(o.Order)-1]].Position
	worst := 0.0
	for _, n := range o.Order {
		d := places[n].Position.Sub(first)
		worst = max(worst, d.Sub(normal.Mul(d.Dot(normal))).Len())
	}
	if worst <= 0.1*min(o.Geometry.Spacing[0], o.Geometry.Spacing[1]) {
		return false
	}
	o.TiltDegrees = angleDegrees(last.Sub(first), normal)
	o.warn(project.WarnGantryTilt, "Tilted %.1f° on the scanner. Shown as acquired, not straightened.", o.TiltDegrees)
	return true
}

func (o *Ordered) warn(code project.WarningCode, format string, args ...any) {
	o.Warnings = append(o.Warnings, project.Warning{Code: code, Text: fmt.Sprintf(format, args...)})
}

func medianOf(values []float64) float64 {
	s := slices.Clone(values)
	slices.Sort(s)
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

func images(n int) string {
	if n == 1 {
		return "1 image is"
	}
	return fmt.Sprintf("%d images are", n)
}

func areSlices(n int) string {
	if n == 1 {
		return "1 slice is"
	}
	return fmt.Sprintf("%d slices are", n)
}
