package panel

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// ShapeAverage takes the voxels whose mean signed distance to the readers' borders is below thresholdMM. The distance of a voxel is that between its centre and the nearest
// voxel centre on the other side, negative inside. tied are the voxels whose mean is the threshold: neither in nor out. Outside the image is background.
//
// It is Invalid when a reader drew nothing, since there is no distance to nothing, and when the geometry is not in millimetres. On a stack of uneven
// planes the distances across are those along the normal.
//
// Source: Rohlfing and Maurer, IEEE TIP 16 (2007) 153.
func ShapeAverage(masks []*segmentation.Mask, g *volume.Geometry, thresholdMM float64) (in, tied *segmentation.Mask, err error) {
	if err := sameGrid(masks); err != nil {
		return nil, nil, err
	}
	if g == nil || g.Size != masks[0].Size() {
		return nil, nil, project.Errorf(project.Invalid, "shape-based averaging needs the geometry of the masks' grid")
	}
	if g.Uncalibrated {
		return nil, nil, project.Errorf(project.Invalid, "shape-based averaging measures millimetres, and the image is not calibrated")
	}
	for _, m := range masks {
		if m.Count() == 0 {
			return nil, nil, project.Errorf(project.Invalid, "shape-based averaging has no distance to a mask that is empty")
		}
	}
	b := boxAround(masks, g)
	mean := make([]float64, b.voxels())
	for _, m := range masks {
		b.addSigned(mean, m, 1/float64(len(masks)))
	}
	in, tied = b.below(mean, thresholdMM)
	return in, tied, nil
}

// box is the part of a grid that holds all masks, and a layer of background around them, which may lie outside the grid.
type box struct {
	grid      [3]int
	lo, size  [3]int
	positions [3][]float64 // of the voxel centres along each axis, mm
}

func boxAround(masks []*segmentation.Mask, g *volume.Geometry) *box {
	var all segmentation.Bounds
	for _, m := range masks {
		lo, hi, ok := m.Bounds()
		all.Include(segmentation.Bounds{Lo: lo, Hi: hi, Any: ok})
	}
	b := &box{grid: masks[0].Size()}
	for a := range 3 {
		b.lo[a], b.size[a] = all.Lo[a]-1, all.Hi[a]-all.Lo[a]+3
		for n := range b.size[a] {
			b.positions[a] = append(b.positions[a], place(g, a, b.lo[a]+n))
		}
	}
	return b
}

// place returns where index n of an axis lies, in mm along it; outside the grid at the regular step.
func place(g *volume.Geometry, axis, n int) float64 {
	step := g.Spacing[axis]
	if step == 0 {
		step = 1 // a single slice: see volume.Geometry
	}
	if axis != 2 || !g.IsStack() {
		return float64(n) * step
	}
	last := len(g.PlaneOrigins) - 1
	inside := min(max(n, 0), last)
	return mgl64.Vec3(g.PlaneOrigins[inside]).Dot(g.Axis(2)) + float64(n-inside)*step
}

func (b *box) voxels() int { return b.size[0] * b.size[1] * b.size[2] }

// each visits the voxels of the box: n counts them, and (i, j, k) is the place in the grid.
func (b *box) each(visit func(n, i, j, k int)) {
	n := 0
	for k := range b.size[2] {
		for j := range b.size[1] {
			for i := range b.size[0] {
				visit(n, b.lo[0]+i, b.lo[1]+j, b.lo[2]+k)
				n++
			}
		}
	}
}

// addSigned adds the signed distances to m, times weight.
func (b *box) addSigned(to []float64, m *segmentation.Mask, weight float64) {
	outside, inside := make([]float64, len(to)), make([]float64, len(to))
	b.each(func(n, i, j, k int) {
		if m.At(i, j, k) {
			inside[n] = math.Inf(1)
		} else {
			outside[n] = math.Inf(1)
		}
	})
	squaredDistances(outside, b.size, b.positions)
	squaredDistances(inside, b.size, b.positions)
	for n := range to {
		to[n] += weight * (math.Sqrt(outside[n]) - math.Sqrt(inside[n]))
	}
}

// below returns the voxels of the grid whose value is below the threshold, and those that are at it, but for rounding.
func (b *box) below(value []float64, threshold float64) (in, tied *segmentation.Mask) {
	const rounding = 1e-9 // mm
	inside, at := segmentation.NewBuilder(segmentation.NewMask(b.grid)), segmentation.NewBuilder(segmentation.NewMask(b.grid))
	b.each(func(n, i, j, k int) {
		if uint(i) >= uint(b.grid[0]) || uint(j) >= uint(b.grid[1]) || uint(k) >= uint(b.grid[2]) {
			return
		}
		switch {
		case math.Abs(value[n]-threshold) <= rounding:
			at.Set(i, j, k)
		case value[n] < threshold:
			inside.Set(i, j, k)
		}
	})
	return inside.Mask(), at.Mask()
}
