package export

import (
	"math"
	"slices"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// segTolerance is how far, in parts of the distance between slices and of a pixel, a frame may lie off the grid.
const segTolerance = 0.02

// segGrid returns the grid on which a segmentation's frames lie, and the slice of each frame.
func segGrid(d *dcm.DataSet, frames []*dcm.DataSet, format dcm.PixelFormat) (g volume.Geometry, slice []int, err error) {
	if len(frames) == 0 {
		return g, nil, project.Errorf(project.Invalid, "the segmentation has no frame")
	}
	shared := d.Item(dcm.SharedFunctionalGroupsSequence)
	group := func(frame *dcm.DataSet, sequence dcm.Tag) *dcm.DataSet {
		if item := frame.Item(sequence); item.Len() > 0 {
			return item
		}
		return shared.Item(sequence)
	}
	measures := group(frames[0], dcm.PixelMeasuresSequence)
	spacing := measures.Floats(dcm.PixelSpacing)
	if len(spacing) != 2 || !(spacing[0] > 0) || !(spacing[1] > 0) {
		return g, nil, project.Errorf(project.Unsupported, "the segmentation does not say how large its pixels are")
	}
	var origins []mgl64.Vec3
	orientation := group(frames[0], dcm.PlaneOrientationSequence).Floats(dcm.ImageOrientationPatient)
	for n, frame := range frames {
		p := group(frame, dcm.PlanePositionSequence).Floats(dcm.ImagePositionPatient)
		if len(p) != 3 || len(orientation) != 6 {
			return g, nil, project.Errorf(project.Unsupported, "frame %d of the segmentation has no place in the patient", n+1)
		}
		if !slices.Equal(group(frame, dcm.PlaneOrientationSequence).Floats(dcm.ImageOrientationPatient), orientation) {
			return g, nil, project.Errorf(project.Unsupported, "the frames of the segmentation are not parallel")
		}
		origins = append(origins, mgl64.Vec3{p[0], p[1], p[2]})
	}
	i, j := mgl64.Vec3(orientation[:3]), mgl64.Vec3(orientation[3:])
	if math.Abs(i.Len()-1) > squareTolerance || math.Abs(j.Len()-1) > squareTolerance || math.Abs(i.Dot(j)) > squareTolerance {
		return g, nil, project.Errorf(project.Invalid, "the orientation of the segmentation is not two perpendicular unit vectors")
	}
	between, _ := measures.Float(dcm.SpacingBetweenSlices)
	frame, _ := d.String(dcm.FrameOfReferenceUID)
	g = volume.Geometry{Size: [3]int{format.Columns, format.Rows, 1}, Spacing: mgl64.Vec3{spacing[1], spacing[0], 0},
		Direction: mgl64.Mat3FromCols(i, j, i.Cross(j).Normalize()), FrameOfReference: project.FrameOfReference(frame)}
	slice, err = stackFrames(&g, origins, math.Abs(between))
	return g, slice, err
}

// stackFrames orders the frames along the normal and completes the grid. between is the distance that the file gives, or 0.
func stackFrames(g *volume.Geometry, origins []mgl64.Vec3, between float64) ([]int, error) {
	normal := g.Axis(2)
	at := make([]float64, len(origins))
	first := 0
	for n, o := range origins {
		at[n] = o.Dot(normal)
		if at[n] < at[first] {
			first = n
		}
	}
	g.Origin = volume.Point(origins[first])
	step := between
	if !onSteps(at, at[first], step) {
		step = smallestGap(at)
	}
	g.Spacing[2] = step
	slice := make([]int, len(at))
	for n, t := range at {
		off := origins[n].Sub(origins[first]).Sub(normal.Mul(t - at[first]))
		if off.Len() > segTolerance*10*min(g.Spacing[0], g.Spacing[1]) {
			return nil, project.Errorf(project.Unsupported, "the slices of the segmentation are shifted against each other")
		}
		if step > 0 {
			slice[n] = int(math.Round((t - at[first]) / step))
		}
		g.Size[2] = max(g.Size[2], slice[n]+1)
		if g.Size[0]*g.Size[1] > maxSegVoxels/g.Size[2] {
			return nil, project.Errorf(project.Unsupported, "the slices of the segmentation lie too far apart for one grid")
		}
	}
	if step > 0 && !onSteps(at, at[first], step) {
		return nil, project.Errorf(project.Unsupported, "the slices of the segmentation are not evenly apart")
	}
	return slice, nil
}

// onSteps reports whether every position is a whole number of steps from the first.
func onSteps(at []float64, first, step float64) bool {
	if !(step > 0) {
		return false
	}
	for _, t := range at {
		steps := (t - first) / step
		if !(math.Abs(steps-math.Round(steps)) <= segTolerance) || steps > 1<<20 {
			return false
		}
	}
	return true
}

// smallestGap is the least distance between two positions that differ by more than rounding; 0 if there is none.
func smallestGap(at []float64) float64 {
	sorted := append([]float64(nil), at...)
	slices.Sort(sorted)
	least := math.Inf(1)
	for n := 1; n < len(sorted); n++ {
		if gap := sorted[n] - sorted[n-1]; gap > 1e-3 {
			least = min(least, gap)
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}
