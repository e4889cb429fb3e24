package selftest

import (
	"encoding/json"
	"strconv"
	"strings"

	"hotlight/project"
	stat "hotlight/project/metrics"
	"hotlight/project/segmentation"
)

// maxVoxels is the largest grid that a vector may ask for.
const maxVoxels = 1 << 28

// grid is a vector's array: axes in the order of the file (slowest first), ours reversed.
type grid struct {
	shape   []int
	spacing []float64
	space   stat.Space
	size    [3]int
}

func gridOf(in input) (g grid, err error) {
	shape, errS := take[[]int](in, "shape")
	spacing, errM := take[[]float64](in, "spacing_mm")
	if err := errorOf(errS, errM); err != nil {
		return g, err
	}
	if len(shape) != len(spacing) || len(shape) != 2 && len(shape) != 3 {
		return g, project.Errorf(project.Invalid, "a shape of %d axes with %d spacings", len(shape), len(spacing))
	}
	g = grid{shape: shape, spacing: spacing, size: [3]int{1, 1, 1}, space: stat.Space{SpacingMM: [3]float64{1, 1, 1}, Planar: len(shape) == 2}}
	voxels := 1
	for n := range shape {
		axis := len(shape) - 1 - n
		if shape[n] < 1 || shape[n] > maxVoxels/voxels {
			return g, project.Errorf(project.Invalid, "a grid of these sizes is not possible here")
		}
		voxels *= shape[n]
		g.size[axis], g.space.SpacingMM[axis] = shape[n], spacing[n]
	}
	return g, nil
}

// operation is one step in making a mask.
type operation struct {
	Box    [][2]int `json:"box"`
	Sphere *struct {
		Centre  []float64 `json:"centre"`
		Radius  float64   `json:"radius"`
		Spacing []float64 `json:"spacing"`
	} `json:"sphere"`
}

func (g grid) mask(in input, key string) (*segmentation.Mask, error) {
	ops, err := take[[]operation](in, key)
	if err != nil {
		return nil, err
	}
	b := segmentation.NewBuilder(segmentation.NewMask(g.size))
	for _, o := range ops {
		switch {
		case o.Box != nil:
			err = g.addBox(b, o.Box)
		case o.Sphere != nil && len(o.Sphere.Centre) == len(g.shape) && len(o.Sphere.Spacing) == len(g.shape):
			g.addSphere(b, o.Sphere.Centre, o.Sphere.Spacing, o.Sphere.Radius)
		default:
			err = project.Errorf(project.Unsupported, "an operation of %q is neither a box nor a sphere of this grid", key)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.Mask(), nil
}

// addBox takes half-open ranges, one an axis.
func (g grid) addBox(b *segmentation.Builder, ranges [][2]int) error {
	if len(ranges) != len(g.shape) {
		return project.Errorf(project.Invalid, "a box has %d axes, its grid %d", len(ranges), len(g.shape))
	}
	lo, hi := [3]int{0, 0, 0}, [3]int{1, 1, 1}
	for n, r := range ranges {
		axis := len(ranges) - 1 - n
		lo[axis], hi[axis] = max(r[0], 0), min(r[1], g.size[axis])
	}
	for k := lo[2]; k < hi[2]; k++ {
		for j := lo[1]; j < hi[1]; j++ {
			b.SetRow(lo[0], hi[0]-1, j, k)
		}
	}
	return nil
}

// addSphere sets a voxel when the squares of index*spacing-centre, added in the file's order of axes, are at most radius².
func (g grid) addSphere(b *segmentation.Builder, centre, spacing []float64, radius float64) {
	planes := append([]float64{0, 0, 0}[:3-len(centre)], centre...)
	steps := append([]float64{0, 0, 0}[:3-len(centre)], spacing...)
	for k := range g.size[2] {
		z := float64(k)*steps[0] - planes[0]
		for j := range g.size[1] {
			y := float64(j)*steps[1] - planes[1]
			for i := range g.size[0] {
				x := float64(i)*steps[2] - planes[2]
				if z*z+y*y+x*x <= radius*radius {
					b.Set(i, j, k)
				}
			}
		}
	}
}

// maskPair makes both masks.
func maskPair(in input) (g grid, ref, test *segmentation.Mask, err error) {
	g, err = gridOf(in)
	if err != nil {
		return g, nil, nil, err
	}
	ref, errR := g.mask(in, "ref_ops")
	test, errT := g.mask(in, "test_ops")
	return g, ref, test, errorOf(errR, errT)
}

// stack reads slices of rows of 0 and 1.
func stack(slices [][][]int) (*segmentation.Mask, error) {
	if len(slices) == 0 || len(slices[0]) == 0 || len(slices[0][0]) == 0 {
		return nil, project.Errorf(project.Invalid, "a mask without voxels")
	}
	size := [3]int{len(slices[0][0]), len(slices[0]), len(slices)}
	b := segmentation.NewBuilder(segmentation.NewMask(size))
	for k, rows := range slices {
		if len(rows) != size[1] {
			return nil, project.Errorf(project.Invalid, "slice %d has %d rows, the first one %d", k+1, len(rows), size[1])
		}
		for j, row := range rows {
			if len(row) != size[0] {
				return nil, project.Errorf(project.Invalid, "row %d has %d pixels, the first one %d", j+1, len(row), size[0])
			}
			for i, v := range row {
				switch v {
				case 0:
				case 1:
					b.Set(i, j, k)
				default:
					return nil, project.Errorf(project.Unsupported, "a mask is made of 0 and 1, not of %d", v)
				}
			}
		}
	}
	return b.Mask(), nil
}

// pixels writes a slice of a mask as rows of 0 and 1.
func pixels(m *segmentation.Mask, k int) [][]int {
	size := m.Size()
	out := make([][]int, size[1])
	for j := range out {
		out[j] = make([]int, size[0])
		for i := range out[j] {
			if m.At(i, j, k) {
				out[j][i] = 1
			}
		}
	}
	return out
}

// voxels writes all slices.
func voxels(m *segmentation.Mask) [][][]int {
	out := make([][][]int, m.Size()[2])
	for k := range out {
		out[k] = pixels(m, k)
	}
	return out
}

// millimetres reads the number in keys like nsd_2mm or overlap_0.5mm.
func millimetres(key, prefix string) (float64, bool) {
	text, found := strings.CutPrefix(key, prefix)
	text, unit := strings.CutSuffix(text, "mm")
	if !found || !unit {
		return 0, false
	}
	v, err := parseNumber(text)
	return v, err == nil
}

func parseNumber(text string) (float64, error) { return strconv.ParseFloat(text, 64) }

// wanted lists the keys expected of a vector, and of the named part of it.
func wanted(in input, part string) []string {
	if part == "" {
		return sortedKeys(in.Expected)
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(in.Expected[part], &inner) != nil {
		return nil
	}
	return sortedKeys(inner)
}
