package panel

import (
	"math"
	"runtime"
	"sync"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/distance"
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
		if err := b.addSigned(mean, m, 1/float64(len(masks))); err != nil {
			return nil, nil, err
		}
	}
	in, tied = b.below(mean, thresholdMM)
	return in, tied, nil
}

// box is the part of a grid that holds all masks, and a layer of background around them, which may lie outside the grid.
type box struct {
	grid     [3]int
	lo, size [3]int
	spacing  [3]float64
	planes   []float64 // where the slices lie, mm along the normal
}

func boxAround(masks []*segmentation.Mask, g *volume.Geometry) *box {
	var all segmentation.Bounds
	for _, m := range masks {
		lo, hi, ok := m.Bounds()
		all.Include(segmentation.Bounds{Lo: lo, Hi: hi, Any: ok})
	}
	b := &box{grid: masks[0].Size(), spacing: g.Spacing}
	for a := range 3 {
		b.lo[a], b.size[a] = all.Lo[a]-1, all.Hi[a]-all.Lo[a]+3
	}
	for n := range b.size[2] {
		b.planes = append(b.planes, planeAt(g, b.lo[2]+n))
	}
	return b
}

// planeAt returns where slice k lies along the normal, in mm; outside the grid at the regular step.
func planeAt(g *volume.Geometry, k int) float64 {
	step := g.Spacing[2]
	if step == 0 {
		step = 1 // a single slice: see volume.Geometry
	}
	if !g.IsStack() {
		return float64(k) * step
	}
	last := len(g.PlaneOrigins) - 1
	inside := min(max(k, 0), last)
	return mgl64.Vec3(g.PlaneOrigins[inside]).Dot(g.Axis(2)) + float64(k-inside)*step
}

func (b *box) voxels() int { return b.size[0] * b.size[1] * b.size[2] }

// addSigned adds the signed distances to m, times weight. Values are columns fastest, then rows, then slices.
func (b *box) addSigned(to []float64, m *segmentation.Mask, weight float64) error {
	set := distance.Crop(m, b.lo, [3]int{b.lo[0] + b.size[0] - 1, b.lo[1] + b.size[1] - 1, b.lo[2] + b.size[2] - 1})
	for _, side := range []struct {
		set  *distance.Bits
		sign float64
	}{{set, weight}, {set.Complement(), -weight}} {
		field, err := distance.NewField(side.set, b.spacing, b.planes)
		if err != nil {
			return err
		}
		b.addField(to, field, side.sign)
	}
	return nil
}

// addField adds the distances of a field, times sign. Sheets are shared by as many goroutines as there are processors; each adds to cells of its own.
func (b *box) addField(to []float64, field *distance.Field, sign float64) {
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), b.size[1])
	for first := range workers {
		wait.Go(func() {
			sheets, mm := field.Sheets(), make([]float64, b.size[0]*b.size[2])
			for j := first; j < b.size[1]; j += workers {
				sheets.At(j, mm)
				for k := range b.size[2] {
					into, from := to[(k*b.size[1]+j)*b.size[0]:], mm[k*b.size[0]:(k+1)*b.size[0]]
					for i, d := range from {
						into[i] += sign * d
					}
				}
			}
		})
	}
	wait.Wait()
}

// below returns the voxels of the grid whose value is below the threshold, and those that are at it, but for rounding.
func (b *box) below(value []float64, threshold float64) (in, tied *segmentation.Mask) {
	const rounding = 1e-9 // mm
	inside, at := segmentation.NewBuilder(segmentation.NewMask(b.grid)), segmentation.NewBuilder(segmentation.NewMask(b.grid))
	for n, v := range value {
		i, j, k := b.lo[0]+n%b.size[0], b.lo[1]+n/b.size[0]%b.size[1], b.lo[2]+n/b.size[0]/b.size[1]
		if uint(i) >= uint(b.grid[0]) || uint(j) >= uint(b.grid[1]) || uint(k) >= uint(b.grid[2]) {
			continue
		}
		switch {
		case math.Abs(v-threshold) <= rounding:
			at.Set(i, j, k)
		case v < threshold:
			inside.Set(i, j, k)
		}
	}
	return inside.Mask(), at.Mask()
}
